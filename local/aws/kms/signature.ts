/** Signing and verifying as KMS does: over a whole message, or over its digest alone. ECDSA signatures are DER. */
import { constants, sign as cryptoSign, verify as cryptoVerify, type KeyObject, privateEncrypt, publicDecrypt } from 'node:crypto';
import { p256, p384 } from '@noble/curves/nist.js';
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from './key-spec.ts';

/** `bytes` is the message, or with `DIGEST` its digest of the right length. */
export interface ToSign {
  readonly algorithm: SigningAlgorithm;
  readonly messageType: 'RAW' | 'DIGEST';
  readonly bytes: Buffer;
}

/** Bytes of a digest for this algorithm; undefined, if it takes whole messages only. */
export const digestBytesOf = (algorithm: SigningAlgorithm): number | undefined => {
  const facts = SIGNING_ALGORITHMS[algorithm];
  return 'hash' in facts ? facts.hash.bytes : undefined;
};

export const signWith = (privateKey: KeyObject, toSign: ToSign): Buffer => {
  const facts = SIGNING_ALGORITHMS[toSign.algorithm];
  if (facts.family === 'ed25519') return cryptoSign(null, toSign.bytes, privateKey);
  if (toSign.messageType === 'RAW') return cryptoSign(facts.hash.name, toSign.bytes, privateKey);
  if (facts.family === 'rsa') return privateEncrypt({ key: privateKey, padding: PKCS1 }, digestInfo(facts.hash.name, toSign.bytes));
  return Buffer.from(CURVES[facts.hash.name].sign(toSign.bytes, scalarOf(privateKey), PREHASHED));
};

export const verifyWith = (publicKey: KeyObject, toSign: ToSign, signature: Buffer): boolean => {
  const facts = SIGNING_ALGORITHMS[toSign.algorithm];
  if (facts.family === 'ed25519') return cryptoVerify(null, toSign.bytes, publicKey, signature);
  if (toSign.messageType === 'RAW') return cryptoVerify(facts.hash.name, toSign.bytes, publicKey, signature);
  if (facts.family === 'rsa') return opens(publicKey, signature, digestInfo(facts.hash.name, toSign.bytes));
  return orFalse(() => CURVES[facts.hash.name].verify(signature, toSign.bytes, pointOf(publicKey), PREHASHED));
};

const PKCS1 = constants.RSA_PKCS1_PADDING;

// node:crypto hashes whatever it is given to sign with an EC key, so a digest needs another implementation. KMS does not
// normalise s, and a verifier must therefore accept the high one.
const CURVES = { sha256: p256, sha384: p384 };
const PREHASHED = { prehash: false, lowS: false, format: 'der' } as const;

// DER of DigestInfo up to the digest. RFC 8017, section 9.2, note 1.
const DIGEST_INFO = {
  sha256: Buffer.from('3031300d060960864801650304020105000420', 'hex'),
  sha384: Buffer.from('3041300d060960864801650304020205000430', 'hex'),
  sha512: Buffer.from('3051300d060960864801650304020305000440', 'hex'),
};

const digestInfo = (hash: keyof typeof DIGEST_INFO, digest: Buffer): Buffer => Buffer.concat([DIGEST_INFO[hash], digest]);

const opens = (publicKey: KeyObject, signature: Buffer, expected: Buffer): boolean =>
  orFalse(() => publicDecrypt({ key: publicKey, padding: PKCS1 }, signature).equals(expected));

/** A signature that cannot even be parsed is a wrong one. */
const orFalse = (check: () => boolean): boolean => {
  try {
    return check();
  } catch {
    return false;
  }
};

const member = (key: KeyObject, name: 'd' | 'x' | 'y'): Buffer => Buffer.from(key.export({ format: 'jwk' })[name] ?? '', 'base64url');

const scalarOf = (privateKey: KeyObject): Buffer => member(privateKey, 'd');

/** SEC 1, section 2.3.3: 04 ‖ x ‖ y. */
const pointOf = (publicKey: KeyObject): Buffer => Buffer.concat([Buffer.from([4]), member(publicKey, 'x'), member(publicKey, 'y')]);
