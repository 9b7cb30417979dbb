/** Marking: what follows from the marks on a submission. Each scheme is a function from marks to a resolution; policy names the scheme. */

import type { EnrolmentRecord } from './enrolment.ts';
import { withSubmission } from './enrolment.ts';
import type { Instant } from './ids.ts';
import type { Decision, Mark } from './mark.ts';
import type { MicroCredentialDefinition } from './micro-credential.ts';
import { decided, type Submission } from './submission.ts';

/** Either the marks decide, or a further mark is wanted. */
export type Resolution =
  | { readonly kind: 'decided'; readonly outcome: 'pass' | 'below'; readonly markIds: readonly string[] }
  | { readonly kind: 'wanted'; readonly role: Mark['role'] };

export type MarkingScheme = (marks: readonly Mark[]) => Resolution;

/** One eligible assessor decides. */
export const single: MarkingScheme = ([first]) =>
  first === undefined ? { kind: 'wanted', role: 'first-marker' } : { kind: 'decided', outcome: first.outcome, markIds: [first.id] };

/** In the order in which they were recorded: storage gives them back by their id, which is chance. */
const marksOn = (record: EnrolmentRecord, submission: Submission): readonly Mark[] =>
  record.marks
    .filter(({ submissionId }) => submissionId === submission.id)
    .sort((left, right) => Date.parse(left.recordedAt) - Date.parse(right.recordedAt) || (left.id < right.id ? -1 : 1));

/** The scheme that a definition's policy asks for. Every scheme is resolved by its first mark until schemes of several marks are built. */
export const schemeOf = (_policy: MicroCredentialDefinition['assessmentPolicy']['marking']): MarkingScheme => single;

const attemptsUsed = (record: EnrolmentRecord, component: string): number =>
  record.submissions.filter((submission) => submission.component === component && submission.state !== 'draft').length;

/**
 * Resolves a submission by its scheme. Run again after any event: a submission already decided stays as it is.
 * @returns the record with its decision, and the decision; or no decision where a mark is still wanted.
 */
export const resolved = (
  record: EnrolmentRecord,
  submission: Submission,
  at: { definition: MicroCredentialDefinition; now: Instant },
): { record: EnrolmentRecord; decision?: Decision; wanted?: Mark['role'] } => {
  if (submission.state !== 'in-review') return { record };
  const policy = at.definition.assessmentPolicy;
  const resolution = schemeOf(policy.marking)(marksOn(record, submission));
  if (resolution.kind === 'wanted') return { record, wanted: resolution.role };
  const { outcome, markIds } = resolution;
  const attemptsLeft = attemptsUsed(record, submission.component) < policy.attempts.max;
  const decision: Decision = {
    id: `dec_${submission.id}`,
    submissionId: submission.id,
    component: submission.component,
    attempt: submission.attempt,
    outcome,
    markIds,
    decidedAt: at.now,
  };
  const next = withSubmission(record, decided(submission, { outcome, attemptsLeft, at: at.now }));
  return { record: { ...next, decisions: [...next.decisions, decision] }, decision };
};
