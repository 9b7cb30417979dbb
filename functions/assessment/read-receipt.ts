/** What became of a webhook: on its way, parked, applied, or refused with a code. Knowing the receipt's id is the right to read it. */
import * as z from 'zod';
import { dynamodbReceipts } from '#adapters/dynamodb/receipts.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { DomainError } from '#domain/errors.ts';
import { ReceiptId } from '#domain/ids.ts';
import { type OpenRequest, openHttp } from '#lambda/http.ts';
import type { Receipts } from '#shared/ports.ts';

const Params = z.object({ receiptId: ReceiptId });

export const readReceipt =
  ({ receipts }: { receipts: Receipts }) =>
  async ({ params: { receiptId } }: OpenRequest<z.infer<typeof Params>>) => {
    const receipt = await receipts.load(receiptId);
    if (receipt === undefined) throw new DomainError('access/not-found');
    const { status, code, receivedAt, settledAt } = receipt;
    return { status: 200, body: { receiptId, status, code, receivedAt, settledAt } };
  };

export const handler = openHttp(Params, () => readReceipt({ receipts: dynamodbReceipts({ clock: systemClock, newId: randomId }) }));
