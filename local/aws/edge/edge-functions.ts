/** Runs the very functions that CloudFront runs, so that an address answers here with what it answers with there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import * as z from 'zod';

const CONSTRUCTS = join(import.meta.dirname, '../../../infra/constructs');

const Request = z.object({ uri: z.string() });
const Response = z.object({ statusCode: z.int().min(200).max(599) });

const isFunction = (value: unknown): value is (event: unknown) => unknown => typeof value === 'function';

const open = (name: string): ((event: unknown) => unknown) => {
  const file = join(CONSTRUCTS, name);
  const context = createContext({}, { codeGeneration: { strings: false, wasm: false } });
  // CloudFront runs functions in strict mode, always.
  runInContext(`'use strict';${readFileSync(file, 'utf8')}`, context, { filename: file });
  const handler: unknown = runInContext('handler', context);
  if (!isFunction(handler)) throw new Error(`${file} has no function handler(event)`);
  return handler;
};

/** @returns path of the request and its `Accept` header → path of the file */
export const openNegotiation = (): ((path: string, accept: string | undefined) => string) => {
  const handler = open('negotiate.js');
  return (uri, accept) => {
    const headers = accept === undefined ? {} : { accept: { value: accept } };
    const request = { method: 'GET', uri, querystring: {}, headers, cookies: {} };
    return Request.parse(handler({ version: '1.0', context: { eventType: 'viewer-request' }, request })).uri;
  };
};

/** @returns what the file says of its status, if anything → the status that it is answered with */
export const openAnswering = (): ((status: string | undefined) => number) => {
  const handler = open('answer.js');
  return (status) => {
    const headers = status === undefined ? {} : { 'x-amz-meta-status': { value: status } };
    const response = { statusCode: 200, statusDescription: 'OK', headers, cookies: {} };
    return Response.parse(handler({ version: '1.0', context: { eventType: 'viewer-response' }, response })).statusCode;
  };
};
