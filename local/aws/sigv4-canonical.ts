/**
 * The text that a signature of AWS Signature Version 4 is made over, and the signature itself: pure, no policy.
 * Sources: AWS General Reference, "Create a signed AWS API request"; S3 API Reference, "Authenticating Requests".
 */
import { createHash, createHmac } from 'node:crypto';

/** A request before anybody trusts it. `path` is raw and without the query; a header keeps every value that was sent. */
export interface RequestHead {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
}

/** S3 encodes a path once and keeps `..` and `//`, which may be part of a key; every other service normalises and encodes twice. */
export type PathRule = 'object-key' | 'normalised';

export interface CanonicalParts {
  readonly pathRule: PathRule;
  readonly signedHeaders: readonly string[];
  readonly payloadHash: string;
}

export const SIGNATURE_PARAMETER = 'X-Amz-Signature';

export const sha256Hex = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

/** RFC 3986: everything but the unreserved characters; encodeURIComponent leaves five more alone. */
export const encodeStrictly = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

const encodePath = (path: string): string => path.split('/').map(encodeStrictly).join('/');

const normalised = (path: string): string => {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  return `/${kept.join('/')}${kept.length > 0 && path.endsWith('/') ? '/' : ''}`;
};

/** @throws URIError for a path whose percent-encoding is no UTF-8. */
const canonicalPath = (path: string, rule: PathRule): string =>
  rule === 'object-key' ? encodePath(decodeURIComponent(path)) : encodePath(normalised(path));

/**
 * Made from the decoded parameters that the service will see, not from the text on the wire: what is signed and what
 * is obeyed cannot differ, however a client spelt a space.
 */
const canonicalQuery = (query: URLSearchParams): string =>
  [...query]
    .filter(([name]) => name !== SIGNATURE_PARAMETER)
    .map(([name, value]) => [encodeStrictly(name), encodeStrictly(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

// By code unit: localeCompare would sort by the language of the machine.
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const canonicalValue = (values: readonly string[] | undefined): string =>
  (values ?? []).map((value) => value.trim().replace(/[ \t]+/g, ' ')).join(',');

export const canonicalRequest = (head: RequestHead, parts: CanonicalParts): string =>
  [
    head.method,
    canonicalPath(head.path, parts.pathRule),
    canonicalQuery(head.query),
    ...parts.signedHeaders.map((name) => `${name}:${canonicalValue(head.headers[name])}`),
    '',
    parts.signedHeaders.join(';'),
    parts.payloadHash,
  ].join('\n');

/** Where and when a signature is good for: the part of `Credential=` after the access key. */
export interface Scope {
  readonly day: string;
  readonly region: string;
  readonly signingName: string;
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

export const signatureOf = (
  canonical: string,
  signing: { readonly secret: string; readonly time: string; readonly scope: Scope },
): Buffer => {
  const { day, region, signingName } = signing.scope;
  const toSign = ['AWS4-HMAC-SHA256', signing.time, `${day}/${region}/${signingName}/aws4_request`, sha256Hex(canonical)].join('\n');
  const key = [day, region, signingName, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${signing.secret}`);
  return hmac(key, toSign);
};
