/** Hands in a submission: the evidence set is sealed, and only that set can be judged. */
import * as z from 'zod';
import { dynamodbDefinitions } from '#adapters/dynamodb/definitions.ts';
import { dynamodbEnrolments } from '#adapters/dynamodb/enrolments.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { requireOpen, submissionOf, withSubmission } from '#domain/enrolment.ts';
import { SubmissionId } from '#domain/ids.ts';
import { submitted } from '#domain/submission.ts';
import { tenantOf } from '#lambda/caller.ts';
import { type HttpRequest, http } from '#lambda/http.ts';
import { type FileNeeds, requirementOf, submissionFile } from '#shared/enrolment-file.ts';
import { untilSaved } from '#shared/optimistic.ts';
import type { Clock } from '#shared/ports.ts';

const Params = z.object({ submissionId: SubmissionId });
const Body = z
  .strictObject({
    declarations: z.strictObject({ authenticity: z.boolean().default(false), consent: z.boolean().default(false) }).prefault({}),
  })
  .prefault({});
type Request = HttpRequest<z.infer<typeof Params>, z.infer<typeof Body>>;

/** A submission leaves its draft once: the second call is told so. */
export const submit =
  ({ clock, ...needs }: FileNeeds & { clock: Clock }) =>
  async ({ caller, params: { submissionId }, body, cause }: Request) =>
    untilSaved(async () => {
      const { before, definition } = await submissionFile(needs, { ...caller, tenant: tenantOf(caller) }, submissionId);
      requireOpen(before.value);
      const draft = submissionOf(before.value, submissionId);
      const after = submitted(draft, requirementOf(definition, draft.component), { declarations: body.declarations, now: clock() });
      const { component, attempt } = after;
      const data = { enrolmentId: before.value.enrolment.id, submissionId, component, attempt };
      await needs.enrolments.save({
        before,
        after: withSubmission(before.value, after),
        events: [{ type: 'submission.submitted', data }],
        cause,
      });
      const sealed = after.state === 'draft' ? [] : after.seal.map(({ id, sha256 }) => ({ id, sha256 }));
      return { status: 200, body: { submissionId, component, attempt, state: after.state, evidence: sealed } };
    });

export const handler = http({ params: Params, body: Body }, () => {
  const needs = { clock: systemClock, newId: randomId };
  return submit({ enrolments: dynamodbEnrolments(needs), definitions: dynamodbDefinitions(needs), clock: systemClock });
});
