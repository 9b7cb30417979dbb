/**
 * Keys that sign VC-JWTs: RSA of 2048 bits or more (RS256) and P-256 (ES256), in the forms that publishing and signing
 * need: JWK (what a `kid` answers), SPKI (what KMS answers), and the two spellings of an ECDSA signature.
 * @see https://www.rfc-editor.org/rfc/rfc7518 (JWA)
 */
import { createPublicKey, type KeyObject } from 'node:crypto';

interface JwkNaming {
  /** Its own address: Open Badges wants a `kid` that answers one JWK, not a set. */
  readonly kid: string;
  readonly use: 'sig';
}

export interface RsaJwk extends JwkNaming {
  readonly kty: 'RSA';
  readonly alg: 'RS256';
  readonly n: string;
  readonly e: string;
}

export interface EcJwk extends JwkNaming {
  readonly kty: 'EC';
  readonly alg: 'ES256';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}

/** A public key as its `kid` answers it; the kind of key decides the algorithm, so that the two cannot disagree. */
export type SigningJwk = RsaJwk | EcJwk;

/** Under this a verifier refuses RS256. RFC 7518, section 3.3. */
const RSA_BITS_MIN = 2048;

/** Length of r and of s in bytes, for P-256. RFC 7518, section 3.4. */
const P256_INTEGER_BYTES = 32;

/** @throws RangeError for any key but RSA of 2048 bits or more and P-256 */
export const signingJwkOfSpki = (der: Uint8Array, kid: string): SigningJwk => {
  const key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
  const { n, e, x, y, crv } = key.export({ format: 'jwk' });
  if (isStrongRsa(key) && n !== undefined && e !== undefined) return { kty: 'RSA', n, e, kid, use: 'sig', alg: 'RS256' };
  if (crv === 'P-256' && x !== undefined && y !== undefined) return { kty: 'EC', crv, x, y, kid, use: 'sig', alg: 'ES256' };
  throw new RangeError('a VC-JWT is signed with RSA of 2048 bits or more, or with P-256');
};

const isStrongRsa = ({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean =>
  asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= RSA_BITS_MIN;

/** The key in the form that `node:crypto` verifies with. */
export const keyObjectOfJwk = ({ kid: _, use: __, alg: ___, ...key }: SigningJwk): KeyObject => createPublicKey({ key, format: 'jwk' });

/**
 * The 64 bytes r‖s that JWS and Data Integrity want, from the DER that KMS answers for P-256.
 * @throws RangeError for anything but the one DER spelling of two positive integers of at most 32 bytes. RFC 3279, section 2.2.3
 */
export const rawSignatureOfDer = (der: Uint8Array): Uint8Array => {
  const [tag, length] = der;
  if (tag !== SEQUENCE || length !== der.length - 2) throw malformed();
  const r = integerAt(der, 2);
  const s = integerAt(der, r.end);
  if (s.end !== der.length) throw malformed();
  return Buffer.concat([r.bytes, s.bytes]);
};

const SEQUENCE = 0x30;
const INTEGER = 0x02;

const malformed = () => new RangeError('not the DER of a P-256 signature');

const integerAt = (der: Uint8Array, at: number): { readonly bytes: Uint8Array; readonly end: number } => {
  const [tag, length = 0] = der.subarray(at);
  const end = at + 2 + length;
  const digits = der.subarray(at + 2, end);
  if (tag !== INTEGER || digits.length !== length || !isShortestPositive(digits)) throw malformed();
  const value = digits[0] === 0 ? digits.subarray(1) : digits;
  if (value.length > P256_INTEGER_BYTES) throw malformed();
  return { bytes: Buffer.concat([new Uint8Array(P256_INTEGER_BYTES - value.length), value]), end };
};

/** A leading zero stands exactly where the next bit would read as a minus sign; zero itself is no part of a signature. */
const isShortestPositive = ([first = 0, second = 0]: Uint8Array): boolean => (first === 0 ? second >= 0x80 : first < 0x80);
