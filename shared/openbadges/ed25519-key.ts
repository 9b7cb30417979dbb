/**
 * Public Ed25519 keys in the forms that badges need: Multikey (DID documents), JWK (JWKS), SPKI (what KMS answers).
 * @see https://www.w3.org/TR/cid-1.0/#Multikey
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { base58btcDecode, base58btcEncode } from './multibase.ts';

/** Length of a raw public key, in bytes. RFC 8032. */
export const ED25519_KEY_BYTES = 32;

/** Multicodec varint of an Ed25519 public key. */
const MULTICODEC = Buffer.from([0xed, 0x01]);

/** @throws RangeError unless given 32 bytes */
export const multikeyOf = (raw: Uint8Array): string => {
  if (raw.length !== ED25519_KEY_BYTES) throw new RangeError('an Ed25519 public key has 32 bytes');
  return base58btcEncode(Buffer.concat([MULTICODEC, raw]));
};

/** The raw 32 bytes of a `z6Mk…`; undefined for any other kind of key. */
export const rawKeyOf = (multikey: string): Uint8Array | undefined => {
  const bytes = base58btcDecode(multikey);
  if (bytes?.length !== MULTICODEC.length + ED25519_KEY_BYTES) return undefined;
  return MULTICODEC.equals(bytes.subarray(0, 2)) ? bytes.subarray(2) : undefined;
};

/** The Multikey of an SPKI DER key as KMS `GetPublicKey` answers it. @throws RangeError if it is not Ed25519 */
export const multikeyOfSpki = (der: Uint8Array): string => {
  const key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
  const { x } = key.export({ format: 'jwk' });
  if (key.asymmetricKeyType !== 'ed25519' || x === undefined) throw new RangeError('not an Ed25519 key');
  return multikeyOf(Buffer.from(x, 'base64url'));
};

/** A public key as JWKS lists it. @see RFC 8037 */
export interface Ed25519Jwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: 'EdDSA';
}

/** @throws RangeError if the Multikey is not Ed25519 */
export const jwkOf = (multikey: string, kid: string): Ed25519Jwk => {
  const raw = rawKeyOf(multikey);
  if (raw === undefined) throw new RangeError('not an Ed25519 Multikey');
  return { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(raw).toString('base64url'), kid, use: 'sig', alg: 'EdDSA' };
};

/** The key in the form that `node:crypto` verifies with. */
export const keyObjectOf = (raw: Uint8Array): KeyObject =>
  createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(raw).toString('base64url') }, format: 'jwk' });
