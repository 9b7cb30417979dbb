/** A file arrived: its length, digest and type are read from its bytes. What the learner's client announced must be borne out. */
import * as z from 'zod';
import { dynamodbEnrolments } from '#adapters/dynamodb/enrolments.ts';
import { environment } from '#adapters/environment.ts';
import { s3EvidenceStore } from '#adapters/s3/evidence-store.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { type EnrolmentRecord, withSubmission } from '#domain/enrolment.ts';
import type { EventDraft } from '#domain/events.ts';
import { type EvidenceAddress, type EvidenceItem, inspected, parseEvidenceKey } from '#domain/evidence.ts';
import { mediaTypeOf } from '#domain/media-type.ts';
import { type Submission, withEvidence } from '#domain/submission.ts';
import { onReport, type Report } from '#lambda/event.ts';
import { untilSaved } from '#shared/optimistic.ts';
import type { Enrolments, EvidenceStore } from '#shared/ports.ts';

interface Needs {
  readonly enrolments: Enrolments;
  readonly evidence: EvidenceStore;
  /** Whether items wait for a malware scan after this. */
  readonly scanned: boolean;
}

const ObjectCreated = z.object({ object: z.object({ key: z.string(), 'version-id': z.string() }) });

const found = (
  record: EnrolmentRecord | undefined,
  { submissionId, evidenceId }: EvidenceAddress,
): { submission: Submission; item: EvidenceItem } | undefined => {
  const submission = record?.submissions.find(({ id }) => id === submissionId);
  const item = submission?.evidence.find(({ id }) => id === evidenceId);
  return submission === undefined || item === undefined ? undefined : { submission, item };
};

const told = (
  item: EvidenceItem,
  ids: { enrolmentId: EvidenceAddress['enrolmentId']; submissionId: EvidenceAddress['submissionId']; component: string },
): readonly EventDraft[] => {
  const data = { ...ids, evidenceId: item.id };
  if (item.state === 'rejected') return [{ type: 'evidence.rejected', data: { ...data, reason: item.reason } }];
  if (!('object' in item) || item.object === undefined) return [];
  const { bytes, sha256, mediaType } = item.object;
  const uploaded: EventDraft = { type: 'evidence.uploaded', data: { ...data, bytes, sha256, mediaType } };
  return item.state === 'clean' ? [uploaded, { type: 'evidence.accepted', data }] : [uploaded];
};

/** S3 reports at least once: an item past its slot stays as it is, and nothing is told again. */
export const onEvidenceUploaded =
  ({ enrolments, evidence, scanned }: Needs) =>
  async ({ id, detail: { object } }: Report<z.infer<typeof ObjectCreated>>) => {
    const address = parseEvidenceKey(object.key);
    if (address === undefined) throw new Error(`${object.key} is no place of evidence`);
    const read = await evidence.inspect(object.key, object['version-id']);
    if (read === undefined) return;
    await untilSaved(async () => {
      const before = await enrolments.load(address.tenant, address.enrolmentId);
      const slot = found(before?.value, address);
      if (before === undefined || slot === undefined) throw new Error(`no slot was reserved for ${object.key}`);
      const { facts, ...object_ } = read;
      const item = inspected(slot.item, { ...object_, mediaType: mediaTypeOf(slot.item.announced.mediaType, facts) }, scanned);
      if (item === slot.item) return;
      const events = told(item, {
        enrolmentId: address.enrolmentId,
        submissionId: address.submissionId,
        component: slot.submission.component,
      });
      const cause = { actor: { type: 'system', id: 'on-evidence-uploaded' }, correlationId: id, causationId: id } as const;
      await enrolments.save({ before, after: withSubmission(before.value, withEvidence(slot.submission, item)), events, cause });
    });
  };

export const handler = onReport('on-evidence-uploaded', ObjectCreated, () =>
  onEvidenceUploaded({
    enrolments: dynamodbEnrolments({ clock: systemClock, newId: randomId }),
    evidence: s3EvidenceStore(),
    scanned: environment('MALWARE_SCAN') === 'guardduty',
  }),
);
