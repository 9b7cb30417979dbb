import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Attributes, key, type Running, startWithTable } from './harness.ts';

let running: Running;
beforeAll(async () => {
  running = await startWithTable();
});
afterAll(() => running.stop());

const put = (Item: Attributes, TableName = 'assay') => running.client.send(new PutItemCommand({ TableName, Item }));
const get = async (Key: Attributes, TableName = 'assay') =>
  (await running.client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item;

describe('an item', () => {
  it('comes back as it was put, with every type', async () => {
    const item: Attributes = {
      ...key('types'),
      s: { S: 'Zoë 🎓' },
      n: { N: '-12.5' },
      b: { B: Uint8Array.of(0, 255) },
      yes: { BOOL: true },
      none: { NULL: true },
      ss: { SS: ['a', ''] },
      ns: { NS: ['1', '-2'] },
      bs: { BS: [Uint8Array.of(1)] },
      l: { L: [{ L: [] }, { M: {} }] },
      m: { M: { '': { S: 'a member may have no name' }, deep: { M: { er: { N: '0' } } } } },
    };
    await put(item);
    expect(await get(key('types'))).toEqual(item);
  });
  it('has its numbers in one writing', async () => {
    await put({ ...key('numbers'), n: { N: '01.500e2' }, zero: { N: '-0.0' } });
    expect(await get(key('numbers'))).toMatchObject({ n: { N: '150' }, zero: { N: '0' } });
  });
  it('replaces the one with the same key whole', async () => {
    await put({ ...key('replaced'), a: { S: 'a' } });
    await put({ ...key('replaced'), b: { S: 'b' } });
    expect(await get(key('replaced'))).toEqual({ ...key('replaced'), b: { S: 'b' } });
  });
  it('that is not there is no error', async () => {
    expect(await get(key('nobody'))).toBeUndefined();
    await expect(running.client.send(new DeleteItemCommand({ TableName: 'assay', Key: key('nobody') }))).resolves.toBeDefined();
  });
  it('may be 400 KB and not a byte more, counted in UTF-8', async () => {
    const names = 'pk' + 'sk' + 'text';
    const room = 400 * 1024 - names.length - 'large'.length - 1;
    await put({ ...key('large'), text: { S: 'ä'.repeat(room / 2) } });
    await expect(put({ ...key('large'), text: { S: `${'ä'.repeat(room / 2)}xx` } })).rejects.toThrow('Item size has exceeded');
  });
  it('may nest 32 levels and no more', async () => {
    const nest = (levels: number): Attributes => ({ m: { M: levels > 1 ? nest(levels - 1) : {} } });
    await put({ ...key('deep'), ...nest(32) });
    await expect(put({ ...key('deep'), ...nest(33) })).rejects.toThrow('Nesting Levels');
  });

  const faults: [fault: string, item: Attributes, message: string][] = [
    ['a missing key', { pk: { S: 'a' } }, 'Missing the key sk in the item'],
    ['a key of the wrong type', { pk: { S: 'a' }, sk: { N: '1' } }, 'Type mismatch for key sk expected: S actual: N'],
    ['an empty key', { pk: { S: '' }, sk: { S: 'a' } }, 'cannot contain an empty string value. Key: pk'],
    ['a hash key over 2048 bytes', key('ä'.repeat(1025)), 'exceeded the maximum size limit of2048 bytes'],
    ['a range key over 1024 bytes', key('a', 'b'.repeat(1025)), 'exceeded the size limit of 1024 bytes'],
    ['an index key of the wrong type', { ...key('a'), due: { S: 'x' } }, 'Type mismatch for Index Key due'],
    ['an empty set', { ...key('a'), s: { SS: [] } }, 'may not be empty'],
    ['a set with duplicates', { ...key('a'), s: { NS: ['1', '1.0'] } }, 'duplicates'],
    ['what is no number', { ...key('a'), n: { N: 'one' } }, 'cannot be converted to a numeric value'],
    ['39 digits', { ...key('a'), n: { N: '1'.repeat(39) } }, '38 significant digits'],
    ['a number too large', { ...key('a'), n: { N: '1e126' } }, 'overflow'],
  ];
  it.each(faults.map(([fault, item, message]) => ({ fault, item, message })))('is refused for $fault', async ({ item, message }) => {
    await expect(put(item)).rejects.toThrow(message);
  });
  it('is refused when the service could not keep it whole', async () => {
    const handle = (Item: unknown) =>
      running.dynamoDb.tables.handle('PutItem', { TableName: 'assay', Item }, { principal: 'root', authorize: () => {} });
    const proto = JSON.parse('{ "__proto__": { "S": "x" } }');
    await expect(handle({ ...key('a'), m: { M: proto } })).rejects.toMatchObject({ code: 'ValidationException' });
    await expect(handle({ ...key('a'), v: null })).rejects.toMatchObject({ code: 'SerializationException' });
    await expect(handle({ ...key('a'), v: { L: [null] } })).rejects.toMatchObject({ code: 'SerializationException' });
    await expect(handle({ ...key('a'), v: {} })).rejects.toMatchObject({ code: 'ValidationException' });
    await expect(handle({ ...key('a'), v: { S: 'x', N: '1' } })).rejects.toMatchObject({ code: 'ValidationException' });
  });
  it('is not found under a key of another shape', async () => {
    await expect(get({ pk: { S: 'a' } })).rejects.toThrow('does not match the schema');
    await expect(get({ ...key('a'), extra: { S: 'b' } })).rejects.toThrow('does not match the schema');
  });
  it('of a table that does not exist is a refusal', async () => {
    await expect(get(key('a'), 'nowhere')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('keys of bytes and numbers', () => {
  it('tell items apart by value, not by writing', async () => {
    await running.client.send(
      new CreateTableCommand({
        TableName: 'binary',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'id', AttributeType: 'B' },
          { AttributeName: 'at', AttributeType: 'N' },
        ],
        KeySchema: [
          { AttributeName: 'id', KeyType: 'HASH' },
          { AttributeName: 'at', KeyType: 'RANGE' },
        ],
      }),
    );
    await put({ id: { B: Uint8Array.of(0, 200) }, at: { N: '1.0' }, v: { S: 'first' } }, 'binary');
    await put({ id: { B: Uint8Array.of(0, 200) }, at: { N: '1' }, v: { S: 'second' } }, 'binary');
    expect(await get({ id: { B: Uint8Array.of(0, 200) }, at: { N: '10e-1' } }, 'binary')).toMatchObject({ v: { S: 'second' } });
    expect((await running.client.send(new ScanCommand({ TableName: 'binary' }))).Count).toBe(1);
  });
});

describe('a race', () => {
  it('of 50 conditional puts has exactly one winner', async () => {
    const attempts = Array.from({ length: 50 }, (_, runner) =>
      running.client.send(
        new PutItemCommand({
          TableName: 'assay',
          Item: { ...key('lock'), runner: { N: String(runner) } },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    );
    const outcomes = await Promise.allSettled(attempts);
    const winners = outcomes.flatMap(({ status }, runner) => (status === 'fulfilled' ? [String(runner)] : []));
    expect(winners).toHaveLength(1);
    expect(await get(key('lock'))).toMatchObject({ runner: { N: winners[0] } });
    const losers = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.name] : []));
    expect(new Set(losers)).toEqual(new Set(['ConditionalCheckFailedException']));
  });
});

describe('a batch', () => {
  it('puts and deletes, and gets what is there', async () => {
    await put(key('batch', 'old'));
    await running.client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          assay: [
            { PutRequest: { Item: { ...key('batch', 'new'), v: { S: 'v' }, w: { S: 'w' } } } },
            { DeleteRequest: { Key: key('batch', 'old') } },
          ],
        },
      }),
    );
    const found = await running.client.send(
      new BatchGetItemCommand({
        RequestItems: { assay: { Keys: [key('batch', 'old'), key('batch', 'new')], ProjectionExpression: 'sk, v', ConsistentRead: true } },
      }),
    );
    expect(found.Responses).toEqual({ assay: [{ sk: { S: 'new' }, v: { S: 'v' } }] });
    expect(found.UnprocessedKeys).toEqual({});
  });
  it('that names one item twice is refused', async () => {
    const PutRequest = { Item: key('twice') };
    const write = running.client.send(new BatchWriteItemCommand({ RequestItems: { assay: [{ PutRequest }, { PutRequest }] } }));
    await expect(write).rejects.toThrow('contains duplicates');
    const read = running.client.send(new BatchGetItemCommand({ RequestItems: { assay: { Keys: [key('twice'), key('twice')] } } }));
    await expect(read).rejects.toThrow('contains duplicates');
  });
  it('takes 25 writes and 100 reads at most', async () => {
    const puts = Array.from({ length: 26 }, (_, at) => ({ PutRequest: { Item: key('many', String(at)) } }));
    await expect(running.client.send(new BatchWriteItemCommand({ RequestItems: { assay: puts } }))).rejects.toThrow(
      'less than or equal to 25',
    );
    const Keys = Array.from({ length: 101 }, (_, at) => key('many', String(at)));
    await expect(running.client.send(new BatchGetItemCommand({ RequestItems: { assay: { Keys } } }))).rejects.toThrow(
      'less than or equal to 100',
    );
  });
  it('answers 16 MB at most and names the keys that are left', async () => {
    const Keys = Array.from({ length: 45 }, (_, at) => key('heavy', String(at).padStart(2, '0')));
    const text = { S: 'x'.repeat(390 * 1024) };
    await Promise.all(Keys.map((one) => put({ ...one, text })));
    const first = await running.client.send(new BatchGetItemCommand({ RequestItems: { assay: { Keys, ProjectionExpression: 'sk' } } }));
    const left = first.UnprocessedKeys?.assay;
    expect(left?.Keys).toEqual(Keys.slice(42));
    const second = await running.client.send(new BatchGetItemCommand({ RequestItems: first.UnprocessedKeys! }));
    expect([...first.Responses!.assay!, ...second.Responses!.assay!]).toEqual(Keys.map(({ sk }) => ({ sk })));
  });
});
