import {
  type AttributeValue,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Attributes, key, type Running, startWithTable } from './harness.ts';

let running: Running;
beforeAll(async () => {
  running = await startWithTable();
});
afterAll(() => running.stop());

const KEY = key('learner');
const ITEM: Attributes = {
  count: { N: '1' },
  tags: { SS: ['a', 'b'] },
  files: { L: [{ S: '0' }, { S: '1' }, { S: '2' }, { S: '3' }] },
  map: { M: { a: { N: '1' }, nested: { L: [{ M: { x: { S: 'x' } } }] } } },
  title: { S: 'o' },
};

beforeEach(async () => {
  await running.client.send(new PutItemCommand({ TableName: 'assay', Item: { ...KEY, ...ITEM } }));
});

type Rest = Omit<UpdateItemCommandInput, 'TableName' | 'Key'>;
const update = (UpdateExpression: string, values?: Attributes, rest: Rest = {}) =>
  running.client.send(
    new UpdateItemCommand({
      TableName: 'assay',
      Key: KEY,
      UpdateExpression,
      ...(values && { ExpressionAttributeValues: values }),
      ReturnValues: 'ALL_NEW',
      ...rest,
    }),
  );

const left = async (expression: string, values?: Attributes, rest?: Rest): Promise<Attributes> => {
  const { Attributes: attributes } = await update(expression, values, rest);
  const { pk: _pk, sk: _sk, ...others } = attributes ?? {};
  return others;
};

const without = (...names: string[]): Attributes => Object.fromEntries(Object.entries(ITEM).filter(([name]) => !names.includes(name)));
const L = (...texts: string[]): AttributeValue => ({ L: texts.map((text) => ({ S: text })) });
const names = { ExpressionAttributeNames: { '#c': 'count', '#m': 'map' } };

describe('an update expression', () => {
  const effects: [rule: string, expression: string, values: Attributes | undefined, changed: Attributes][] = [
    ['SET replaces and adds', 'SET title = :v, fresh = :v', { ':v': { S: 'n' } }, { title: { S: 'n' }, fresh: { S: 'n' } }],
    ['SET adds numbers', 'SET #c = #c + :v', { ':v': { N: '0.5' } }, { count: { N: '1.5' } }],
    ['SET subtracts numbers', 'SET #c = #c - :v', { ':v': { N: '3' } }, { count: { N: '-2' } }],
    ['SET takes a default where nothing is', 'SET seen = if_not_exists(seen, :v) + :v', { ':v': { N: '1' } }, { seen: { N: '2' } }],
    ['SET keeps what is there', 'SET #c = if_not_exists(#c, :v)', { ':v': { N: '9' } }, { count: { N: '1' } }],
    ['SET appends to a list', 'SET files = list_append(files, :v)', { ':v': L('4') }, { files: L('0', '1', '2', '3', '4') }],
    ['SET prepends to a list', 'SET files = list_append(:v, files)', { ':v': L('-') }, { files: L('-', '0', '1', '2', '3') }],
    ['SET starts a list', 'SET news = list_append(if_not_exists(news, :none), :v)', { ':v': L('n'), ':none': { L: [] } }, { news: L('n') }],
    ['SET replaces a list member', 'SET files[1] = :v', { ':v': { S: 'new' } }, { files: L('0', 'new', '2', '3') }],
    [
      'SET past the end appends, by index',
      'SET files[9] = :v, files[7] = :w',
      { ':v': { S: 'v' }, ':w': { S: 'w' } },
      { files: L('0', '1', '2', '3', 'w', 'v') },
    ],
    ['SET copies one attribute to another', 'SET twin = title, title = :v', { ':v': { S: 'n' } }, { twin: { S: 'o' }, title: { S: 'n' } }],
    ['REMOVE takes list members by the list as it was', 'REMOVE files[0], files[2]', undefined, { files: L('1', '3') }],
    ['REMOVE past the end takes nothing', 'REMOVE files[9]', undefined, {}],
    ['SET and REMOVE on one list', 'SET files[0] = :v REMOVE files[1]', { ':v': { S: 'n' } }, { files: L('n', '2', '3') }],
    ['ADD adds to a number', 'ADD #c :v', { ':v': { N: '41' } }, { count: { N: '42' } }],
    ['ADD starts a number at zero', 'ADD fresh :v', { ':v': { N: '-1' } }, { fresh: { N: '-1' } }],
    ['ADD joins a set', 'ADD tags :v', { ':v': { SS: ['b', 'c'] } }, { tags: { SS: ['a', 'b', 'c'] } }],
    ['ADD starts a set', 'ADD fresh :v', { ':v': { NS: ['1'] } }, { fresh: { NS: ['1'] } }],
    ['DELETE leaves the rest of a set', 'DELETE tags :v', { ':v': { SS: ['a', 'x'] } }, { tags: { SS: ['b'] } }],
    ['DELETE from a set that is not there', 'DELETE fresh :v', { ':v': { SS: ['a'] } }, {}],
  ];
  it.each(effects.map(([rule, expression, values, changed]) => ({ rule, expression, values, changed })))(
    '$rule',
    async ({ expression, values, changed }) => {
      const rest = expression.includes('#c') ? { ExpressionAttributeNames: { '#c': 'count' } } : {};
      expect(await left(expression, values, rest)).toEqual({ ...ITEM, ...changed });
    },
  );

  it('reaches nested members', async () => {
    const changed = await left(
      'SET #m.nested[0].x = :v, #m.b = :v REMOVE #m.a',
      { ':v': { S: 'n' } },
      { ExpressionAttributeNames: { '#m': 'map' } },
    );
    expect(changed.map).toEqual({ M: { nested: { L: [{ M: { x: { S: 'n' } } }] }, b: { S: 'n' } } });
  });
  it('REMOVE takes attributes away', async () => {
    expect(await left('REMOVE title, lost')).toEqual(without('title'));
  });
  it('DELETE of the last element takes the set away', async () => {
    expect(await left('DELETE tags :v', { ':v': { SS: ['a', 'b'] } })).toEqual(without('tags'));
  });
  it('does all its sections at once', async () => {
    const changed = await left(
      'SET title = :s ADD #c :n REMOVE #m.a DELETE tags :t',
      { ':s': { S: 's' }, ':n': { N: '1' }, ':t': { SS: ['a'] } },
      names,
    );
    expect(changed).toEqual({
      ...ITEM,
      title: { S: 's' },
      count: { N: '2' },
      tags: { SS: ['b'] },
      map: { M: { nested: ITEM.map!.M!.nested! } },
    });
  });
  it('adds exactly where floating point would not', async () => {
    expect((await left('SET amount = :v + :w', { ':v': { N: '0.1' }, ':w': { N: '0.2' } })).amount).toEqual({ N: '0.3' });
  });

  const faults: [fault: string, expression: string, values: Attributes | undefined, message: RegExp][] = [
    ['reading what is not there', 'SET title = former', undefined, /does not exist in the item/],
    ['reading what the same expression sets', 'SET former = title, title = former', undefined, /does not exist in the item/],
    ['a key attribute', 'SET sk = :v', { ':v': { S: 'b' } }, /Cannot update attribute sk. This attribute is part of the key/],
    [
      'a path whose parent is missing',
      'SET lost.title = :v',
      { ':v': { S: 'b' } },
      /document path provided in the update expression is invalid/,
    ],
    ['an index into what is no list', 'SET title[0] = :v', { ':v': { S: 'b' } }, /document path/],
    ['arithmetic on text', 'SET title = title + :v', { ':v': { N: '1' } }, /incorrect data type/],
    ['appending to what is no list', 'SET title = list_append(title, :v)', { ':v': { L: [] } }, /incorrect data type/],
    ['adding a number to a set', 'ADD tags :v', { ':v': { N: '1' } }, /incorrect data type/],
    ['a number set for a string set', 'ADD tags :v', { ':v': { NS: ['1'] } }, /incorrect data type/],
    ['two actions on one path', 'SET title = :v REMOVE title', { ':v': { S: 'b' } }, /overlap/],
    ['a section given twice', 'SET title = :v SET tags = :v', { ':v': { S: 'b' } }, /only be used once/],
    ['an index key of the wrong type', 'SET due = :v', { ':v': { S: 'soon' } }, /Type mismatch for Index Key due/],
    ['an empty index key', 'SET queue = :v', { ':v': { S: '' } }, /cannot contain an empty string value. Key: queue/],
    ['a number that does not fit', 'SET amount = :v + :w', { ':v': { N: '1e60' }, ':w': { N: '1' } }, /38 significant digits/],
  ];
  it.each(faults.map(([fault, expression, values, message]) => ({ fault, expression, values, message })))(
    'is refused for $fault, and changes nothing',
    async ({ expression, values, message }) => {
      await expect(update(expression, values)).rejects.toThrow(message);
      const { Item } = await running.client.send(new GetItemCommand({ TableName: 'assay', Key: KEY }));
      expect(Item).toEqual({ ...KEY, ...ITEM });
    },
  );
});

describe('an update of an item that is not there', () => {
  const fresh = (UpdateExpression?: string, values?: Attributes) => {
    const Key = key(`fresh ${UpdateExpression}`);
    const sent = running.client.send(
      new UpdateItemCommand({
        TableName: 'assay',
        Key,
        UpdateExpression,
        ...(values && { ExpressionAttributeValues: values }),
        ReturnValues: 'ALL_NEW',
      }),
    );
    return { Key, sent };
  };

  it('makes one with what it sets', async () => {
    const { Key, sent } = fresh('SET amount = :v', { ':v': { S: 'v' } });
    expect((await sent).Attributes).toEqual({ ...Key, amount: { S: 'v' } });
  });
  it('makes one of keys alone when it says nothing', async () => {
    const { Key, sent } = fresh();
    expect((await sent).Attributes).toEqual(Key);
  });
  it('makes none when it only takes away', async () => {
    const { Key, sent } = fresh('REMOVE a');
    expect((await sent).Attributes).toBeUndefined();
    expect((await running.client.send(new GetItemCommand({ TableName: 'assay', Key }))).Item).toBeUndefined();
  });
});

describe('what a write returns', () => {
  const ask = async (ReturnValues: UpdateItemCommandInput['ReturnValues']) =>
    (
      await update(
        'SET title = :v REMOVE tags ADD #m.a :n',
        { ':v': { S: 'n' }, ':n': { N: '1' } },
        { ReturnValues, ExpressionAttributeNames: { '#m': 'map' } },
      )
    ).Attributes;

  it('nothing unless it is asked for', async () => {
    expect(await ask('NONE')).toBeUndefined();
  });
  it('the item as it was', async () => {
    expect(await ask('ALL_OLD')).toEqual({ ...KEY, ...ITEM });
  });
  it('what was touched, as it was', async () => {
    expect(await ask('UPDATED_OLD')).toEqual({ title: { S: 'o' }, tags: { SS: ['a', 'b'] }, map: { M: { a: { N: '1' } } } });
  });
  it('what was touched, as it is', async () => {
    expect(await ask('UPDATED_NEW')).toEqual({ title: { S: 'n' }, map: { M: { a: { N: '2' } } } });
  });
  it('the replaced and the deleted item', async () => {
    const put = await running.client.send(new PutItemCommand({ TableName: 'assay', Item: KEY, ReturnValues: 'ALL_OLD' }));
    expect(put.Attributes).toEqual({ ...KEY, ...ITEM });
    const gone = await running.client.send(new DeleteItemCommand({ TableName: 'assay', Key: KEY, ReturnValues: 'ALL_OLD' }));
    expect(gone.Attributes).toEqual(KEY);
    const again = await running.client.send(new DeleteItemCommand({ TableName: 'assay', Key: KEY, ReturnValues: 'ALL_OLD' }));
    expect(again.Attributes).toBeUndefined();
  });
  it('the item that made a condition fail, if asked for', async () => {
    const refused = update(
      'SET title = :v',
      { ':v': { S: 'n' } },
      {
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    );
    await expect(refused).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: { ...KEY, ...ITEM } });
    const untold = update('SET title = :v', { ':v': { S: 'n' } }, { ConditionExpression: 'attribute_not_exists(pk)' });
    await expect(untold).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: undefined });
  });
});
