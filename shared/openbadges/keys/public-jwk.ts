/**
 * Public keys as JSON Web Keys, read from strangers.
 * @see https://www.rfc-editor.org/rfc/rfc7517 and RFC 7518 §6, RFC 8037 §2
 */
import { isObject, type JsonObject, listOf, textOf } from '../json-object.ts';
import { fromBase64url, type KeyKind, type PublicKey } from '../primitives.ts';

/** RSA under 2048 bits is refused (RFC 7518 §3.3); over 8192 bits a signature check gets dear. */
const RSA_BYTES = { min: 256, max: 1024 } as const;

/** Length in bytes of a coordinate. */
const EC_BYTES = { 'P-256': 32, 'P-384': 48, 'P-521': 66 } as const;

/** @returns undefined for any other kind of key, for one that is not for signatures, and for one that shows its private part. */
export const publicKeyOfJwk = (jwk: unknown): PublicKey | undefined => {
  if (!isObject(jwk) || 'd' in jwk || !isForSignatures(jwk)) return undefined;
  if (jwk.kty === 'OKP' && jwk.crv === 'Ed25519') return keyOf('Ed25519', { kty: 'OKP', crv: 'Ed25519' }, { x: sized(jwk.x, 32) });
  if (jwk.kty === 'EC' && isCurve(jwk.crv)) {
    const bytes = EC_BYTES[jwk.crv];
    return keyOf(jwk.crv, { kty: 'EC', crv: jwk.crv }, { x: sized(jwk.x, bytes), y: sized(jwk.y, bytes) });
  }
  return jwk.kty === 'RSA' ? keyOf('RSA', { kty: 'RSA' }, { n: modulus(jwk.n), e: bytesText(jwk.e) }) : undefined;
};

/** Whether two keys are one, in whatever form they were published. */
export const isSameKey = (left: PublicKey, right: PublicKey): boolean =>
  left.kind === right.kind && Object.entries(left.jwk).every(([name, value]) => right.jwk[name] === value);

const keyOf = (
  kind: KeyKind,
  fixed: { readonly [member: string]: string },
  members: { readonly [member: string]: string | undefined },
): PublicKey | undefined => {
  const present = Object.entries(members).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return present.length < Object.keys(members).length ? undefined : { kind, jwk: { ...fixed, ...Object.fromEntries(present) } };
};

const isCurve = (curve: unknown): curve is keyof typeof EC_BYTES => typeof curve === 'string' && Object.hasOwn(EC_BYTES, curve);

const isForSignatures = ({ use, key_ops: operations }: JsonObject): boolean =>
  (use === undefined || use === 'sig') && (operations === undefined || listOf(operations).includes('verify'));

const bytesText = (value: unknown): string | undefined => {
  const text = textOf(value);
  return text !== undefined && fromBase64url(text) !== undefined ? text : undefined;
};

const sized = (value: unknown, bytes: number): string | undefined => {
  const text = bytesText(value);
  return text !== undefined && fromBase64url(text)?.length === bytes ? text : undefined;
};

const modulus = (value: unknown): string | undefined => {
  const text = bytesText(value);
  const length = text === undefined ? 0 : (fromBase64url(text)?.length ?? 0);
  return length >= RSA_BYTES.min && length <= RSA_BYTES.max ? text : undefined;
};
