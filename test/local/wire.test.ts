import { networkInterfaces } from 'node:os';
import { DynamoDBClient, GetItemCommand, ListTablesCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterEach, describe, expect, test } from 'vitest';
import { AwsError, type JsonService } from '../../local/aws/service.ts';
import type { LoggedCrash } from '../../local/aws/wire.ts';
import { aMachine, echoStore, type Machine, sendRaw, signedBySdk } from './machine.ts';

let machine: Machine | undefined;
afterEach(async () => {
  await machine?.close();
  machine = undefined;
});

const started = async (...options: Parameters<typeof aMachine>): Promise<Machine> => {
  machine = await aMachine(...options);
  return machine;
};

const failing = (error: unknown): JsonService => ({
  handle: async () => {
    throw error;
  },
});

const listing = (TableNames: string[]): JsonService => ({ handle: async () => ({ TableNames }) });

describe('one endpoint for every service', () => {
  test('tells the services apart, and hands each its action, its input and its caller', async () => {
    const calls: unknown[] = [];
    const recording = (name: string, output: unknown): JsonService => ({
      handle: async (action, input, caller) => {
        calls.push([name, action, input, caller.principal]);
        return output;
      },
    });
    const { client } = await started({
      services: {
        DynamoDB_20120810: recording('dynamodb', {}),
        TrentService: recording('kms', { KeyId: 'k' }),
        AWSEvents: recording('events', { FailedEntryCount: 0, Entries: [] }),
      },
      rest: { handle: async ({ method, path }) => ({ status: 200, body: JSON.stringify({ ScheduleGroupArn: `${method} ${path}` }) }) },
      s3: echoStore(),
    });
    await new DynamoDBClient(client('function/a')).send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'x' } } }));
    const key = await new KMSClient(client('function/b')).send(new GetPublicKeyCommand({ KeyId: 'k' }));
    await new EventBridgeClient(client('function/c')).send(new PutEventsCommand({ Entries: [] }));
    const group = await new SchedulerClient(client()).send(new CreateScheduleGroupCommand({ Name: 'parking' }));
    const object = await new S3Client(client()).send(new GetObjectCommand({ Bucket: 'hosted', Key: 'schedules' }));
    expect(calls).toEqual([
      ['dynamodb', 'GetItem', { TableName: 't', Key: { pk: { S: 'x' } } }, 'function/a'],
      ['kms', 'GetPublicKey', { KeyId: 'k' }, 'function/b'],
      ['events', 'PutEvents', { Entries: [] }, 'function/c'],
    ]);
    expect(key.KeyId).toBe('k');
    expect(group.ScheduleGroupArn).toBe('POST /schedule-groups/parking');
    expect(JSON.parse((await object.Body?.transformToString()) ?? '')).toMatchObject({ path: '/hosted/schedules' });
  });

  test('does not know an operation of a service that is not there', async () => {
    const { client, port } = await started();
    const send = new KMSClient(client()).send(new GetPublicKeyCommand({ KeyId: 'k' }));
    await expect(send).rejects.toMatchObject({ name: 'UnknownOperationException', $metadata: { httpStatusCode: 400 } });
    const unknown = await sendRaw(port, { method: 'POST', path: '/', headers: { 'x-amz-target': 'Nothing_2020.Do' } });
    expect(unknown.code).toBe('UnknownOperationException');
    await expect(new S3Client(client()).send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }))).rejects.toMatchObject({
      name: 'NotImplemented',
    });
    const group = new SchedulerClient(client()).send(new CreateScheduleGroupCommand({ Name: 'parking' }));
    await expect(group).rejects.toMatchObject({ name: 'UnknownOperationException' });
  });

  test('cannot be reached from another machine', async () => {
    const { port, url } = await started();
    expect(url).toBe(`http://127.0.0.1:${port}`);
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    const reached = await Promise.allSettled(outside.map(({ address }) => fetch(`http://${address}:${port}/`)));
    expect(reached.filter(({ status }) => status === 'fulfilled')).toEqual([]);
  });

  test('keeps the authorization of a request from the services', async () => {
    let seen: Readonly<Record<string, string>> = {};
    const { client } = await started({
      s3: echoStore({
        handle: async ({ headers }) => {
          seen = headers;
          return { status: 200 };
        },
      }),
    });
    await new S3Client(client()).send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x', ContentType: 'text/plain' }));
    expect(seen['content-type']).toBe('text/plain');
    expect(seen).not.toHaveProperty('authorization');
  });
});

describe('an error', () => {
  test('reaches the caller as its class, with its further members', async () => {
    const reasons = [{ Code: 'ConditionalCheckFailed' }, { Code: 'None' }];
    const canceled = new AwsError('TransactionCanceledException', 'cancelled', { extra: { CancellationReasons: reasons } });
    const { client } = await started({ services: { DynamoDB_20120810: failing(canceled) } });
    const send = new DynamoDBClient(client()).send(new TransactWriteItemsCommand({ TransactItems: [] }));
    await expect(send).rejects.toMatchObject({ name: 'TransactionCanceledException', message: 'cancelled', CancellationReasons: reasons });
  });

  test('of a crash says nothing about it, and is logged with the id that the caller got', async () => {
    const crashes: LoggedCrash[] = [];
    const { port, client } = await started({
      services: { DynamoDB_20120810: failing(new TypeError('secret of the inside')) },
      s3: echoStore({ handle: () => Promise.reject(new TypeError('secret of the inside')) }),
      log: (crash) => crashes.push(crash),
    });
    const table = await signedBySdk((requestHandler) =>
      new DynamoDBClient({ ...client(), requestHandler }).send(new ListTablesCommand({})),
    );
    const object = await signedBySdk((requestHandler) =>
      new S3Client({ ...client(), requestHandler }).send(new GetObjectCommand({ Bucket: 'b', Key: 'k' })),
    );
    const [json, xml] = [await sendRaw(port, table), await sendRaw(port, object)];
    expect(json).toMatchObject({ status: 500, code: 'InternalFailure' });
    expect(xml).toMatchObject({ status: 500, code: 'InternalError' });
    expect(`${json.body}${xml.body}`).not.toMatch(/secret|TypeError|\.ts/);
    expect(crashes.map(({ requestId, service, action }) => [requestId, service, action])).toEqual([
      [json.headers['x-amzn-requestid'], 'dynamodb', 'ListTables'],
      [xml.headers['x-amz-request-id'], 's3', 'GET'],
    ]);
  });

  test('of a denied call has the name that each protocol gives it', async () => {
    const denied = new AwsError('AccessDenied', 'no', { status: 403 });
    const { client } = await started({ services: { DynamoDB_20120810: failing(denied) }, rest: { handle: () => Promise.reject(denied) } });
    const table = new DynamoDBClient(client()).send(new ListTablesCommand({}));
    await expect(table).rejects.toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } });
    const group = new SchedulerClient(client()).send(new CreateScheduleGroupCommand({ Name: 'x' }));
    await expect(group).rejects.toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } });
  });

  test('of a body that is no JSON is the caller’s', async () => {
    const { client } = await started({ services: { DynamoDB_20120810: listing([]) } });
    const sdk = new DynamoDBClient(client());
    sdk.middlewareStack.add((next) => (args) => next({ ...args, request: Object.assign(Object(args.request), { body: '{' }) }), {
      step: 'serialize',
      priority: 'low',
    });
    await expect(sdk.send(new ListTablesCommand({}))).rejects.toMatchObject({ name: 'SerializationException' });
  });
});

describe('a browser', () => {
  test('asks before it uploads, without a signature, and may read the answer and the refusal', async () => {
    const asked: unknown[] = [];
    const { port, client } = await started({
      s3: echoStore({
        preflight: ({ path }) => ({ status: 200, headers: { 'access-control-allow-origin': 'https://tool.example', 'x-path': path } }),
        corsHeaders: (path, origin, method) => {
          asked.push([path, origin, method]);
          return { 'access-control-allow-origin': String(origin) };
        },
      }),
    });
    const headers = { origin: 'https://tool.example', 'access-control-request-method': 'PUT' };
    const preflight = await sendRaw(port, { method: 'OPTIONS', path: '/evidence/k', headers });
    expect(preflight).toMatchObject({ status: 200, headers: { 'x-path': '/evidence/k' } });
    const raw = await signedBySdk((requestHandler) =>
      new S3Client({ ...client(), requestHandler }).send(new GetObjectCommand({ Bucket: 'evidence', Key: 'k' })),
    );
    const signed = { ...raw, headers: { ...raw.headers, origin: 'https://tool.example' } };
    const unsigned = Object.fromEntries(Object.entries(signed.headers).filter(([name]) => name !== 'authorization'));
    for (const [request, status] of [
      [signed, 200],
      [{ ...signed, headers: unsigned }, 403],
    ] as const) {
      const answer = await sendRaw(port, request);
      expect(answer).toMatchObject({ status, headers: { 'access-control-allow-origin': 'https://tool.example' } });
    }
    expect(asked).toEqual(Array(2).fill(['/evidence/k', 'https://tool.example', 'GET']));
  });
});

describe('a chaos mode', () => {
  test('refuses a call before it is made, or loses the answer after it was', async () => {
    let made = 0;
    const mishaps = new Map([
      ['dynamodb ListTables', 'fail'],
      ['kms GetPublicKey', 'throttle'],
      ['events PutEvents', 'lose'],
      ['s3 GET', 'throttle'],
      ['scheduler POST', 'throttle'],
    ] as const);
    const counting: JsonService = {
      handle: async () => {
        made += 1;
        return {};
      },
    };
    const { client } = await started({
      services: { DynamoDB_20120810: counting, TrentService: counting, AWSEvents: counting },
      rest: { handle: () => Promise.reject(new Error('not to be called')) },
      s3: echoStore(),
      chaos: (service, action) => mishaps.get(`${service} ${action}` as never),
    });
    await expect(new DynamoDBClient(client()).send(new ListTablesCommand({}))).rejects.toMatchObject({
      name: 'InternalFailure',
      $metadata: { httpStatusCode: 500 },
    });
    await expect(new KMSClient(client()).send(new GetPublicKeyCommand({ KeyId: 'k' }))).rejects.toMatchObject({
      name: 'ThrottlingException',
    });
    await expect(new S3Client(client()).send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }))).rejects.toMatchObject({
      name: 'SlowDown',
      $metadata: { httpStatusCode: 503 },
    });
    await expect(new SchedulerClient(client()).send(new CreateScheduleGroupCommand({ Name: 'x' }))).rejects.toMatchObject({
      name: 'ThrottlingException',
      $metadata: { httpStatusCode: 429 },
    });
    expect(made).toBe(0);
    await expect(new EventBridgeClient(client()).send(new PutEventsCommand({ Entries: [] }))).rejects.toMatchObject({
      name: 'InternalFailure',
    });
    expect(made).toBe(1);
  });
});
