/** A wire on a free port with credentials in a folder of its own, and requests that the real SDK signed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import type { ResourceName } from '../../functions/grants.ts';
import { openCredentials } from '../../local/aws/credentials.ts';
import { createIam, type Policies } from '../../local/aws/iam.ts';
import type { WireRequest, WireResponse } from '../../local/aws/service.ts';
import { createAuthenticate } from '../../local/aws/sigv4.ts';
import { createWire, type WireOptions } from '../../local/aws/wire.ts';

export const aFolder = (): { folder: string; remove: () => void } => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

interface Options extends Partial<Omit<WireOptions, 'authenticate'>> {
  readonly policies?: Policies;
}

export const aMachine = async ({ policies = {}, ...options }: Options = {}) => {
  const { folder, remove } = aFolder();
  const credentials = openCredentials(folder);
  const now = options.now ?? Date.now;
  const authenticate = createAuthenticate({ keyOf: credentials.keyOf, callerOf: createIam({ policies }), now });
  const wire = createWire({ services: {}, ...options, authenticate });
  const { url, port } = await wire.listen();
  return {
    url,
    port,
    credentials,
    /** What an SDK client needs to call this machine as that principal. */
    client: (principal = 'root') => ({
      endpoint: url,
      region: 'us-east-1',
      credentials: credentials.of(principal),
      maxAttempts: 1,
    }),
    close: async () => {
      await wire.close();
      remove();
    },
  };
};

export type Machine = Awaited<ReturnType<typeof aMachine>>;

/** An object store that says what it was asked and what bytes came with it. */
export const echoStore = (over: Partial<NonNullable<WireOptions['s3']>> = {}): NonNullable<WireOptions['s3']> => ({
  handle: async (request: WireRequest): Promise<WireResponse> => {
    const body = await text(request.body);
    const { path, method } = request;
    return {
      status: 200,
      headers: { etag: '"echo"', 'content-type': 'application/json' },
      body: JSON.stringify({ path, method, body, principal: request.caller.principal }),
    };
  },
  preflight: () => ({ status: 204, headers: { 'access-control-allow-methods': 'PUT' } }),
  corsHeaders: () => ({ 'access-control-allow-origin': '*' }),
  ...over,
});

export interface RawRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** What the SDK would have sent: signed, whole, and ours to spoil. */
export const signedBySdk = async (send: (requestHandler: never) => Promise<unknown>): Promise<RawRequest> => {
  let raw: RawRequest | undefined;
  const handler = {
    handle: async (request: {
      method: string;
      path: string;
      query: Record<string, string>;
      headers: Record<string, string>;
      body?: string;
    }) => {
      const query = new URLSearchParams(request.query).toString();
      raw = { method: request.method, path: query === '' ? request.path : `${request.path}?${query}`, headers: request.headers };
      if (request.body !== undefined) raw.body = Buffer.from(request.body).toString('utf8');
      throw new Error('captured');
    },
    destroy: () => {},
  };
  await send(handler as never).catch(() => {});
  if (raw === undefined) throw new Error('the SDK sent nothing');
  return raw;
};

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** Code of an error, in JSON or XML. */
  readonly code: string;
}

export const sendRaw = (port: number, { method, path, headers, body }: RawRequest): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers }, async (response) => {
      const answered = await text(response);
      const code = /"__type":"(\w+)"/.exec(answered)?.[1] ?? /<Code>(\w+)<\/Code>/.exec(answered)?.[1] ?? '';
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: answered, code });
    });
    request.once('error', reject);
    request.end(body);
  });

/** Keys that a URL can carry as they are: clients resolve dot segments before they send. */
export const objectKey = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom(' ', '+', '/', '%', '=', '&', '?', '#', '*', "'", '(', '~', 'ü', '😀'),
      fc.string({ minLength: 1, maxLength: 1 }),
    ),
    minLength: 1,
    maxLength: 30,
  })
  .filter((key) => !key.split('/').some((segment) => segment === '.' || segment === '..') && !key.startsWith('/'));

/** What the resources of the path are called on such a machine. */
export const ARNS: Readonly<Record<ResourceName, readonly string[]>> = {
  table: ['arn:aws:dynamodb:us-east-1:000000000000:table/assay'],
  'table-indexes': ['arn:aws:dynamodb:us-east-1:000000000000:table/assay/index/*'],
  'table-stream': ['arn:aws:dynamodb:us-east-1:000000000000:table/assay/stream/*'],
  'evidence-objects': ['arn:aws:s3:::evidence/*'],
  'evidence-bucket': ['arn:aws:s3:::evidence'],
  'hosted-objects': ['arn:aws:s3:::hosted/*'],
  'hosted-bucket': ['arn:aws:s3:::hosted'],
  bus: ['arn:aws:events:us-east-1:000000000000:event-bus/assay'],
  'any-key': ['arn:aws:kms:us-east-1:000000000000:key/*'],
  'secrets-key': ['arn:aws:kms:us-east-1:000000000000:key/secrets'],
  any: ['*'],
  schedules: ['arn:aws:scheduler:us-east-1:000000000000:schedule/assay/*'],
  'schedule-role': ['arn:aws:iam::000000000000:role/schedule'],
};
