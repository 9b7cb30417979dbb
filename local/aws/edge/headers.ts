/** Headers that the edge puts on its answers: the same as infra/constructs/response-headers.ts, which a test compares. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';

type Headers = Readonly<Record<string, string>>;

const SECURITY: Headers = {
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'strict-origin-when-cross-origin',
};

/** Public files. */
export const FILE_HEADERS: Headers = {
  ...SECURITY,
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD',
  'access-control-allow-headers': '*',
};

/** The API, and what the edge says itself. */
export const API_HEADERS: Headers = { ...SECURITY, 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" };

/** Pages of the identity provider bring a policy for their content: they have forms. */
export const IDENTITY_HEADERS: Headers = SECURITY;

export const addHeaders = (response: ServerResponse, headers: Headers): void => {
  for (const [name, value] of Object.entries(headers)) {
    // RFC 6797, 7.2: never over plain HTTP.
    if (name === 'strict-transport-security' && !(response.req.socket instanceof TLSSocket)) continue;
    response.setHeader(name, value);
  }
};

export const wantsJson = (request: IncomingMessage, path: string): boolean => {
  const accept = request.headers.accept ?? '';
  if (accept.includes('text/html')) return false;
  return /[/+]json\b/.test(accept) || /\.(json|jwt)$/.test(path);
};
