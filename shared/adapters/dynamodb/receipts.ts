/** Webhook messages, their receipts, and marks that came too early. */
import { type ConnectionId, type ReceiptId, type TenantId, tenantOfConnection, tenantOfReceipt } from '#domain/ids.ts';
import type { Receipt } from '#domain/webhook.ts';
import type { Receipts, Write } from '#shared/ports.ts';
import { type LedgerNeeds, outboxWrites } from './ledger.ts';
import { bodyOf, itemOf, table } from './table.ts';

/** Longer than any sender retries (Standard Webhooks' schedule ends after some days; the longest known one after 25). */
const MESSAGE_SECONDS = 90 * 24 * 60 * 60;

const partitionOf = (id: ReceiptId): string => `${tenantOfReceipt(id)}#RECEIPT#${id}`;
const messagePartition = (connection: ConnectionId, webhookId: string): string =>
  `${tenantOfConnection(connection)}#MESSAGE#${connection}#${webhookId}`;
const parkedPartition = (tenant: TenantId, submissionId: string): string => `${tenant}#PARKED#${submissionId}`;
const seconds = (instant: string): number => Math.floor(Date.parse(instant) / 1000);

const receiptWrite = (receipt: Receipt, expect: Write['expect']): Write => ({
  partition: partitionOf(receipt.id),
  sort: 'RECEIPT',
  expect,
  label: 'receipt',
  item: { ...itemOf('receipt', receipt), revision: REVISION[receipt.status], expiresAt: seconds(receipt.receivedAt) + MESSAGE_SECONDS },
});

/** A receipt only moves on: accepted → parked → applied or refused. Its place on that way is its revision. */
const REVISION: Readonly<Record<Receipt['status'], number>> = { accepted: 1, parked: 2, applied: 3, refused: 3 };

const parkedWrite = (receipt: Receipt, parked: boolean): Write => ({
  partition: parkedPartition(receipt.tenant, receipt.message.data.submission.id),
  sort: `${receipt.receivedAt}#${receipt.id}`,
  expect: 'anything',
  label: 'parked',
  ...(parked ? { item: itemOf('parked', { receiptId: receipt.id }) } : {}),
});

const settled: Receipts['settled'] = (receipt, becomes) => {
  if (REVISION[becomes.status] <= REVISION[receipt.status])
    throw new Error(`receipt ${receipt.id} is ${receipt.status} and never becomes ${becomes.status}`);
  const next: Receipt = { ...receipt, ...becomes };
  const waits = next.status === 'parked';
  return [
    receiptWrite(next, { revision: REVISION[receipt.status] }),
    ...(waits || receipt.status === 'parked' ? [parkedWrite(receipt, waits)] : []),
  ];
};

const load: Receipts['load'] = async (id) => {
  const item = await table().get(partitionOf(id), 'RECEIPT');
  return item === undefined ? undefined : bodyOf<Receipt>(item, 'receipt');
};

const subjectOf = (receipt: Receipt) => ({ tenant: receipt.tenant, type: 'Receipt', id: receipt.id });

export const dynamodbReceipts = (needs: LedgerNeeds): Receipts => ({
  load,
  settled,
  earlier: async (connection, webhookId) => {
    const item = await table().get(messagePartition(connection, webhookId), 'MESSAGE');
    return item === undefined ? undefined : bodyOf<{ receiptId: ReceiptId; bodySha256: string }>(item, 'message');
  },
  receive: async (receipt, { webhookId, bodySha256 }, { cause, events }) => {
    const message: Write = {
      partition: messagePartition(receipt.connectionId, webhookId),
      sort: 'MESSAGE',
      expect: 'absent',
      label: 'message',
      item: { ...itemOf('message', { receiptId: receipt.id, bodySha256 }), expiresAt: seconds(receipt.receivedAt) + MESSAGE_SECONDS },
    };
    await table().commit([
      message,
      receiptWrite(receipt, 'absent'),
      ...outboxWrites(events, { subject: subjectOf(receipt), revision: 1, cause }, needs),
    ]);
  },
  settle: async (receipt, becomes, { cause, events }) => {
    const told = outboxWrites(events, { subject: subjectOf(receipt), revision: REVISION[becomes.status], cause }, needs);
    await table().commit([...settled(receipt, becomes), ...told]);
  },
  parked: async (tenant, submissionId) => {
    const items = await table().query(parkedPartition(tenant, submissionId));
    const receipts = await Promise.all(items.map((item) => load(bodyOf<{ receiptId: ReceiptId }>(item, 'parked').receiptId)));
    return receipts.filter((receipt) => receipt !== undefined);
  },
});
