import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Write } from '#shared/ports.ts';
import { openScripted, refusal, type Scripted } from './scripted.ts';
import { openStage, type Stage } from './stage.ts';

type Module = typeof import('#adapters/dynamodb/table.ts');

let stage: Stage;
let module: Module;

beforeAll(async () => {
  stage = await openStage();
  module = await stage.as('on-decision-made', () => import('#adapters/dynamodb/table.ts'));
});
afterAll(() => stage.close());

const put = (partition: string, over: Partial<Write> = {}): Write => ({
  partition,
  sort: 'A',
  expect: 'anything',
  label: 'item',
  item: { kind: 'probe', schema: 1, body: { n: 1 } },
  ...over,
});

const { item: _, ...nothing } = put('');
const remove = (partition: string, over: Partial<Write> = {}): Write => ({ ...nothing, partition, ...over });

const commit = (...writes: Write[]): Promise<void> => module.table().commit(writes);
const get = (partition: string, sort = 'A') => module.table().get(partition, sort);

const conflict = (...labels: string[]) => ({ name: 'WriteConflict', labels });

describe('an item', () => {
  it('comes back as it was written, bytes and nested values too, without what was undefined', async () => {
    const body = {
      text: 'ü',
      empty: '',
      n: 1.5,
      yes: true,
      none: null,
      list: [1, 'a', { b: [] }],
      bytes: new Uint8Array([0, 255]),
      left: undefined,
    };
    await commit(put('whole', { item: { kind: 'probe', schema: 1, body } }));
    const { left, ...kept } = body;
    expect(await get('whole')).toEqual({ pk: 'whole', sk: 'A', kind: 'probe', schema: 1, body: kept });
  });

  it('that is not there is undefined', async () => {
    expect(await get('nowhere')).toBeUndefined();
  });

  it('lies where the write says, whatever its body calls a key', async () => {
    await commit(put('place', { item: { pk: 'elsewhere', sk: 'B' } }));
    expect(await get('place')).toEqual({ pk: 'place', sk: 'A' });
    expect(await get('elsewhere', 'B')).toBeUndefined();
  });

  it('is only taken for the kind and schema that this code knows', () => {
    expect(module.bodyOf({ kind: 'probe', schema: 1, body: 7 }, 'probe')).toBe(7);
    expect(() => module.bodyOf({ kind: 'other', schema: 1 }, 'probe')).toThrow(
      'expected item of kind probe and schema 1, found other and 1',
    );
    expect(() => module.bodyOf({ kind: 'probe', schema: 2 }, 'probe')).toThrow(/found probe and 2/);
    expect(() => module.bodyOf({}, 'probe')).toThrow(/found undefined and undefined/);
  });
});

describe('an expectation', () => {
  it.each<[string, Write['expect'], { whenAbsent: boolean; whenPresent: boolean }]>([
    ['anything', 'anything', { whenAbsent: true, whenPresent: true }],
    ['nothing there', 'absent', { whenAbsent: true, whenPresent: false }],
    ['something there', 'present', { whenAbsent: false, whenPresent: true }],
    ['the revision', { revision: 3 }, { whenAbsent: false, whenPresent: true }],
    ['another revision', { revision: 2 }, { whenAbsent: false, whenPresent: false }],
  ])('of %s is met or the write is lost', async (title, wanted, { whenAbsent, whenPresent }) => {
    const lost = conflict('mine');
    const write = (partition: string) => commit(put(partition, { expect: wanted, label: 'mine' }));
    const [fresh, present] = [`fresh ${title}`, `present ${title}`];
    await commit(put(present, { item: { revision: 3 } }));
    await (whenAbsent ? expect(write(fresh)).resolves.toBeUndefined() : expect(write(fresh)).rejects.toMatchObject(lost));
    await (whenPresent ? expect(write(present)).resolves.toBeUndefined() : expect(write(present)).rejects.toMatchObject(lost));
    expect((await get(present))?.revision).toBe(whenPresent ? undefined : 3);
  });

  it('holds for a deletion, and for a check that writes nothing', async () => {
    await commit(put('guarded', { item: { revision: 1 } }));
    await expect(commit(remove('guarded', { expect: { revision: 2 } }))).rejects.toMatchObject(conflict('item'));
    await expect(commit(remove('guarded', { check: true, expect: 'absent', label: 'seen' }), put('beside'))).rejects.toMatchObject(
      conflict('seen'),
    );
    expect(await get('beside')).toBeUndefined();
    await commit(remove('guarded', { check: true, expect: { revision: 1 } }), put('beside'));
    expect([await get('guarded'), await get('beside')].every((item) => item !== undefined)).toBe(true);
    await commit(remove('guarded', { expect: { revision: 1 } }));
    expect(await get('guarded')).toBeUndefined();
  });
});

describe('a transaction', () => {
  it('stands or falls whole, and says which of its expectations failed', async () => {
    await commit(put('taken'));
    const writes = [
      put('free'),
      put('taken', { expect: 'absent', label: 'first' }),
      put('also free', { expect: 'absent' }),
      put('missing', { expect: 'present', label: 'second' }),
    ];
    await expect(commit(...writes)).rejects.toMatchObject(conflict('first', 'second'));
    expect([await get('free'), await get('also free')]).toEqual([undefined, undefined]);
  });

  it('takes a hundred writes and not one more', async () => {
    const writes = Array.from({ length: 101 }, (__, place) => put('many', { sort: `S${String(place).padStart(3, '0')}` }));
    await expect(commit(...writes)).rejects.toThrow('a transaction takes 100 writes, not 101');
    expect(await module.table().query('many')).toEqual([]);
    await commit(...writes.slice(1));
    expect(await module.table().query('many')).toHaveLength(100);
  });

  it('of which two want the same at once is won by one', async () => {
    const claims = await Promise.allSettled(
      [1, 2, 3, 4, 5].map((n) => commit(put('race', { expect: 'absent', item: { n } }), put(`by ${n}`))),
    );
    expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { n } = (await get('race')) ?? {};
    const traces = await Promise.all([1, 2, 3, 4, 5].map((by) => get(`by ${by}`)));
    expect(traces.map((trace) => trace !== undefined)).toEqual([1, 2, 3, 4, 5].map((by) => by === n));
  });

  it('whose answer was lost on the way is repeated without harm', async () => {
    stage.befall('dynamodb TransactWriteItems', 'lose');
    await commit(put('lost answer', { expect: 'absent' }));
    expect(await get('lost answer')).toBeDefined();
  });

  it('that is turned away for a moment is tried again', async () => {
    stage.befall('dynamodb TransactWriteItems', 'throttle', 'fail');
    await commit(put('turned away', { expect: 'absent' }));
    expect(await get('turned away')).toBeDefined();
  });

  it('that names one item twice is a mistake, not a conflict', async () => {
    await expect(commit(put('twice'), put('twice'))).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('a query', () => {
  beforeAll(() => commit(...['A#1', 'A#2', 'B#1', '~Z'].map((sort) => put('listed', { sort }))));

  const sorts = async (range?: Parameters<ReturnType<Module['table']>['query']>[1]) =>
    (await module.table().query('listed', range)).map(({ sk }) => sk);

  it('finds a whole partition in order, what begins with a prefix, or what stands before a key', async () => {
    expect(await sorts()).toEqual(['A#1', 'A#2', 'B#1', '~Z']);
    expect(await sorts({ prefix: 'A#' })).toEqual(['A#1', 'A#2']);
    expect(await sorts({ before: 'B#1' })).toEqual(['A#1', 'A#2']);
    expect(await sorts({ prefix: 'C' })).toEqual([]);
  });

  it('reads on where one page, a megabyte, ends', async () => {
    const body = 'x'.repeat(200_000);
    for (let n = 0; n < 12; n += 1) await commit(put('large', { sort: String(n).padStart(2, '0'), item: { body } }));
    stage.calls.length = 0;
    const items = await module.table().query('large');
    expect(items.map(({ sk }) => Number(sk))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(stage.calls.filter((call) => call === 'dynamodb Query').length).toBeGreaterThan(1);
  });

  it('of an index finds only what carries its keys, newest first', async () => {
    const indexed = (sort: string, gsi1sk: string) => put('indexed', { sort, item: { gsi1pk: 'learner', gsi1sk } });
    await commit(indexed('1', '2026-01-02'), indexed('2', '2026-01-03'), indexed('3', '2026-01-01'), put('indexed', { sort: '4' }));
    const found = await module.table().queryIndex('byLearner', 'learner');
    expect(found.map(({ gsi1sk }) => gsi1sk)).toEqual(['2026-01-03', '2026-01-02', '2026-01-01']);
  });
});

describe('what DynamoDB says and the stand-in never does', () => {
  let scripted: Scripted;
  let table: ReturnType<Module['table']>;
  beforeAll(async () => {
    scripted = await openScripted();
    table = (await scripted.load(() => import('#adapters/dynamodb/table.ts'))).table();
  });
  afterAll(() => scripted.close());

  const cancelled = (...codes: string[]) =>
    refusal('TransactionCanceledException', { CancellationReasons: codes.map((Code) => ({ Code })) });

  it('two transactions that met are a conflict without a label, to be tried again', async () => {
    scripted.answers(cancelled('None', 'TransactionConflict'));
    await expect(table.commit([put('a'), put('b')])).rejects.toMatchObject({
      ...conflict(),
      message: 'write conflict: concurrent transaction',
    });
  });

  it('an expectation that failed counts, even if transactions met as well', async () => {
    scripted.answers(cancelled('ConditionalCheckFailed', 'TransactionConflict'));
    await expect(table.commit([put('a', { label: 'mine' }), put('b')])).rejects.toMatchObject(conflict('mine'));
  });

  it('a transaction cancelled for another reason is that error, since trying again would not help', async () => {
    for (const answer of [
      cancelled('ThrottlingError'),
      cancelled('ItemCollectionSizeLimitExceeded'),
      refusal('TransactionCanceledException'),
    ]) {
      scripted.answers(answer);
      await expect(table.commit([put('a')])).rejects.toMatchObject({ name: 'TransactionCanceledException' });
    }
  });

  it('a page may be empty and still not the last', async () => {
    scripted.answers(
      { body: { LastEvaluatedKey: { pk: { S: 'a' }, sk: { S: 'b' } } } },
      { body: { Items: [{ pk: { S: 'a' }, sk: { S: 'c' } }] } },
    );
    expect(await table.query('a')).toEqual([{ pk: 'a', sk: 'c' }]);
  });
});
