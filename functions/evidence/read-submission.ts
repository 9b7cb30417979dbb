/** One submission: for the learner what is missing and what was said; for an assessor the sealed set that a mark must name. */
import * as z from 'zod';
import { dynamodbDefinitions } from '#adapters/dynamodb/definitions.ts';
import { dynamodbEnrolments } from '#adapters/dynamodb/enrolments.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { type EnrolmentRecord, submissionOf } from '#domain/enrolment.ts';
import { DomainError } from '#domain/errors.ts';
import { type EvidenceItem, isAbandoned } from '#domain/evidence.ts';
import { type Instant, SubmissionId } from '#domain/ids.ts';
import type { Mark } from '#domain/mark.ts';
import { missingFor, type Submission } from '#domain/submission.ts';
import { tenantOf } from '#lambda/caller.ts';
import { type HttpRequest, http, NO_BODY } from '#lambda/http.ts';
import { type FileNeeds, requirementOf, submissionFile } from '#shared/enrolment-file.ts';
import type { Clock } from '#shared/ports.ts';

const Params = z.object({ submissionId: SubmissionId });

const shownItem = (now: Instant) => (item: EvidenceItem) => ({
  evidenceId: item.id,
  companion: item.companion,
  fileName: item.announced.fileName,
  mediaType: item.announced.mediaType,
  bytes: item.announced.bytes,
  sha256: item.announced.sha256,
  state: isAbandoned(item, now) ? 'abandoned' : item.state,
  ...(item.state === 'rejected' ? { reason: item.reason, found: { bytes: item.object.bytes, mediaType: item.object.mediaType } } : {}),
});

/** Feedback reaches the learner with the decision, never before, and never says who marked. */
const feedbackOf = (record: EnrolmentRecord, submission: Submission) => {
  const decision = record.decisions.find(({ submissionId }) => submissionId === submission.id);
  if (decision === undefined) return {};
  const said = record.marks.filter(({ id }) => decision.markIds.includes(id));
  return {
    outcome: decision.outcome,
    decidedAt: decision.decidedAt,
    feedback: said.map(({ criteria, overallFeedback }: Mark) => ({ criteria, overallFeedback })),
  };
};

export const readSubmission =
  ({ clock, ...needs }: FileNeeds & { clock: Clock }) =>
  async ({ caller, params: { submissionId } }: HttpRequest<z.infer<typeof Params>, undefined>) => {
    const { before, definition, as } = await submissionFile(needs, { ...caller, tenant: tenantOf(caller) }, submissionId);
    const submission = submissionOf(before.value, submissionId);
    if (as === 'assessor' && submission.state === 'draft') throw new DomainError('access/not-found');
    const { microCredentialId, version } = before.value.enrolment;
    const { component, attempt, state } = submission;
    const head = { submissionId, microCredential: { id: microCredentialId, version }, component, attempt, state };
    if (submission.state !== 'draft') {
      const { seal, submittedAt } = submission;
      const sealed = { ...head, submittedAt, evidence: seal.map(({ id, sha256 }) => ({ id, sha256 })) };
      return {
        status: 200,
        body:
          as === 'assessor'
            ? sealed
            : { ...sealed, items: submission.evidence.map(shownItem(clock())), ...feedbackOf(before.value, submission) },
      };
    }
    const missing = missingFor(submission, requirementOf(definition, component), {
      declarations: { authenticity: false, consent: false },
      now: clock(),
    });
    return { status: 200, body: { ...head, items: submission.evidence.map(shownItem(clock())), missing } };
  };

export const handler = http({ params: Params, body: NO_BODY }, () => {
  const needs = { clock: systemClock, newId: randomId };
  return readSubmission({ enrolments: dynamodbEnrolments(needs), definitions: dynamodbDefinitions(needs), clock: systemClock });
});
