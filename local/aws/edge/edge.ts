/** The public address of one machine, where CloudFront stands in the cloud: files, API and sign-in behind one port of loopback. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { openAnswering, openNegotiation } from './edge-functions.ts';
import { API_HEADERS, addHeaders, IDENTITY_HEADERS } from './headers.ts';
import { listenOnePort } from './one-port.ts';
import { sendJson, sendProblem } from './problem.ts';
import { type HostedFile, type PublicFiles, pathOf, serveFile } from './public-files.ts';

export interface Edge {
  readonly port: number;
  readonly baseUrl: string;
  /** Running requests have five seconds to finish. */
  close(): Promise<void>;
}

export interface EdgeRoutes {
  api(request: IncomingMessage, response: ServerResponse): Promise<void> | void;
  identity(request: IncomingMessage, response: ServerResponse): void;
  read(key: string): HostedFile | undefined;
  /** What `/health` tells; requests are served either way, since seeding goes through the edge too. */
  ready(): boolean;
}

export interface EdgeOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Asked at every request: services need the base address before they exist. Until there are any, the answer is 503. */
  readonly routes: () => EdgeRoutes | undefined;
  readonly tls?: { readonly key: string; readonly cert: string };
}

const CLOSE_SECONDS_MAX = 5;

export const listenEdge = async ({ routes, ...options }: EdgeOptions): Promise<Edge> => {
  const requests = countRequests();
  const onePort = await listenOnePort({ ...options, listener: requests.counted(listenerOf(routes)) });
  const close = async (): Promise<void> => {
    await requests.finish();
    await onePort.close();
  };
  return { port: onePort.port, baseUrl: `http://127.0.0.1:${onePort.port}`, close };
};

const listenerOf = (routes: EdgeOptions['routes']): RequestListener => {
  const [negotiate, answering] = [openNegotiation(), openAnswering()];
  return (request, response) => {
    answer({ routes, negotiate, answering }, request, response).catch(() => fail(response));
  };
};

interface Site {
  readonly routes: EdgeOptions['routes'];
  readonly negotiate: PublicFiles['negotiate'];
  readonly answering: PublicFiles['answering'];
}

const answer = async ({ routes, ...edge }: Site, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const current = routes();
  const path = pathOf(request);
  if (!isOwnHost(request.headers.host)) return sendProblem(response, 421);
  if (path === '/health') return sendHealth(response, current?.ready() === true);
  if (current === undefined) return sendProblem(response, 503);
  if (path.startsWith('/v1/')) {
    addHeaders(response, API_HEADERS);
    return current.api(request, response);
  }
  if (path === '/oidc' || path.startsWith('/oidc/')) {
    addHeaders(response, IDENTITY_HEADERS);
    return current.identity(request, response);
  }
  return serveFile({ read: (key) => current.read(key), ...edge }, request, response);
};

/**
 * A page from elsewhere can point a name of its own at loopback and then read what this port answers, tokens of anyone
 * among it; but the browser still sends that name.
 */
const isOwnHost = (host: string | undefined): boolean =>
  host === undefined || /^(127\.0\.0\.1|\[::1\]|([a-z0-9-]+\.)*localhost)(:\d+)?$/i.test(host);

const sendHealth = (response: ServerResponse, ready: boolean): void => {
  addHeaders(response, API_HEADERS);
  const { method } = response.req;
  if (method !== 'GET' && method !== 'HEAD') sendProblem(response, 405);
  else sendJson(response, ready ? 200 : 503, { body: { status: ready ? 'ready' : 'starting' } });
};

const fail = (response: ServerResponse): void => {
  if (response.headersSent) response.destroy();
  else sendProblem(response, 500);
};

const countRequests = () => {
  let running = 0;
  let closing = false;
  let drained = (): void => {};
  const counted =
    (listener: RequestListener): RequestListener =>
    (request, response) => {
      running += 1;
      response.once('close', () => {
        running -= 1;
        if (running === 0) drained();
      });
      if (!closing) return listener(request, response);
      response.shouldKeepAlive = false;
      sendProblem(response, 503);
    };
  const finish = async (): Promise<void> => {
    closing = true;
    const none = new Promise<void>((done) => {
      drained = done;
    });
    if (running > 0) await Promise.race([none, delay(CLOSE_SECONDS_MAX * 1000, undefined, { ref: false })]);
  };
  return { counted, finish };
};
