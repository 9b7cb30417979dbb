/** Which service a call is for, told by `X-Amz-Target` or path, and how it is asked: body read, caller known, answer in its dialect. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { AwsError, type JsonService, type WireRequest, type WireResponse } from './service.ts';
import type { Authenticate, Called } from './sigv4.ts';
import { type RequestHead, sha256Hex } from './sigv4-canonical.ts';
import { type Exchange, errorAnswer, jsonAnswer } from './wire-answer.ts';
import { declaredBody, readBody } from './wire-body.ts';

/** Prefix of X-Amz-Target → the name that signatures for the service are scoped to. */
const SIGNING_NAMES = {
  DynamoDB_20120810: 'dynamodb',
  DynamoDBStreams_20120810: 'dynamodb',
  TrentService: 'kms',
  AWSEvents: 'events',
} as const;

export type TargetPrefix = keyof typeof SIGNING_NAMES;

/** A service whose operations are paths: EventBridge Scheduler. */
export interface RestService {
  handle(request: WireRequest): Promise<WireResponse>;
}

/** S3: renders its own errors as XML; the wire only renders those of the signature. */
export interface ObjectService extends RestService {
  /** A browser asks this without signing it. */
  preflight(request: Pick<WireRequest, 'path' | 'headers'>): WireResponse;
  /** Headers that let a browser's page read the answer; none, if the bucket does not know its origin. */
  corsHeaders(path: string, origin: string | undefined, method: string): Readonly<Record<string, string>>;
}

/** Where calls can go; what is absent does not exist on this machine. */
export interface Destinations {
  readonly authenticate: Authenticate;
  readonly services: Readonly<Partial<Record<TargetPrefix, JsonService>>>;
  /** Scheduler: paths `/schedules…` and `/schedule-groups…`. */
  readonly rest?: RestService;
  /** Everything else. */
  readonly s3?: ObjectService;
}

/** A call on its way to its service; `run` reads the body, authenticates and asks the service. */
export interface Route extends Exchange {
  readonly service: string;
  readonly action: string;
  readonly run: (meet: Meet) => Promise<WireResponse>;
}

/** Called once the caller is known and before the service is asked. */
type Meet = () => void;

export const routeOf = (request: IncomingMessage, options: Destinations): Route => {
  const head = headOf(request);
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') return jsonRoute({ request, head, options }, target);
  const isRest = /^\/schedule(s|-groups)(\/|$)/.test(head.path);
  return isRest ? restRoute({ request, head, options }) : s3Route({ request, head, options });
};

/** A request as node:http hands it over, with what the wire was made of. */
interface Arrival {
  readonly request: IncomingMessage;
  readonly head: RequestHead;
  readonly options: Destinations;
}

const headOf = (request: IncomingMessage): RequestHead => {
  const [path = '/', ...query] = (request.url ?? '/').split('?');
  return { method: request.method ?? 'GET', path, query: new URLSearchParams(query.join('?')), headers: request.headersDistinct };
};

const AMZ_JSON = /^application\/x-amz-json-1\.[01]$/;

const jsonRoute = ({ request, head, options }: Arrival, target: string): Route => {
  const [prefix = '', action = ''] = target.split('.', 2);
  const known = isTargetPrefix(prefix) ? { service: options.services[prefix], signingName: SIGNING_NAMES[prefix] } : undefined;
  const asked = request.headers['content-type'] ?? '';
  const route = {
    requestId: randomUUID(),
    dialect: 'json',
    contentType: AMZ_JSON.test(asked) ? asked : 'application/x-amz-json-1.0',
    service: known?.signingName ?? prefix,
    action,
  } as const;
  const run = async (meet: Meet): Promise<WireResponse> => {
    if (known?.service === undefined || head.method !== 'POST' || head.path !== '/') throw unknownOperation();
    const { caller, body } = await authenticatedJson({ request, head, options }, { dialect: 'json', signingName: known.signingName });
    meet();
    return jsonAnswer(route, await known.service.handle(action, parseJson(body), caller));
  };
  return { ...route, run };
};

const isTargetPrefix = (prefix: string): prefix is TargetPrefix => Object.hasOwn(SIGNING_NAMES, prefix);

const unknownOperation = (): AwsError => new AwsError('UnknownOperationException', 'This operation does not exist here.');

const authenticatedJson = async ({ request, head, options }: Arrival, called: Omit<Called, 'bodyHash'>) => {
  let body: Buffer = Buffer.alloc(0);
  const bodyHash = async (): Promise<string> => {
    body = await readBody(request);
    return sha256Hex(body);
  };
  const { caller } = await options.authenticate(head, { ...called, bodyHash });
  return { caller, body };
};

const parseJson = (body: Buffer): unknown => {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'The body is not valid JSON.');
  }
};

const restRoute = (arrival: Arrival): Route => {
  const route = { requestId: randomUUID(), dialect: 'rest', contentType: 'application/json', service: 'scheduler' } as const;
  const { head, options } = arrival;
  const run = async (meet: Meet): Promise<WireResponse> => {
    if (options.rest === undefined) throw unknownOperation();
    const { caller, body } = await authenticatedJson(arrival, { dialect: 'rest', signingName: 'scheduler' });
    meet();
    return options.rest.handle({ ...wireHead(arrival), body: Readable.from([body]), caller });
  };
  return { ...route, action: head.method, run };
};

/** No service ever sees a signature: what is not handed on cannot end up in a log. */
const wireHead = ({ head, request }: Arrival): Omit<WireRequest, 'body' | 'caller'> => {
  const { authorization: _secret, ...headers } = request.headers;
  const flat = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]);
  return { method: head.method, path: head.path, query: head.query, headers: Object.fromEntries(flat) };
};

const s3Route = (arrival: Arrival): Route => {
  const route = { requestId: randomUUID(), dialect: 's3', contentType: 'application/xml', service: 's3' } as const;
  const { request, head, options } = arrival;
  const { s3 } = options;
  const plain = wireHead(arrival);
  const ask = async (service: ObjectService, meet: Meet): Promise<WireResponse> => {
    const bodyHash = (): Promise<string> => Promise.reject(new Error('S3 signs a declared hash'));
    const { caller, payloadHash } = await options.authenticate(head, { dialect: 's3', signingName: 's3', bodyHash });
    meet();
    return service.handle({ ...plain, body: declaredBody(request, payloadHash), caller });
  };
  const run = async (meet: Meet): Promise<WireResponse> => {
    if (s3 === undefined) throw new AwsError('NotImplemented', 'There is no object store here.', { status: 501 });
    if (head.method === 'OPTIONS') return s3.preflight(plain);
    // A refusal must be readable to a browser too, or it reports a network error instead.
    const answer = await ask(s3, meet).catch((error: unknown) => refusal(error, route));
    return { ...answer, headers: { ...answer.headers, ...s3.corsHeaders(head.path, plain.headers.origin, head.method) } };
  };
  return { ...route, action: head.method, run };
};

/** A crash passes on, to be logged where all are. */
const refusal = (error: unknown, exchange: Exchange): WireResponse => {
  if (error instanceof AwsError) return errorAnswer(error, exchange);
  throw error;
};
