import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DynamoDb, openDynamoDb } from '../../local/aws/dynamodb/dynamodb.ts';
import { TABLE_NAME } from '../../local/resources.ts';
import { ensureTable } from '../../local/table.ts';
import { TABLE } from '../../shared/table-shape.ts';

let folder: string;
let dynamodb: DynamoDb;
let asked: string[];

/** Another start on the same home. */
const start = (): Promise<string> => {
  dynamodb = openDynamoDb({ folder });
  const { tables } = dynamodb;
  const noting: DynamoDb['tables'] = {
    handle: (action, input, caller) => {
      asked.push(action);
      return tables.handle(action, input, caller);
    },
  };
  return ensureTable({ ...dynamodb, tables: noting });
};
const ask = (action: string, input: object): Promise<unknown> =>
  dynamodb.tables.handle(action, { TableName: TABLE_NAME, ...input }, { principal: 'root', authorize: () => undefined });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-table-'));
  dynamodb = openDynamoDb({ folder });
  asked = [];
});
afterEach(() => {
  dynamodb.close();
  rmSync(folder, { recursive: true, force: true });
});

const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' });
const hash = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' });
const range = (AttributeName: string) => ({ AttributeName, KeyType: 'RANGE' });

/** A home of an earlier version, whose table had other indexes and an item that belongs in those of today. */
const anEarlierHome = async (
  indexes: readonly { readonly IndexName: string; readonly KeySchema: readonly { AttributeName: string }[] }[],
) => {
  const keys = new Set(['pk', 'sk', ...indexes.flatMap(({ KeySchema }) => KeySchema.map(({ AttributeName }) => AttributeName))]);
  await ask('CreateTable', {
    AttributeDefinitions: [...keys].map(text),
    KeySchema: [hash('pk'), range('sk')],
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes.map((index) => ({ ...index, Projection: { ProjectionType: 'ALL' } })) }),
  });
  const names = Object.values(TABLE.indexes).flatMap(({ partitionKey, sortKey }) => [partitionKey, sortKey]);
  const keyed = Object.fromEntries(names.map((name) => [name, { S: 'kept' }]));
  await ask('PutItem', { Item: { pk: { S: 'learner' }, sk: { S: 'enrolment' }, ...keyed } });
  dynamodb.close();
};

const itemsIn = (index: keyof typeof TABLE.indexes): Promise<unknown> =>
  ask('Query', {
    IndexName: index,
    KeyConditionExpression: '#key = :value',
    ExpressionAttributeNames: { '#key': TABLE.indexes[index].partitionKey },
    ExpressionAttributeValues: { ':value': { S: 'kept' } },
  });

const described = () => ask('DescribeTable', {});

describe('the table of one machine', () => {
  it('has the present keys, indexes and expiry after the first start, and a later start changes nothing', async () => {
    dynamodb.close();
    const streamArn = await start();
    expect(await described()).toMatchObject({
      Table: { GlobalSecondaryIndexes: Object.keys(TABLE.indexes).map((IndexName) => ({ IndexName })), LatestStreamArn: streamArn },
    });
    expect(await ask('DescribeTimeToLive', {})).toMatchObject({ TimeToLiveDescription: { AttributeName: TABLE.ttl } });
    const before = await described();
    dynamodb.close();
    asked = [];
    expect(await start()).toBe(streamArn);
    expect(asked.filter((action) => action.startsWith('Update'))).toEqual([]);
    expect(await described()).toEqual(before);
  });

  it.each([
    ['had no index', []],
    ['had an index that is no more', [{ IndexName: 'byNothing', KeySchema: [hash('sk')] }]],
    ['had the index on other keys', [{ IndexName: 'byLearner', KeySchema: [hash('sk'), range('pk')] }]],
  ])('is brought to the present indexes where an earlier version %s, with what was stored then', async (_, indexes) => {
    await anEarlierHome(indexes);
    await start();
    expect(await described()).toMatchObject({
      Table: {
        GlobalSecondaryIndexes: Object.entries(TABLE.indexes).map(([IndexName, { partitionKey, sortKey }]) => ({
          IndexName,
          KeySchema: [hash(partitionKey), range(sortKey)],
        })),
      },
    });
    expect(await itemsIn('byLearner')).toMatchObject({ Items: [{ pk: { S: 'learner' } }] });
  });

  it('expires its items although the first start was cut off before it said so', async () => {
    await anEarlierHome([]);
    await start();
    expect(await ask('DescribeTimeToLive', {})).toMatchObject({ TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED' } });
  });
});
