/** The folder that holds everything of one machine. It belongs to one process at a time, and to one public address for ever. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';

export interface Home {
  readonly folder: string;
  /** State of the AWS stand-ins. */
  readonly aws: string;
  readonly logs: string;
  release(): void;
}

const Address = z.object({ port: z.int() });

/** A message for whoever started it; no stack is of use to them. */
export class HomeRefused extends Error {}

/** SQLite holds the lock with the process, so that a killed process leaves none behind. */
const locked = (folder: string): DatabaseSync => {
  const lock = new DatabaseSync(join(folder, 'lock.sqlite'));
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS held (by INTEGER); COMMIT; BEGIN EXCLUSIVE');
    return lock;
  } catch {
    lock.close();
    throw new HomeRefused(`${folder} is in use by another process. Stop that one, or choose another folder with ASSAY_HOME.`);
  }
};

/** @throws HomeRefused if another process holds it */
export const openHome = (folder: string): Home => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = locked(folder);
  return { folder, aws: join(folder, 'aws'), logs: join(folder, 'logs'), release: () => lock.close() };
};

/** Badges carry the address they were issued under, so a home keeps the port that it was first started with. */
export const portOf = (home: Home): number | undefined => {
  const file = join(home.folder, 'address.json');
  return existsSync(file) ? Address.parse(JSON.parse(readFileSync(file, 'utf8'))).port : undefined;
};

export const keepPort = (home: Home, port: number): void =>
  writeFileSync(join(home.folder, 'address.json'), `${JSON.stringify({ port })}\n`);

const seedFile = (home: Home): string => join(home.folder, 'seeded.json');

/** What seeding left for the greeting; undefined if it never came to its end. */
export const seededWith = (home: Home): unknown =>
  existsSync(seedFile(home)) ? JSON.parse(readFileSync(seedFile(home), 'utf8')) : undefined;

export const keepSeeded = (home: Home, seeded: unknown): void => writeFileSync(seedFile(home), `${JSON.stringify(seeded, null, 2)}\n`);

/** A machine whose seeding was cut off was never ready for anyone, so it is safe to begin again. */
export const clearUnseeded = (home: Home): void => {
  if (!existsSync(seedFile(home))) rmSync(home.aws, { recursive: true, force: true });
};
