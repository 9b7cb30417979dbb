import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeLimitsCommand,
  DescribeTableCommand,
  ListTablesCommand,
  PutItemCommand,
  ScanCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { key, type Running, START, start, TABLE } from './harness.ts';

let running: Running;
beforeEach(async () => {
  running = await start();
});
afterEach(() => running.stop());

const create = (changes = {}) => running.client.send(new CreateTableCommand({ ...TABLE, ...changes }));

describe('a table', () => {
  it('is described as it was made, with its ARNs', async () => {
    await create();
    await waitUntilTableExists({ client: running.client, maxWaitTime: 30 }, { TableName: 'assay' });
    await running.client.send(new PutItemCommand({ TableName: 'assay', Item: key('a') }));
    const { Table } = await running.client.send(new DescribeTableCommand({ TableName: 'assay' }));
    expect(Table).toMatchObject({
      TableName: 'assay',
      TableStatus: 'ACTIVE',
      TableArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/assay',
      CreationDateTime: new Date(START),
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      KeySchema: TABLE.KeySchema,
      GlobalSecondaryIndexes: [
        { IndexName: 'by-queue', IndexStatus: 'ACTIVE', IndexArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/assay/index/by-queue' },
        { IndexName: 'by-kind', Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['title'] } },
      ],
      StreamSpecification: TABLE.StreamSpecification,
      LatestStreamArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/assay/stream/2026-01-01T00:00:00.000',
      ItemCount: 1,
      TableSizeBytes: 6,
    });
  });
  it('is made once', async () => {
    await create();
    await expect(create()).rejects.toMatchObject({ name: 'ResourceInUseException' });
  });
  it.each([
    {
      fault: 'a key attribute without a type',
      changes: { AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }] },
      message: 'KeySchema',
    },
    {
      fault: 'a capacity although it pays per request',
      changes: { ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } },
      message: 'PAY_PER_REQUEST',
    },
    { fault: 'a stream without a view', changes: { StreamSpecification: { StreamEnabled: true } }, message: 'StreamViewType' },
    {
      fault: 'a local secondary index',
      changes: {
        LocalSecondaryIndexes: [
          {
            IndexName: 'local',
            KeySchema: [
              { AttributeName: 'pk', KeyType: 'HASH' },
              { AttributeName: 'due', KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      },
      message: 'Local secondary indexes are not offered',
    },
  ])('is refused with $fault', async ({ changes, message }) => {
    await expect(create(changes)).rejects.toThrow(message);
  });
  it('is listed by name, page by page', async () => {
    for (const TableName of ['ccc', 'aaa', 'bbb']) await create({ TableName });
    const first = await running.client.send(new ListTablesCommand({ Limit: 2 }));
    expect([first.TableNames, first.LastEvaluatedTableName]).toEqual([['aaa', 'bbb'], 'bbb']);
    const second = await running.client.send(new ListTablesCommand({ ExclusiveStartTableName: 'bbb' }));
    expect([second.TableNames, second.LastEvaluatedTableName]).toEqual([['ccc'], undefined]);
  });
  it('takes its items and its stream with it, and comes back empty', async () => {
    await create();
    await running.client.send(new PutItemCommand({ TableName: 'assay', Item: key('a') }));
    const { TableDescription } = await running.client.send(new DeleteTableCommand({ TableName: 'assay' }));
    expect(TableDescription?.TableStatus).toBe('DELETING');
    await expect(running.client.send(new DescribeTableCommand({ TableName: 'assay' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await create();
    expect((await running.client.send(new ScanCommand({ TableName: 'assay' }))).Count).toBe(0);
    expect(running.dynamoDb.readStream('assay', undefined, 10)).toEqual([]);
  });
  it('that is protected is not deleted', async () => {
    await create({ DeletionProtectionEnabled: true });
    await expect(running.client.send(new DeleteTableCommand({ TableName: 'assay' }))).rejects.toThrow('protected against deletion');
  });
});

describe('an operation that is not offered', () => {
  it('is refused by name', async () => {
    const limits = running.client.send(new DescribeLimitsCommand({}));
    await expect(limits).rejects.toMatchObject({ name: 'UnknownOperationException' });
  });
});
