/** Applies a received mark to its enrolment: now, or, when it came before its submission, as soon as that is there. */
import { judgeMark, type MarkRefusal, type Verdict } from '#domain/assessment.ts';
import type { EventDraft } from '#domain/events.ts';
import { AssessorId, enrolmentIdOf, Instant, isBefore, SubmissionId } from '#domain/ids.ts';
import { PARKED_MARKS_MAX, PARKED_SECONDS_MAX, type Receipt } from '#domain/webhook.ts';
import { type EnrolmentFile, type FileNeeds, findEnrolmentFile } from './enrolment-file.ts';
import { untilSaved } from './optimistic.ts';
import type { Assessors, Cause, Clock, Receipts } from './ports.ts';

export interface MarkNeeds extends FileNeeds {
  readonly receipts: Receipts;
  readonly assessors: Assessors;
  readonly clock: Clock;
}

/** Until when a mark that came early waits for its submission. */
export const parkedUntil = (receipt: Receipt): Instant =>
  Instant.parse(new Date(Date.parse(receipt.receivedAt) + PARKED_SECONDS_MAX * 1000).toISOString());

/** Name of the timer that ends the wait of a mark. */
export const timerOf = (id: Receipt['id']): string => `parked-${id.split('_')[2]}`;

/** Receipt and mark share their random part, so that a mark is made once however often its message is worked on. */
const markIdOf = (receipt: Receipt): string => `mrk_${receipt.id.split('_')[2]}`;

const fileOf = async (needs: MarkNeeds, receipt: Receipt): Promise<EnrolmentFile | undefined> => {
  const submissionId = SubmissionId.safeParse(receipt.message.data.submission.id);
  return submissionId.success ? findEnrolmentFile(needs, receipt.tenant, enrolmentIdOf(submissionId.data)) : undefined;
};

const verdictOn = async (needs: MarkNeeds, receipt: Receipt, file: EnrolmentFile | undefined): Promise<Verdict> => {
  if (file === undefined) return { kind: 'early' };
  const { data } = receipt.message;
  const id = AssessorId.safeParse(data.assessor.externalId);
  const assessor = id.success ? await needs.assessors.load(receipt.tenant, id.data) : undefined;
  return judgeMark(data, {
    record: file.before.value,
    definition: file.definition,
    assessor,
    markId: markIdOf(receipt),
    now: needs.clock(),
  });
};

const receiptData = ({ id, connectionId, message }: Receipt) => ({ receiptId: id, connectionId, submissionId: message.data.submission.id });

const refuse = async (
  { receipts, clock }: MarkNeeds,
  { receipt, code, cause }: { receipt: Receipt; code: string; cause: Cause },
): Promise<void> => {
  const events: EventDraft[] = [{ type: 'assessment.refused', data: { ...receiptData(receipt), code } }];
  await receipts.settle(receipt, { status: 'refused', code, settledAt: clock() }, { cause, events });
};

const park = async ({ receipts }: MarkNeeds, receipt: Receipt, cause: Cause): Promise<void> => {
  if (receipt.status === 'parked') return;
  await receipts.settle(receipt, { status: 'parked' }, { cause, events: [{ type: 'assessment.parked', data: receiptData(receipt) }] });
};

const accept = async (
  needs: MarkNeeds,
  {
    receipt,
    file,
    verdict,
    cause,
  }: { receipt: Receipt; file: EnrolmentFile; verdict: Extract<Verdict, { kind: 'accepted' }>; cause: Cause },
): Promise<void> => {
  const { mark } = verdict;
  const record = file.before.value;
  const data = {
    enrolmentId: record.enrolment.id,
    submissionId: mark.submissionId,
    component: receipt.message.data.submission.component,
    markId: mark.id,
  };
  await needs.enrolments.save({
    before: file.before,
    after: { ...record, marks: [...record.marks, mark] },
    events: [{ type: 'assessment.recorded', data }],
    cause,
    also: needs.receipts.settled(receipt, { status: 'applied', settledAt: needs.clock() }),
  });
};

interface Early {
  readonly receipt: Receipt;
  readonly file: EnrolmentFile | undefined;
}

/** Whether a mark that came early may wait: its time is not over, and not too many wait already. */
const earlyRefusal = async (
  { receipts, clock }: MarkNeeds,
  { receipt, file }: Early,
): Promise<MarkRefusal | 'too_many_parked' | undefined> => {
  const { id } = receipt.message.data.submission;
  if (!isBefore(clock(), parkedUntil(receipt))) return file === undefined ? 'unknown_submission' : 'submission_not_open';
  if (receipt.status === 'parked') return undefined;
  return (await receipts.parked(receipt.tenant, id)).length >= PARKED_MARKS_MAX ? 'too_many_parked' : undefined;
};

/** Applies, refuses or parks a mark that is not settled yet. */
const settleNow = async (needs: MarkNeeds, receipt: Receipt, cause: Cause): Promise<Receipt['status']> => {
  const file = await fileOf(needs, receipt);
  const verdict = await verdictOn(needs, receipt, file);
  if (verdict.kind === 'accepted' && file !== undefined) {
    await accept(needs, { receipt, file, verdict, cause });
    return 'applied';
  }
  const code = verdict.kind === 'refused' ? verdict.code : await earlyRefusal(needs, { receipt, file });
  if (code === undefined) {
    await park(needs, receipt, cause);
    return 'parked';
  }
  await refuse(needs, { receipt, code, cause });
  return 'refused';
};

/**
 * Works on a receipt until it is settled or parked. Safe to run any number of times: a settled receipt stays as it is,
 * and the mark, the receipt and the event stand or fall together.
 * @returns the receipt as it was found, and its status after it
 */
export const applyMark = (needs: MarkNeeds, id: Receipt['id'], cause: Cause): Promise<{ receipt: Receipt; status: Receipt['status'] }> =>
  untilSaved(async () => {
    const receipt = await needs.receipts.load(id);
    if (receipt === undefined) throw new Error(`receipt ${id} is gone`);
    const settled = receipt.status === 'applied' || receipt.status === 'refused';
    return { receipt, status: settled ? receipt.status : await settleNow(needs, receipt, cause) };
  });
