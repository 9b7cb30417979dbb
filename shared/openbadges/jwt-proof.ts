/**
 * VC-JWT: a credential secured from outside, as a compact JWS whose payload is the credential itself.
 * RS256 is the usual choice: every verifier of Open Badges must know it, and PKCS #1 signatures are the same at every
 * try, so that a step that is repeated publishes the same bytes. ES256 is shorter, but never twice the same.
 * @see https://www.imsglobal.org/spec/ob/v3p0/#jwt-proof
 */
import { hash, verify } from 'node:crypto';
import { instantOf } from './json-object.ts';
import { keyObjectOfJwk, rawSignatureOfDer, type SigningJwk } from './jwt-key.ts';
import { present } from './present.ts';

/** Signs a SHA-256 digest, as KMS does with `MessageType: DIGEST`: PKCS #1 v1.5 for RSA; for P-256 it answers DER. */
export type DigestSigner = (sha256: Uint8Array) => Promise<Uint8Array>;

/** What any verifiable credential must say for its claims to be made; badges, endorsements and records all do. */
export interface JwtCredential {
  readonly id: string;
  readonly issuer: { readonly id: string };
  readonly validFrom: string;
  readonly validUntil?: string;
  readonly credentialSubject: { readonly id: string };
}

export interface JwtNeeds {
  /** The public half; its address is the `kid` of the header. */
  readonly jwk: SigningJwk;
  readonly sign: DigestSigner;
}

/** Registered claims, each equal to a value of the credential. */
export interface JwtClaims {
  readonly iss: string;
  readonly jti: string;
  readonly sub: string;
  readonly nbf: number;
  readonly exp?: number;
}

/** @throws RangeError if a date of the credential is no date-time stamp */
export const jwtClaims = ({ id, issuer, credentialSubject, validFrom, validUntil }: JwtCredential): JwtClaims =>
  present({
    iss: issuer.id,
    jti: id,
    sub: credentialSubject.id,
    nbf: numericDate(validFrom),
    exp: validUntil === undefined ? undefined : numericDate(validUntil),
  });

// Whole seconds: verifiers compare them with the credential's dates to the second, and some read no fraction.
const numericDate = (instant: string): number => {
  const parsed = instantOf(instant);
  if (parsed === undefined) throw new RangeError('a date of a credential has seconds and a time zone');
  return Math.floor(parsed / 1000);
};

/**
 * The compact JWS of a credential.
 * @throws RangeError if a date is no date-time stamp, or P-256 answers something other than DER
 * @throws Error if the signature does not verify under the key that the header names: a wrong key signed
 */
export const signedJwt = async (credential: JwtCredential, { jwk, sign }: JwtNeeds): Promise<string> => {
  // Only these three: the standard allows no other header, and refuses a `typ` other than JWT.
  const header = { alg: jwk.alg, kid: jwk.kid, typ: 'JWT' };
  const input = `${segment(header)}.${segment({ ...credential, ...jwtClaims(credential) })}`;
  const answer = await sign(hash('sha256', input, 'buffer'));
  const signature = jwk.alg === 'ES256' ? rawSignatureOfDer(answer) : answer;
  if (!isGenuine(input, signature, jwk)) throw new Error(`the signature just made under ${jwk.kid} is not genuine`);
  return `${input}.${Buffer.from(signature).toString('base64url')}`;
};

const segment = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const isGenuine = (input: string, signature: Uint8Array, jwk: SigningJwk): boolean =>
  verify('sha256', Buffer.from(input), { key: keyObjectOfJwk(jwk), dsaEncoding: 'ieee-p1363' }, signature);
