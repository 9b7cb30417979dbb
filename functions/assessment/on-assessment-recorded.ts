/** A mark stands: the marking scheme says whether it decides, or which further mark is wanted. */
import { dynamodbDefinitions } from '#adapters/dynamodb/definitions.ts';
import { dynamodbEnrolments } from '#adapters/dynamodb/enrolments.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { submissionOf } from '#domain/enrolment.ts';
import type { EventDraft } from '#domain/events.ts';
import { resolved } from '#domain/marking.ts';
import { type EventOf, onEvent } from '#lambda/event.ts';
import { type FileNeeds, findEnrolmentFile } from '#shared/enrolment-file.ts';
import { untilSaved } from '#shared/optimistic.ts';
import type { Cause, Clock } from '#shared/ports.ts';

/** Resolves from the marks there are, not from the event: told twice, it finds the submission decided. */
export const onAssessmentRecorded =
  ({ clock, ...needs }: FileNeeds & { clock: Clock }) =>
  ({ data, meta }: EventOf<'assessment.recorded'>, cause: Cause) =>
    untilSaved(async () => {
      const file = await findEnrolmentFile(needs, meta.tenant, data.enrolmentId);
      if (file === undefined) throw new Error(`enrolment ${data.enrolmentId} is gone`);
      const { before, definition } = file;
      const ids = { enrolmentId: data.enrolmentId, submissionId: data.submissionId, component: data.component };
      const { record, decision } = resolved(before.value, submissionOf(before.value, data.submissionId), { definition, now: clock() });
      if (decision === undefined) return;
      const events: EventDraft[] = [{ type: 'decision.made', data: { ...ids, outcome: decision.outcome } }];
      await needs.enrolments.save({ before, after: record, events, cause });
    });

export const handler = onEvent('on-assessment-recorded', ['assessment.recorded'], () => {
  const needs = { clock: systemClock, newId: randomId };
  return onAssessmentRecorded({ enrolments: dynamodbEnrolments(needs), definitions: dynamodbDefinitions(needs), clock: systemClock });
});
