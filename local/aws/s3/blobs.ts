/**
 * The bytes of objects: one file a piece, named at random, so that no key can reach outside the folder. A file is
 * written under `incoming/`, renamed into `blobs/`, and only then named by a row: a process killed in between leaves
 * files that nobody names, and they are swept when the folder is opened again.
 */
import { randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Piece } from './object-table.ts';

/** Both ends included, counted from the first byte of the object. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/** A file being written. Exactly one of `keep` and `discard` ends it. */
export interface Intake {
  write(bytes: Uint8Array): Promise<void>;
  /** Returns the name under which a row may now speak of it. */
  keep(): Promise<string>;
  discard(): Promise<void>;
}

export interface Blobs {
  intake(): Promise<Intake>;
  /** Files that are being read stay until the reader is done, even if dropped meanwhile. */
  stream(pieces: readonly Piece[], span: Span): Readable;
  drop(blobs: readonly string[]): void;
}

/** Evidence is a learner's own: others on this machine have no business in the folder. */
const OWNER_ONLY = 0o700;

export const openBlobs = (folder: string, named: readonly string[]): Blobs => {
  const incoming = join(folder, 'incoming');
  const kept = join(folder, 'blobs');
  rmSync(incoming, { recursive: true, force: true });
  mkdirSync(incoming, { recursive: true, mode: OWNER_ONLY });
  mkdirSync(kept, { recursive: true, mode: OWNER_ONLY });
  sweep(kept, new Set(named));

  // A folder for each first two digits, because one folder of a million files is slow everywhere.
  const pathOf = (blob: string) => join(kept, blob.slice(0, 2), blob);
  const readers = new Map<string, number>();
  const dropped = new Set<string>();
  const release = (blob: string): void => {
    const left = (readers.get(blob) ?? 1) - 1;
    if (left > 0) {
      readers.set(blob, left);
      return;
    }
    readers.delete(blob);
    if (dropped.delete(blob)) rmSync(pathOf(blob), { force: true });
  };

  return {
    intake: async () => {
      const blob = randomUUID();
      const path = join(incoming, blob);
      const file = await open(path, 'wx');
      return {
        write: async (bytes) => file.writeFile(bytes),
        keep: async () => {
          await file.close();
          mkdirSync(join(kept, blob.slice(0, 2)), { recursive: true });
          renameSync(path, pathOf(blob));
          return blob;
        },
        discard: async () => {
          await file.close();
          rmSync(path, { force: true });
        },
      };
    },
    stream: (pieces, span) => {
      const wanted = slices(pieces, span);
      for (const { blob } of wanted) readers.set(blob, (readers.get(blob) ?? 0) + 1);
      const bytes = read(wanted.map(({ blob, ...within }) => ({ path: pathOf(blob), ...within })));
      return Readable.from(bytes, { objectMode: false }).once('close', () => {
        for (const { blob } of wanted) release(blob);
      });
    },
    drop: (blobs) => {
      for (const blob of blobs) {
        if (readers.has(blob)) dropped.add(blob);
        else rmSync(pathOf(blob), { force: true });
      }
    },
  };
};

const sweep = (kept: string, named: ReadonlySet<string>): void => {
  for (const folder of readdirSync(kept)) {
    for (const blob of readdirSync(join(kept, folder))) if (!named.has(blob)) rmSync(join(kept, folder, blob));
  }
};

const slices = (pieces: readonly Piece[], span: Span): readonly (Span & { readonly blob: string })[] => {
  const wanted: (Span & { blob: string })[] = [];
  let start = 0;
  for (const { blob, bytes } of pieces) {
    const first = Math.max(span.first - start, 0);
    const last = Math.min(span.last - start, bytes - 1);
    if (first <= last) wanted.push({ blob, first, last });
    start += bytes;
  }
  return wanted;
};

async function* read(wanted: readonly (Span & { readonly path: string })[]): AsyncGenerator<Buffer> {
  for (const { path, first, last } of wanted) yield* createReadStream(path, { start: first, end: last });
}
