/** Opens the next attempt at a component that was judged below standard, once the cooling-off is over. */
import * as z from 'zod';
import { dynamodbDefinitions } from '#adapters/dynamodb/definitions.ts';
import { dynamodbEnrolments } from '#adapters/dynamodb/enrolments.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { addDuration } from '#domain/duration.ts';
import { revised, submissionOf } from '#domain/enrolment.ts';
import { DomainError } from '#domain/errors.ts';
import { SubmissionId } from '#domain/ids.ts';
import { tenantOf } from '#lambda/caller.ts';
import { type HttpRequest, http, NO_BODY } from '#lambda/http.ts';
import { type FileNeeds, requirementOf, submissionFile } from '#shared/enrolment-file.ts';
import { untilSaved } from '#shared/optimistic.ts';
import type { Clock } from '#shared/ports.ts';

const Params = z.object({ submissionId: SubmissionId });

/** An attempt is opened once: the second call finds a later attempt and is refused. */
export const revise =
  ({ clock, ...needs }: FileNeeds & { clock: Clock }) =>
  async ({ caller, params: { submissionId }, cause }: HttpRequest<z.infer<typeof Params>, undefined>) =>
    untilSaved(async () => {
      const { before, definition } = await submissionFile(needs, { ...caller, tenant: tenantOf(caller) }, submissionId);
      const previous = submissionOf(before.value, submissionId);
      if (previous.state !== 'revision-requested')
        throw new DomainError('submission/illegal-transition', { state: previous.state, event: 'Revise' });
      const openFrom = addDuration(previous.decidedAt, definition.assessmentPolicy.attempts.coolingOff);
      const after = revised(before.value, previous, { now: clock(), openFrom, requirement: requirementOf(definition, previous.component) });
      await needs.enrolments.save({ before, after, events: [], cause });
      const opened = after.submissions.at(-1);
      return {
        status: 201,
        body: { submissionId: opened?.id, component: opened?.component, attempt: opened?.attempt, state: opened?.state },
      };
    });

export const handler = http({ params: Params, body: NO_BODY }, () => {
  const needs = { clock: systemClock, newId: randomId };
  return revise({ enrolments: dynamodbEnrolments(needs), definitions: dynamodbDefinitions(needs), clock: systemClock });
});
