/** Marks that came early are tried again: when their submission is handed in, right after parking (it may have been handed in just then), and when their time is over. */
import { dynamodbAssessors } from '#adapters/dynamodb/assessors.ts';
import { dynamodbDefinitions } from '#adapters/dynamodb/definitions.ts';
import { dynamodbEnrolments } from '#adapters/dynamodb/enrolments.ts';
import { dynamodbReceipts } from '#adapters/dynamodb/receipts.ts';
import { schedulerTimers } from '#adapters/scheduler/timers.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import type { ReceiptId } from '#domain/ids.ts';
import { type EventOf, onEvent } from '#lambda/event.ts';
import { applyMark, type MarkNeeds, timerOf } from '#shared/mark-application.ts';
import type { Cause, Timers } from '#shared/ports.ts';

type Due = EventOf<'submission.submitted' | 'assessment.parked' | 'parking.elapsed'>;

/** A submission that was handed in concerns every mark that waits for it; the other two events concern the mark that they name. */
const due = async ({ receipts }: MarkNeeds, { type, data, meta }: Due): Promise<readonly ReceiptId[]> => {
  if (type !== 'submission.submitted') return [data.receiptId];
  return (await receipts.parked(meta.tenant, data.submissionId)).map(({ id }) => id);
};

/** One after the other, oldest first: two marks on one submission must not race each other. */
export const onParkedMarkDue =
  ({ timers, ...needs }: MarkNeeds & { timers: Timers }) =>
  async (event: Due, cause: Cause) => {
    for (const id of await due(needs, event)) {
      const { status } = await applyMark(needs, id, cause);
      if (status !== 'parked') await timers.clear(timerOf(id));
    }
  };

export const handler = onEvent('on-parked-mark-due', ['submission.submitted', 'assessment.parked', 'parking.elapsed'], () => {
  const needs = { clock: systemClock, newId: randomId };
  return onParkedMarkDue({
    enrolments: dynamodbEnrolments(needs),
    definitions: dynamodbDefinitions(needs),
    receipts: dynamodbReceipts(needs),
    assessors: dynamodbAssessors(),
    timers: schedulerTimers(randomId),
    clock: systemClock,
  });
});
