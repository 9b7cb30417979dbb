/** Keys of VC-JWTs as KMS has them: it signs digests, and answers DER for P-256. */
import { createPublicKey, generateKeyPairSync, type KeyObject, privateEncrypt } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { type SigningJwk, signingJwkOfSpki } from '#openbadges/jwt-key.ts';
import type { DigestSigner } from '#openbadges/jwt-proof.ts';
import { ISSUER_URL } from './a-badge.ts';

export interface JwtKey {
  readonly jwk: SigningJwk;
  readonly sign: DigestSigner;
}

/** DigestInfo of SHA-256, which PKCS #1 v1.5 puts before the digest. RFC 8017, section 9.2, note 1. */
const SHA256_DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

export const spkiOf = (key: KeyObject): Buffer => createPublicKey(key).export({ format: 'der', type: 'spki' });

/** From the public members of a JWK. */
export const spkiOfJwk = (jwk: object): Buffer =>
  createPublicKey({ key: { ...jwk }, format: 'jwk' }).export({ format: 'der', type: 'spki' });

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

export const rsaKey: JwtKey = {
  jwk: signingJwkOfSpki(spkiOf(rsa), `${ISSUER_URL}/keys/rsa-1.json`),
  sign: async (digest) => privateEncrypt(rsa, Buffer.concat([SHA256_DIGEST_INFO, digest])),
};

export const ecKey: JwtKey = {
  jwk: signingJwkOfSpki(spkiOf(ec), `${ISSUER_URL}/keys/p256-1.json`),
  sign: async (digest) => {
    const { d = '' } = ec.export({ format: 'jwk' });
    return p256.sign(digest, Buffer.from(d, 'base64url'), { prehash: false, format: 'der' });
  },
};
