/** The secret inside a KMS key: made once, never told. */
import { createPrivateKey, createPublicKey, createSecretKey, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeySpec } from './key-spec.ts';

/** As stored: PKCS #8 in DER with its public SPKI, or 32 random bytes alone. */
export interface KeyMaterial {
  readonly secret: Uint8Array;
  readonly publicKey: Uint8Array | undefined;
}

const pairOf = promisify(generateKeyPair);

type PairSpec = Exclude<KeySpec, 'SYMMETRIC_DEFAULT'>;

const PAIRS: Readonly<Record<PairSpec, () => Promise<{ publicKey: KeyObject; privateKey: KeyObject }>>> = {
  ECC_NIST_EDWARDS25519: () => pairOf('ed25519'),
  ECC_NIST_P256: () => pairOf('ec', { namedCurve: 'P-256' }),
  ECC_NIST_P384: () => pairOf('ec', { namedCurve: 'P-384' }),
  RSA_2048: () => pairOf('rsa', { modulusLength: 2048 }),
  RSA_3072: () => pairOf('rsa', { modulusLength: 3072 }),
  RSA_4096: () => pairOf('rsa', { modulusLength: 4096 }),
};

const SYMMETRIC_BYTES = 32;

export const makeKeyMaterial = async (spec: KeySpec): Promise<KeyMaterial> => {
  if (spec === 'SYMMETRIC_DEFAULT') return { secret: randomBytes(SYMMETRIC_BYTES), publicKey: undefined };
  const { privateKey, publicKey } = await PAIRS[spec]();
  return {
    secret: privateKey.export({ format: 'der', type: 'pkcs8' }),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }),
  };
};

export const symmetricKey = ({ secret }: KeyMaterial): KeyObject => createSecretKey(secret);

export const signingKeys = ({ secret }: KeyMaterial): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } => {
  const privateKey = createPrivateKey({ key: Buffer.from(secret), format: 'der', type: 'pkcs8' });
  return { privateKey, publicKey: createPublicKey(privateKey) };
};
