/**
 * The one endpoint of this machine's AWS: every SDK call arrives here. It checks the signature, finds the service by
 * `X-Amz-Target` or path, and answers in its dialect. What a call means, and whether its caller may make it, is the
 * service's business.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { AwsError, type WireResponse } from './service.ts';
import { type Exchange, errorAnswer, send } from './wire-answer.ts';
import { type Destinations, type Route, routeOf } from './wire-routes.ts';

/** Never another interface: whoever reaches this port reaches the evidence and the keys. */
const LOOPBACK = '127.0.0.1';

/**
 * What a chaos mode does to a call: `fail` and `throttle` refuse it before it is made; `lose` makes it and then answers
 * as if it had failed, which is what a client sees of a connection that broke too late.
 */
export type Mishap = 'fail' | 'throttle' | 'lose';

export interface LoggedCrash {
  readonly requestId: string;
  readonly service: string;
  readonly action: string;
  readonly error: unknown;
}

export interface WireOptions extends Destinations {
  /** `service` is a signing name (`kms`), `action` an operation (`Sign`) or, where paths are the operations, the method. */
  readonly chaos?: (service: string, action: string) => Mishap | undefined;
  readonly log?: (crash: LoggedCrash) => void;
  /** Milliseconds since the epoch; the `Date` of answers. */
  readonly now?: () => number;
}

export interface Wire {
  /** Port 0 takes a free one. */
  listen(port?: number): Promise<{ readonly port: number; readonly url: string }>;
  close(): Promise<void>;
}

export const createWire = (options: WireOptions): Wire => {
  const server = createServer((request, response) => {
    serve(request, response, options).catch((error: unknown) => {
      if (!clientLeft(error)) logCrash(options, { requestId: '', service: 'wire', action: 'send', error });
      response.destroy();
    });
  });
  // Longer than an SDK keeps a socket idle, so that it never writes into one that was just closed.
  server.keepAliveTimeout = 75_000;
  return {
    listen: (port = 0) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, LOOPBACK, () => {
          const bound = portOf(server.address());
          resolve({ port: bound, url: `http://${LOOPBACK}:${bound}` });
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** A browser that stops a video in the middle is no crash. */
const clientLeft = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';

const portOf = (address: AddressInfo | string | null): number => {
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
};

const serve = async (request: IncomingMessage, response: ServerResponse, options: WireOptions): Promise<void> => {
  const route = routeOf(request, options);
  const answer = await answerOf(route, options);
  // What is left of a body that nobody read would stand before the next request on this connection.
  response.once('finish', () => request.unpipe().resume());
  await send(response, answer, { exchange: route, method: request.method ?? 'GET', date: new Date((options.now ?? Date.now)()) });
};

const answerOf = async (route: Route, options: WireOptions): Promise<WireResponse> => {
  const { requestId, service, action } = route;
  let mishap: Mishap | undefined;
  const meet = (): void => {
    mishap = options.chaos?.(service, action);
    if (mishap === 'fail' || mishap === 'throttle') throw mishapError(mishap, route);
  };
  try {
    const answer = await route.run(meet);
    if (mishap !== 'lose') return answer;
    if (answer.body instanceof Readable) answer.body.destroy();
    throw mishapError('lose', route);
  } catch (error) {
    if (!(error instanceof AwsError)) logCrash(options, { requestId, service, action, error });
    return errorAnswer(error, route);
  }
};

const mishapError = (mishap: Mishap, { dialect }: Exchange): AwsError => {
  const [failed, throttled] =
    dialect === 's3' ? (['InternalError', 'SlowDown'] as const) : (['InternalFailure', 'ThrottlingException'] as const);
  if (mishap !== 'throttle') return new AwsError(failed, 'The call was made to fail.', { status: 500 });
  return new AwsError(throttled, 'The call was made to be throttled.', { status: { s3: 503, rest: 429, json: 400 }[dialect] });
};

const logCrash = ({ log = toConsole }: WireOptions, crash: LoggedCrash): void => log(crash);

const toConsole = ({ error, ...crash }: LoggedCrash): void =>
  console.error(JSON.stringify({ ...crash, error: error instanceof Error ? error.stack : String(error) }));
