import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  TransactGetItemsCommand,
  type TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Attributes, key, type Running, startWithTable } from './harness.ts';

let running: Running;
beforeEach(async () => {
  running = await startWithTable();
});
afterEach(() => running.stop());

const TableName = 'assay';
const put = (pk: string, rest: Attributes = {}): TransactWriteItem => ({ Put: { TableName, Item: { ...key(pk), ...rest } } });
const putNew = (pk: string): TransactWriteItem => ({
  Put: { TableName, Item: key(pk), ConditionExpression: 'attribute_not_exists(pk)' },
});
const mustExist = (pk: string): TransactWriteItem => ({
  ConditionCheck: { TableName, Key: key(pk), ConditionExpression: 'attribute_exists(pk)' },
});
const increment = (pk: string): TransactWriteItem => ({
  Update: { TableName, Key: key(pk), UpdateExpression: 'ADD hits :one', ExpressionAttributeValues: { ':one': { N: '1' } } },
});
const remove = (pk: string): TransactWriteItem => ({ Delete: { TableName, Key: key(pk) } });

const write = (TransactItems: TransactWriteItem[], ClientRequestToken?: string) =>
  running.client.send(new TransactWriteItemsCommand({ TransactItems, ...(ClientRequestToken && { ClientRequestToken }) }));
const get = async (pk: string) => (await running.client.send(new GetItemCommand({ TableName, Key: key(pk) }))).Item;
const count = async () => (await running.client.send(new ScanCommand({ TableName, Select: 'COUNT' }))).Count;

const cancellation = (attempt: Promise<unknown>): Promise<TransactionCanceledException> =>
  attempt.then(
    () => expect.fail('the transaction was not cancelled'),
    (error) => {
      expect(error.name).toBe('TransactionCanceledException');
      return error;
    },
  );
const codes = async (attempt: Promise<unknown>) => (await cancellation(attempt)).CancellationReasons?.map(({ Code }) => Code);

describe('a writing transaction', () => {
  it('does all of its actions', async () => {
    await write([put('old'), put('checked')]);
    await write([putNew('new'), increment('counter'), remove('old'), mustExist('checked')]);
    expect(await get('new')).toEqual(key('new'));
    expect(await get('counter')).toEqual({ ...key('counter'), hits: { N: '1' } });
    expect(await get('old')).toBeUndefined();
    expect(await get('checked')).toEqual(key('checked'));
  });
  it('does none when one condition fails, and says of every action why', async () => {
    await write([put('taken')]);
    const error = await cancellation(write([put('a'), putNew('taken'), increment('b'), mustExist('nobody')]));
    expect(error.message).toBe(
      'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, None, ConditionalCheckFailed]',
    );
    expect(error.CancellationReasons).toEqual([
      { Code: 'None' },
      { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
      { Code: 'None' },
      { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
    ]);
    expect(await count()).toBe(1);
  });
  it('shows the item that failed a condition when asked to', async () => {
    await write([put('taken', { by: { S: 'ada' } })]);
    const attempt = write([
      {
        Put: {
          TableName,
          Item: key('taken'),
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
    ]);
    expect((await cancellation(attempt)).CancellationReasons?.[0]?.Item).toEqual({ ...key('taken'), by: { S: 'ada' } });
  });
  it('judges every condition by the state before it', async () => {
    expect(
      await codes(write([put('a'), { ConditionCheck: { TableName, Key: key('b'), ConditionExpression: 'attribute_exists(pk)' } }])),
    ).toEqual(['None', 'ConditionalCheckFailed']);
  });
  it('takes up to 100 actions', async () => {
    await write(Array.from({ length: 100 }, (_, at) => put(`p${at}`)));
    expect(await count()).toBe(100);
    await expect(write(Array.from({ length: 101 }, (_, at) => put(`q${at}`)))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('less than or equal to 100'),
    });
    await expect(write([])).rejects.toThrow('greater than or equal to 1');
  });
  it('takes up to 4 MB', async () => {
    const heavy = (pk: string) => put(pk, { text: { S: 'x'.repeat(390 * 1024) } });
    await write(Array.from({ length: 10 }, (_, at) => heavy(`p${at}`)));
    await expect(write(Array.from({ length: 11 }, (_, at) => heavy(`q${at}`)))).rejects.toThrow('size cannot exceed');
    expect([await get('p9'), await get('q0')]).toEqual([expect.anything(), undefined]);
  });

  it.each([
    { actions: 'put and put', items: () => [put('a'), put('a')] },
    { actions: 'put and check', items: () => [put('a'), mustExist('a')] },
    { actions: 'check and check', items: () => [put('b'), mustExist('a'), mustExist('a')] },
    { actions: 'update and delete', items: () => [increment('a'), remove('a')] },
  ])('is refused when one item appears twice: $actions', async ({ items }) => {
    await expect(write(items())).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Transaction request cannot include multiple operations on one item',
    });
    expect(await count()).toBe(0);
  });

  it('that is invalid in one action is cancelled before any condition is looked at', async () => {
    const wrongKey: TransactWriteItem = { Put: { TableName, Item: { pk: { S: 'a' }, sk: { N: '7' } } } };
    const error = await cancellation(write([mustExist('nobody'), wrongKey, wrongKey]));
    expect(error.CancellationReasons).toEqual([
      { Code: 'None' },
      { Code: 'ValidationError', Message: expect.stringContaining('Type mismatch for key sk') },
      { Code: 'None' },
    ]);
  });
  it('whose update does not fit the item is cancelled', async () => {
    await write([put('a', { hits: { S: 'text' } })]);
    expect(await codes(write([put('b'), increment('a')]))).toEqual(['None', 'ValidationError']);
    expect(await get('b')).toBeUndefined();
  });
  it('that misuses an expression is refused as a whole', async () => {
    const attempt = write([{ Put: { TableName, Item: key('a'), ConditionExpression: 'attribute_exists(#x)' } }]);
    await expect(attempt).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining('#x') });
    const unconditional = write([{ ConditionCheck: { TableName, Key: key('a'), ConditionExpression: undefined } }]);
    await expect(unconditional).rejects.toThrow('onditionExpression');
    const nowhere = write([{ Put: { TableName: 'nowhere', Item: key('a') } }]);
    await expect(nowhere).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
  it('with two actions in one place is refused', async () => {
    await expect(write([{ ...put('a'), ...remove('b') }])).rejects.toThrow('can only contain one of');
  });
});

describe('a race of transactions', () => {
  it('for one lock has exactly one winner, whole', async () => {
    const attempts = Array.from({ length: 50 }, (_, runner) => write([putNew('lock'), put(`work${runner}`)]));
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await count()).toBe(2);
  });
  it('on one version lets each version be written once', async () => {
    await running.client.send(new PutItemCommand({ TableName, Item: { ...key('aggregate'), version: { N: '0' } } }));
    const raise = async () => {
      for (;;) {
        const version = (await get('aggregate'))?.version?.N ?? '0';
        const values = { ':old': { N: version }, ':new': { N: String(Number(version) + 1) } };
        const done = await write([
          {
            Update: {
              TableName,
              Key: key('aggregate'),
              UpdateExpression: 'SET version = :new',
              ConditionExpression: 'version = :old',
              ExpressionAttributeValues: values,
            },
          },
          { Put: { TableName, Item: key('aggregate', `event#${version}`), ConditionExpression: 'attribute_not_exists(pk)' } },
        ]).then(
          () => true,
          () => false,
        );
        if (done) return;
      }
    };
    await Promise.all(Array.from({ length: 10 }, raise));
    expect((await get('aggregate'))?.version).toEqual({ N: '10' });
    expect(await count()).toBe(11);
  });
});

describe('a client request token', () => {
  const MINUTES = 60_000;

  it('makes a repeated transaction happen once', async () => {
    await write([increment('a')], 'token');
    await write([increment('a')], 'token');
    await write([increment('a')], 'another');
    expect((await get('a'))?.hits).toEqual({ N: '2' });
  });
  it('refuses another transaction under the same token', async () => {
    await write([increment('a')], 'token');
    await expect(write([increment('b')], 'token')).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
    expect(await get('b')).toBeUndefined();
  });
  it('is spent for ten minutes', async () => {
    await write([increment('a')], 'token');
    running.pass(10 * MINUTES - 1);
    await write([increment('a')], 'token');
    running.pass(1);
    await write([increment('a')], 'token');
    expect((await get('a'))?.hits).toEqual({ N: '2' });
  });
  it('is not spent by a transaction that was cancelled', async () => {
    await cancellation(write([mustExist('a'), put('b')], 'token'));
    await write([put('a')]);
    await write([mustExist('a'), put('b')], 'token');
    expect(await get('b')).toEqual(key('b'));
  });
  it('has at most 36 characters', async () => {
    await expect(write([put('a')], 'x'.repeat(37))).rejects.toThrow('lientRequestToken');
  });
  it('is sent by the SDK itself, so that its retry after a lost answer does no harm', async () => {
    let lost = 0;
    const { requestHandler, endpoint } = running.client.config;
    const flaky = new DynamoDBClient({
      endpoint: endpoint!,
      region: 'us-east-1',
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
      requestHandler: {
        ...requestHandler,
        handle: async (...sent: Parameters<typeof requestHandler.handle>) => {
          const answer = await requestHandler.handle(...sent);
          lost += 1;
          if (lost === 1) throw Object.assign(new Error('connection lost'), { name: 'TimeoutError' });
          return answer;
        },
      },
    });
    await flaky.send(new TransactWriteItemsCommand({ TransactItems: [increment('a')] }));
    expect(lost).toBe(2);
    expect((await get('a'))?.hits).toEqual({ N: '1' });
  });
});

describe('a reading transaction', () => {
  const read = (pks: string[], ProjectionExpression?: string) =>
    running.client.send(
      new TransactGetItemsCommand({
        TransactItems: pks.map((pk) => ({ Get: { TableName, Key: key(pk), ...(ProjectionExpression && { ProjectionExpression }) } })),
      }),
    );

  it('answers in the order of its questions, also for what is not there', async () => {
    await write([put('a', { v: { S: 'a' } }), put('b', { v: { S: 'b' } })]);
    expect((await read(['b', 'nobody', 'a'], 'v')).Responses).toEqual([{ Item: { v: { S: 'b' } } }, {}, { Item: { v: { S: 'a' } } }]);
  });
  it('reads up to 100 items, each once', async () => {
    const pks = Array.from({ length: 101 }, (_, at) => `p${at}`);
    expect((await read(pks.slice(1))).Responses).toHaveLength(100);
    await expect(read(pks)).rejects.toThrow('less than or equal to 100');
    await expect(read(['a', 'a'])).rejects.toThrow('multiple operations on one item');
  });
});
