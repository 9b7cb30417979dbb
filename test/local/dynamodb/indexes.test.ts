import {
  DescribeTableCommand,
  PutItemCommand,
  QueryCommand,
  UpdateTableCommand,
  type UpdateTableCommandInput,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Attributes, key, type Running, START, start, startWithTable } from './harness.ts';

const TableName = 'assay';
let running: Running;
beforeEach(async () => {
  running = await startWithTable();
});
afterEach(() => running.stop());

const update = (over: Partial<UpdateTableCommandInput>) => running.client.send(new UpdateTableCommand({ TableName, ...over }));

const BY_TITLE = {
  IndexName: 'by-title',
  KeySchema: [
    { AttributeName: 'title', KeyType: 'HASH' as const },
    { AttributeName: 'due', KeyType: 'RANGE' as const },
  ],
  Projection: { ProjectionType: 'ALL' as const },
};
const create = (over: Partial<UpdateTableCommandInput> = {}) =>
  update({
    AttributeDefinitions: [{ AttributeName: 'title', AttributeType: 'S' }],
    GlobalSecondaryIndexUpdates: [{ Create: BY_TITLE }],
    ...over,
  });
const drop = (IndexName: string) => update({ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName } }] });

const put = (pk: string, item: Attributes) => running.client.send(new PutItemCommand({ TableName, Item: { ...key(pk), ...item } }));
const found = async (IndexName: string, name: string, value: string): Promise<readonly (string | undefined)[]> => {
  const query = {
    KeyConditionExpression: '#n = :v',
    ExpressionAttributeNames: { '#n': name },
    ExpressionAttributeValues: { ':v': { S: value } },
  };
  const { Items = [] } = await running.client.send(new QueryCommand({ TableName, IndexName, ...query }));
  return Items.map(({ pk }) => pk?.S);
};
const described = async () => (await running.client.send(new DescribeTableCommand({ TableName }))).Table;

describe('an index made later', () => {
  it('holds in its order what was there before, and what comes after', async () => {
    await put('late', { title: { S: 'same' }, due: { N: '30' } });
    await put('early', { title: { S: 'same' }, due: { N: '4' } });
    await put('of another kind', { title: { S: 'same' }, due: { N: '5' } });
    await put('without its key', { title: { S: 'same' } });
    await put('of another type', { title: { N: '1' }, due: { N: '1' } });
    await create();
    expect(await found('by-title', 'title', 'same')).toEqual(['early', 'of another kind', 'late']);
    await put('new', { title: { S: 'same' }, due: { N: '7' } });
    await put('late', { title: { S: 'other' }, due: { N: '30' } });
    expect(await found('by-title', 'title', 'same')).toEqual(['early', 'of another kind', 'new']);
  });

  it('leaves the other indexes, the items and the stream as they are', async () => {
    await put('a', { queue: { S: 'q' }, due: { N: '1' } });
    const before = running.dynamoDb.readStream(TableName, undefined, 10);
    await create();
    expect(await found('by-queue', 'queue', 'q')).toEqual(['a']);
    expect(running.dynamoDb.readStream(TableName, undefined, 10)).toEqual(before);
  });

  it('is described with the table, and its key attributes with it', async () => {
    const { TableDescription } = await create();
    expect(await described()).toMatchObject({
      GlobalSecondaryIndexes: [{ IndexName: 'by-queue' }, { IndexName: 'by-kind' }, { ...BY_TITLE, IndexStatus: 'ACTIVE' }],
      AttributeDefinitions: expect.arrayContaining([{ AttributeName: 'title', AttributeType: 'S' }]),
      CreationDateTime: new Date(START),
    });
    expect(TableDescription?.GlobalSecondaryIndexes).toHaveLength(3);
    await waitUntilTableExists({ client: running.client, maxWaitTime: 30 }, { TableName });
  });
});

describe('an index dropped', () => {
  it('is gone with the attributes that were keys of nothing else, and the others still find theirs', async () => {
    await put('a', { queue: { S: 'q' }, due: { N: '1' }, title: { S: 't' } });
    await create();
    await drop('by-queue');
    const table = await described();
    expect(table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName)).toEqual(['by-kind', 'by-title']);
    expect(table?.AttributeDefinitions?.map(({ AttributeName }) => AttributeName).toSorted()).toEqual(['due', 'pk', 'sk', 'title']);
    expect(await found('by-title', 'title', 't')).toEqual(['a']);
    expect(await found('by-kind', 'sk', 'a')).toEqual(['a']);
    await expect(found('by-queue', 'queue', 'q')).rejects.toThrow('does not have the specified index');
  });

  it('may be the last', async () => {
    await drop('by-queue');
    await drop('by-kind');
    expect((await described())?.GlobalSecondaryIndexes).toBeUndefined();
    await put('a', { queue: { S: 'q' } });
  });
});

describe('a change of indexes is refused', () => {
  it.each<[string, () => Promise<unknown>, string | RegExp]>([
    ['that makes one twice', () => create().then(() => create()), 'already exists'],
    ['that drops what is not there', () => drop('by-nothing'), 'not found'],
    [
      'of two at once',
      () => update({ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-queue' } }, { Delete: { IndexName: 'by-kind' } }] }),
      'Only 1 online index',
    ],
    ['of a key without a type', () => create({ AttributeDefinitions: [] }), /not defined in AttributeDefinitions/],
    ['that asks for something else besides', () => create({ DeletionProtectionEnabled: true }), 'and nothing else'],
    ['that asks for nothing', () => update({ GlobalSecondaryIndexUpdates: [] }), 'and nothing else'],
  ])('%s', async (_, ask, message) => {
    await expect(ask()).rejects.toThrow(message);
  });

  it('for a table that is not there', async () => {
    await running.stop();
    running = await start();
    await expect(drop('by-queue')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
