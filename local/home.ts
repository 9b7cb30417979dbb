/** The folder that holds everything of one machine. It belongs to one process at a time, and to one public address for ever. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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

const Address = z.object({ port: z.int(), endpointPort: z.int() });
export type Address = z.infer<typeof Address>;

/** A message for whoever started it; no stack is of use to them. */
export class HomeRefused extends Error {}

const lockFile = (folder: string): string => join(folder, 'lock.sqlite');

/** Part of a home may be deleted to begin again, so a folder that holds someone's own things is never taken for one. */
const requireOwn = (folder: string): void => {
  if (!existsSync(lockFile(folder)) && readdirSync(folder).length > 0)
    throw new HomeRefused(`${folder} holds other things. Choose a new or an empty folder with ASSAY_HOME.`);
};

const SQLITE_BUSY = 5;

const isBusy = (error: unknown): boolean => error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;

/** SQLite holds the lock with the process, so that a killed process leaves none behind. */
const locked = (folder: string): DatabaseSync => {
  const lock = new DatabaseSync(lockFile(folder));
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS held (by INTEGER); COMMIT; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    throw new HomeRefused(`${folder} is in use by another process. Stop that one, or choose another folder with ASSAY_HOME.`);
  }
};

/** @throws HomeRefused if another process holds it, or if it is no home but holds something else */
export const openHome = (folder: string): Home => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  requireOwn(folder);
  const lock = locked(folder);
  return { folder, aws: join(folder, 'aws'), logs: join(folder, 'logs'), release: () => lock.close() };
};

/** Written beside and renamed: a killed process leaves the old file or the new one, never half of one. */
const keep = (file: string, value: unknown): void => {
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
};

const addressFile = (home: Home): string => join(home.folder, 'address.json');

/** Badges carry the address they were issued under and upload addresses that of the stand-ins, so a home keeps both ports of its first start. */
export const addressOf = (home: Home): Address | undefined =>
  existsSync(addressFile(home)) ? Address.parse(JSON.parse(readFileSync(addressFile(home), 'utf8'))) : undefined;

export const keepAddress = (home: Home, address: Address): void => keep(addressFile(home), address);

const seedFile = (home: Home): string => join(home.folder, 'seeded.json');

/** What seeding left for the greeting; undefined if it never came to its end. */
export const seededWith = (home: Home): unknown =>
  existsSync(seedFile(home)) ? JSON.parse(readFileSync(seedFile(home), 'utf8')) : undefined;

export const keepSeeded = (home: Home, seeded: unknown): void => keep(seedFile(home), seeded);

/** A machine whose seeding was cut off was never ready for anyone, so it is safe to begin again. */
export const clearUnseeded = (home: Home): void => {
  if (!existsSync(seedFile(home))) rmSync(home.aws, { recursive: true, force: true });
};
