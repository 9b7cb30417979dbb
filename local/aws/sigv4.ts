/**
 * Who signed a request: AWS Signature Version 4, as a header or as a presigned URL. The door of every stand-in;
 * behind it a request has a caller, and what the caller may do is for `iam.ts`.
 */
import { timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { type Caller, REGION } from './service.ts';
import { canonicalRequest, type RequestHead, type Scope, SIGNATURE_PARAMETER, signatureOf } from './sigv4-canonical.ts';
import { type Dialect, type FaultDetail, type SignatureFault, signatureFault } from './sigv4-faults.ts';

/** Clocks may differ by this much. S3 API Reference, error RequestTimeTooSkewed. */
export const CLOCK_SKEW_SECONDS = 15 * 60;

/** S3 API Reference, "Authenticating Requests: Using Query Parameters": seven days. */
export const PRESIGNED_SECONDS_MAX = 7 * 24 * 60 * 60;

const ALGORITHM = 'AWS4-HMAC-SHA256';
const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

/** The service that was called; `bodyHash` reads the body, so it is asked only once the cheap checks have passed. */
export interface Called {
  readonly signingName: string;
  readonly dialect: Dialect;
  readonly bodyHash: () => Promise<string>;
}

/** `payloadHash` as it was signed: hex, UNSIGNED-PAYLOAD or STREAMING-UNSIGNED-PAYLOAD-TRAILER. */
export interface Authenticated {
  readonly caller: Caller;
  readonly payloadHash: string;
}

/** @throws AwsError with the code of the called service's dialect, if the request is not signed by a known key, whole and in time. */
export type Authenticate = (head: RequestHead, called: Called) => Promise<Authenticated>;

export interface AuthenticateOptions {
  readonly keyOf: (accessKeyId: string) => { readonly principal: string; readonly secretAccessKey: string } | undefined;
  readonly callerOf: (principal: string) => Caller;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

type Refuse = (fault: SignatureFault, detail?: FaultDetail) => Error;

interface Signature {
  readonly form: 'header' | 'query';
  readonly accessKeyId: string;
  readonly scope: Scope;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `20261123T190000Z`. */
  readonly time: string;
  readonly expiresInSeconds: number;
}

export const createAuthenticate =
  ({ keyOf, callerOf, now = Date.now }: AuthenticateOptions): Authenticate =>
  async (head, called) => {
    const refuse: Refuse = (fault, detail) => signatureFault(called.dialect, fault, detail);
    const signature = readSignature(head, refuse);
    checkScope(signature, called, refuse);
    const key = keyOf(signature.accessKeyId);
    if (key === undefined) throw refuse('unknown-key');
    checkTime(signature, now(), refuse);
    checkHeaders(signature, head, refuse);
    const payloadHash = called.dialect === 's3' ? declaredPayload(signature, head, refuse) : await called.bodyHash();
    const canonical = canonicalOf(head, { pathRule: pathRuleOf(called), signedHeaders: signature.signedHeaders, payloadHash }, refuse);
    const expected = signatureOf(canonical, { secret: key.secretAccessKey, time: signature.time, scope: signature.scope });
    if (!timingSafeEqual(expected, Buffer.from(signature.signature, 'hex'))) throw refuse('mismatch');
    return { caller: callerOf(key.principal), payloadHash };
  };

const pathRuleOf = (called: Called) => (called.dialect === 's3' ? 'object-key' : 'normalised');

const canonicalOf = (head: RequestHead, parts: Parameters<typeof canonicalRequest>[1], refuse: Refuse): string => {
  try {
    return canonicalRequest(head, parts);
  } catch (error) {
    if (error instanceof URIError) throw refuse('mismatch', { message: 'The path is not valid UTF-8 in percent-encoding.' });
    throw error;
  }
};

const SignatureText = z.object({
  credential: z.string().regex(/^[A-Za-z0-9]{1,128}\/\d{8}\/[^/]+\/[^/]+\/aws4_request$/),
  signedHeaders: z.string().regex(/^[a-z0-9!#$%&'*+.^_`|~-]+(;[a-z0-9!#$%&'*+.^_`|~-]+)*$/),
  signature: z.string().regex(/^[0-9a-f]{64}$/),
  time: z.string().regex(/^\d{8}T\d{6}Z$/),
  expires: z.string().regex(/^\d{1,9}$/),
});

const readSignature = (head: RequestHead, refuse: Refuse): Signature => {
  const form = formOf(head, refuse);
  const malformed = malformedIn({ form });
  const text = SignatureText.safeParse(form === 'header' ? headerForm(head) : queryForm(head.query));
  if (!text.success) throw refuse(malformed);
  const { signature, time, expires } = text.data;
  const [accessKeyId = '', day = '', region = '', signingName = ''] = text.data.credential.split('/');
  const signedHeaders = text.data.signedHeaders.split(';');
  if (new Set(signedHeaders).size !== signedHeaders.length) throw refuse(malformed);
  if (!time.startsWith(day)) throw refuse(malformed, { message: 'Date in Credential scope does not match the date of the request.' });
  return { form, accessKeyId, scope: { day, region, signingName }, signedHeaders, signature, time, expiresInSeconds: Number(expires) };
};

const formOf = (head: RequestHead, refuse: Refuse): Signature['form'] => {
  const inHeader = head.headers.authorization !== undefined;
  const inQuery = head.query.has('X-Amz-Algorithm') || head.query.has(SIGNATURE_PARAMETER);
  if (inHeader && inQuery) throw refuse('two-mechanisms');
  if (!inHeader && !inQuery) throw refuse('unsigned');
  return inHeader ? 'header' : 'query';
};

const malformedIn = ({ form }: Pick<Signature, 'form'>): SignatureFault => (form === 'header' ? 'malformed-header' : 'malformed-query');

/** Two headers of one name are as good as none: which of them would count is anybody's guess. */
const only = (values: readonly string[] | undefined): string | undefined => (values?.length === 1 ? values[0] : undefined);

const headerForm = (head: RequestHead): unknown => {
  const [, algorithm, rest = ''] = /^(\S+)\s+(.*)$/.exec(only(head.headers.authorization) ?? '') ?? [];
  if (algorithm !== ALGORITHM) return undefined;
  const parts = rest.split(',').map((part) => part.trim().split('=', 2));
  const named = new Map(parts.map(([name, value]) => [name, value]));
  if (parts.length !== named.size) return undefined;
  return {
    credential: named.get('Credential'),
    signedHeaders: named.get('SignedHeaders'),
    signature: named.get('Signature'),
    time: only(head.headers['x-amz-date']),
    expires: '0',
  };
};

const queryForm = (query: URLSearchParams): unknown => {
  if (only(query.getAll('X-Amz-Algorithm')) !== ALGORITHM) return undefined;
  return {
    credential: only(query.getAll('X-Amz-Credential')),
    signedHeaders: only(query.getAll('X-Amz-SignedHeaders')),
    signature: only(query.getAll(SIGNATURE_PARAMETER)),
    time: only(query.getAll('X-Amz-Date')),
    expires: only(query.getAll('X-Amz-Expires')),
  };
};

/** A signature for another region or service says nothing here; JSON services call it invalid, S3 malformed. */
const checkScope = (signature: Signature, called: Called, refuse: Refuse): void => {
  const { scope } = signature;
  const fault = called.dialect === 's3' ? malformedIn(signature) : 'mismatch';
  if (scope.region !== REGION)
    throw refuse(fault, {
      message: `Credential should be scoped to the region '${REGION}', not '${scope.region}'.`,
      extra: { Region: REGION },
    });
  if (scope.signingName !== called.signingName)
    throw refuse(fault, { message: `Credential should be scoped to the service '${called.signingName}', not '${scope.signingName}'.` });
};

/** @returns NaN for a time that no calendar has. */
const epochOf = (time: string): number => Date.parse(time.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));

const checkTime = (signature: Signature, now: number, refuse: Refuse): void => {
  const signedAt = epochOf(signature.time);
  if (Number.isNaN(signedAt)) throw refuse(malformedIn(signature));
  if (signature.form === 'query') checkPresignedTime(signature, { signedAt, now }, refuse);
  else if (Math.abs(now - signedAt) > CLOCK_SKEW_SECONDS * 1000)
    throw refuse('skewed', { extra: { RequestTime: signature.time, ServerTime: new Date(now).toISOString() } });
};

const checkPresignedTime = (signature: Signature, { signedAt, now }: { signedAt: number; now: number }, refuse: Refuse): void => {
  const { expiresInSeconds } = signature;
  if (expiresInSeconds < 1 || expiresInSeconds > PRESIGNED_SECONDS_MAX)
    throw refuse('malformed-query', { message: `X-Amz-Expires must be between 1 and ${PRESIGNED_SECONDS_MAX} seconds, a week.` });
  if (signedAt > now + CLOCK_SKEW_SECONDS * 1000) throw refuse('not-yet-valid');
  const expiresAt = signedAt + expiresInSeconds * 1000;
  if (now > expiresAt)
    throw refuse('expired', {
      extra: { 'X-Amz-Expires': expiresInSeconds, Expires: new Date(expiresAt).toISOString(), ServerTime: new Date(now).toISOString() },
    });
};

/** `host` and every x-amz-* header that is sent must be signed: an unsigned one could be added by whoever holds a presigned URL. */
const checkHeaders = (signature: Signature, head: RequestHead, refuse: Refuse): void => {
  if (head.headers['x-amz-security-token'] !== undefined || head.query.has('X-Amz-Security-Token')) throw refuse('foreign-token');
  const signed = new Set(signature.signedHeaders);
  const notSigned = Object.keys(head.headers).filter((name) => (name === 'host' || name.startsWith('x-amz-')) && !signed.has(name));
  if (notSigned.length > 0) throw refuse('headers-not-signed', { extra: { HeadersNotSigned: notSigned.join(', ') } });
  // A missing header would be signed as an empty one, so its absence has to be refused by itself.
  if (signature.signedHeaders.some((name) => head.headers[name] === undefined)) throw refuse('mismatch');
};

const HEX_SHA256 = /^[0-9a-f]{64}$/;
const UNSIGNED_STREAM = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';

/** S3 signs what the client declares about the payload; whether the payload keeps to it is checked while it is read. */
const declaredPayload = (signature: Signature, head: RequestHead, refuse: Refuse): string => {
  const inQuery = signature.form === 'query';
  const declared =
    only(head.headers['x-amz-content-sha256']) ?? (inQuery ? (head.query.get('X-Amz-Content-Sha256') ?? UNSIGNED_PAYLOAD) : undefined);
  if (declared === undefined) throw refuse('payload-hash-missing');
  if (HEX_SHA256.test(declared) || declared === UNSIGNED_PAYLOAD || declared === UNSIGNED_STREAM) return declared;
  throw refuse('payload-signing-unsupported');
};
