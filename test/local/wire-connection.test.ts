import { createHash } from 'node:crypto';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, test } from 'vitest';
import type { JsonService } from '../../local/aws/service.ts';
import { JSON_BODY_BYTES_MAX } from '../../local/aws/wire-body.ts';
import { aMachine, echoStore, type Machine, signedBySdk } from './machine.ts';

let machine: Machine | undefined;
afterEach(async () => {
  await machine?.close();
  machine = undefined;
});

const started = async (...options: Parameters<typeof aMachine>): Promise<Machine> => {
  machine = await aMachine(...options);
  return machine;
};

const listing = (TableNames: string[]): JsonService => ({ handle: async () => ({ TableNames }) });

describe('a connection', () => {
  test('is kept for the next call, also when the last one was refused before its body was read', async () => {
    let connections = 0;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const connectAs = agent.createConnection.bind(agent);
    agent.createConnection = (...options) => {
      connections += 1;
      return connectAs(...options);
    };
    const { client } = await started({
      s3: echoStore({ handle: async () => ({ status: 403, body: '<Error><Code>AccessDenied</Code></Error>' }) }),
      services: { DynamoDB_20120810: listing(['t']) },
    });
    const sdk = { ...client(), requestHandler: { httpAgent: agent } };
    const put = new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: Buffer.alloc(3_000_000) });
    for (let round = 0; round < 3; round += 1) {
      await expect(new S3Client(sdk).send(put)).rejects.toMatchObject({ name: 'AccessDenied' });
      expect((await new DynamoDBClient(sdk).send(new ListTablesCommand({}))).TableNames).toEqual(['t']);
    }
    agent.destroy();
    expect(connections).toBe(1);
  });

  test('carries a JSON body of ten megabytes and no more', async () => {
    const { client } = await started({
      services: { DynamoDB_20120810: { handle: async (_action, input) => ({ TableNames: [String(JSON.stringify(input).length)] }) } },
    });
    const send = (bytes: number) =>
      new DynamoDBClient(client()).send(
        new ListTablesCommand({ ExclusiveStartTableName: 'x'.repeat(bytes - '{"ExclusiveStartTableName":""}'.length) }),
      );
    expect((await send(JSON_BODY_BYTES_MAX)).TableNames).toEqual([String(JSON_BODY_BYTES_MAX)]);
    await expect(send(JSON_BODY_BYTES_MAX + 1)).rejects.toMatchObject({
      name: 'RequestEntityTooLargeException',
      $metadata: { httpStatusCode: 413 },
    });
  });

  test('streams an object both ways, and a HEAD has headers only', async () => {
    const bytes = Buffer.alloc(5_000_000, 'evidence');
    let received = '';
    const { client } = await started({
      s3: echoStore({
        handle: async ({ method, body }) => {
          const hash = createHash('sha256');
          for await (const chunk of body) hash.update(chunk);
          if (method === 'PUT') received = hash.digest('hex');
          return {
            status: 200,
            headers: { 'content-length': String(bytes.length) },
            ...(method === 'PUT' ? { headers: {} } : { body: Readable.from([bytes]) }),
          };
        },
      }),
    });
    const s3 = new S3Client({ ...client(), requestChecksumCalculation: 'WHEN_REQUIRED' });
    await s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: Readable.from([bytes]), ContentLength: bytes.length }));
    expect(received).toBe(createHash('sha256').update(bytes).digest('hex'));
    const object = await s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }));
    expect(Buffer.from((await object.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
    expect((await s3.send(new HeadObjectCommand({ Bucket: 'b', Key: 'k' }))).ContentLength).toBe(bytes.length);
  });

  test('that ends in the middle of an object leaves no whole one behind', async () => {
    const ended = Promise.withResolvers<string>();
    const { client, port } = await started({
      s3: echoStore({
        handle: async ({ body }) => {
          const outcome = await body.toArray().then(
            () => 'whole',
            () => 'broken',
          );
          ended.resolve(outcome);
          return { status: 200 };
        },
      }),
    });
    const raw = await signedBySdk((requestHandler) =>
      new S3Client({ ...client(), requestHandler, requestChecksumCalculation: 'WHEN_REQUIRED' }).send(
        new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'evidence' }),
      ),
    );
    const head = Object.entries(raw.headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`PUT ${raw.path} HTTP/1.1\r\n${head.join('')}\r\nevid`, () => socket.destroy());
    });
    expect(await ended.promise).toBe('broken');
  });
});
