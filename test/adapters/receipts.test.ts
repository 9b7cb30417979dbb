import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Table } from '#adapters/dynamodb/table.ts';
import { ConnectionId } from '#domain/ids.ts';
import type { Receipt } from '#domain/webhook.ts';
import type { Receipts } from '#shared/ports.ts';
import { aMessage, aReceipt, digest, later, NOW, receiptId, TENANT } from '../factories.ts';
import { CAUSE, movableClock } from './ledger-needs.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let receipts: Receipts;
let table: Table;

beforeAll(async () => {
  stage = await openStage();
  const load = () => Promise.all([import('#adapters/dynamodb/receipts.ts'), import('#adapters/dynamodb/table.ts')]);
  const [adapter, tableModule] = await stage.as('on-webhook-received', load);
  receipts = adapter.dynamodbReceipts(movableClock().needs);
  table = tableModule.table();
});
afterAll(() => stage.close());

let number = 0;
const aFreshReceipt = (over: Partial<Receipt> = {}): Receipt => {
  number += 1;
  return aReceipt({ id: receiptId(number), ...over });
};

const eventOf = ({ id, connectionId, message }: Receipt) => ({ receiptId: id, connectionId, submissionId: message.data.submission.id });

const QUIET = { cause: CAUSE, events: [] };
const BODY = digest('b');

const received = async (receipt = aFreshReceipt(), webhookId = `msg_${receipt.id}`): Promise<Receipt> => {
  await receipts.receive(receipt, { webhookId, bodySha256: BODY }, QUIET);
  return receipt;
};

type Becomes = Parameters<Receipts['settle']>[1];

/** The receipt as it is now, having gone this way. */
const settled = async (receipt: Receipt, ...way: readonly Becomes[]): Promise<Receipt> => {
  for (const becomes of way) await receipts.settle((await receipts.load(receipt.id)) ?? receipt, becomes, QUIET);
  const now = await receipts.load(receipt.id);
  if (now === undefined) throw new Error(`${receipt.id} is gone`);
  return now;
};

const PARKED: Becomes = { status: 'parked' };
const APPLIED: Becomes = { status: 'applied', settledAt: later(60) };
const REFUSED: Becomes = { status: 'refused', code: 'duplicate_mark', settledAt: later(60) };

describe('a message', () => {
  it('is received with its receipt and the word that it came, in one write', async () => {
    const receipt = aFreshReceipt();
    stage.calls.length = 0;
    await receipts.receive(
      receipt,
      { webhookId: 'msg_1', bodySha256: BODY },
      { cause: CAUSE, events: [{ type: 'webhook.received', data: eventOf(receipt) }] },
    );
    expect(stage.calls).toEqual(['dynamodb TransactWriteItems']);
    expect(await receipts.load(receipt.id)).toEqual(receipt);
    expect(await receipts.earlier(receipt.connectionId, 'msg_1')).toEqual({ receiptId: receipt.id, bodySha256: BODY });
    expect(stage.toldOf(receipt.id)).toMatchObject([{ type: 'webhook.received', data: eventOf(receipt), meta: { aggregateVersion: 1 } }]);
  });

  it('that came before under its id is lost, and its receipt with it', async () => {
    await received(aFreshReceipt(), 'msg_twice');
    const second = aFreshReceipt();
    await expect(received(second, 'msg_twice')).rejects.toMatchObject({ name: 'WriteConflict', labels: ['message'] });
    expect(await receipts.load(second.id)).toBeUndefined();
  });

  it('that comes many times at once has one receipt', async () => {
    const copies = Array.from({ length: 8 }, () => aFreshReceipt());
    const outcomes = await Promise.allSettled(copies.map((copy) => received(copy, 'msg_many')));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const there = await Promise.all(copies.map(({ id }) => receipts.load(id)));
    expect(there.filter((receipt) => receipt !== undefined)).toHaveLength(1);
  });

  it('is known by its id and its connection together, whatever characters the id has', async () => {
    await received(aFreshReceipt(), 'msg#with/strange characters');
    const other = ConnectionId.parse(`${TENANT}.other`);
    expect(await receipts.earlier(other, 'msg#with/strange characters')).toBeUndefined();
    expect(await receipts.earlier(aReceipt().connectionId, 'msg_never')).toBeUndefined();
    await expect(received(aFreshReceipt({ connectionId: other }), 'msg#with/strange characters')).resolves.toBeDefined();
  });

  it('and its receipt are kept for ninety days, longer than any sender retries', async () => {
    const { id, connectionId } = await received(aFreshReceipt(), 'msg_kept');
    const until = Date.parse(NOW) / 1000 + 90 * 24 * 60 * 60;
    expect(await table.get(`${TENANT}#RECEIPT#${id}`, 'RECEIPT')).toMatchObject({ expiresAt: until });
    expect(await table.get(`${TENANT}#MESSAGE#${connectionId}#msg_kept`, 'MESSAGE')).toMatchObject({ expiresAt: until });
  });
});

describe('a receipt', () => {
  it('that was never given is not there', async () => {
    expect(await receipts.load(receiptId(999))).toBeUndefined();
  });

  it.each<[string, readonly Becomes[]]>([
    ['applied at once', [APPLIED]],
    ['refused at once', [REFUSED]],
    ['parked and then applied', [PARKED, APPLIED]],
    ['parked and then refused', [PARKED, REFUSED]],
  ])('may be %s', async (_title, way) => {
    const receipt = await received();
    expect(await settled(receipt, ...way)).toEqual({ ...receipt, ...way.at(-1) });
  });

  it.each<[string, readonly Becomes[], Becomes]>([
    ['applied stays so', [APPLIED], REFUSED],
    ['refused stays so', [REFUSED], APPLIED],
    ['applied is not parked', [APPLIED], PARKED],
    ['parked is not parked again', [PARKED], PARKED],
    ['applied is not applied again', [APPLIED], APPLIED],
  ])('that is %s', async (_title, way, becomes) => {
    const now = await settled(await received(), ...way);
    await expect(receipts.settle(now, becomes, QUIET)).rejects.toThrow(
      `receipt ${now.id} is ${now.status} and never becomes ${becomes.status}`,
    );
    expect(await receipts.load(now.id)).toEqual(now);
  });

  it('that someone else settled in between is lost', async () => {
    const receipt = await received();
    await receipts.settle(receipt, APPLIED, QUIET);
    await expect(receipts.settle(receipt, REFUSED, QUIET)).rejects.toMatchObject({ name: 'WriteConflict', labels: ['receipt'] });
    expect((await receipts.load(receipt.id))?.status).toBe('applied');
  });

  it('is settled with the word of it', async () => {
    const receipt = await received();
    const data = { ...eventOf(receipt), code: 'duplicate_mark' };
    await receipts.settle(receipt, REFUSED, { cause: CAUSE, events: [{ type: 'assessment.refused', data }] });
    expect(stage.toldOf(receipt.id)).toMatchObject([{ type: 'assessment.refused', data, meta: { aggregateVersion: 3 } }]);
  });

  it('is settled within the write of the change it tells of, or neither happens', async () => {
    const receipt = await settled(await received(), PARKED);
    const mark = { partition: 'enrolment', sort: receipt.id, label: 'mark', item: { kind: 'mark' } };
    await expect(table.commit([...receipts.settled(receipt, APPLIED), { ...mark, expect: 'present' }])).rejects.toMatchObject({
      labels: ['mark'],
    });
    expect((await receipts.load(receipt.id))?.status).toBe('parked');
    expect((await receipts.parked(TENANT, receipt.message.data.submission.id)).map(({ id }) => id)).toContain(receipt.id);
    await table.commit([...receipts.settled(receipt, APPLIED), { ...mark, expect: 'absent' }]);
    expect((await receipts.load(receipt.id))?.status).toBe('applied');
    expect((await receipts.parked(TENANT, receipt.message.data.submission.id)).map(({ id }) => id)).not.toContain(receipt.id);
  });
});

describe('marks that wait for a submission', () => {
  const about = (submission: string, receivedAt = NOW) =>
    aFreshReceipt({ message: aMessage({ '/data/submission/id': submission }), receivedAt });

  it('are found oldest first, until they are settled', async () => {
    const made = [later(2), later(1), later(0.5), NOW].map((receivedAt) => about('sub_waited', receivedAt));
    for (const receipt of made) await settled(await received(receipt), PARKED);
    const [newest, second, third, oldest] = made.map(({ id }) => id);
    const waiting = async () => (await receipts.parked(TENANT, 'sub_waited')).map(({ id }) => id);
    expect(await waiting()).toEqual([oldest, third, second, newest]);
    const [first] = await receipts.parked(TENANT, 'sub_waited');
    if (first === undefined) throw new Error('nothing waits');
    expect(first.status).toBe('parked');
    await receipts.settle(first, APPLIED, QUIET);
    expect(await waiting()).toEqual([third, second, newest]);
  });

  it('are those of one submission and one tenant, and only of what was parked', async () => {
    await settled(await received(about('sub_other')), PARKED);
    await received(about('sub_alone'));
    await settled(await received(about('sub_alone')), APPLIED);
    expect(await receipts.parked(TENANT, 'sub_alone')).toEqual([]);
    expect(await receipts.parked('someone-else' as typeof TENANT, 'sub_other')).toEqual([]);
  });

  it('whose receipt has expired meanwhile are left out', async () => {
    const receipt = await settled(await received(about('sub_expired')), PARKED);
    const { partition, sort } = { partition: `${TENANT}#RECEIPT#${receipt.id}`, sort: 'RECEIPT' };
    await table.commit([{ partition, sort, expect: 'present', label: 'expiry' }]);
    expect(await receipts.parked(TENANT, 'sub_expired')).toEqual([]);
  });
});
