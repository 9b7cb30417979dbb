/** An HTTP API on a free port before a function that answers what a test wants and keeps the event it was given. */
import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect } from 'vitest';
import type { HttpStep } from '../../../functions/path.ts';
import { createHttpApi } from '../../../local/aws/http-api/http-api.ts';
import type { Authorizer } from '../../../local/aws/http-api/jwt-authorizer.ts';
import type { proxyEvent } from '../../../local/aws/http-api/proxy-event.ts';
import type { Invocation } from '../../../local/aws/lambda/invocation.ts';

export type ProxyEvent = ReturnType<typeof proxyEvent>;

export const aStep = (http: HttpStep['http'], over: Partial<HttpStep> = {}): HttpStep => ({
  http,
  audience: 'learner-api',
  roles: 'open',
  file: 'a-step.ts',
  needs: [],
  emits: [],
  ...over,
});

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body, as JSON. */
  readonly json: unknown;
}

export interface Sent {
  readonly method?: string;
  /** Name, value, name, value: as they go on the wire, in this order and as often. */
  readonly headers?: readonly string[];
  readonly body?: string | Uint8Array;
}

const jsonIn = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
};

export interface Gateway {
  send(path: string, sent?: Sent): Promise<Answer>;
  /** What the function was given; fails if it was not called. */
  eventOf(path: string, sent?: Sent): Promise<ProxyEvent>;
  /** Names of the functions called, in order. */
  readonly called: string[];
  answers(invocation: Invocation): void;
  close(): Promise<void>;
}

interface Options {
  readonly steps: readonly HttpStep[];
  readonly authorize?: Authorizer;
  readonly now?: () => Date;
}

const NOBODY: Authorizer = async () => undefined;

export const openGateway = async ({ steps, authorize = NOBODY, ...options }: Options): Promise<Gateway> => {
  let answer: Invocation = { ok: true, payload: { statusCode: 204 } };
  let event: ProxyEvent | undefined;
  const called: string[] = [];
  const invoke = async (name: string, given: unknown): Promise<Invocation> => {
    called.push(name);
    event = given as ProxyEvent;
    return answer;
  };
  const api = createHttpApi({ steps, authorize, invoke, ...options });
  const server = createServer((request, response) => void api(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const send = (path: string, { method = 'GET', headers = [], body }: Sent = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const all = [...headers, 'host', `127.0.0.1:${port}`, 'content-length', String(Buffer.byteLength(body ?? ''))];
      const request = httpRequest({ host: '127.0.0.1', port, method, path, headers: all }, async (response) => {
        const bytes = await buffer(response);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes, json: jsonIn(bytes) });
      });
      request.once('error', reject);
      request.end(body);
    });
  return {
    send,
    called,
    eventOf: async (path, sent) => {
      event = undefined;
      const { status } = await send(path, sent);
      expect(status).toBe(204);
      if (event === undefined) throw new Error('no function was called');
      return event;
    },
    answers: (invocation) => {
      answer = invocation;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
