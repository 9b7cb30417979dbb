/**
 * One access key for each principal of this machine, made once and kept in a file that only its owner can read.
 * `local/start.ts` hands a function its key in the environment, as Lambda does.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** The operator of this machine; may do everything. */
export const ROOT = 'root';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface CredentialsFile {
  /** The key of a principal; made and stored before it is returned, if there is none yet. */
  of(principal: string): Credentials;
  keyOf(accessKeyId: string): { readonly principal: string; readonly secretAccessKey: string } | undefined;
}

const Stored = z.record(z.string(), z.object({ accessKeyId: z.string().min(16), secretAccessKey: z.string().min(40) }));
type Stored = z.infer<typeof Stored>;

const OWNER_ONLY = 0o600;

/** `folder` is `aws/` under ASSAY_HOME. */
export const openCredentials = (folder: string): CredentialsFile => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'credentials.json');
  const stored = read(file);
  return {
    of: (principal) => {
      const known = stored.get(principal);
      if (known !== undefined) return known;
      const made = makeCredentials();
      stored.set(principal, made);
      write(file, Object.fromEntries(stored));
      return made;
    },
    keyOf: (accessKeyId) => {
      const found = [...stored].find(([, credentials]) => credentials.accessKeyId === accessKeyId);
      return found && { principal: found[0], secretAccessKey: found[1].secretAccessKey };
    },
  };
};

const read = (file: string): Map<string, Credentials> => {
  if (!existsSync(file)) return new Map();
  chmodSync(file, OWNER_ONLY);
  return new Map(Object.entries(Stored.parse(JSON.parse(readFileSync(file, 'utf8')))));
};

/** Written beside and renamed: a crash leaves the old file or the new one, never half of one. */
const write = (file: string, stored: Stored): void => {
  const beside = `${file}.new`;
  const handle = openSync(beside, 'w', OWNER_ONLY);
  writeSync(handle, `${JSON.stringify(stored, null, 2)}\n`);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(beside, file);
};

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The shape of AWS's own keys, since some clients check it: AKIA and 16 letters of base 32; 40 characters of base 64. */
const makeCredentials = (): Credentials => ({
  accessKeyId: `AKIA${[...randomBytes(16)].map((byte) => BASE32[byte % 32]).join('')}`,
  secretAccessKey: randomBytes(30).toString('base64'),
});
