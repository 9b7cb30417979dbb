/** A user of the deployment: everything it does goes over HTTP, as a browser or an assessment tool would. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import * as z from 'zod';
import { parseWebhookSecret, signWebhook } from '../shared/webhook-signature.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A call that was not answered as expected; the message says what was. */
export class UnexpectedAnswer extends Error {
  readonly answer: Answer;
  constructor(call: string, answer: Answer) {
    super(`${call} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    this.name = 'UnexpectedAnswer';
    this.answer = answer;
  }
}

export interface Call {
  /** `sub` of the person who calls. */
  readonly as: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FileToSend {
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
  readonly companion?: string;
}

export const fileFrom = (path: string, mediaType: string, companion?: string): FileToSend => ({
  fileName: basename(path),
  mediaType,
  bytes: readFileSync(path),
  ...(companion === undefined ? {} : { companion }),
});

const Token = z.object({ access_token: z.string() });
const Upload = z.object({ evidenceId: z.string(), url: z.string(), headers: z.record(z.string(), z.string()) });

export interface ApiClient {
  readonly baseUrl: string;
  /** @returns whatever was answered */
  call(method: string, path: string, options: Call): Promise<Answer>;
  /** @throws UnexpectedAnswer unless it succeeded and the body is what the schema says */
  ask<T>(method: string, path: string, options: Call & { expect: z.ZodType<T> }): Promise<T>;
  /** Reserves a slot and sends the file to it; @returns the id of the evidence */
  upload(submissionId: string, file: FileToSend, as: string): Promise<string>;
  /** Signs and sends a message as an assessment tool would. */
  webhook(
    connection: { hookUrl: string; secret: string },
    message: { id: string; body: unknown; timestampSeconds: number },
  ): Promise<Answer>;
}

const answerOf = async (response: Response): Promise<Answer> => {
  const text = await response.text();
  try {
    return { status: response.status, body: JSON.parse(text) };
  } catch {
    return { status: response.status, body: text };
  }
};

/** Sends the very bytes to an address that was given for them. `content-length` is set by fetch from the body. */
export const putBytes = (url: string, headers: Readonly<Record<string, string>>, bytes: Buffer): Promise<Response> => {
  const { 'content-length': _length, ...sent } = headers;
  return fetch(url, { method: 'PUT', headers: sent, body: new Uint8Array(bytes) });
};

const tokens = (baseUrl: string) => {
  const known = new Map<string, Promise<string>>();
  const sign = async (sub: string): Promise<string> => {
    const response = await fetch(`${baseUrl}/oidc/dev-token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sub }),
    });
    return Token.parse(await response.json()).access_token;
  };
  return (sub: string): Promise<string> => {
    const token = known.get(sub) ?? sign(sub);
    known.set(sub, token);
    return token;
  };
};

const sendWebhook: ApiClient['webhook'] = async ({ hookUrl, secret }, { id, body, timestampSeconds }) => {
  const bytes = Buffer.from(JSON.stringify(body));
  const signature = signWebhook({ id, timestampSeconds, body: bytes }, [parseWebhookSecret(secret)]);
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signature,
  };
  return answerOf(await fetch(hookUrl, { method: 'POST', headers, body: bytes }));
};

/** @param token of whoever calls; without one, each person's is asked of the identity provider of one machine */
export const createApiClient = (baseUrl: string, token?: string): ApiClient => {
  const tokenOf = token === undefined ? tokens(baseUrl) : async () => token;
  const call: ApiClient['call'] = async (method, path, { as, body, headers }) => {
    const sent = {
      authorization: `Bearer ${await tokenOf(as)}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
    return answerOf(
      await fetch(`${baseUrl}${path}`, { method, headers: sent, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }),
    );
  };
  const ask: ApiClient['ask'] = async (method, path, { expect, ...options }) => {
    const answer = await call(method, path, options);
    if (answer.status >= 300) throw new UnexpectedAnswer(`${method} ${path}`, answer);
    return expect.parse(answer.body);
  };
  const upload: ApiClient['upload'] = async (submissionId, { bytes, ...file }, as) => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const { evidenceId, url, headers } = await ask('POST', `/v1/submissions/${submissionId}/uploads`, {
      as,
      body: { ...file, bytes: bytes.byteLength, sha256 },
      expect: Upload,
    });
    const response = await putBytes(url, headers, bytes);
    if (!response.ok) throw new UnexpectedAnswer(`PUT ${file.fileName}`, await answerOf(response));
    return evidenceId;
  };
  return { baseUrl, call, ask, upload, webhook: sendWebhook };
};
