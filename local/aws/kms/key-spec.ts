/** Which kinds of KMS key exist here and what each can do. AWS KMS Developer Guide, "Key spec reference". */

export type KeyUsage = 'SIGN_VERIFY' | 'ENCRYPT_DECRYPT';

interface Algorithm {
  readonly family: 'ed25519' | 'rsa' | 'ecdsa';
  /** Of the message before it is signed; Ed25519 hashes by itself. */
  readonly hash?: { readonly name: 'sha256' | 'sha384' | 'sha512'; readonly bytes: number };
}

const SHA_256 = { name: 'sha256', bytes: 32 } as const;
const SHA_384 = { name: 'sha384', bytes: 48 } as const;
const SHA_512 = { name: 'sha512', bytes: 64 } as const;

export const SIGNING_ALGORITHMS = {
  ED25519_SHA_512: { family: 'ed25519' },
  RSASSA_PKCS1_V1_5_SHA_256: { family: 'rsa', hash: SHA_256 },
  RSASSA_PKCS1_V1_5_SHA_384: { family: 'rsa', hash: SHA_384 },
  RSASSA_PKCS1_V1_5_SHA_512: { family: 'rsa', hash: SHA_512 },
  ECDSA_SHA_256: { family: 'ecdsa', hash: SHA_256 },
  ECDSA_SHA_384: { family: 'ecdsa', hash: SHA_384 },
} as const satisfies Record<string, Algorithm>;

export type SigningAlgorithm = keyof typeof SIGNING_ALGORITHMS;

interface Spec {
  readonly usage: KeyUsage;
  readonly signing: readonly SigningAlgorithm[];
}

const RSA: Spec = {
  usage: 'SIGN_VERIFY',
  signing: ['RSASSA_PKCS1_V1_5_SHA_256', 'RSASSA_PKCS1_V1_5_SHA_384', 'RSASSA_PKCS1_V1_5_SHA_512'],
};

export const KEY_SPECS = {
  SYMMETRIC_DEFAULT: { usage: 'ENCRYPT_DECRYPT', signing: [] },
  ECC_NIST_EDWARDS25519: { usage: 'SIGN_VERIFY', signing: ['ED25519_SHA_512'] },
  ECC_NIST_P256: { usage: 'SIGN_VERIFY', signing: ['ECDSA_SHA_256'] },
  ECC_NIST_P384: { usage: 'SIGN_VERIFY', signing: ['ECDSA_SHA_384'] },
  RSA_2048: RSA,
  RSA_3072: RSA,
  RSA_4096: RSA,
} as const satisfies Record<string, Spec>;

export type KeySpec = keyof typeof KEY_SPECS;

export const isKeySpec = (text: string): text is KeySpec => Object.hasOwn(KEY_SPECS, text);

export const isSigningAlgorithm = (text: string): text is SigningAlgorithm => Object.hasOwn(SIGNING_ALGORITHMS, text);

export const usageOf = (spec: KeySpec): KeyUsage => KEY_SPECS[spec].usage;

export const signingAlgorithmsOf = (spec: KeySpec): readonly SigningAlgorithm[] => KEY_SPECS[spec].signing;
