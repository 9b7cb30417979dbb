/** The edge of a step on HTTP: what came in is parsed, what a rule refuses becomes a problem, everything is logged once. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import * as z from 'zod';
import { DomainError } from '#domain/errors.ts';
import { faultsOf } from '#domain/faults.ts';
import { type Cause, WriteConflict } from '#shared/ports.ts';
import { type Caller, callerOf, type Role } from './caller.ts';
import { logStep } from './log.ts';
import { type HttpResult, internalProblem, problemOf } from './problem.ts';

/** The largest body of a route that does not say otherwise. Standard Webhooks leaves the limit to the receiver; EventBridge takes as much in one event. */
export const BODY_BYTES_MAX = 256 * 1024;

/** What API Gateway hands over: with a JWT authorizer, the claims stand in the request's context. */
export type HttpEvent = APIGatewayProxyEventV2 & {
  requestContext: { authorizer?: { jwt?: { claims?: Readonly<Record<string, unknown>> } } };
};

/** Where a route takes no body. Many clients send an empty object all the same. */
export const NO_BODY = z
  .union([z.undefined(), z.strictObject({})], { error: 'must be left out: this address takes none' })
  .transform(() => undefined);

/** A request as a step sees it. */
export interface HttpRequest<Params, Body> {
  readonly caller: Caller;
  readonly params: Params;
  readonly body: Body;
  readonly cause: Cause;
  /** The row of the path that it came by: `POST /v1/credentials/{credentialId}/suspension`. */
  readonly route: string;
}

/** A request on an open route: no caller, but the raw bytes that its signature covers. */
export interface OpenRequest<Params> {
  readonly params: Params;
  readonly rawBody: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestId: string;
}

/** A handler that the router calls with the roles of its row. */
export type RouteHandler = (event: HttpEvent, roles: readonly Role[] | 'open') => Promise<HttpResult>;

const rawBody = (event: HttpEvent, bytesMax: number = BODY_BYTES_MAX): Buffer => {
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.byteLength > bytesMax) throw new DomainError('request/too-large', { bytes: bytes.byteLength, bytesMax });
  return bytes;
};

const isJson = (event: HttpEvent): boolean => /^application\/([a-z.+-]+\+)?json\s*(;|$)/i.test(event.headers['content-type'] ?? '');

// JSON is UTF-8 (RFC 8259, section 8.1); a lenient reading would store a replacement character for what was sent.
const UTF8 = new TextDecoder('utf-8', { fatal: true });

const jsonBody = (event: HttpEvent): unknown => {
  const bytes = rawBody(event);
  if (bytes.byteLength === 0) return undefined;
  if (!isJson(event)) throw new DomainError('request/unsupported-media-type', { contentType: event.headers['content-type'] ?? null });
  try {
    return JSON.parse(UTF8.decode(bytes));
  } catch {
    throw new DomainError('request/malformed', {}, [{ pointer: '', code: 'not-json', detail: 'The body is not JSON.' }]);
  }
};

const parsed = <T>(schema: z.ZodType<T>, value: unknown): T => {
  const result = schema.safeParse(value, { reportInput: true });
  if (!result.success) throw new DomainError('request/malformed', {}, faultsOf(result.error));
  return result.data;
};

/** An id in the address that cannot exist is answered like one that does not. */
const parsedParams = <T>(schema: z.ZodType<T>, value: unknown): T => {
  const result = schema.safeParse(value);
  if (!result.success) throw new DomainError('access/not-found');
  return result.data;
};

interface Schemas<Params, Body> {
  readonly params: z.ZodType<Params>;
  readonly body: z.ZodType<Body>;
}

/** A step behind a token. It is wired on its first call, so that importing it needs no environment. */
export const http = <Params, Body>(
  schemas: Schemas<Params, Body>,
  wire: () => (request: HttpRequest<Params, Body>) => Promise<HttpResult>,
): RouteHandler => {
  let step: ReturnType<typeof wire> | undefined;
  return async (event, roles) => {
    const caller = callerOf(event.requestContext.authorizer?.jwt?.claims, roles === 'open' ? [] : roles, event.headers['assay-tenant']);
    const params = parsedParams(schemas.params, event.pathParameters ?? {});
    const body = parsed(schemas.body, jsonBody(event));
    step ??= wire();
    const { requestId, routeKey } = event.requestContext;
    return step({
      caller,
      params,
      body,
      route: routeKey,
      cause: { actor: { type: caller.role, id: caller.subject }, correlationId: requestId, causationId: null },
    });
  };
};

/** A step whose request proves itself, or needs no proof. @param limits `bytesMax` for a body that may be larger than elsewhere */
export const openHttp = <Params>(
  params: z.ZodType<Params>,
  wire: () => (request: OpenRequest<Params>) => Promise<HttpResult>,
  { bytesMax }: { readonly bytesMax?: number } = {},
): RouteHandler => {
  let step: ReturnType<typeof wire> | undefined;
  return async (event) => {
    step ??= wire();
    const headers = Object.fromEntries(Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value ?? '']));
    return step({
      params: parsedParams(params, event.pathParameters ?? {}),
      rawBody: rawBody(event, bytesMax),
      headers,
      requestId: event.requestContext.requestId,
    });
  };
};

const render = ({ status, body, headers }: HttpResult): APIGatewayProxyStructuredResultV2 => ({
  statusCode: status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  body: JSON.stringify(body),
});

/** Who lost every race for an item may ask again; the rest is a crash. */
const refusalOf = (error: unknown): DomainError | undefined => {
  if (error instanceof WriteConflict) return new DomainError('request/conflict');
  return error instanceof DomainError ? error : undefined;
};

const resultOf = async (
  event: HttpEvent,
  run: () => Promise<HttpResult>,
): Promise<{ result: HttpResult; refused?: string; error?: unknown }> => {
  try {
    return { result: await run() };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal !== undefined) return { result: problemOf(refusal), refused: refusal.code };
    return { result: internalProblem(event.requestContext.requestId), error };
  }
};

/** Runs a route: its refusals and crashes become answers, and one line is logged. */
export const answered = async (event: HttpEvent, run: () => Promise<HttpResult>): Promise<APIGatewayProxyStructuredResultV2> => {
  const from = performance.now();
  const { result, refused, error } = await resultOf(event, run);
  const about = {
    correlationId: event.requestContext.requestId,
    ...event.pathParameters,
    status: result.status,
    ...(refused === undefined ? {} : { code: refused }),
  };
  const outcome = error === undefined ? (refused === undefined ? 'done' : 'refused') : 'failed';
  logStep({
    step: event.requestContext.routeKey,
    outcome,
    durationMs: performance.now() - from,
    about,
    ...(error === undefined ? {} : { error }),
  });
  return render(result);
};
