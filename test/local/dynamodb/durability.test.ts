import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  CreateTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, key, start, TABLE } from './harness.ts';

let folder: string;
let child: ChildProcess;
let client: DynamoDBClient;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-dynamodb-'));
  const started = spawn(process.execPath, [join(import.meta.dirname, 'server-process.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = started;
  const [endpoint] = await once(createInterface(started.stdout), 'line');
  client = clientOf(endpoint);
  await client.send(new CreateTableCommand(TABLE));
});
afterEach(async () => {
  client.destroy();
  child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

const kill = async () => {
  child.kill('SIGKILL');
  await once(child, 'exit');
};

describe('a process that is killed', () => {
  it('loses no write that it has acknowledged: item, index entry, stream record, token, expiry', async () => {
    await client.send(
      new UpdateTimeToLiveCommand({ TableName: 'assay', TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true } }),
    );
    for (let at = 0; at < 50; at += 1) await client.send(new PutItemCommand({ TableName: 'assay', Item: key('p', String(at)) }));
    const transaction = {
      ClientRequestToken: 'once',
      TransactItems: [
        { Put: { TableName: 'assay', Item: { ...key('t'), queue: { S: 'q' }, due: { N: '1' }, expires: { N: '1767225600' } } } },
      ],
    };
    await client.send(new TransactWriteItemsCommand(transaction));
    await kill();

    const reopened = await start({ folder });
    const found = await reopened.client.send(
      new QueryCommand({ TableName: 'assay', KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'p' } } }),
    );
    expect(found.Count).toBe(50);
    const queued = await reopened.client.send(
      new QueryCommand({
        TableName: 'assay',
        IndexName: 'by-queue',
        KeyConditionExpression: 'queue = :q',
        ExpressionAttributeValues: { ':q': { S: 'q' } },
      }),
    );
    expect(queued.Items).toMatchObject([key('t')]);
    expect(reopened.dynamoDb.readStream('assay', undefined, 100)).toHaveLength(51);
    reopened.dynamoDb.sweep();
    expect((await reopened.client.send(new GetItemCommand({ TableName: 'assay', Key: key('t') }))).Item).toBeUndefined();
    // The token still holds, so the same transaction does nothing now.
    await reopened.client.send(new TransactWriteItemsCommand(transaction));
    expect((await reopened.client.send(new GetItemCommand({ TableName: 'assay', Key: key('t') }))).Item).toBeUndefined();
    await reopened.stop();
  });

  it('keeps of a transaction in flight all or nothing', async () => {
    const acknowledged: number[] = [];
    const writing = Array.from({ length: 200 }, async (_, at) => {
      await client.send(
        new TransactWriteItemsCommand({
          TransactItems: ['a', 'b', 'c'].map((sk) => ({ Put: { TableName: 'assay', Item: key(`t${at}`, sk) } })),
        }),
      );
      acknowledged.push(at);
      if (acknowledged.length === 20) child.kill('SIGKILL');
    });
    await Promise.allSettled(writing);

    const reopened = await start({ folder });
    for (let at = 0; at < 200; at += 1) {
      const { Count } = await reopened.client.send(
        new QueryCommand({ TableName: 'assay', KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: `t${at}` } } }),
      );
      expect(acknowledged.includes(at) ? [3] : [0, 3]).toContain(Count);
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(20);
    expect(reopened.dynamoDb.readStream('assay', undefined, 1000).length % 3).toBe(0);
    await reopened.stop();
  });
});
