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

/** A body of any other type, or of none, reaches the function in base64: a form too, and JSON by another name. AWS does not list the types. */
const TEXT_TYPES = /^\s*(text\/[^;]+|application\/(json|javascript|xml))\s*(;|$)/i;

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

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** As in a web server's log: `23/Nov/2026:20:07:10 +0000`. */
const logTime = (now: Date): string => {
  const [date = '', time = ''] = now.toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
};

/** A second question mark belongs to the query. */
const addressOf = (url: string): { readonly rawPath: string; readonly rawQueryString: string } => {
  const mark = url.indexOf('?');
  return mark === -1 ? { rawPath: url, rawQueryString: '' } : { rawPath: url.slice(0, mark), rawQueryString: url.slice(mark + 1) };
};

export const proxyEvent = ({ request, body, matched, authorized }: Proxied, now: Date) => {
  const { rawPath, rawQueryString } = addressOf(request.url ?? '/');
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
      time: logTime(now),
      timeEpoch: now.getTime(),
    },
    ...bodyOf(body, request.headers['content-type']),
  };
};

const STATUS_MIN = 200;
const STATUS_MAX = 599;

const Structured = z.object({
  statusCode: z.int().min(STATUS_MIN).max(STATUS_MAX),
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

const isStructured = (payload: unknown): boolean => typeof payload === 'object' && payload !== null && 'statusCode' in payload;

/** What a function gives without a statusCode is the body of a 200. */
const plain = (payload: unknown): Rendered => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)),
});

/** @returns undefined for an answer that means to be a response and is none */
export const rendered = (payload: unknown): Rendered | undefined => {
  if (!isStructured(payload)) return plain(payload);
  const parsed = Structured.safeParse(payload);
  if (!parsed.success) return undefined;
  const { statusCode, headers = {}, body = '', isBase64Encoded = false, cookies } = parsed.data;
  return {
    status: statusCode,
    headers: {
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])),
      ...(cookies && { 'set-cookie': cookies }),
    },
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
};
