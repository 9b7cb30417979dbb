/** An edge over a few files in memory, and a way to send it requests that `fetch` would refuse to send. */
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type EdgeOptions, type EdgeRoutes, listenEdge } from '../../../local/aws/edge/edge.ts';

const FILES: Readonly<Record<string, { readonly type: string; readonly text: string }>> = {
  'home.html': { type: 'text/html; charset=utf-8', text: '<h1>Assay</h1>' },
  '404.html': { type: 'text/html; charset=utf-8', text: '<h1>Nothing here</h1>' },
  'c/abc.html': { type: 'text/html; charset=utf-8', text: '<h1>Badge</h1>' },
  'c/abc.json': { type: 'application/vc+ld+json', text: '{"id":"abc"}' },
  'i/harbour/did.json': { type: 'application/did+json', text: '{"id":"did:web:x"}' },
  'a b/ü.json': { type: 'application/json', text: '{}' },
};

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Site {
  readonly port: number;
  readonly baseUrl: string;
  /** Keys that were asked for, in order. */
  readonly reads: string[];
  send(path: string, options?: RequestOptions & { readonly secure?: boolean }): Promise<Answer>;
  close(): Promise<void>;
}

export const openSite = async (routes: Partial<EdgeRoutes> = {}, options: Partial<EdgeOptions> = {}): Promise<Site> => {
  const reads: string[] = [];
  const read: EdgeRoutes['read'] = (key) => {
    reads.push(key);
    const file = FILES[key];
    if (file === undefined) return undefined;
    const bytes = Buffer.from(file.text);
    return {
      contentType: file.type,
      cacheControl: 'public, max-age=60',
      etag: '"e1"',
      size: bytes.byteLength,
      stream: () => Readable.from([bytes]),
    };
  };
  const named = (name: string) => (request: IncomingMessage, response: ServerResponse) => void response.end(`${name} ${request.url}`);
  const all: EdgeRoutes = { api: named('api'), identity: named('identity'), read, ready: () => true, ...routes };
  const edge = await listenEdge({ port: 0, routes: () => all, ...options });
  return { ...edge, reads, send: (path, sent) => send(edge.port, path, sent), close: () => edge.close() };
};

const send = (
  port: number,
  path: string,
  { secure = false, ...options }: RequestOptions & { readonly secure?: boolean } = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const ask = secure ? httpsRequest : httpRequest;
    const request = ask(
      { host: '127.0.0.1', port, path, agent: false, ...(secure && { rejectUnauthorized: false }), ...options },
      (response) => {
        text(response).then((body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }), reject);
      },
    );
    request.on('error', reject).end();
  });
