import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WireRequest } from '../../local/aws/service.ts';
import { createAuthenticate } from '../../local/aws/sigv4.ts';
import { aMachine, echoStore, type Machine, objectKey, type RawRequest, sendRaw, signedBySdk } from './machine.ts';

let clock = Date.now();
let machine: Machine;

beforeAll(async () => {
  machine = await aMachine({
    now: () => clock,
    s3: echoStore(),
    services: { DynamoDB_20120810: { handle: async (_action, _input, caller) => ({ TableNames: [caller.principal] }) } },
    rest: {
      handle: async (request: WireRequest) => ({
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ Name: request.path, GroupName: request.query.get('groupName') }),
      }),
    },
  });
});
afterAll(() => machine.close());

const minutes = (count: number): number => count * 60_000;

/** With the server's clock moved by so much. */
const at = async <T>(offsetMs: number, work: () => Promise<T>): Promise<T> => {
  clock = Date.now() + offsetMs;
  return work().finally(() => {
    clock = Date.now();
  });
};

const listTables = (principal = 'root') =>
  signedBySdk((requestHandler) =>
    new DynamoDBClient({ ...machine.client(principal), requestHandler }).send(new ListTablesCommand({ Limit: 3 })),
  );

const putObject = () =>
  signedBySdk((requestHandler) =>
    new S3Client({ ...machine.client(), requestHandler }).send(
      new PutObjectCommand({ Bucket: 'evidence', Key: 'a b/ü.txt', Body: 'evidence', ContentType: 'text/plain', IfNoneMatch: '*' }),
    ),
  );

const send = (raw: RawRequest) => sendRaw(machine.port, raw);
const withHeader = (raw: RawRequest, name: string, value: string): RawRequest => ({ ...raw, headers: { ...raw.headers, [name]: value } });
const withoutHeader = (raw: RawRequest, name: string): RawRequest => ({
  ...raw,
  headers: Object.fromEntries(Object.entries(raw.headers).filter(([known]) => known !== name)),
});
const withAuthorization = (raw: RawRequest, change: (text: string) => string): RawRequest =>
  withHeader(raw, 'authorization', change(raw.headers.authorization ?? ''));
const otherHex = (text: string): string => text.replace(/.$/, (last) => (last === '0' ? '1' : '0'));

describe('what AWS itself publishes', () => {
  const authenticate = createAuthenticate({
    keyOf: (id) =>
      id === 'AKIAIOSFODNN7EXAMPLE' ? { principal: 'example', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' } : undefined,
    callerOf: (principal) => ({ principal, authorize: () => {} }),
    now: () => Date.UTC(2013, 4, 24),
  });
  const called = { signingName: 's3', dialect: 's3', bodyHash: async () => '' } as const;

  test('the signed GET of the S3 reference is accepted', async () => {
    const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    const head = {
      method: 'GET',
      path: '/test.txt',
      query: new URLSearchParams(),
      headers: {
        host: ['examplebucket.s3.amazonaws.com'],
        range: ['bytes=0-9'],
        'x-amz-content-sha256': [emptyHash],
        'x-amz-date': ['20130524T000000Z'],
        authorization: [
          'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
        ],
      },
    };
    const { caller, payloadHash } = await authenticate(head, called);
    expect(caller.principal).toBe('example');
    expect(payloadHash).toBe(emptyHash);
  });

  test('the presigned URL of the S3 reference is accepted', async () => {
    const query = new URLSearchParams(
      'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    );
    const head = { method: 'GET', path: '/test.txt', query, headers: { host: ['examplebucket.s3.amazonaws.com'] } };
    expect((await authenticate(head, called)).payloadHash).toBe('UNSIGNED-PAYLOAD');
  });
});

describe('a call signed in its headers', () => {
  test('is known by its key', async () => {
    const answer = await new DynamoDBClient(machine.client('function/learner-api')).send(new ListTablesCommand({}));
    expect(answer.TableNames).toEqual(['function/learner-api']);
  });

  test('may carry a path that a service normalises and encodes twice', async () => {
    const Name = 'a b+ü.c';
    const answer = await new SchedulerClient(machine.client()).send(new GetScheduleCommand({ Name, GroupName: 'x y+z&=/ü*' }));
    expect(answer).toMatchObject({ Name: '/schedules/a%20b%2B%C3%BC.c', GroupName: 'x y+z&=/ü*' });
  });

  const UNSIGNED = { json: 'MissingAuthenticationTokenException', s3: 'AccessDenied' };
  const MALFORMED = { json: 'IncompleteSignatureException', s3: 'AuthorizationHeaderMalformed' };
  const UNKNOWN_KEY = { json: 'UnrecognizedClientException', s3: 'InvalidAccessKeyId' };
  const MISMATCH = { json: 'InvalidSignatureException', s3: 'SignatureDoesNotMatch' };
  const WRONG_SCOPE = { json: 'InvalidSignatureException', s3: 'AuthorizationHeaderMalformed' };
  const NOT_SIGNED = { json: 'InvalidSignatureException', s3: 'AccessDenied' };
  const FOREIGN_TOKEN = { json: 'UnrecognizedClientException', s3: 'InvalidToken' };
  const spoilt: readonly (readonly [string, (raw: RawRequest) => RawRequest, { readonly json: string; readonly s3: string }])[] = [
    ['without any signature', (raw) => withoutHeader(raw, 'authorization'), UNSIGNED],
    ['with another algorithm', (raw) => withAuthorization(raw, (text) => text.replace('SHA256', 'SHA512')), MALFORMED],
    ['without a signature in the header', (raw) => withAuthorization(raw, (text) => text.replace(/, Signature=.*/, '')), MALFORMED],
    [
      'with a doubled part',
      (raw) => withAuthorization(raw, (text) => text.replace('SignedHeaders=', 'SignedHeaders=host, SignedHeaders=')),
      MALFORMED,
    ],
    ['by an unknown key', (raw) => withAuthorization(raw, (text) => text.replace(/AKIA\w+/, 'AKIAUNKNOWNUNKNOWN00')), UNKNOWN_KEY],
    [
      'by the key of somebody else',
      (raw) => withAuthorization(raw, (text) => text.replace(/AKIA\w+/, machine.credentials.of('other').accessKeyId)),
      MISMATCH,
    ],
    ['with a changed signature', (raw) => withAuthorization(raw, otherHex), MISMATCH],
    ['for another region', (raw) => withAuthorization(raw, (text) => text.replace('us-east-1', 'eu-west-1')), WRONG_SCOPE],
    ['for another service', (raw) => withAuthorization(raw, (text) => text.replace(/\/(dynamodb|s3)\//, '/kms/')), WRONG_SCOPE],
    ['of another day than its scope', (raw) => withAuthorization(raw, (text) => text.replace(/\/\d{8}\//, '/20200101/')), MALFORMED],
    ['without signing its host', (raw) => withAuthorization(raw, (text) => text.replace(';host', '')), NOT_SIGNED],
    ['to another host', (raw) => withHeader(raw, 'host', 'elsewhere'), MISMATCH],
    ['with a changed signed header', (raw) => withHeader(raw, 'amz-sdk-invocation-id', 'changed'), MISMATCH],
    ['with a signed header left out', (raw) => withoutHeader(raw, 'amz-sdk-invocation-id'), MISMATCH],
    ['with an added x-amz header', (raw) => withHeader(raw, 'x-amz-extra', '1'), NOT_SIGNED],
    ['with a session token that nobody gave out', (raw) => withHeader(raw, 'x-amz-security-token', 'token'), FOREIGN_TOKEN],
    ['with an added query parameter', (raw) => ({ ...raw, path: `${raw.path}${raw.path.includes('?') ? '&' : '?'}versionId=1` }), MISMATCH],
    [
      'with a date that no calendar has',
      (raw) => withAuthorization(withHeader(raw, 'x-amz-date', '20261399T000000Z'), (text) => text.replace(/\/\d{8}\//, '/20261399/')),
      MALFORMED,
    ],
  ];

  test.each(spoilt)('%s is refused by a JSON service', async (_title, spoil, { json: code }) => {
    const answer = await send(spoil(await listTables()));
    expect(answer).toMatchObject({ status: 400, code });
    expect(answer.headers['x-amzn-errortype']).toBe(code);
  });

  test.each(spoilt)('%s is refused by S3', async (_title, spoil, { s3: code }) => {
    const answer = await send(spoil(await putObject()));
    expect(answer.code).toBe(code);
    expect([400, 403]).toContain(answer.status);
  });

  test('is refused, if its JSON body is not the one that was signed', async () => {
    const raw = await listTables();
    expect(await send({ ...raw, body: raw.body!.replace('3', '4') })).toMatchObject({ status: 400, code: 'InvalidSignatureException' });
  });

  test('is refused by S3, if the bytes are not those of the signed hash', async () => {
    const raw = await putObject();
    expect(await send({ ...raw, body: raw.body!.replace('evidence', 'forgery!') })).toMatchObject({
      status: 400,
      code: 'XAmzContentSHA256Mismatch',
    });
  });

  test('is refused by S3, if the declared hash itself was changed or left out', async () => {
    const raw = await putObject();
    expect((await send(withHeader(raw, 'x-amz-content-sha256', '0'.repeat(64)))).code).toBe('SignatureDoesNotMatch');
    expect((await send(withHeader(raw, 'x-amz-content-sha256', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'))).code).toBe('NotImplemented');
    const unhashed = withAuthorization(withoutHeader(raw, 'x-amz-content-sha256'), (text) => text.replace(';x-amz-content-sha256', ''));
    expect((await send(unhashed)).code).toBe('InvalidRequest');
  });

  test('is refused, if both header and query claim to sign it', async () => {
    const raw = await putObject();
    const answer = await send({ ...raw, path: `${raw.path}&X-Amz-Algorithm=AWS4-HMAC-SHA256` });
    expect(answer).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });

  test('is good for a quarter of an hour in either direction', async () => {
    const table = await listTables();
    const object = await putObject();
    for (const offset of [minutes(14), -minutes(14)]) {
      expect((await at(offset, () => send(table))).status).toBe(200);
      expect((await at(offset, () => send(object))).status).toBe(200);
    }
    for (const offset of [minutes(16), -minutes(16)]) {
      expect(await at(offset, () => send(table))).toMatchObject({ status: 400, code: 'InvalidSignatureException' });
      expect(await at(offset, () => send(object))).toMatchObject({ status: 403, code: 'RequestTimeTooSkewed' });
    }
  });

  test('finds its time by itself when the clock of the server is elsewhere', async () => {
    const client = new DynamoDBClient({ ...machine.client(), maxAttempts: 2 });
    const answer = await at(minutes(60 * 30), () => client.send(new ListTablesCommand({})));
    expect(answer.TableNames).toEqual(['root']);
  });

  test('to the scheduler is refused with 403', async () => {
    const raw = await signedBySdk((requestHandler) =>
      new SchedulerClient({ ...machine.client(), requestHandler }).send(new GetScheduleCommand({ Name: 'x' })),
    );
    expect(await send(withAuthorization(raw, otherHex))).toMatchObject({ status: 403, code: 'InvalidSignatureException' });
    expect(await send({ ...raw, path: '/schedules/y' })).toMatchObject({ status: 403, code: 'InvalidSignatureException' });
  });

  test('names any object, whatever its key is made of', async () => {
    const client = new S3Client(machine.client());
    await fc.assert(
      fc.asyncProperty(objectKey, async (Key) => {
        const answer = await client.send(new PutObjectCommand({ Bucket: 'evidence', Key, Body: Key, Metadata: { note: 'two  spaces ' } }));
        expect(answer.ETag).toBe('"echo"');
      }),
      { numRuns: 60, examples: [['a+b c/ü%2F~!()*\'"?#&=:@;,$.txt'], ['a//b'], ['日本語/😀']] },
    );
  });
});
