/** The S3 stand-in behind a bare HTTP server, so that the real SDK can be pointed at it. Signatures are another part's work. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { openS3, type S3 } from '../../../local/aws/s3/s3.ts';
import { AwsError, type Caller, type WireResponse } from '../../../local/aws/service.ts';

export const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

export const ROOT: Caller = { principal: 'root', authorize: () => undefined };

/** May do what is listed as `action arn`; a trailing `*` in the ARN fits anything. */
export const callerWith = (...allowed: readonly string[]): Caller => ({
  principal: 'function/under-test',
  authorize: (action, arn) => {
    const fits = allowed.some((rule) => {
      const [allowedAction, allowedArn = ''] = rule.split(' ');
      return allowedAction === action && (allowedArn.endsWith('*') ? arn.startsWith(allowedArn.slice(0, -1)) : allowedArn === arn);
    });
    if (!fits) throw new AwsError('AccessDenied', `${action} on ${arn} is not allowed`, { status: 403 });
  },
});

export interface Harness {
  readonly s3: S3;
  readonly client: S3Client;
  readonly endpoint: string;
  readonly folder: string;
  clientWith(config: S3ClientConfig): S3Client;
  /** Who signs from now on. */
  actAs(caller: Caller): void;
  stop(): Promise<void>;
}

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'assay-s3-'));

export const startS3 = async (options: { folder?: string; now?: () => number } = {}): Promise<Harness> => {
  const folder = options.folder ?? temporaryFolder();
  const s3 = openS3({ folder, ...(options.now === undefined ? {} : { now: options.now }) });
  let caller = ROOT;
  const server = createServer((request, response) => void serve({ s3, caller }, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  const clients: S3Client[] = [];
  const clientWith = (config: S3ClientConfig) => {
    const client = new S3Client({
      endpoint,
      region: 'us-east-1',
      credentials: CREDENTIALS,
      forcePathStyle: true,
      maxAttempts: 1,
      ...config,
    });
    clients.push(client);
    return client;
  };
  return {
    s3,
    folder,
    endpoint,
    client: clientWith({}),
    clientWith,
    actAs: (next) => {
      caller = next;
    },
    stop: async () => {
      for (const client of clients) client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      s3.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const serve = async ({ s3, caller }: { s3: S3; caller: Caller }, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const url = request.url ?? '/';
  const [path = '/', query = ''] = url.split(/\?(.*)/s, 2);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const method = request.method ?? 'GET';
  try {
    const answer =
      method === 'OPTIONS'
        ? s3.preflight({ path, headers })
        : await s3.handle({ method, path, query: new URLSearchParams(query), headers, body: bodyOf(request), caller });
    await send(response, answer, s3.corsHeaders(path, headers.origin, method));
  } catch (error) {
    if (!response.headersSent) response.writeHead(500).end(String(error));
    else response.destroy();
  }
};

/** A stream of its own, as the wire hands it on: nobody but its reader keeps it flowing. */
const bodyOf = (request: IncomingMessage): Readable => {
  const body = new PassThrough();
  // Whoever reads it hears of the end; where nobody reads any more, that is no failure of the test.
  body.on('error', () => undefined);
  request.once('close', () => {
    if (!request.complete) body.destroy(new Error('the client hung up'));
  });
  return request.pipe(body);
};

const send = async (response: ServerResponse, answer: WireResponse, cors: Readonly<Record<string, string>>): Promise<void> => {
  response.writeHead(answer.status, { ...answer.headers, ...cors });
  if (answer.body instanceof Readable) await pipeline(answer.body, response);
  else response.end(answer.body);
};

export const text = async (body: { transformToString(): Promise<string> } | undefined): Promise<string> =>
  (await body?.transformToString()) ?? '';

/** The name and HTTP status of the error that a call ends in. */
export const refusal = async (call: Promise<unknown>): Promise<{ name: string; status: number | undefined }> => {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const metadata = (error as Error & { $metadata?: { httpStatusCode?: number } }).$metadata;
    return { name: error.name, status: metadata?.httpStatusCode };
  }
  throw new Error('the call was expected to be refused');
};
