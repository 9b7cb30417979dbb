/**
 * VC-JWT: a credential or presentation inside a JSON Web Signature, in the three ways in which they are written.
 * Open Badges 3.0 puts the credential's properties beside the claims or under `vc`, with `typ` JWT or none;
 * VC-JOSE-COSE puts nothing but the credential in, with `typ` vc+jwt.
 * @see https://www.imsglobal.org/spec/ob/v3p0/#jwt-proof and https://www.w3.org/TR/vc-jose-cose/#with-jose
 */
import { failed, notChecked, type Outcome, PASSED, worstOf } from './check.ts';
import { idOf, instantOf, isObject, type JsonObject, objectOf, textOf } from './json-object.ts';
import { isSupported, type Jws, type JwsVerdict, jwsOf, verifyJws } from './jws.ts';
import { resolveJoseKey } from './keys/resolve-jose-key.ts';
import type { PublicKey } from './primitives.ts';
import type { Run } from './verify-run.ts';

export interface VcJwt {
  readonly jws: Jws;
  readonly kind: 'credential' | 'presentation';
  /** The credential or presentation inside. */
  readonly content: JsonObject;
  /** What is wrong with header and claims, without looking at the signature; passed if nothing is. */
  readonly form: Outcome;
  /** Begin and end that the claims alone state, in seconds since 1970: of the signature, or of a credential that leaves them to its claims. */
  readonly times: { readonly nbf: unknown; readonly exp: unknown };
}

/** @returns undefined for what is no compact JWS with a credential or presentation in it. */
export const vcJwtOf = (text: string): VcJwt | undefined => {
  const jws = jwsOf(text);
  if (jws === undefined) return undefined;
  const type = mediaTypeOf(jws.header.typ);
  return type === 'jwt' ? plainJwt(jws) : vcJoseJwt(jws, type);
};

/** Claims about the token, which are no part of what it holds: an embedded proof does not cover them. RFC 7519 §4.1. */
const CLAIMS = new Set(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'nonce']);

const withoutClaims = (payload: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(payload).filter(([name]) => !CLAIMS.has(name)));

// A media type may leave out `application/` and be written in any case. RFC 7515 §4.1.9.
const mediaTypeOf = (typ: unknown): string =>
  typ === undefined
    ? 'jwt'
    : (textOf(typ)
        ?.toLowerCase()
        .replace(/^application\//, '') ?? 'malformed');

/** Headers that may stand beside `typ` vc+jwt. */
const VC_JOSE_HEADERS = new Set(['alg', 'kid', 'jwk', 'typ', 'cty', 'iss']);

const vcJoseJwt = (jws: Jws, type: string): VcJwt => {
  const { header, payload } = jws;
  const kind = type === 'vp+jwt' ? 'presentation' : 'credential';
  const content = kind === 'presentation' ? 'vp' : 'vc';
  const isWellFormed =
    (type === 'vc+jwt' || type === 'vp+jwt') &&
    hasOnly(header, VC_JOSE_HEADERS) &&
    (header.cty === undefined || mediaTypeOf(header.cty) === content) &&
    payload.vc === undefined &&
    payload.vp === undefined;
  const { iss, jti, sub, nbf, exp } = payload;
  const own = claimsOf(payload);
  const agrees = agreeing({ iss, jti, sub }, kind === 'presentation' ? { iss: idOf(payload.holder) } : own);
  return { jws, kind, content: withoutClaims(payload), form: isWellFormed ? agrees : failed('proof/malformed'), times: { nbf, exp } };
};

/** Open Badges 3.0 §8.2.3: no others are allowed. */
const OPEN_BADGES_HEADERS = new Set(['alg', 'kid', 'jwk', 'typ']);

/** Claims of which each must be there if the credential says the same. Open Badges 3.0 §8.2.4. */
const plainJwt = (jws: Jws): VcJwt => {
  const { header, payload } = jws;
  const content = payload.vc === undefined ? withoutClaims(payload) : completed(objectOf(payload.vc) ?? {}, payload);
  const claims = claimsOf(content);
  const isWhole = Object.entries(claims).every(([name, value]) => value === undefined || payload[name] !== undefined);
  const form = hasOnly(header, OPEN_BADGES_HEADERS) ? agreeing(payload, claims) : failed('proof/malformed');
  const times = { nbf: claims.nbf === undefined ? payload.nbf : undefined, exp: claims.exp === undefined ? payload.exp : undefined };
  return { jws, kind: 'credential', content, form: isWhole ? form : worstOf([form, failed('proof/claims-differ')]), times };
};

const hasOnly = (header: JsonObject, allowed: ReadonlySet<string>): boolean => Object.keys(header).every((name) => allowed.has(name));

/** What a credential's claims must say. Dates are seconds. */
const claimsOf = ({ issuer, id, credentialSubject, ...dates }: JsonObject): JsonObject => ({
  iss: idOf(issuer),
  jti: id,
  sub: isObject(credentialSubject) ? credentialSubject.id : undefined,
  nbf: secondsOf(dates.validFrom ?? dates.issuanceDate),
  exp: secondsOf(dates.validUntil ?? dates.expirationDate),
});

const secondsOf = (date: unknown): number | undefined => {
  const instant = instantOf(date);
  return instant === undefined ? undefined : Math.floor(instant / 1000);
};

/** VC Data Model 1.1 §6.3.1 lets the claims stand for what the credential under `vc` leaves out. */
const completed = (credential: JsonObject, { iss, jti, nbf, exp, sub }: JsonObject): JsonObject => {
  const { credentialSubject: subject, ...rest } = credential;
  const isOlder = !('validFrom' in rest) && !JSON.stringify(rest['@context'] ?? '').includes('/ns/credentials/v2');
  const filled = {
    id: jti,
    issuer: iss,
    [isOlder ? 'issuanceDate' : 'validFrom']: stampOf(nbf),
    [isOlder ? 'expirationDate' : 'validUntil']: stampOf(exp),
  };
  const given = Object.fromEntries(Object.entries(filled).filter(([, value]) => value !== undefined));
  return { ...given, ...rest, credentialSubject: isObject(subject) && sub !== undefined ? { id: sub, ...subject } : subject };
};

const stampOf = (seconds: unknown): string | undefined => {
  const date = new Date(typeof seconds === 'number' ? seconds * 1000 : Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().replace('.000Z', 'Z');
};

const agreeing = (payload: JsonObject, expected: JsonObject): Outcome => {
  const differs = Object.entries(expected).some(
    ([name, value]) => value !== undefined && payload[name] !== undefined && payload[name] !== value,
  );
  return differs ? failed('proof/claims-differ') : PASSED;
};

export interface JwtFindings {
  readonly proof: Outcome;
  readonly issuer: Outcome;
}

/** Finds the key of a VC-JWT, checks its signature, its form and its times. */
export const checkJwt = async (jwt: VcJwt, signer: string | undefined, { load, nowMs }: Run): Promise<JwtFindings> => {
  const { jws, form, times } = jwt;
  const unconfirmed = notChecked('issuer/not-confirmed');
  if (form.state !== 'passed') return { proof: form, issuer: unconfirmed };
  if (!isSupported(jws.header)) return { proof: notChecked('proof/unsupported'), issuer: unconfirmed };
  const found = await resolveJoseKey(jws.header, { load, nowMs, issuer: signer ?? '' });
  if ('proof' in found) return found;
  const proof = await checkSignature(jws, found.key);
  return { proof: proof.state === 'passed' ? checkTimes(times, nowMs) : proof, issuer: found.issuer };
};

/** Signature alone, under a key that is known already. */
export const checkSignature = async (jws: Jws, key: PublicKey): Promise<Outcome> => outcomeOf(await verifyJws(jws, key));

const outcomeOf = (verdict: JwsVerdict): Outcome => {
  switch (verdict) {
    case 'genuine':
      return PASSED;
    case 'not-genuine':
    case 'wrong-key':
      return failed(`proof/${verdict}`);
    case 'unsupported':
      return notChecked('proof/unsupported');
  }
};

const checkTimes = ({ nbf, exp }: VcJwt['times'], nowMs: number): Outcome => {
  if (typeof nbf === 'number' && nbf * 1000 > nowMs) return failed('proof/not-yet');
  return typeof exp === 'number' && exp * 1000 <= nowMs ? failed('proof/expired') : PASSED;
};
