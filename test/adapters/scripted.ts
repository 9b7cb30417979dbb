/** An endpoint that answers what a test writes down: for what AWS may say and the stand-ins never do. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { vi } from 'vitest';
import { environmentValues } from '../../local/resources.ts';

export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object goes as JSON. */
  readonly body?: object | string;
}

export interface Scripted {
  /** What the next requests are answered, in order; the last one again and again. */
  answers(...next: readonly ScriptedAnswer[]): void;
  /** Loads adapters that speak to this endpoint alone. */
  load<Adapters>(load: () => Promise<Adapters>): Promise<Adapters>;
  readonly requests: { readonly target: string; readonly body: string }[];
  close(): Promise<void>;
}

export const openScripted = async (): Promise<Scripted> => {
  let script: readonly ScriptedAnswer[] = [];
  const requests: Scripted['requests'][number][] = [];
  const server = createServer(async (request, response) => {
    requests.push({ target: String(request.headers['x-amz-target'] ?? `${request.method} ${request.url}`), body: await text(request) });
    const [answer = {}, ...rest] = script;
    if (rest.length > 0) script = rest;
    const { status = 200, headers = {}, body = '' } = answer;
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    requests,
    answers: (...next) => {
      script = next;
    },
    load: async (load) => {
      Object.assign(process.env, environmentValues('http://127.0.0.1:4747', 'arn:aws:kms:us-east-1:000000000000:key/secrets'), {
        AWS_REGION: 'us-east-1',
        AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
        AWS_ACCESS_KEY_ID: 'AKIASCRIPTED',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_MAX_ATTEMPTS: '1',
      });
      vi.resetModules();
      return load();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** An error as a JSON service tells it. */
export const refusal = (code: string, more: object = {}): ScriptedAnswer => ({
  status: 400,
  body: { __type: code, message: code, ...more },
});
