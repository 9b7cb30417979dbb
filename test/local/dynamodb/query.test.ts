import {
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
  ScanCommand,
  type ScanCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Attributes, key, type Running, startWithTable } from './harness.ts';

let running: Running;
const put = (Item: Attributes) => running.client.send(new PutItemCommand({ TableName: 'assay', Item }));
const pad = (at: number) => String(at).padStart(2, '0');

beforeAll(async () => {
  running = await startWithTable();
  for (let at = 0; at < 20; at += 1) {
    // Every other item waits in the queue; due numbers go from -50 to 40, so that their text order is another.
    const queued: Attributes = at % 2 === 0 ? { queue: { S: 'q' }, due: { N: String(at * 5 - 50) } } : {};
    await put({ ...key('p', `item#${pad(at)}`), ...queued, title: { S: `t${at}` }, odd: { BOOL: at % 2 === 1 } });
  }
  await put(key('p', 'meta'));
  await put(key('other', 'item#00'));
});
afterAll(() => running.stop());

type Rest = Partial<QueryCommandInput>;
const query = (KeyConditionExpression: string, values: Attributes, rest: Rest = {}): Promise<QueryCommandOutput> =>
  running.client.send(new QueryCommand({ TableName: 'assay', KeyConditionExpression, ExpressionAttributeValues: values, ...rest }));
const sks = ({ Items }: QueryCommandOutput) => Items?.map(({ sk }) => sk?.S);
const p = { ':p': { S: 'p' } };

describe('a query by key', () => {
  const rules: [rule: string, condition: string, values: Attributes, expected: string[]][] = [
    ['equality finds one', 'sk = :a', { ':a': { S: 'item#03' } }, ['item#03']],
    ['less than leaves the bound out', 'sk < :a', { ':a': { S: 'item#02' } }, ['item#00', 'item#01']],
    ['less or equal takes the bound', 'sk <= :a', { ':a': { S: 'item#01' } }, ['item#00', 'item#01']],
    ['greater than leaves the bound out', 'sk > :a', { ':a': { S: 'item#19' } }, ['meta']],
    ['greater or equal takes the bound', 'sk >= :a', { ':a': { S: 'item#19' } }, ['item#19', 'meta']],
    [
      'between takes both bounds',
      'sk BETWEEN :a AND :b',
      { ':a': { S: 'item#08' }, ':b': { S: 'item#10' } },
      ['item#08', 'item#09', 'item#10'],
    ],
    [
      'a prefix takes what begins with it',
      'begins_with(sk, :a)',
      { ':a': { S: 'item#1' } },
      Array.from({ length: 10 }, (_, at) => `item#1${at}`),
    ],
    ['a bound may stand on the left', ':a < sk', { ':a': { S: 'item#19' } }, ['meta']],
  ];
  it.each(rules.map(([rule, condition, values, expected]) => ({ rule, condition, values, expected })))(
    '$rule',
    async ({ condition, values, expected }) => {
      const found = await query(`pk = :p AND ${condition}`, { ...p, ...values }, { ConsistentRead: true });
      expect(sks(found)).toEqual(expected);
    },
  );

  it('goes backwards when asked', async () => {
    expect(sks(await query('pk = :p', p, { ScanIndexForward: false, Limit: 3 }))).toEqual(['meta', 'item#19', 'item#18']);
  });
  it('counts without items when asked', async () => {
    const found = await query('pk = :p', p, { Select: 'COUNT' });
    expect([found.Count, found.Items]).toEqual([21, undefined]);
  });
  it('filters after reading, and says how much was read', async () => {
    const found = await query(
      'pk = :p',
      { ...p, ':t': { BOOL: true } },
      { FilterExpression: 'odd = :t', Limit: 4, ProjectionExpression: 'sk' },
    );
    expect(found.Items).toEqual([{ sk: { S: 'item#01' } }, { sk: { S: 'item#03' } }]);
    expect([found.Count, found.ScannedCount]).toEqual([2, 4]);
    expect(found.LastEvaluatedKey).toEqual(key('p', 'item#03'));
  });

  const faults: [fault: string, condition: string, values: Attributes, rest: Rest, message: string][] = [
    ['no hash key', 'sk = :p', p, {}, 'missed key schema element: pk'],
    ['a hash key that is not equal', 'pk > :p', p, {}, 'Query key condition not supported'],
    ['an attribute that is no key', 'pk = :p AND title = :p', p, {}, 'missed key schema element: sk'],
    ['a condition of the wrong type', 'pk = :p AND sk = :n', { ...p, ':n': { N: '1' } }, {}, 'does not match schema type'],
    ['alternatives', 'pk = :p OR pk = :p', p, {}, 'Invalid operator used in KeyConditionExpression: OR'],
    ['a filter on a key', 'pk = :p', p, { FilterExpression: 'sk = :p' }, 'can only contain non-primary key attributes'],
    ['an index that is not there', 'pk = :p', p, { IndexName: 'by-nothing' }, 'does not have the specified index'],
    [
      'a consistent read of an index',
      'queue = :p',
      p,
      { IndexName: 'by-queue', ConsistentRead: true },
      'Consistent reads are not supported on global secondary indexes',
    ],
    [
      'attributes that an index does not hold',
      'sk = :p',
      p,
      { IndexName: 'by-kind', ProjectionExpression: 'odd' },
      'does not project [odd]',
    ],
    [
      'all attributes of an index that holds a few',
      'sk = :p',
      p,
      { IndexName: 'by-kind', Select: 'ALL_ATTRIBUTES' },
      'ALL_ATTRIBUTES is not supported',
    ],
    ['a start outside the partition', 'pk = :p', p, { ExclusiveStartKey: key('other', 'item#00') }, 'outside query boundaries'],
    [
      'a start outside the range',
      'pk = :p AND sk < :a',
      { ...p, ':a': { S: 'item#05' } },
      { ExclusiveStartKey: key('p', 'item#07') },
      'does not match the range key predicate',
    ],
    ['a start with half a key', 'pk = :p', p, { ExclusiveStartKey: { pk: { S: 'p' } } }, 'starting key is invalid'],
    ['a limit of nothing', 'pk = :p', p, { Limit: 0 }, 'greater than or equal to 1'],
  ];
  it.each(faults.map(([fault, condition, values, rest, message]) => ({ fault, condition, values, rest, message })))(
    'is refused for $fault',
    async ({ condition, values, rest, message }) => {
      await expect(query(condition, values, rest)).rejects.toThrow(message);
    },
  );
});

const pages = async (input: QueryCommandInput): Promise<(string | undefined)[][]> => {
  const found: (string | undefined)[][] = [];
  let ExclusiveStartKey: QueryCommandOutput['LastEvaluatedKey'];
  do {
    const page: QueryCommandOutput = await running.client.send(new QueryCommand({ ...input, ExclusiveStartKey }));
    found.push(sks(page) ?? []);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return found;
};

describe('paging', () => {
  const all = Array.from({ length: 20 }, (_, at) => `item#${pad(at)}`);
  const items = {
    TableName: 'assay',
    KeyConditionExpression: 'pk = :p AND begins_with(sk, :i)',
    ExpressionAttributeValues: { ...p, ':i': { S: 'item#' } },
  };

  it.each([{ forward: true }, { forward: false }])('misses nothing and repeats nothing (forward: $forward)', async ({ forward }) => {
    const found = await pages({ ...items, Limit: 7, ScanIndexForward: forward });
    expect(found.map(({ length }) => length)).toEqual([7, 7, 6]);
    expect(found.flat()).toEqual(forward ? all : all.toReversed());
  });
  it('ends with an empty page when the limit fell on the last item, as in AWS', async () => {
    expect((await pages({ ...items, Limit: 10 })).map(({ length }) => length)).toEqual([10, 10, 0]);
  });
  it('stops at 1 MB, counted before the filter', async () => {
    for (let at = 0; at < 6; at += 1) await put({ ...key('heavy', pad(at)), body: { S: 'x'.repeat(300 * 1024) } });
    const input = { TableName: 'assay', KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'heavy' } } };
    expect((await pages(input)).map(({ length }) => length)).toEqual([4, 2]);
    const filtered = await query('pk = :p', { ':p': { S: 'heavy' }, ':s': { S: '05' } }, { FilterExpression: 'body = :s' });
    expect([filtered.Count, filtered.ScannedCount, filtered.LastEvaluatedKey]).toEqual([0, 4, key('heavy', '03')]);
  });
  it('goes on behind an item that was deleted meanwhile', async () => {
    const found = await query('pk = :p', p, { ExclusiveStartKey: key('p', 'item#18x') });
    expect(sks(found)).toEqual(['item#19', 'meta']);
  });
});

describe('a sparse index', () => {
  const q = { ':q': { S: 'q' } };
  it('holds only items with all its keys, in the order of its numbers', async () => {
    const found = await query('queue = :q', q, { IndexName: 'by-queue' });
    expect(found.Items?.map(({ due }) => due?.N)).toEqual(['-50', '-40', '-30', '-20', '-10', '0', '10', '20', '30', '40']);
    expect(found.Items?.[0]).toMatchObject({ title: { S: 't0' } });
  });
  it('bounds numbers by value', async () => {
    const found = await query(
      'queue = :q AND due BETWEEN :a AND :b',
      { ...q, ':a': { N: '-1e1' }, ':b': { N: '10.0' } },
      { IndexName: 'by-queue' },
    );
    expect(found.Items?.map(({ due }) => due?.N)).toEqual(['-10', '0', '10']);
  });
  it.each([{ forward: true }, { forward: false }])('pages by index key and table key (forward: $forward)', async ({ forward }) => {
    for (let at = 0; at < 5; at += 1) await put({ ...key(`same${at}`), queue: { S: 'same' }, due: { N: '1' } });
    const input = {
      TableName: 'assay',
      IndexName: 'by-queue',
      KeyConditionExpression: 'queue = :q',
      ExpressionAttributeValues: { ':q': { S: 'same' } },
    };
    const seen: (string | undefined)[] = [];
    let ExclusiveStartKey: QueryCommandOutput['LastEvaluatedKey'];
    do {
      const page: QueryCommandOutput = await running.client.send(
        new QueryCommand({ ...input, Limit: 2, ExclusiveStartKey, ScanIndexForward: forward }),
      );
      seen.push(...(page.Items ?? []).map(({ pk }) => pk?.S));
      ExclusiveStartKey = page.LastEvaluatedKey;
      if (ExclusiveStartKey) expect(Object.keys(ExclusiveStartKey).sort()).toEqual(['due', 'pk', 'queue', 'sk']);
    } while (ExclusiveStartKey);
    expect(seen.toSorted()).toEqual(['same0', 'same1', 'same2', 'same3', 'same4']);
  });
  it('follows an item that moves, leaves and changes', async () => {
    const due = async () =>
      (await query('queue = :q', { ':q': { S: 'moving' } }, { IndexName: 'by-queue' })).Items?.map((item) => [item.due?.N, item.title?.S]);
    const update = (UpdateExpression: string, values?: Attributes) =>
      running.client.send(
        new UpdateItemCommand({
          TableName: 'assay',
          Key: key('mover'),
          UpdateExpression,
          ...(values && { ExpressionAttributeValues: values }),
        }),
      );
    await update('SET queue = :q, due = :n, title = :t', { ':q': { S: 'moving' }, ':n': { N: '1' }, ':t': { S: 'a' } });
    expect(await due()).toEqual([['1', 'a']]);
    await update('SET due = :n', { ':n': { N: '2' } });
    expect(await due()).toEqual([['2', 'a']]);
    await update('SET title = :t', { ':t': { S: 'b' } });
    expect(await due()).toEqual([['2', 'b']]);
    await update('REMOVE due');
    expect(await due()).toEqual([]);
  });
  it('shows and filters only what it holds', async () => {
    const found = await query('sk = :m', { ':m': { S: 'item#01' } }, { IndexName: 'by-kind' });
    expect(found.Items).toEqual([{ ...key('p', 'item#01'), title: { S: 't1' } }]);
    const filtered = await query(
      'sk = :m',
      { ':m': { S: 'item#01' } },
      { IndexName: 'by-kind', FilterExpression: 'attribute_exists(odd)' },
    );
    expect(filtered.Count).toBe(0);
  });
});

describe('a scan', () => {
  const scan = async (input: Partial<ScanCommandInput>): Promise<string[]> => {
    const found: string[] = [];
    let ExclusiveStartKey: ScanCommandInput['ExclusiveStartKey'];
    do {
      const page = await running.client.send(new ScanCommand({ TableName: 'assay', Limit: 5, ExclusiveStartKey, ...input }));
      found.push(...(page.Items ?? []).map(({ pk, sk }) => `${pk?.S}/${sk?.S}`));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return found;
  };

  it('finds every item once, page by page', async () => {
    for (let at = 0; at < 40; at += 1) await put(key(`spread${at}`));
    const found = await scan({});
    expect(new Set(found).size).toBe(found.length);
    expect(found.filter((name) => name.startsWith('spread'))).toHaveLength(40);
  });
  it('does not come in the order of the partition keys', async () => {
    const spread = (await scan({})).filter((name) => name.startsWith('spread'));
    expect(spread).not.toEqual(spread.toSorted());
  });
  it('in segments finds the same, each item in one segment', async () => {
    const segments = await Promise.all([0, 1, 2].map((Segment) => scan({ Segment, TotalSegments: 3, ConsistentRead: true })));
    expect(segments.flat().toSorted()).toEqual((await scan({})).toSorted());
    expect(segments.every(({ length }) => length > 0)).toBe(true);
  });
  it('of an index finds only what is in it', async () => {
    const found = await scan({
      IndexName: 'by-queue',
      FilterExpression: 'begins_with(title, :t)',
      ExpressionAttributeValues: { ':t': { S: 't' } },
    });
    expect(found).toHaveLength(10);
  });
});
