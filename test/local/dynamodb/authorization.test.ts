import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError, type Caller } from '../../../local/aws/service.ts';
import { key, type Running, startWithTable } from './harness.ts';

const TABLE_ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/assay';
const STREAM_ARN = `${TABLE_ARN}/stream/2026-01-01T00:00:00.000`;
const TableName = 'assay';

let asked: string[];
let denied: string | undefined;
let running: Running;

const caller: Caller = {
  principal: 'function/learner-api',
  authorize: (action, resource) => {
    asked.push(`${action} ${resource}`);
    if (action === denied) throw new AwsError('AccessDeniedException', `not authorized to perform: ${action}`);
  },
};

beforeEach(async () => {
  asked = [];
  denied = undefined;
  running = await startWithTable({ caller });
  asked = [];
});
afterEach(() => running.stop());

const Item = key('a');
const byPk = { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'a' } } };
const ConditionExpression = 'attribute_not_exists(pk)';

describe('permission', () => {
  it.each([
    { call: 'PutItem', send: () => running.client.send(new PutItemCommand({ TableName, Item })), needs: ['PutItem'] },
    { call: 'UpdateItem', send: () => running.client.send(new UpdateItemCommand({ TableName, Key: Item })), needs: ['UpdateItem'] },
    { call: 'DeleteItem', send: () => running.client.send(new DeleteItemCommand({ TableName, Key: Item })), needs: ['DeleteItem'] },
    { call: 'GetItem', send: () => running.client.send(new GetItemCommand({ TableName, Key: Item })), needs: ['GetItem'] },
    { call: 'Query', send: () => running.client.send(new QueryCommand({ TableName, ...byPk })), needs: ['Query'] },
    { call: 'Scan', send: () => running.client.send(new ScanCommand({ TableName })), needs: ['Scan'] },
    {
      call: 'BatchGetItem',
      send: () => running.client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [Item] } } })),
      needs: ['BatchGetItem'],
    },
    {
      call: 'BatchWriteItem',
      send: () => running.client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item } }] } })),
      needs: ['BatchWriteItem'],
    },
    {
      call: 'TransactGetItems',
      send: () => running.client.send(new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName, Key: Item } }] })),
      needs: ['GetItem'],
    },
    {
      call: 'TransactWriteItems',
      send: () =>
        running.client.send(
          new TransactWriteItemsCommand({
            TransactItems: [
              { Put: { TableName, Item } },
              { Update: { TableName, Key: key('b'), UpdateExpression: 'REMOVE v' } },
              { Delete: { TableName, Key: key('c') } },
              { ConditionCheck: { TableName, Key: key('d'), ConditionExpression } },
            ],
          }),
        ),
      needs: ['PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
    },
  ])('to $call is asked for the action and the table: $needs', async ({ send, needs }) => {
    await send();
    expect(asked).toEqual(needs.map((action) => `dynamodb:${action} ${TABLE_ARN}`));
  });

  it('to query an index is asked for the index', async () => {
    await running.client.send(
      new QueryCommand({
        TableName,
        IndexName: 'by-queue',
        KeyConditionExpression: 'queue = :q',
        ExpressionAttributeValues: { ':q': { S: 'q' } },
      }),
    );
    expect(asked).toEqual([`dynamodb:Query ${TABLE_ARN}/index/by-queue`]);
  });
  it('to read a stream is asked for the stream', async () => {
    const { StreamDescription } = await running.stream<{ StreamDescription: { Shards: { ShardId: string }[] } }>('DescribeStream', {
      StreamArn: STREAM_ARN,
    });
    const { ShardIterator } = await running.stream<{ ShardIterator: string }>('GetShardIterator', {
      StreamArn: STREAM_ARN,
      ShardId: StreamDescription.Shards[0]!.ShardId,
      ShardIteratorType: 'LATEST',
    });
    await running.stream('GetRecords', { ShardIterator });
    expect(asked).toEqual(['DescribeStream', 'GetShardIterator', 'GetRecords'].map((action) => `dynamodb:${action} ${STREAM_ARN}`));
  });

  it('that one action of a transaction lacks refuses the whole', async () => {
    denied = 'dynamodb:DeleteItem';
    const write = running.client.send(
      new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item } }, { Delete: { TableName, Key: key('b') } }] }),
    );
    await expect(write).rejects.toMatchObject({ name: 'AccessDeniedException' });
    denied = undefined;
    expect((await running.client.send(new GetItemCommand({ TableName, Key: Item }))).Item).toBeUndefined();
  });
  it('is asked before the service says whether a table or an item is there', async () => {
    denied = 'dynamodb:PutItem';
    const nowhere = running.client.send(new PutItemCommand({ TableName: 'nowhere', Item }));
    await expect(nowhere).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const conditional = running.client.send(new PutItemCommand({ TableName, Item, ConditionExpression: 'attribute_exists(pk)' }));
    await expect(conditional).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
