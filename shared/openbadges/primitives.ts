/**
 * Every use that verifying makes of Node itself: hashes, signatures, inflating and byte encodings. A build for a
 * browser puts another file with the same exports in this one's place; that is why all of it is asynchronous where
 * Web Crypto is.
 */
import { createHash, createHmac, createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

export type HashName = 'sha256' | 'sha384' | 'sha512';

/** Digest of bytes, or of a text in UTF-8. */
export const digest = async (algorithm: HashName, data: Uint8Array | string): Promise<Uint8Array> =>
  new Uint8Array(createHash(algorithm).update(data).digest());

/** HMAC with SHA-256: 32 bytes. */
export const hmacSha256 = async (key: Uint8Array, data: Uint8Array | string): Promise<Uint8Array> =>
  new Uint8Array(createHmac('sha256', key).update(data).digest());

/** Kinds of public keys that are understood here, each with one way of signing. */
export type KeyKind = 'Ed25519' | 'P-256' | 'P-384' | 'P-521' | 'RSA';

/** Hash inside the signature; Ed25519 brings its own. RFC 7518 §3.1, RFC 8037. */
const HASH: Readonly<Record<KeyKind, HashName | null>> = {
  Ed25519: null,
  'P-256': 'sha256',
  'P-384': 'sha384',
  'P-521': 'sha512',
  RSA: 'sha256',
};

/** A public key: what kind it is, and its JWK without private parts. */
export interface PublicKey {
  readonly kind: KeyKind;
  readonly jwk: { readonly [member: string]: string };
}

/** Whether these are the key's signature over the data: r‖s for curves, PKCS #1 v1.5 for RSA. A key off its curve verifies nothing. */
export const verifySignature = async ({ kind, jwk }: PublicKey, data: Uint8Array, signature: Uint8Array): Promise<boolean> => {
  const key = keyObject(() => createPublicKey({ key: { ...jwk }, format: 'jwk' }));
  return key !== undefined && verify(HASH[kind], data, { key, dsaEncoding: 'ieee-p1363' }, signature);
};

/** A signer over a private JWK, in the form that {@link verifySignature} takes. @throws Error if it is no private JWK */
export const jwkSigner = (kind: KeyKind, privateJwk: { readonly [member: string]: string }) => {
  const key = createPrivateKey({ key: { ...privateJwk }, format: 'jwk' });
  return async (data: Uint8Array): Promise<Uint8Array> => new Uint8Array(sign(HASH[kind], data, { key, dsaEncoding: 'ieee-p1363' }));
};

/** The JWK of a public key in PEM; undefined for anything else. */
export const jwkOfPem = async (pem: string): Promise<JsonWebKey | undefined> =>
  keyObject(() => createPublicKey({ key: pem, format: 'pem', type: 'spki' }))?.export({ format: 'jwk' });

const keyObject = (make: () => KeyObject): KeyObject | undefined => {
  try {
    return make();
  } catch {
    // Whatever OpenSSL dislikes about a stranger's key, it is no key.
    return undefined;
  }
};

const inflateGzip = promisify(gunzip);

/** Inflates gzip up to a bound, whatever a bomb promises. */
export const inflate = async (bytes: Uint8Array, bytesMax: number): Promise<Uint8Array | 'malformed' | 'too-large'> => {
  try {
    return new Uint8Array(await inflateGzip(bytes, { maxOutputLength: bytesMax }));
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'malformed';
  }
};

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Text of bytes; undefined unless they are well-formed UTF-8. */
export const textOfUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

export const concat = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

export const sameBytes = (left: Uint8Array, right: Uint8Array): boolean => Buffer.compare(left, right) === 0;

/** Base64url without padding. RFC 4648 §5. */
export const toBase64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** @returns undefined for padding, a stray character or unused bits that are not zero: one text per value. */
export const fromBase64url = (text: string): Uint8Array | undefined => {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? new Uint8Array(bytes) : undefined;
};

/** Base64 with padding. RFC 4648 §4. */
export const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Lower-case hexadecimal. */
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** @returns what could be read of hexadecimal digits, two a byte. */
export const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
