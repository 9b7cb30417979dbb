/** What the edge itself has to say, as RFC 9457 has it. */
import type { ServerResponse } from 'node:http';
import { API_HEADERS, addHeaders } from './headers.ts';

const TITLES = {
  400: 'This is not an address of this deployment.',
  404: 'There is nothing at this address.',
  405: 'Files are read with GET or HEAD.',
  421: 'This machine answers under its own addresses only.',
  500: 'Something went wrong on our side. Nothing was lost; try again.',
  503: 'Not ready yet, or about to stop. Try again in a moment.',
} as const;

export type ProblemStatus = keyof typeof TITLES;

export const sendJson = (
  response: ServerResponse,
  status: number,
  { body, type = 'application/json' }: { body: object; type?: string },
): void => {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': type, 'content-length': bytes.byteLength, 'cache-control': 'no-store' });
  response.end(response.req.method === 'HEAD' ? undefined : bytes);
};

export const sendProblem = (response: ServerResponse, status: ProblemStatus): void => {
  if (!response.hasHeader('content-security-policy')) addHeaders(response, API_HEADERS);
  if (status === 405) response.setHeader('allow', 'GET, HEAD');
  if (status === 503) response.setHeader('retry-after', '1');
  sendJson(response, status, { body: { type: 'about:blank', title: TITLES[status], status }, type: 'application/problem+json' });
};
