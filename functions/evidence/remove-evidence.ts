/** Takes a file out of a draft, to make room for a better one. */
import * as z from 'zod';
import { dynamodbDefinitions } from '#adapters/dynamodb/definitions.ts';
import { dynamodbEnrolments } from '#adapters/dynamodb/enrolments.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { evidenceOf, submissionOf, withSubmission } from '#domain/enrolment.ts';
import { EvidenceId, SubmissionId } from '#domain/ids.ts';
import { removed } from '#domain/upload.ts';
import { tenantOf } from '#lambda/caller.ts';
import { type HttpRequest, http, NO_BODY } from '#lambda/http.ts';
import { type FileNeeds, submissionFile } from '#shared/enrolment-file.ts';
import { untilSaved } from '#shared/optimistic.ts';

const Params = z.object({ submissionId: SubmissionId, evidenceId: EvidenceId });

/** Removing twice changes nothing the second time. */
export const removeEvidence =
  (needs: FileNeeds) =>
  async ({ caller, params, cause }: HttpRequest<z.infer<typeof Params>, undefined>) =>
    untilSaved(async () => {
      const { before } = await submissionFile(needs, { ...caller, tenant: tenantOf(caller) }, params.submissionId);
      const submission = submissionOf(before.value, params.submissionId);
      const after = removed(submission, evidenceOf(submission, params.evidenceId));
      if (after !== submission) await needs.enrolments.save({ before, after: withSubmission(before.value, after), events: [], cause });
      return { status: 200, body: { evidenceId: params.evidenceId, state: evidenceOf(after, params.evidenceId).state } };
    });

export const handler = http({ params: Params, body: NO_BODY }, () => {
  const needs = { clock: systemClock, newId: randomId };
  return removeEvidence({ enrolments: dynamodbEnrolments(needs), definitions: dynamodbDefinitions(needs) });
});
