/** API Gateway's HTTP API: routes to Lambdas behind a JWT authorizer, with the gateway's own short answers where a function is not reached. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpStep } from '../../../functions/path.ts';
import { type Invoke, TIMED_OUT, TOO_LARGE } from '../lambda/invocation.ts';
import type { Authorizer } from './jwt-authorizer.ts';
import { type Proxied, proxyEvent, type Rendered, rendered } from './proxy-event.ts';
import { type Matched, routeTable } from './route-table.ts';

/** Quota of HTTP APIs: payload size, 10 MB. */
const BODY_BYTES_MAX = 10 * 1024 * 1024;

export interface HttpApiOptions {
  readonly steps: readonly HttpStep[];
  readonly invoke: Invoke;
  readonly authorize: Authorizer;
  readonly now?: () => Date;
}

const message = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message: text }));
};

/** Reads on past the limit without keeping anything, so that the caller gets its answer instead of a broken pipe. */
const bodyOf = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
  }
  return bytes > BODY_BYTES_MAX ? undefined : Buffer.concat(chunks);
};

/** Node refuses a header with a line break in it, as the gateway does. */
const sendRendered = (response: ServerResponse, { status, headers, body }: Rendered): void => {
  try {
    response.writeHead(status, { ...headers, 'content-length': body.byteLength }).end(body);
  } catch {
    message(response, 500, 'Internal Server Error');
  }
};

const forwarded = async (proxied: Proxied, { invoke, now = () => new Date() }: HttpApiOptions, response: ServerResponse): Promise<void> => {
  const outcome = await invoke(proxied.matched.step.audience, proxyEvent(proxied, now()));
  const answer = outcome.ok ? rendered(outcome.payload) : undefined;
  if (answer !== undefined) sendRendered(response, answer);
  else if (!outcome.ok && outcome.errorType === TOO_LARGE) message(response, 413, 'Request Entity Too Large');
  else if (!outcome.ok && outcome.errorType === TIMED_OUT) message(response, 503, 'Service Unavailable');
  else message(response, 500, 'Internal Server Error');
};

const authorized = async (matched: Matched, request: IncomingMessage, authorize: Authorizer) => {
  if (matched.step.roles === 'open') return { passes: true } as const;
  const found = await authorize(request.headers.authorization);
  return found === undefined ? ({ passes: false } as const) : ({ passes: true, authorized: found } as const);
};

/** A listener for requests under `/v1/`. */
export const createHttpApi = (options: HttpApiOptions) => {
  const match = routeTable(options.steps);
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [path = '/'] = (request.url ?? '/').split('?');
    const body = await bodyOf(request);
    const matched = match(request.method ?? 'GET', path);
    if (matched === undefined) return message(response, 404, 'Not Found');
    const { passes, ...claims } = await authorized(matched, request, options.authorize);
    if (!passes) return message(response, 401, 'Unauthorized');
    if (body === undefined) return message(response, 413, 'Request Entity Too Large');
    await forwarded({ request, body, matched, ...claims }, options, response);
  };
};
