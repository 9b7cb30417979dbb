/** Answers on the wire: what a service returned, or an error in the dialect of the service that was called. */
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AwsError, type WireResponse } from './service.ts';
import type { Dialect } from './sigv4-faults.ts';

export interface Exchange {
  readonly requestId: string;
  readonly dialect: Dialect;
  /** Content type of a JSON call: 1.0 and 1.1 differ in nothing else. */
  readonly contentType: string;
}

export const jsonAnswer = (exchange: Exchange, output: unknown): WireResponse => ({
  status: 200,
  headers: { 'content-type': exchange.contentType },
  body: JSON.stringify(output ?? {}),
});

/** A crash says nothing about itself to the caller; its stack is for the log. */
export const errorAnswer = (error: unknown, exchange: Exchange): WireResponse => {
  const told = error instanceof AwsError ? error : crash(exchange.dialect);
  return exchange.dialect === 's3' ? xmlError(told, exchange) : jsonError(told, exchange);
};

const crash = (dialect: Dialect): AwsError =>
  new AwsError(dialect === 's3' ? 'InternalError' : 'InternalFailure', 'We encountered an internal error. Please try again.', {
    status: 500,
  });

const jsonError = (error: AwsError, { dialect, contentType }: Exchange): WireResponse => {
  const denied = error.code === 'AccessDenied';
  const code = denied ? 'AccessDeniedException' : error.code;
  return {
    status: denied && dialect === 'json' ? 400 : error.status,
    headers: { 'content-type': contentType, 'x-amzn-errortype': code },
    body: JSON.stringify({ __type: code, message: error.message, ...error.extra }),
  };
};

const xmlError = (error: AwsError, { requestId }: Exchange): WireResponse => {
  const members = { Code: error.code, Message: error.message, ...error.extra, RequestId: requestId };
  const elements = Object.entries(members).map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`);
  return {
    status: error.status,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${elements.join('')}</Error>`,
  };
};

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const requestIdHeaders = ({ dialect, requestId }: Exchange): Readonly<Record<string, string>> =>
  dialect === 's3' ? { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId } : { 'x-amzn-requestid': requestId };

const BODILESS = new Set([204, 304]);

export interface Sending {
  readonly exchange: Exchange;
  readonly method: string;
  /** By the server's own clock, from which the SDK corrects its own. */
  readonly date: Date;
}

/** @throws what the body throws while it is sent; the answer is then cut off, not ended. */
export const send = async (response: ServerResponse, answer: WireResponse, sending: Sending): Promise<void> => {
  response.sendDate = false;
  response.statusCode = answer.status;
  const headers = { date: sending.date.toUTCString(), ...requestIdHeaders(sending.exchange), ...answer.headers };
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const { body } = answer;
  if (sending.method === 'HEAD' || BODILESS.has(answer.status)) {
    if (body instanceof Readable) body.destroy();
    response.end();
    return;
  }
  if (body instanceof Readable) return pipeline(body, response);
  const bytes = Buffer.from(body ?? '');
  response.setHeader('content-length', bytes.length);
  response.end(bytes);
};
