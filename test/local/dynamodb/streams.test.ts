import {
  DeleteItemCommand,
  DescribeTableCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StreamRecord } from '../../../local/aws/dynamodb/dynamodb.ts';
import { type Attributes, key, type Running, START, startWithTable } from './harness.ts';

let running: Running;
let arn: string;
beforeEach(async () => {
  running = await startWithTable();
  const { Table } = await running.client.send(new DescribeTableCommand({ TableName: 'assay' }));
  arn = Table?.LatestStreamArn ?? '';
});
afterEach(() => running.stop());

const HOURS = 60 * 60 * 1000;
const put = (pk: string, rest: Attributes = {}) =>
  running.client.send(new PutItemCommand({ TableName: 'assay', Item: { ...key(pk), ...rest } }));
const records = (after?: string, limit = 100): readonly StreamRecord[] => running.dynamoDb.readStream('assay', after, limit);

interface Records {
  readonly Records: readonly (Omit<StreamRecord, 'userIdentity'> & { readonly userIdentity?: unknown })[];
  readonly NextShardIterator: string;
}
const shard = async (): Promise<string> =>
  (await running.stream<{ StreamDescription: { Shards: { ShardId: string }[] } }>('DescribeStream', { StreamArn: arn })).StreamDescription
    .Shards[0]!.ShardId;
const iterator = async (ShardIteratorType: string, SequenceNumber?: string): Promise<string> =>
  (
    await running.stream<{ ShardIterator: string }>('GetShardIterator', {
      StreamArn: arn,
      ShardId: await shard(),
      ShardIteratorType,
      SequenceNumber,
    })
  ).ShardIterator;
const read = (ShardIterator: string, Limit?: number) => running.stream<Records>('GetRecords', { ShardIterator, Limit });
const pksOf = (found: Pick<Records, 'Records'>) => found.Records.map(({ dynamodb }) => dynamodb.Keys.pk);
const S = (...texts: string[]) => texts.map((text) => ({ S: text }));

describe('a stream', () => {
  it('tells every change with both images, in the form of the Lambda event', async () => {
    await put('a', { v: { S: '1' }, bytes: { B: Uint8Array.of(255) } });
    await running.client.send(
      new UpdateItemCommand({
        TableName: 'assay',
        Key: key('a'),
        UpdateExpression: 'SET v = :v',
        ExpressionAttributeValues: { ':v': { S: '2' } },
      }),
    );
    await running.client.send(new DeleteItemCommand({ TableName: 'assay', Key: key('a') }));
    const first = { ...key('a'), v: { S: '1' }, bytes: { B: '/w==' } };
    const second = { ...first, v: { S: '2' } };
    const all = records();
    expect(all.map(({ eventName, dynamodb }) => [eventName, dynamodb.OldImage, dynamodb.NewImage])).toEqual([
      ['INSERT', undefined, first],
      ['MODIFY', first, second],
      ['REMOVE', second, undefined],
    ]);
    expect(all[0]).toEqual({
      eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      eventSourceARN: arn,
      dynamodb: {
        ApproximateCreationDateTime: START / 1000,
        Keys: key('a'),
        NewImage: first,
        SequenceNumber: expect.stringMatching(/^\d{21}$/),
        // Keys 4 + 2; the image again, with v (1 + 1) and bytes (5 + 1).
        SizeBytes: 6 + 6 + 2 + 6,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
    });
  });
  it('is in order, and its sequence numbers rise as text', async () => {
    for (let at = 0; at < 12; at += 1) await put(`p${at}`);
    const numbers = records().map(({ dynamodb }) => dynamodb.SequenceNumber);
    expect(numbers).toEqual(numbers.toSorted());
    expect(new Set(numbers).size).toBe(12);
    expect(records().map(({ dynamodb }) => dynamodb.Keys.pk)).toEqual(Array.from({ length: 12 }, (_, at) => ({ S: `p${at}` })));
  });
  it('keeps the order inside a transaction, and knows nothing of one that was cancelled', async () => {
    const Put = (pk: string) => ({ Put: { TableName: 'assay', Item: key(pk), ConditionExpression: 'attribute_not_exists(pk)' } });
    await running.client.send(new TransactWriteItemsCommand({ TransactItems: [Put('z'), Put('a'), Put('m')] }));
    await expect(running.client.send(new TransactWriteItemsCommand({ TransactItems: [Put('new'), Put('a')] }))).rejects.toThrow(
      'cancelled',
    );
    expect(records().map(({ dynamodb }) => dynamodb.Keys.pk)).toEqual(S('z', 'a', 'm'));
  });
  it('does not tell of a write that changed nothing', async () => {
    await put('a', { tags: { SS: ['x', 'y'] } });
    await put('a', { tags: { SS: ['y', 'x'] } });
    await running.client.send(new DeleteItemCommand({ TableName: 'assay', Key: key('nobody') }));
    expect(records()).toHaveLength(1);
  });
  it('is read on from a sequence number, the same at every reading', async () => {
    for (const pk of ['a', 'b', 'c']) await put(pk);
    const [first] = records(undefined, 1);
    const rest = records(first!.dynamodb.SequenceNumber);
    expect(rest.map(({ dynamodb }) => dynamodb.Keys.pk)).toEqual(S('b', 'c'));
    expect(records().slice(1)).toEqual(rest);
    expect(records(rest.at(-1)!.dynamodb.SequenceNumber)).toEqual([]);
    expect(() => records('not a number')).toThrow('Invalid SequenceNumber');
  });
  it('tells its listeners after the write, once a write', async () => {
    const told: string[] = [];
    running.dynamoDb.onStreamGrowth((tableName) => told.push(`${tableName} ${records().length}`));
    const Put = (pk: string) => ({ Put: { TableName: 'assay', Item: key(pk) } });
    await running.client.send(new TransactWriteItemsCommand({ TransactItems: [Put('a'), Put('b')] }));
    await put('a');
    const refused = { TableName: 'assay', Item: key('a'), ConditionExpression: 'attribute_not_exists(pk)' };
    await expect(running.client.send(new PutItemCommand(refused))).rejects.toThrow();
    expect(told).toEqual(['assay 2']);
  });
});

describe('the Streams API', () => {
  it('lists and describes the stream', async () => {
    const { Streams } = await running.stream<{ Streams: object[] }>('ListStreams', { TableName: 'assay' });
    expect(Streams).toEqual([{ StreamArn: arn, TableName: 'assay', StreamLabel: arn.split('/').at(-1) }]);
    const described = await running.stream('DescribeStream', { StreamArn: arn });
    expect(described).toMatchObject({
      StreamDescription: {
        StreamStatus: 'ENABLED',
        StreamViewType: 'NEW_AND_OLD_IMAGES',
        TableName: 'assay',
        Shards: [{ ShardId: expect.any(String) }],
      },
    });
  });
  it('reads from the oldest record, page by page, and waits at the end', async () => {
    for (const pk of ['a', 'b', 'c']) await put(pk);
    const first = await read(await iterator('TRIM_HORIZON'), 2);
    expect(pksOf(first)).toEqual(S('a', 'b'));
    const second = await read(first.NextShardIterator);
    expect(pksOf(second)).toEqual(S('c'));
    const end = await read(second.NextShardIterator);
    expect(end.Records).toEqual([]);
    await put('d');
    expect(pksOf(await read(end.NextShardIterator))).toEqual(S('d'));
  });
  it('reads from now on', async () => {
    await put('before');
    const latest = await iterator('LATEST');
    await put('after');
    expect(pksOf(await read(latest))).toEqual(S('after'));
  });
  it('reads at and after a sequence number', async () => {
    for (const pk of ['a', 'b', 'c']) await put(pk);
    const number = records()[1]!.dynamodb.SequenceNumber;
    expect(pksOf(await read(await iterator('AT_SEQUENCE_NUMBER', number)))).toEqual(S('b', 'c'));
    expect(pksOf(await read(await iterator('AFTER_SEQUENCE_NUMBER', number)))).toEqual(S('c'));
  });
  it('lets an iterator expire after 15 minutes', async () => {
    const oldest = await iterator('TRIM_HORIZON');
    running.pass(HOURS / 4 - 1);
    const { NextShardIterator } = await read(oldest);
    running.pass(1);
    await expect(read(oldest)).rejects.toMatchObject({ name: 'ExpiredIteratorException' });
    await expect(read(NextShardIterator)).resolves.toBeDefined();
  });
  it('refuses what it never gave out', async () => {
    await expect(read('forged')).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(iterator('AFTER_SEQUENCE_NUMBER', '9'.repeat(21))).rejects.toMatchObject({ name: 'ValidationException' });
    const elsewhere = running.stream('DescribeStream', { StreamArn: `${arn}0` });
    await expect(elsewhere).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const noShard = running.stream('GetShardIterator', { StreamArn: arn, ShardId: 'shardId-0', ShardIteratorType: 'LATEST' });
    await expect(noShard).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('the retention of a stream', () => {
  it('is a day: older records are trimmed, younger ones stay', async () => {
    await put('old');
    running.pass(23 * HOURS);
    await put('young');
    running.pass(HOURS);
    const number = records()[0]!.dynamodb.SequenceNumber;
    running.dynamoDb.sweep();
    expect(records().map(({ dynamodb }) => dynamodb.Keys.pk)).toEqual(S('young'));
    await expect(iterator('AFTER_SEQUENCE_NUMBER', number)).rejects.toMatchObject({ name: 'TrimmedDataAccessException' });
  });
  it('never gives a sequence number twice', async () => {
    await put('old');
    const number = records()[0]!.dynamodb.SequenceNumber;
    running.pass(25 * HOURS);
    running.dynamoDb.sweep();
    expect(records()).toEqual([]);
    await put('new');
    expect(records()[0]!.dynamodb.SequenceNumber > number).toBe(true);
    expect(records(number)).toHaveLength(1);
  });
});
