/** A tool's mark is applied: recorded, refused with a code, or parked when it came before its submission. */
import { dynamodbAssessors } from '#adapters/dynamodb/assessors.ts';
import { dynamodbDefinitions } from '#adapters/dynamodb/definitions.ts';
import { dynamodbEnrolments } from '#adapters/dynamodb/enrolments.ts';
import { dynamodbReceipts } from '#adapters/dynamodb/receipts.ts';
import { schedulerTimers } from '#adapters/scheduler/timers.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { type EventOf, onEvent } from '#lambda/event.ts';
import { applyMark, type MarkNeeds, parkedUntil, timerOf } from '#shared/mark-application.ts';
import type { Cause, Timers } from '#shared/ports.ts';

/** Runs again harmlessly: a settled receipt stays as it is, and a timer of the same name is set once. */
export const onWebhookReceived =
  ({ timers, ...needs }: MarkNeeds & { timers: Timers }) =>
  async ({ data, meta }: EventOf<'webhook.received'>, cause: Cause) => {
    const { status, receipt } = await applyMark(needs, data.receiptId, cause);
    if (status === 'parked')
      await timers.set(timerOf(receipt.id), parkedUntil(receipt), { type: 'parking.elapsed', data, tenant: meta.tenant });
  };

export const handler = onEvent('on-webhook-received', ['webhook.received'], () => {
  const needs = { clock: systemClock, newId: randomId };
  return onWebhookReceived({
    enrolments: dynamodbEnrolments(needs),
    definitions: dynamodbDefinitions(needs),
    receipts: dynamodbReceipts(needs),
    assessors: dynamodbAssessors(),
    timers: schedulerTimers(randomId),
    clock: systemClock,
  });
});
