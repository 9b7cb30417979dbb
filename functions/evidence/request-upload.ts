/** Gives the learner an address for one file. The address takes exactly the announced bytes, once. */
import * as z from 'zod';
import { dynamodbDefinitions } from '#adapters/dynamodb/definitions.ts';
import { dynamodbEnrolments } from '#adapters/dynamodb/enrolments.ts';
import { s3EvidenceStore } from '#adapters/s3/evidence-store.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { requireOpen, submissionOf, withSubmission } from '#domain/enrolment.ts';
import { evidenceKey } from '#domain/evidence.ts';
import { EvidenceId, Sha256, SubmissionId } from '#domain/ids.ts';
import { oneLine } from '#domain/plain-text.ts';
import { slotReserved, UPLOAD_URL_SECONDS } from '#domain/upload.ts';
import { tenantOf } from '#lambda/caller.ts';
import { type HttpRequest, http } from '#lambda/http.ts';
import { type FileNeeds, requirementOf, submissionFile } from '#shared/enrolment-file.ts';
import { untilSaved } from '#shared/optimistic.ts';
import type { Clock, EvidenceStore, NewId } from '#shared/ports.ts';

interface Needs extends FileNeeds {
  readonly evidence: EvidenceStore;
  readonly clock: Clock;
  readonly newId: NewId;
}

const Params = z.object({ submissionId: SubmissionId });
const Body = z.strictObject({
  fileName: oneLine(255),
  mediaType: z
    .string()
    .min(3)
    .max(255)
    .regex(/^[\w.+-]+\/[\w.+-]+$/),
  bytes: z.int().min(0),
  sha256: Sha256,
  /** Id of the declared companion that this file is. */
  companion: z.string().min(1).max(100).optional(),
});
type Request = HttpRequest<z.infer<typeof Params>, z.infer<typeof Body>>;

/** Asking twice reserves two slots; one that is never used runs out by itself. */
export const requestUpload =
  (needs: Needs) =>
  async ({ caller, params: { submissionId }, body, cause }: Request) => {
    const tenant = tenantOf(caller);
    const { companion, ...file } = body;
    const evidenceId = EvidenceId.parse(needs.newId('evi'));
    const item = await untilSaved(async () => {
      const { before, definition } = await submissionFile(needs, { ...caller, tenant }, submissionId);
      requireOpen(before.value);
      const submission = submissionOf(before.value, submissionId);
      const key = evidenceKey({ tenant, enrolmentId: before.value.enrolment.id, submissionId, evidenceId });
      const ask = { file, id: evidenceId, key, now: needs.clock(), ...(companion === undefined ? {} : { companion }) };
      const reserved = slotReserved(submission, requirementOf(definition, submission.component), ask);
      await needs.enrolments.save({ before, after: withSubmission(before.value, reserved.submission), events: [], cause });
      return reserved.item;
    });
    const { url, headers } = await needs.evidence.presignPut(item.key, item.announced, UPLOAD_URL_SECONDS);
    return { status: 201, body: { evidenceId, method: 'PUT', url, headers, expiresAt: item.expiresAt } };
  };

export const handler = http({ params: Params, body: Body }, () => {
  const needs = { clock: systemClock, newId: randomId };
  return requestUpload({
    enrolments: dynamodbEnrolments(needs),
    definitions: dynamodbDefinitions(needs),
    evidence: s3EvidenceStore(),
    ...needs,
  });
});
