/** Marks that came early are tried again: when their submission is handed in, right after parking (it may have been handed in just then), and when their time is over. */
import { dynamodbAssessors } from '#adapters/dynamodb/assessors.ts';
import { dynamodbDefinitions } from '#adapters/dynamodb/definitions.ts';
import { dynamodbEnrolments } from '#adapters/dynamodb/enrolments.ts';
import { dynamodbReceipts } from '#adapters/dynamodb/receipts.ts';
import { schedulerTimers } from '#adapters/scheduler/timers.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { type EventOf, onEvent } from '#lambda/event.ts';
import { applyMark, type MarkNeeds, timerOf } from '#shared/mark-application.ts';
import type { Cause, Timers } from '#shared/ports.ts';

type Due = EventOf<'submission.submitted' | 'assessment.parked' | 'parking.elapsed'>;

/** One after the other, oldest first: two marks on one submission must not race each other. */
export const onParkedMarkDue =
  ({ timers, ...needs }: MarkNeeds & { timers: Timers }) =>
  async ({ data, meta }: Due, cause: Cause) => {
    for (const { id } of await needs.receipts.parked(meta.tenant, data.submissionId)) {
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
