/** A malware scan ended. Only NO_THREATS_FOUND lets a file go on; what could not be scanned waits for a person. */
import * as z from 'zod';
import { dynamodbEnrolments } from '#adapters/dynamodb/enrolments.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { withSubmission } from '#domain/enrolment.ts';
import type { EventDraft } from '#domain/events.ts';
import { type EvidenceItem, parseEvidenceKey, type ScanVerdict, scanned } from '#domain/evidence.ts';
import { withEvidence } from '#domain/submission.ts';
import { onReport, type Report } from '#lambda/event.ts';
import { untilSaved } from '#shared/optimistic.ts';
import type { Enrolments } from '#shared/ports.ts';

/** GuardDuty Malware Protection for S3, "Object scan result" event. */
const ScanResult = z.object({
  s3ObjectDetails: z.object({ objectKey: z.string() }),
  scanResultDetails: z.object({ scanResultStatus: z.string() }),
});

const VERDICTS: Readonly<Record<string, ScanVerdict>> = { NO_THREATS_FOUND: 'clean', THREATS_FOUND: 'threat' };

/** The learner hears that a file is held, never the name of what was found. */
const told = (
  item: EvidenceItem,
  was: EvidenceItem,
  data: EventDraft['data'] & { evidenceId: EvidenceItem['id'] },
): readonly EventDraft[] => {
  if (item.state === was.state) return [];
  if (item.state === 'quarantined') return [{ type: 'evidence.quarantined', data } as EventDraft];
  return item.state === 'clean' ? [{ type: 'evidence.accepted', data } as EventDraft] : [];
};

/** GuardDuty reports at least once, per object version; a verdict on an item that already has one changes nothing. */
export const onEvidenceScanned =
  ({ enrolments }: { enrolments: Enrolments }) =>
  async ({ id, detail }: Report<z.infer<typeof ScanResult>>) => {
    const address = parseEvidenceKey(detail.s3ObjectDetails.objectKey);
    if (address === undefined) throw new Error(`${detail.s3ObjectDetails.objectKey} is no place of evidence`);
    const status = detail.scanResultDetails.scanResultStatus;
    await untilSaved(async () => {
      const before = await enrolments.load(address.tenant, address.enrolmentId);
      const submission = before?.value.submissions.find((candidate) => candidate.id === address.submissionId);
      const was = submission?.evidence.find((item) => item.id === address.evidenceId);
      if (before === undefined || submission === undefined || was === undefined)
        throw new Error(`no slot was reserved for ${address.evidenceId}`);
      const item = scanned(was, VERDICTS[status] ?? 'undecided');
      if (item === was) return;
      const data = { enrolmentId: address.enrolmentId, submissionId: submission.id, component: submission.component, evidenceId: was.id };
      const events: EventDraft[] = [{ type: 'evidence.scanned', data: { ...data, result: status } }, ...told(item, was, data)];
      const cause = { actor: { type: 'system', id: 'on-evidence-scanned' }, correlationId: id, causationId: id } as const;
      await enrolments.save({ before, after: withSubmission(before.value, withEvidence(submission, item)), events, cause });
    });
  };

export const handler = onReport('on-evidence-scanned', ScanResult, () =>
  onEvidenceScanned({ enrolments: dynamodbEnrolments({ clock: systemClock, newId: randomId }) }),
);
