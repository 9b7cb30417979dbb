import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Attributes, key, type Running, startWithTable, TABLE } from './harness.ts';

let running: Running;
const PLAIN = 'plain';
const ReturnConsumedCapacity = 'INDEXES';

beforeAll(async () => {
  running = await startWithTable();
  await running.client.send(
    new CreateTableCommand({
      TableName: PLAIN,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: TABLE.AttributeDefinitions?.slice(0, 2),
      KeySchema: TABLE.KeySchema,
    }),
  );
});
afterAll(() => running.stop());

/** An item of exactly so many bytes: `pk` + `sk` + `v` are 5, key values are `pk` and one more. */
const sized = (pk: string, bytes: number): Attributes => ({ ...key(pk), v: { S: 'x'.repeat(bytes - 5 - pk.length - 1) } });

const put = async (Item: Attributes, TableName = PLAIN) =>
  (await running.client.send(new PutItemCommand({ TableName, Item, ReturnConsumedCapacity }))).ConsumedCapacity;
const get = async (pk: string, ConsistentRead: boolean, rest = {}) =>
  (
    await running.client.send(
      new GetItemCommand({ TableName: PLAIN, Key: key(pk), ConsistentRead, ReturnConsumedCapacity: 'TOTAL', ...rest }),
    )
  ).ConsumedCapacity?.CapacityUnits;

describe('a read', () => {
  it.each([
    { bytes: 4096, consistent: true, units: 1 },
    { bytes: 4097, consistent: true, units: 2 },
    { bytes: 4097, consistent: false, units: 1 },
    { bytes: 4096, consistent: false, units: 0.5 },
  ])('of $bytes bytes costs $units (consistent: $consistent)', async ({ bytes, consistent, units }) => {
    await put(sized('read', bytes));
    expect(await get('read', consistent)).toBe(units);
  });
  it('costs the whole item even if little of it is asked for', async () => {
    await put(sized('part', 9000));
    expect(await get('part', true, { ProjectionExpression: 'pk' })).toBe(3);
  });
  it('of nothing costs as much as of the smallest item', async () => {
    expect([await get('nobody', true), await get('nobody', false)]).toEqual([1, 0.5]);
  });
  it('by query adds the bytes up before it rounds', async () => {
    for (const sk of ['a', 'b', 'c']) await put({ pk: { S: 'many' }, sk: { S: sk }, v: { S: 'x'.repeat(2000) } });
    const query = (pk: string, ConsistentRead: boolean) =>
      running.client.send(
        new QueryCommand({
          TableName: PLAIN,
          KeyConditionExpression: 'pk = :p',
          ExpressionAttributeValues: { ':p': { S: pk } },
          ConsistentRead,
          ReturnConsumedCapacity,
        }),
      );
    expect((await query('many', true)).ConsumedCapacity).toEqual({ TableName: PLAIN, CapacityUnits: 2, Table: { CapacityUnits: 2 } });
    expect((await query('many', false)).ConsumedCapacity?.CapacityUnits).toBe(1);
    expect((await query('nobody', false)).ConsumedCapacity?.CapacityUnits).toBe(0.5);
  });
  it('by query of an index is the index’s cost', async () => {
    await put({ ...key('queued'), queue: { S: 'q' }, due: { N: '1' }, v: { S: 'x'.repeat(5000) } }, 'assay');
    const { ConsumedCapacity } = await running.client.send(
      new QueryCommand({
        TableName: 'assay',
        IndexName: 'by-queue',
        KeyConditionExpression: 'queue = :q',
        ExpressionAttributeValues: { ':q': { S: 'q' } },
        ReturnConsumedCapacity,
      }),
    );
    expect(ConsumedCapacity).toEqual({
      TableName: 'assay',
      CapacityUnits: 1,
      Table: { CapacityUnits: 0 },
      GlobalSecondaryIndexes: { 'by-queue': { CapacityUnits: 1 } },
    });
  });
  it('in a batch rounds each item alone', async () => {
    await put(sized('b1', 100));
    await put(sized('b2', 5000));
    const { ConsumedCapacity } = await running.client.send(
      new BatchGetItemCommand({
        RequestItems: { [PLAIN]: { Keys: [key('b1'), key('b2')], ConsistentRead: true } },
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    expect(ConsumedCapacity).toEqual([{ TableName: PLAIN, CapacityUnits: 3 }]);
  });
});

describe('a write', () => {
  it.each([
    { bytes: 1024, units: 1 },
    { bytes: 1025, units: 2 },
  ])('of $bytes bytes costs $units', async ({ bytes, units }) => {
    expect(await put(sized(`write${bytes}`, bytes))).toEqual({ TableName: PLAIN, CapacityUnits: units, Table: { CapacityUnits: units } });
  });
  it('costs the larger of the item before and the item after', async () => {
    await put(sized('shrunk', 3000));
    expect((await put(sized('shrunk', 100)))?.CapacityUnits).toBe(3);
    await put(sized('gone', 2500));
    const gone = await running.client.send(new DeleteItemCommand({ TableName: PLAIN, Key: key('gone'), ReturnConsumedCapacity }));
    expect(gone.ConsumedCapacity?.CapacityUnits).toBe(3);
    const nothing = await running.client.send(new DeleteItemCommand({ TableName: PLAIN, Key: key('gone'), ReturnConsumedCapacity }));
    expect(nothing.ConsumedCapacity?.CapacityUnits).toBe(1);
  });
  it('is not counted unless it is asked for', async () => {
    const { ConsumedCapacity } = await running.client.send(new PutItemCommand({ TableName: PLAIN, Item: key('silent') }));
    expect(ConsumedCapacity).toBeUndefined();
  });
  it('in a batch adds up by table', async () => {
    const { ConsumedCapacity } = await running.client.send(
      new BatchWriteItemCommand({
        RequestItems: { [PLAIN]: [{ PutRequest: { Item: sized('w1', 2000) } }, { DeleteRequest: { Key: key('w2') } }] },
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    expect(ConsumedCapacity).toEqual([{ TableName: PLAIN, CapacityUnits: 3 }]);
  });
  it('counts digits by pairs, aligned to the decimal point', async () => {
    const numbered = (n: string, bytes: number): Attributes => ({ ...sized('numbered', bytes - 1), n: { N: n } });
    // 1 byte of exponent, 1 per two digits, 1 for a minus.
    for (const [n, size] of [
      ['0', 1],
      ['7', 2],
      ['12', 2],
      ['123', 3],
      ['1.2', 3],
      ['-12', 3],
      ['100', 2],
    ] as const) {
      expect([n, (await put(numbered(n, 1024 - size)))?.CapacityUnits]).toEqual([n, 1]);
      expect([n, (await put(numbered(n, 1025 - size), PLAIN))?.CapacityUnits]).toEqual([n, 2]);
      await running.client.send(new DeleteItemCommand({ TableName: PLAIN, Key: key('numbered') }));
    }
  });
});

describe('a write to indexes', () => {
  const QUEUED = { queue: { S: 'q' }, due: { N: '1' } };
  const indexes = async (UpdateExpression: string, values?: Attributes) => {
    const { ConsumedCapacity } = await running.client.send(
      new UpdateItemCommand({
        TableName: 'assay',
        Key: key('indexed'),
        UpdateExpression,
        ...(values && { ExpressionAttributeValues: values }),
        ReturnConsumedCapacity,
      }),
    );
    return Object.fromEntries(
      Object.entries(ConsumedCapacity?.GlobalSecondaryIndexes ?? {}).map(([name, { CapacityUnits }]) => [name, CapacityUnits]),
    );
  };
  const reset = (rest: Attributes = {}) => put({ ...key('indexed'), ...QUEUED, ...rest }, 'assay');

  it('pays for every entry that is new', async () => {
    await running.client.send(new DeleteItemCommand({ TableName: 'assay', Key: key('indexed') }));
    const capacity = await reset({ v: { S: 'x'.repeat(1500) } });
    expect(capacity).toEqual({
      TableName: 'assay',
      CapacityUnits: 5,
      Table: { CapacityUnits: 2 },
      GlobalSecondaryIndexes: { 'by-queue': { CapacityUnits: 2 }, 'by-kind': { CapacityUnits: 1 } },
    });
  });
  it('pays nothing where nothing changes', async () => {
    await reset();
    expect(await indexes('SET due = :d', { ':d': { N: '1' } })).toEqual({});
  });
  it('pays only the indexes that hold what changed', async () => {
    await reset();
    expect(await indexes('SET v = :v', { ':v': { S: 'v' } })).toEqual({ 'by-queue': 1 });
    expect(await indexes('SET title = :v', { ':v': { S: 'v' } })).toEqual({ 'by-queue': 1, 'by-kind': 1 });
  });
  it('pays twice for an entry that moves, each half by its own size', async () => {
    await reset({ v: { S: 'x'.repeat(3000) } });
    expect(await indexes('SET due = :d REMOVE v', { ':d': { N: '2' } })).toEqual({ 'by-queue': 4 });
  });
  it('pays for an entry that leaves', async () => {
    await reset({ v: { S: 'x'.repeat(3000) } });
    expect(await indexes('REMOVE queue')).toEqual({ 'by-queue': 3 });
  });
  it('pays the larger image of an entry that stays', async () => {
    await reset({ v: { S: 'x'.repeat(3000) } });
    expect(await indexes('REMOVE v')).toEqual({ 'by-queue': 3 });
  });
});

describe('a transaction', () => {
  const transact = (ClientRequestToken?: string) =>
    running.client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName: 'assay', Item: { ...key('t1'), v: { S: 'x'.repeat(1500) } } } },
          { ConditionCheck: { TableName: 'assay', Key: key('t2'), ConditionExpression: 'attribute_not_exists(pk)' } },
          { Put: { TableName: PLAIN, Item: sized('t3', 5000) } },
        ],
        ReturnConsumedCapacity,
        ...(ClientRequestToken && { ClientRequestToken }),
      }),
    );

  it('that writes costs twice in the table and once in an index', async () => {
    const { ConsumedCapacity } = await transact('priced');
    expect(ConsumedCapacity).toEqual([
      {
        TableName: 'assay',
        CapacityUnits: 7,
        WriteCapacityUnits: 7,
        Table: { CapacityUnits: 6, WriteCapacityUnits: 6 },
        GlobalSecondaryIndexes: { 'by-kind': { CapacityUnits: 1, WriteCapacityUnits: 1 } },
      },
      { TableName: PLAIN, CapacityUnits: 10, WriteCapacityUnits: 10, Table: { CapacityUnits: 10, WriteCapacityUnits: 10 } },
    ]);
  });
  it('that was done before costs a reading of it', async () => {
    const { ConsumedCapacity } = await transact('priced');
    expect(
      ConsumedCapacity?.map(({ TableName, ReadCapacityUnits, WriteCapacityUnits }) => [TableName, ReadCapacityUnits, WriteCapacityUnits]),
    ).toEqual([
      ['assay', 4, undefined],
      [PLAIN, 4, undefined],
    ]);
  });
  it('that reads costs twice', async () => {
    await put(sized('tr', 5000));
    const { ConsumedCapacity } = await running.client.send(
      new TransactGetItemsCommand({
        TransactItems: ['tr', 'nobody'].map((pk) => ({ Get: { TableName: PLAIN, Key: key(pk) } })),
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    expect(ConsumedCapacity).toEqual([{ TableName: PLAIN, CapacityUnits: 6, ReadCapacityUnits: 6 }]);
  });
});
