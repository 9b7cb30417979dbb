/**
 * Lambda proxy integration, payload format 2.0: a request becomes an event, an answer becomes a response.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { ACCOUNT } from '../service.ts';
import type { Authorized } from './jwt-authorizer.ts';
import type { Matched } from './route-table.ts';

export interface Proxied {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly matched: Matched;
  readonly authorized?: Authorized;
}

/** Bodies of other types reach the function in base64. */
const TEXT_TYPES = /^(text\/|application\/(json|javascript|xml|x-www-form-urlencoded)|[^;]*\+(json|xml))/i;

const joined = (request: IncomingMessage): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(request.headersDistinct).flatMap(([name, values]) => (name === 'cookie' ? [] : [[name, (values ?? []).join(',')]])),
  );

const queryOf = (query: string): Readonly<Record<string, string>> | undefined => {
  const all = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) all.set(name, all.has(name) ? `${all.get(name)},${value}` : value);
  return all.size === 0 ? undefined : Object.fromEntries(all);
};

const bodyOf = (body: Buffer, contentType: string | undefined): { body?: string; isBase64Encoded: boolean } => {
  if (body.byteLength === 0) return { isBase64Encoded: false };
  const isText = contentType !== undefined && TEXT_TYPES.test(contentType);
  return isText ? { body: body.toString('utf8'), isBase64Encoded: false } : { body: body.toString('base64'), isBase64Encoded: true };
};

export const proxyEvent = ({ request, body, matched, authorized }: Proxied, now: Date) => {
  const [rawPath = '/', rawQueryString = ''] = (request.url ?? '/').split('?');
  const cookies = request.headers.cookie?.split('; ');
  const queryStringParameters = queryOf(rawQueryString);
  return {
    version: '2.0',
    routeKey: matched.routeKey,
    rawPath,
    rawQueryString,
    ...(cookies && { cookies }),
    headers: joined(request),
    ...(queryStringParameters && { queryStringParameters }),
    ...(Object.keys(matched.pathParameters).length > 0 && { pathParameters: matched.pathParameters }),
    requestContext: {
      accountId: ACCOUNT,
      apiId: 'local',
      ...(authorized && { authorizer: { jwt: authorized } }),
      domainName: request.headers.host ?? '',
      domainPrefix: 'local',
      http: {
        method: request.method ?? 'GET',
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: matched.routeKey,
      stage: '$default',
      time: now.toISOString(),
      timeEpoch: now.getTime(),
    },
    ...bodyOf(body, request.headers['content-type']),
  };
};

const Structured = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().optional(),
  cookies: z.array(z.string()).optional(),
});

export interface Rendered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

/** An answer without a statusCode is taken as the body of a 200. */
export const rendered = (payload: unknown): Rendered => {
  const parsed = Structured.safeParse(payload);
  if (!parsed.success)
    return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(payload) ?? '') };
  const { statusCode, headers = {}, body = '', isBase64Encoded = false, cookies } = parsed.data;
  return {
    status: statusCode,
    headers: {
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      ...(cookies && { 'set-cookie': cookies }),
    },
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
};
