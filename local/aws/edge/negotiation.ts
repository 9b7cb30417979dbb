/** Runs the very function that CloudFront runs, so that an address answers here with the file it answers with there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import * as z from 'zod';

const NEGOTIATE = join(import.meta.dirname, '../../../infra/constructs/negotiate.js');

const Request = z.object({ uri: z.string() });

const isFunction = (value: unknown): value is (event: unknown) => unknown => typeof value === 'function';

/** @returns path of the request and its `Accept` header → path of the file */
export const openNegotiation = (): ((path: string, accept: string | undefined) => string) => {
  const context = createContext({}, { codeGeneration: { strings: false, wasm: false } });
  // CloudFront runs functions in strict mode, always.
  runInContext(`'use strict';${readFileSync(NEGOTIATE, 'utf8')}`, context, { filename: NEGOTIATE });
  const handler: unknown = runInContext('handler', context);
  if (!isFunction(handler)) throw new Error(`${NEGOTIATE} has no function handler(event)`);
  return (uri, accept) => {
    const headers = accept === undefined ? {} : { accept: { value: accept } };
    const request = { method: 'GET', uri, querystring: {}, headers, cookies: {} };
    return Request.parse(handler({ version: '1.0', context: { eventType: 'viewer-request' }, request })).uri;
  };
};
