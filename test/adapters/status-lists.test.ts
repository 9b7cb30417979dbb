import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Table } from '#adapters/dynamodb/table.ts';
import { TenantId } from '#domain/ids.ts';
import { STATUS_LIST_BITS } from '#openbadges/bitstring-status-list.ts';
import type { StatusLists } from '#shared/ports.ts';
import { openScripted, refusal } from './scripted.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let lists: StatusLists;
let table: Table;
let operator: DynamoDBClient;

beforeAll(async () => {
  stage = await openStage();
  const load = () => Promise.all([import('#adapters/dynamodb/status-lists.ts'), import('#adapters/dynamodb/table.ts')]);
  const [adapter, tableModule] = await stage.as('on-decision-made', load);
  lists = adapter.dynamodbStatusLists();
  table = tableModule.table();
  operator = new DynamoDBClient(stage.operator);
});
afterAll(async () => {
  operator.destroy();
  await stage.close();
});

const inTurn = async <T>(times: number, work: () => Promise<T>): Promise<readonly T[]> => {
  const results: T[] = [];
  for (let turn = 0; turn < times; turn += 1) results.push(await work());
  return results;
};

/** A list of which so many places are taken. */
const seedCounter = (tenant: TenantId, list: number, used: number) =>
  operator.send(
    new PutItemCommand({
      TableName: 'assay',
      Item: marshall({
        pk: `${tenant}#STATUS#${list}`,
        sk: 'COUNTER',
        used,
        scatter: new Uint8Array(32).fill(list),
        kind: 'status-counter',
        schema: 1,
      }),
    }),
  );

const currentOf = async (tenant: TenantId) => (await table.get(`${tenant}#STATUS`, 'CURRENT'))?.body;

describe('places in a status list', () => {
  it('are never given twice, however many are asked for at once', async () => {
    const tenant = TenantId.parse('concurrent');
    const places = await Promise.all(Array.from({ length: 16 }, () => lists.reserve(tenant)));
    expect(new Set(places.map(({ index }) => index)).size).toBe(16);
    expect(new Set(places.map(({ list }) => list))).toEqual(new Set([1]));
    expect(places.every(({ index }) => Number.isInteger(index) && index >= 0 && index < STATUS_LIST_BITS)).toBe(true);
  });

  it('do not tell which badge came first: they are scattered, for each tenant by a key of its own', async () => {
    const [left, right] = await Promise.all(
      ['scattered-a', 'scattered-b'].map((name) => inTurn(20, () => lists.reserve(TenantId.parse(name)))),
    );
    const indices = (left ?? []).map(({ index }) => index);
    expect(indices).not.toEqual(indices.toSorted((a, b) => a - b));
    expect(indices).not.toEqual((right ?? []).map(({ index }) => index));
  });

  it('are wasted, not given again, when the answer to a reservation is lost', async () => {
    const tenant = TenantId.parse('lost-answer');
    stage.befall('dynamodb UpdateItem', 'lose');
    const [first, second] = await inTurn(2, () => lists.reserve(tenant));
    expect(first?.index).not.toBe(second?.index);
    expect(await table.get(`${tenant}#STATUS#1`, 'COUNTER')).toMatchObject({ used: 3 });
  });
});

describe('a list that is full', () => {
  it('gives its last place too, and then sends on to a new one', async () => {
    const tenant = TenantId.parse('filling');
    await seedCounter(tenant, 1, STATUS_LIST_BITS - 2);
    const places = await inTurn(4, () => lists.reserve(tenant));
    expect(places.map(({ list, opened }) => [list, opened])).toEqual([
      [1, false],
      [1, false],
      [2, true],
      [2, true],
    ]);
    expect(places.every(({ index }) => index >= 0 && index < STATUS_LIST_BITS)).toBe(true);
    expect(await table.get(`${tenant}#STATUS#1`, 'COUNTER')).toMatchObject({ used: STATUS_LIST_BITS });
  });

  it('is not asked again once it was found full', async () => {
    const tenant = TenantId.parse('hinted');
    await seedCounter(tenant, 1, STATUS_LIST_BITS);
    await seedCounter(tenant, 2, STATUS_LIST_BITS);
    expect((await lists.reserve(tenant)).list).toBe(3);
    expect(await currentOf(tenant)).toEqual({ list: 3 });
    stage.calls.length = 0;
    expect((await lists.reserve(tenant)).list).toBe(3);
    expect(stage.calls).toEqual(['dynamodb GetItem', 'dynamodb UpdateItem']);
  });

  it('is left behind by many at once without a place given twice', async () => {
    const tenant = TenantId.parse('crowded');
    await seedCounter(tenant, 1, STATUS_LIST_BITS - 3);
    const places = await Promise.all(Array.from({ length: 12 }, () => lists.reserve(tenant)));
    expect(new Set(places.map(({ list, index }) => `${list}/${index}`)).size).toBe(12);
    expect(places.filter(({ list }) => list === 1)).toHaveLength(3);
  });

  it('hints to the next even if whoever opened that one was cut off before saying so', async () => {
    const tenant = TenantId.parse('cut-off');
    await seedCounter(tenant, 1, STATUS_LIST_BITS);
    await seedCounter(tenant, 2, 1);
    await lists.reserve(tenant);
    expect(await currentOf(tenant)).toEqual({ list: 2 });
  });
});

describe('a new list', () => {
  it('is said to be new by several places, since a claim may be lost and its word with it', async () => {
    const tenant = TenantId.parse('opening');
    const places = await inTurn(17, () => lists.reserve(tenant));
    expect(places.map(({ opened }) => opened)).toEqual([...Array.from({ length: 16 }, () => true), false]);
  });
});

describe('raised bits', () => {
  const tenant = TenantId.parse('raising');
  const mark = (index: number, raised: boolean, list = 1) => table.commit([lists.mark(tenant, { list, index }, raised)]);

  it('are those that were raised and not lowered again, of one list', async () => {
    expect(await lists.raised(tenant, 1)).toEqual([]);
    for (const index of [70_000, 0, STATUS_LIST_BITS - 1, 9]) await mark(index, true);
    await mark(5, true, 2);
    await mark(9, false);
    expect(await lists.raised(tenant, 1)).toEqual([0, 70_000, STATUS_LIST_BITS - 1]);
    expect(await lists.raised(tenant, 2)).toEqual([5]);
  });

  it('stay as they are when they are raised or lowered twice', async () => {
    for (const raised of [true, true]) await mark(42, raised, 3);
    expect(await lists.raised(tenant, 3)).toEqual([42]);
    for (const raised of [false, false]) await mark(42, raised, 3);
    expect(await lists.raised(tenant, 3)).toEqual([]);
  });

  it('are read to the last, and as they stand at that moment', async () => {
    await lists.reserve(tenant);
    for (let batch = 0; batch < 6; batch += 1)
      await table.commit(Array.from({ length: 100 }, (_, place) => lists.mark(tenant, { list: 4, index: batch * 100 + place }, true)));
    expect(await lists.raised(tenant, 4)).toEqual(Array.from({ length: 600 }, (_, index) => index));
    await mark(300, false, 4);
    expect(await lists.raised(tenant, 4)).toHaveLength(599);
  });

  it('belong to a tenant', async () => {
    expect(await lists.raised(TenantId.parse('someone-else'), 1)).toEqual([]);
  });
});

describe('what DynamoDB may say besides', () => {
  it('is not taken for a full list', async () => {
    const scripted = await openScripted();
    const adapter = (await scripted.load(() => import('#adapters/dynamodb/status-lists.ts'))).dynamodbStatusLists();
    scripted.answers({ body: {} }, refusal('ResourceNotFoundException'));
    await expect(adapter.reserve(TenantId.parse('any'))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    scripted.answers({ body: {} }, { body: {} });
    await expect(adapter.reserve(TenantId.parse('any'))).rejects.toThrow();
    await scripted.close();
  });
});
