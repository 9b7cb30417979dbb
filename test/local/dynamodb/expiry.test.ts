import {
  DescribeTimeToLiveCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Attributes, key, type Running, START, startWithTable } from './harness.ts';

let running: Running;
beforeEach(async () => {
  running = await startWithTable();
});
afterEach(() => running.stop());

const TableName = 'assay';
const NOW = START / 1000;
const YEARS = 365 * 24 * 60 * 60;
const put = (pk: string, rest: Attributes) => running.client.send(new PutItemCommand({ TableName, Item: { ...key(pk), ...rest } }));
const expires = (seconds: number): Attributes => ({ expires: { N: String(seconds) } });
const get = async (pk: string) => (await running.client.send(new GetItemCommand({ TableName, Key: key(pk) }))).Item;
const enable = (Enabled = true, AttributeName = 'expires') =>
  running.client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName, Enabled } }));
const left = async () => ((await running.client.send(new ScanCommand({ TableName }))).Items ?? []).map(({ pk }) => pk?.S).toSorted();

describe('time to live', () => {
  it('is off until it is turned on, and says which attribute it reads', async () => {
    const describeIt = async () => (await running.client.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription;
    expect(await describeIt()).toEqual({ TimeToLiveStatus: 'DISABLED' });
    await expect(enable(false)).rejects.toThrow('already disabled');
    expect((await enable()).TimeToLiveSpecification).toEqual({ AttributeName: 'expires', Enabled: true });
    expect(await describeIt()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' });
    await expect(enable(true, 'until')).rejects.toThrow('already enabled');
    await put('a', expires(NOW - 10));
    await enable(false);
    running.dynamoDb.sweep();
    expect(await left()).toEqual(['a']);
  });
  it('leaves an expired item readable until the sweep', async () => {
    await enable();
    await put('a', expires(NOW + 60));
    running.pass(61_000);
    expect(await get('a')).toBeDefined();
    running.dynamoDb.sweep();
    expect(await get('a')).toBeUndefined();
  });
  it('deletes at the second it names, and not before', async () => {
    await enable();
    await put('now', expires(NOW));
    await put('later', expires(NOW + 1));
    running.dynamoDb.sweep();
    expect(await left()).toEqual(['later']);
  });
  it('leaves alone what names no time', async () => {
    await enable();
    await put('text', { expires: { S: String(NOW - 10) } });
    await put('none', {});
    await put('ancient', expires(NOW - 5 * YEARS));
    await put('milliseconds', expires(START - 1));
    await put('huge', { expires: { N: '1e100' } });
    running.dynamoDb.sweep();
    expect(await left()).toEqual(['ancient', 'huge', 'milliseconds', 'none', 'text']);
  });
  it('follows an expiry that is put off or taken away', async () => {
    await enable();
    await put('put-off', expires(NOW - 10));
    await put('kept', expires(NOW - 10));
    const update = (pk: string, UpdateExpression: string, values?: Attributes) =>
      running.client.send(
        new UpdateItemCommand({ TableName, Key: key(pk), UpdateExpression, ...(values && { ExpressionAttributeValues: values }) }),
      );
    await update('put-off', 'SET expires = :e', { ':e': { N: String(NOW + 10) } });
    await update('kept', 'REMOVE expires');
    running.dynamoDb.sweep();
    expect(await left()).toEqual(['kept', 'put-off']);
  });
  it('counts for items that were there before it was turned on', async () => {
    await put('a', expires(NOW - 10));
    await enable();
    running.dynamoDb.sweep();
    expect(await left()).toEqual([]);
  });
  it('takes an item out of its indexes too', async () => {
    await enable();
    await put('a', { ...expires(NOW - 10), queue: { S: 'q' }, due: { N: '1' } });
    running.dynamoDb.sweep();
    const found = await running.client.send(
      new QueryCommand({
        TableName,
        IndexName: 'by-queue',
        KeyConditionExpression: 'queue = :q',
        ExpressionAttributeValues: { ':q': { S: 'q' } },
      }),
    );
    expect(found.Count).toBe(0);
  });
  it('says in the stream that it was the service', async () => {
    await enable();
    await put('a', expires(NOW - 10));
    running.dynamoDb.sweep();
    const [, removal] = running.dynamoDb.readStream(TableName, undefined, 10);
    expect(removal).toMatchObject({
      eventName: 'REMOVE',
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
      dynamodb: { OldImage: { ...key('a'), ...expires(NOW - 10) } },
    });
    const StreamArn = removal!.eventSourceARN;
    const { StreamDescription } = await running.stream<{ StreamDescription: { Shards: { ShardId: string }[] } }>('DescribeStream', {
      StreamArn,
    });
    const { ShardIterator } = await running.stream<{ ShardIterator: string }>('GetShardIterator', {
      StreamArn,
      ShardId: StreamDescription.Shards[0]!.ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    const { Records } = await running.stream<{ Records: object[] }>('GetRecords', { ShardIterator });
    expect(Records[0]).not.toHaveProperty('userIdentity');
    expect(Records[1]).toMatchObject({ userIdentity: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' } });
  });
  it('sweeps by itself, in pieces', async () => {
    await running.stop();
    running = await startWithTable({ ttlSweepMs: 20 });
    await enable();
    for (let at = 0; at < 300; at += 1) await put(`p${at}`, expires(NOW - 10));
    await vi.waitFor(async () => expect(await left()).toEqual([]), { timeout: 10_000, interval: 20 });
    expect(running.dynamoDb.readStream(TableName, undefined, 1000).filter(({ userIdentity }) => userIdentity)).toHaveLength(300);
  });
  it('sweeps any number at once', async () => {
    await enable();
    for (let at = 0; at < 600; at += 1) await put(`p${at}`, expires(NOW - 10));
    running.dynamoDb.sweep();
    expect(await left()).toEqual([]);
  });
});
