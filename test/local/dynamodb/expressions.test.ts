import { GetItemCommand, PutItemCommand, type PutItemCommandInput } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { key, type Running, startWithTable } from './harness.ts';

let running: Running;

const ITEM = {
  ...key('learner'),
  name: { S: 'Ada Lovelace' },
  blank: { S: '' },
  score: { N: '10' },
  exact: { N: '0.1234567890123456789012345678901234567' },
  flag: { BOOL: false },
  nothing: { NULL: true },
  bytes: { B: Uint8Array.of(1, 2, 255) },
  words: { SS: ['to', 'be'] },
  numbers: { NS: ['1', '2.50'] },
  blobs: { BS: [Uint8Array.of(7)] },
  files: { L: [{ S: 'x' }, { N: '5' }, { M: { deep: { S: 'here' } } }] },
  map: { M: { inner: { M: { n: { N: '3' } } }, constructor: { S: 'c' } } },
} as const;

beforeAll(async () => {
  running = await startWithTable();
  await running.client.send(new PutItemCommand({ TableName: 'assay', Item: ITEM as unknown as NonNullable<PutItemCommandInput['Item']> }));
});
afterAll(() => running.stop());

type Values = NonNullable<PutItemCommandInput['ExpressionAttributeValues']>;

// Putting back the same item changes nothing, whatever the condition says.
const holds = async (condition: string, values?: Values, names?: Record<string, string>): Promise<boolean | string> =>
  running.client
    .send(
      new PutItemCommand({
        TableName: 'assay',
        Item: ITEM as unknown as NonNullable<PutItemCommandInput['Item']>,
        ConditionExpression: condition,
        ...(values && { ExpressionAttributeValues: values }),
        ...(names && { ExpressionAttributeNames: names }),
      }),
    )
    .then(
      () => true,
      (error: Error) => (error.name === 'ConditionalCheckFailedException' ? false : `${error.name}: ${error.message}`),
    );

describe('a condition expression', () => {
  const n = (value: string) => ({ ':v': { N: value } });
  const s = (value: string) => ({ ':v': { S: value } });

  const rules: [rule: string, condition: string, values: Values | undefined, expected: boolean][] = [
    ['a number equals itself however it is written', 'score = :v', n('10.00'), true],
    ['a number keeps 38 digits in a comparison', 'exact < :v', n('0.1234567890123456789012345678901234568'), true],
    ['a number is not equal to a string of the same digits', 'score = :v', s('10'), false],
    ['nine is less than ten, though not as text', 'score > :v', n('9'), true],
    ['a negative number is less than a smaller negative number', 'score > :v', n('-1e10'), true],
    ['less than or equal includes equality', 'score <= :v', n('10'), true],
    ['greater than excludes equality', 'score > :v', n('10'), false],
    ['strings compare by their bytes', '#n < :v', s('Ada Z'), true],
    ['different types have no order', 'score < :v', s('a'), false],
    ['what is missing equals nothing', 'lost = :v', s(''), false],
    ['what is missing is unequal to everything', 'lost <> :v', s(''), true],
    ['two missing attributes are not equal', 'lost = absent', undefined, false],
    ['what is missing has no order', 'lost < :v', n('1'), false],
    ['an empty string is there', 'attribute_exists(blank)', undefined, true],
    ['a false flag is there', 'attribute_exists(flag)', undefined, true],
    ['a null is there', 'attribute_exists(nothing)', undefined, true],
    ['a false flag equals false', 'flag = :v', { ':v': { BOOL: false } }, true],
    ['a null equals null', 'nothing = :v', { ':v': { NULL: true } }, true],
    ['an attribute name of every object is not an attribute of this item', 'attribute_not_exists(#k)', undefined, true],
    ['a map member may have the name of every object', 'attribute_exists(#m.#k)', undefined, true],
    ['sets are equal in any order', 'words = :v', { ':v': { SS: ['be', 'to'] } }, true],
    ['number sets are equal in any writing', 'numbers = :v', { ':v': { NS: ['2.5', '1.0'] } }, true],
    ['a smaller set is another set', 'words = :v', { ':v': { SS: ['be'] } }, false],
    ['lists are equal member by member', 'files = :v', { ':v': { L: [{ S: 'x' }, { N: '5' }, { M: { deep: { S: 'here' } } }] } }, true],
    ['maps are equal in any order', '#m.#i = :v', { ':v': { M: { n: { N: '3' } } } }, true],
    ['between includes both ends', 'score BETWEEN :v AND :w', { ':v': { N: '10' }, ':w': { N: '11' } }, true],
    ['between knows the order of numbers', 'score BETWEEN :v AND :w', { ':v': { N: '2' }, ':w': { N: '9' } }, false],
    ['in finds one of many', 'score IN (:v, :w)', { ':v': { N: '1' }, ':w': { N: '10' } }, true],
    ['in works on a false flag', 'flag IN (:v)', { ':v': { BOOL: false } }, true],
    ['in finds nothing for what is missing', 'lost IN (:v)', n('1'), false],
    ['begins_with reads a prefix', 'begins_with(#n, :v)', s('Ada'), true],
    ['begins_with holds for the empty prefix', 'begins_with(#n, :v)', s(''), true],
    ['begins_with reads bytes', 'begins_with(bytes, :v)', { ':v': { B: Uint8Array.of(1, 2) } }, true],
    ['begins_with does not mix types', 'begins_with(bytes, :v)', s('A'), false],
    ['contains finds a part of a string', 'contains(#n, :v)', s('Love'), true],
    ['contains finds bytes, not their text', 'contains(bytes, :v)', { ':v': { B: Uint8Array.of(255) } }, true],
    ['contains finds an element of a set', 'contains(words, :v)', s('be'), true],
    ['contains does not find a part of an element', 'contains(words, :v)', s('b'), false],
    ['contains finds an element of a number set', 'contains(numbers, :v)', n('2.5'), true],
    ['contains finds an element of a binary set', 'contains(blobs, :v)', { ':v': { B: Uint8Array.of(7) } }, true],
    ['contains finds a member of a list', 'contains(files, :v)', n('5.0'), true],
    ['contains finds a map in a list', 'contains(files, :v)', { ':v': { M: { deep: { S: 'here' } } } }, true],
    ['contains does not look inside a number', 'contains(score, :v)', n('1'), false],
    ['attribute_type tells a type', 'attribute_type(flag, :v)', s('BOOL'), true],
    ['attribute_type tells an empty string', 'attribute_type(blank, :v)', s('S'), true],
    ['attribute_type tells the wrong type', 'attribute_type(score, :v)', s('S'), false],
    ['size counts characters', 'size(#n) = :v', n('12'), true],
    ['size counts bytes', 'size(bytes) = :v', n('3'), true],
    ['size counts elements', 'size(words) = :v', n('2'), true],
    ['size counts members of a list', 'size(files) = :v', n('3'), true],
    ['size counts members of a map', 'size(#m) = :v', n('2'), true],
    ['size of a number is nothing', 'size(score) = :v', n('2'), false],
    ['size takes part in between', 'size(words) BETWEEN :v AND :w', { ':v': { N: '1' }, ':w': { N: '2' } }, true],
    ['a path reaches into maps', '#m.#i.n = :v', n('3'), true],
    ['a path reaches into lists', 'files[2].deep = :v', s('here'), true],
    ['a path past the end of a list leads nowhere', 'attribute_exists(files[3])', undefined, false],
    ['an index into a map leads nowhere', 'attribute_exists(#m[0])', undefined, false],
    ['and binds tighter than or', 'score = :v OR score = :v AND lost = :v', n('10'), true],
    ['parentheses bind tightest', '(score = :v OR score = :v) AND lost = :v', n('10'), false],
    ['not turns it round', 'NOT score = :v', n('10'), false],
    ['not of a false function', 'NOT contains(words, :v)', s('x'), true],
  ];
  it.each(rules.map(([rule, condition, values, expected]) => ({ rule, condition, values, expected })))(
    '$rule',
    async ({ condition, values, expected }) => {
      const names = { '#n': 'name', '#m': 'map', '#i': 'inner', '#k': 'constructor' };
      const used = Object.entries(names).filter(([alias]) => condition.includes(alias));
      expect(await holds(condition, values, used.length > 0 ? Object.fromEntries(used) : undefined)).toBe(expected);
    },
  );

  const faults: [fault: string, condition: string, values: Values | undefined, message: RegExp][] = [
    ['syntax', 'score =', undefined, /Invalid ConditionExpression: Syntax error/],
    ['an undefined value', 'score = :v', undefined, /attribute value: :v/],
    ['an unused value', 'attribute_exists(score)', n('1'), /unused in expressions: keys: {:v}/],
    ['a reserved word', 'name = :v', s('a'), /reserved keyword: name/],
    ['bounds the wrong way round', 'score BETWEEN :v AND :w', { ':v': { N: '2' }, ':w': { N: '1' } }, /upper bound to be greater/],
    ['redundant parentheses', '((score = :v))', n('1'), /redundant parentheses/],
    ['comparing an attribute with itself', 'score = score', undefined, /must be distinct/],
    ['an unknown function', 'sounds_like(score, :v)', n('1'), /Invalid function name/],
    ['an unknown type name', 'attribute_type(score, :v)', s('NUMBER'), /Invalid attribute type name/],
    ['an expression over 4 KB', `attribute_exists(${'a'.repeat(4097)})`, undefined, /Expression size has exceeded/],
  ];
  it.each(faults.map(([fault, condition, values, message]) => ({ fault, condition, values, message })))(
    'is refused for $fault',
    async ({ condition, values, message }) => {
      expect(await holds(condition, values)).toMatch(message);
    },
  );

  it('is refused in its legacy form instead of being ignored', async () => {
    const put = running.client.send(new PutItemCommand({ TableName: 'assay', Item: key('x'), Expected: { pk: { Exists: false } } }));
    await expect(put).rejects.toThrow('legacy parameter Expected');
  });
});

describe('a projection expression', () => {
  const project = async (projection: string) =>
    (
      await running.client.send(
        new GetItemCommand({ TableName: 'assay', Key: key('learner'), ProjectionExpression: projection, ConsistentRead: true }),
      )
    ).Item;

  it('takes top-level attributes only when they are there', async () => {
    expect(await project('score, lost')).toEqual({ score: { N: '10' } });
  });
  it('takes nested members and keeps what surrounds them', async () => {
    expect(await project('files[2].deep, score')).toEqual({ score: { N: '10' }, files: { L: [{ M: { deep: { S: 'here' } } }] } });
  });
  it('closes up the list that it takes members of, in their order', async () => {
    expect(await project('files[1], files[0]')).toEqual({ files: { L: [{ S: 'x' }, { N: '5' }] } });
  });
  it('leaves out a map of which nothing is taken', async () => {
    expect(await project('files[2].another, score')).toEqual({ score: { N: '10' } });
  });
  it('is refused when two paths overlap', async () => {
    await expect(project('files, files[0]')).rejects.toThrow('overlap');
  });
});
