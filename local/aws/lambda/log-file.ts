/** What a function prints, appended to its file under `logs/`. One older file is kept. */
import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const FILE_BYTES_MAX = 10 * 1024 * 1024;
/** Looking at a file's size for every line would cost more than the line. */
const LOOK_EVERY_BYTES = 256 * 1024;

export type WriteLog = (chunk: string | Uint8Array) => void;

export const openLogFile = (folder: string, name: string): WriteLog => {
  const file = join(folder, `${name}.log`);
  mkdirSync(folder, { recursive: true });
  let sinceLook = LOOK_EVERY_BYTES;
  return (chunk) => {
    sinceLook += chunk.length;
    if (sinceLook > LOOK_EVERY_BYTES) {
      sinceLook = 0;
      if (existsSync(file) && statSync(file).size > FILE_BYTES_MAX) renameSync(file, `${file}.1`);
    }
    appendFileSync(file, chunk);
  };
};

/** Instances of a function share its log, so what they print goes there in whole lines. */
export const followLines = (stream: Readable, write: WriteLog): void => {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => write(`${line}\n`));
};
