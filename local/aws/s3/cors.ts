/** Cross-origin requests: whether a browser page may speak to a bucket, by the first rule that fits. */
import { AwsError, type WireResponse } from '../service.ts';
import { addressOf } from './address.ts';
import type { BucketTable, CorsRule } from './bucket-table.ts';
import type { Headers } from './claims.ts';
import { errorResponse } from './error-response.ts';

const VARY = 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method';

interface Asked {
  readonly origin: string;
  readonly method: string;
  /** Lower-case. */
  readonly headers: readonly string[];
}

export interface Preflight {
  readonly path: string;
  readonly headers: Headers;
}

export const answerPreflight = (buckets: BucketTable, request: Preflight, requestId: string): WireResponse => {
  const place = { method: 'OPTIONS', path: request.path, requestId };
  const origin = request.headers.origin;
  const method = request.headers['access-control-request-method'];
  if (origin === undefined || method === undefined) {
    return errorResponse(new AwsError('BadRequest', 'Insufficient information. Origin request header needed.'), place);
  }
  const asked = { origin, method, headers: listOf(request.headers['access-control-request-headers']) };
  const rule = ruleFor(rulesOf(buckets, request.path), asked);
  if (rule === undefined) return errorResponse(notAllowed(), place);
  const allowedHeaders = asked.headers.length === 0 ? {} : { 'access-control-allow-headers': asked.headers.join(', ') };
  return { status: 200, headers: { ...allowing(rule, origin), ...allowedHeaders } };
};

/** For the answer to the request itself; nothing where no rule fits, and then the browser keeps it from the page. */
export const corsAnswerHeaders = (buckets: BucketTable, path: string, asked: Pick<Asked, 'origin' | 'method'>): Headers => {
  const rule = ruleFor(rulesOf(buckets, path), { ...asked, headers: [] });
  return rule === undefined ? {} : allowing(rule, asked.origin);
};

const rulesOf = (buckets: BucketTable, path: string): readonly CorsRule[] => {
  const address = addressOf(path);
  return address === undefined ? [] : (buckets.find(address.bucket)?.cors ?? []);
};

const ruleFor = (rules: readonly CorsRule[], { origin, method, headers }: Asked): CorsRule | undefined =>
  rules.find(
    (rule) =>
      rule.methods.includes(method) &&
      rule.origins.some((pattern) => fits(pattern, origin)) &&
      headers.every((header) => rule.headers?.some((pattern) => fits(pattern.toLowerCase(), header))),
  );

const allowing = (rule: CorsRule, origin: string): Headers => ({
  // Only a rule that names no one in particular may be cached for everyone; the others allow credentials, as S3 does.
  ...(rule.origins.includes('*')
    ? { 'access-control-allow-origin': '*' }
    : { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' }),
  'access-control-allow-methods': rule.methods.join(', '),
  ...(rule.exposeHeaders?.length ? { 'access-control-expose-headers': rule.exposeHeaders.join(', ') } : {}),
  ...(rule.maxAgeSeconds === undefined ? {} : { 'access-control-max-age': String(rule.maxAgeSeconds) }),
  vary: VARY,
});

/** A pattern holds at most one `*`. */
const fits = (pattern: string, value: string): boolean => {
  const [start = '', end] = pattern.split('*', 2);
  if (end === undefined) return pattern === value;
  return value.length >= start.length + end.length && value.startsWith(start) && value.endsWith(end);
};

const listOf = (header: string | undefined): readonly string[] =>
  (header ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');

const notAllowed = (): AwsError =>
  new AwsError(
    'AccessForbidden',
    "CORSResponse: This CORS request is not allowed. This is usually because the evaluation of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
    { status: 403 },
  );
