/** Files of the hosted bucket, as CloudFront gives them: negotiated, conditional, with the page for what is not there. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileKey } from './file-key.ts';
import { addHeaders, FILE_HEADERS, wantsJson } from './headers.ts';
import { sendProblem } from './problem.ts';

export interface HostedFile {
  readonly contentType: string;
  readonly cacheControl: string;
  /** With its quotes. */
  readonly etag: string;
  /** Status that the file itself asks to be answered with. */
  readonly status?: string | undefined;
  /** In bytes. */
  readonly size: number;
  stream(): Readable;
}

export interface PublicFiles {
  /** @param key path of the file without the slash before it */
  read(key: string): HostedFile | undefined;
  /** Path and `Accept` → path of the file. */
  negotiate(path: string, accept: string | undefined): string;
  /** What a file says of its status → status of the answer. */
  answering(status: string | undefined): number;
}

const NOT_FOUND_PAGE = '404.html';

export const serveFile = async (files: PublicFiles, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  addHeaders(response, FILE_HEADERS);
  if (request.method !== 'GET' && request.method !== 'HEAD') return sendProblem(response, 405);
  const path = pathOf(request);
  if (fileKey(path) === undefined) return sendProblem(response, 400);
  const negotiated = files.negotiate(path, request.headers.accept);
  if (negotiated !== path && path !== '/') response.setHeader('vary', 'accept');
  const key = fileKey(negotiated);
  const file = key === undefined ? undefined : files.read(key);
  if (file === undefined) return sendNotFound(files, response, path);
  response.setHeader('etag', file.etag).setHeader('cache-control', file.cacheControl);
  if (isKnown(file.etag, request.headers['if-none-match'])) return void response.writeHead(304).end();
  await send(file, response, files.answering(file.status));
};

export const pathOf = (request: IncomingMessage): string => (request.url ?? '').split(/[?#]/, 1)[0] ?? '';

const sendNotFound = async (files: PublicFiles, response: ServerResponse, path: string): Promise<void> => {
  response.setHeader('vary', 'accept');
  const page = wantsJson(response.req, path) ? undefined : files.read(NOT_FOUND_PAGE);
  if (page === undefined) return sendProblem(response, 404);
  response.setHeader('cache-control', 'no-store');
  await send(page, response, 404);
};

/** RFC 9110, 13.1.2: compared weakly. */
const isKnown = (etag: string, header: string | undefined): boolean => {
  const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');
  return header !== undefined && (header.trim() === '*' || header.split(',').map(opaque).includes(opaque(etag)));
};

const send = async (file: HostedFile, response: ServerResponse, status: number): Promise<void> => {
  response.writeHead(status, { 'content-type': file.contentType, 'content-length': file.size });
  if (response.req.method === 'HEAD') return void response.end();
  await pipeline(file.stream(), response);
};
