/** Keys of the identity provider: made on the first start and kept, so that tokens stay good over a restart. */
import { createHash, createPrivateKey, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';

const FILE = 'identity-keys.json';
/** RFC 7518, 3.3: at least 2048 bits. */
const RSA_BITS = 2048;
const COOKIE_KEY_BYTES = 32;

const PublicJwk = z.object({
  kty: z.literal('RSA'),
  kid: z.string().min(1),
  use: z.literal('sig'),
  alg: z.literal('RS256'),
  n: z.string(),
  e: z.string(),
});
const PrivateJwk = PublicJwk.extend({
  d: z.string(),
  p: z.string(),
  q: z.string(),
  dp: z.string(),
  dq: z.string(),
  qi: z.string(),
});
const StoredKeys = z.object({ signing: PrivateJwk, cookies: z.array(z.string().min(COOKIE_KEY_BYTES)).min(1) });

type StoredKeys = z.infer<typeof StoredKeys>;

export interface IdentityKeys extends StoredKeys {
  readonly publicJwk: z.infer<typeof PublicJwk>;
  readonly privateKey: KeyObject;
}

/** @throws if the file is there but is not what this wrote: a new key in its place would make every token worthless, unsaid. */
export const openIdentityKeys = async (folder: string): Promise<IdentityKeys> => {
  const keys = (await storedKeys(folder)) ?? (await newKeys(folder));
  return { ...keys, publicJwk: PublicJwk.parse(keys.signing), privateKey: createPrivateKey({ key: keys.signing, format: 'jwk' }) };
};

const storedKeys = async (folder: string): Promise<StoredKeys | undefined> => {
  try {
    return StoredKeys.parse(JSON.parse(await readFile(join(folder, FILE), 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Error(`${join(folder, FILE)} is not a file of identity keys; remove it to have new ones made`, { cause: error });
  }
};

const newKeys = async (folder: string): Promise<StoredKeys> => {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: RSA_BITS });
  const jwk = privateKey.export({ format: 'jwk' });
  const keys = StoredKeys.parse({
    signing: { ...jwk, kid: thumbprint(jwk), use: 'sig', alg: 'RS256' },
    cookies: [randomBytes(COOKIE_KEY_BYTES).toString('base64url')],
  });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Whole or not at all: half a file would stop every later start.
  const draft = join(folder, `${FILE}.${process.pid}`);
  await writeFile(draft, JSON.stringify(keys), { mode: 0o600, flush: true });
  await rename(draft, join(folder, FILE));
  return keys;
};

/** RFC 7638 */
const thumbprint = ({ e, kty, n }: { readonly e?: string; readonly kty?: string; readonly n?: string }): string =>
  createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url');
