/** Assessment: whether one assessor's judgement of one sealed submission may stand. What follows from marks is marking.ts. */
import type { EnrolmentRecord } from './enrolment.ts';
import { AssessorId, type Instant } from './ids.ts';
import type { AssessmentCompleted, Mark } from './mark.ts';
import type { MicroCredentialDefinition, Rubric } from './micro-credential.ts';
import { type Assessor, isSamePerson } from './person.ts';
import { score } from './rubric.ts';
import type { Submission } from './submission.ts';

/** Why a mark is refused; told by receipt, since the sender's request was well formed. */
export const MARK_REFUSALS = [
  'unknown_submission',
  'version_mismatch',
  'stale_attempt',
  'submission_not_open',
  'duplicate_mark',
  'assessor_not_eligible',
  'assessor_is_learner',
  'conflict_of_interest',
  'rubric_version_mismatch',
  'evidence_digest_mismatch',
  'criterion_missing',
  'unknown_level',
  'feedback_missing',
  'outcome_mismatch',
] as const;
export type MarkRefusal = (typeof MARK_REFUSALS)[number];

/** What becomes of a mark: it stands, it is refused, or it came too early and waits. */
export type Verdict =
  | { readonly kind: 'accepted'; readonly mark: Mark }
  | { readonly kind: 'refused'; readonly code: MarkRefusal }
  | { readonly kind: 'early' };

export interface MarkContext {
  readonly record: EnrolmentRecord;
  readonly definition: MicroCredentialDefinition;
  /** The directory's entry for the assessor that the message names. */
  readonly assessor: Assessor | undefined;
  readonly markId: string;
  readonly now: Instant;
}

type Refusal = MarkRefusal | undefined;

const submissionRefusal = (data: AssessmentCompleted, submission: Submission, { record }: MarkContext): Refusal => {
  const { microCredentialId, version } = record.enrolment;
  if (data.microCredential.id !== microCredentialId || data.microCredential.version !== version) return 'version_mismatch';
  if (data.submission.component !== submission.component) return 'unknown_submission';
  const latest = Math.max(
    ...record.submissions.filter(({ component }) => component === submission.component).map(({ attempt }) => attempt),
  );
  return data.submission.attempt !== submission.attempt || submission.attempt < latest ? 'stale_attempt' : undefined;
};

const assessorRefusal = (data: AssessmentCompleted, { assessor, record }: MarkContext): Refusal => {
  if (assessor === undefined || !assessor.active) return 'assessor_not_eligible';
  if (isSamePerson(record.enrolment.learner, assessor)) return 'assessor_is_learner';
  return data.assessor.declarations.conflictOfInterest ? 'conflict_of_interest' : undefined;
};

const sameSet = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && [...left].sort().join() === [...right].sort().join();

const openRefusal = (submission: Submission, data: AssessmentCompleted, { record, assessor }: MarkContext): Refusal => {
  const marked = record.marks.some((mark) => mark.submissionId === submission.id && mark.assessorId === assessor?.id);
  if (marked) return 'duplicate_mark';
  if (submission.state !== 'in-review') return 'submission_not_open';
  const named = data.evidence.map(({ id, sha256 }) => `${id}:${sha256}`);
  return sameSet(
    named,
    submission.seal.map(({ id, sha256 }) => `${id}:${sha256}`),
  )
    ? undefined
    : 'evidence_digest_mismatch';
};

const feedbackRefusal = (data: AssessmentCompleted, rubric: Rubric, { definition }: MarkContext): Refusal => {
  const policy = definition.assessmentPolicy.feedback;
  if (policy.overallRequired && (data.result.overallFeedback ?? '').trim() === '') return 'feedback_missing';
  if (!policy.perCriterionRequiredWhenBelowRequired) return undefined;
  const below = new Set(
    score(rubric, data.result.criteria)
      .perCriterion.filter(({ met }) => !met)
      .map(({ criterion }) => criterion),
  );
  // Required feedback is never nothing, even where the policy sets no length.
  const charactersMin = Math.max(1, policy.minCharacters);
  const short = data.result.criteria.some(({ id, feedback }) => below.has(id) && [...(feedback ?? '').trim()].length < charactersMin);
  return short ? 'feedback_missing' : undefined;
};

const rubricRefusal = (data: AssessmentCompleted, rubric: Rubric, context: MarkContext): Refusal => {
  if (data.rubric.id !== rubric.id || data.rubric.version !== rubric.version) return 'rubric_version_mismatch';
  const scored = score(rubric, data.result.criteria);
  if (scored.unknown.length > 0) return 'unknown_level';
  if (scored.missing.length > 0) return 'criterion_missing';
  const claimed = data.result.outcome === 'pass' ? 'pass' : 'below';
  if (scored.outcome !== claimed) return 'outcome_mismatch';
  return feedbackRefusal(data, rubric, context);
};

const rubricOf = (definition: MicroCredentialDefinition, component: string): Rubric => {
  const requirement = definition.evidenceRequirements.find(({ id }) => id === component);
  const rubric = definition.rubrics.find(({ id }) => id === requirement?.rubricId);
  if (rubric === undefined) throw new Error(`a published definition has a rubric for every component, but not for ${component}`);
  return rubric;
};

/** Whether a mark may stand. An assessor's outcome is never taken over: it is computed from the levels and must agree. */
export const judgeMark = (data: AssessmentCompleted, context: MarkContext): Verdict => {
  const submission = context.record.submissions.find(({ id }) => id === data.submission.id);
  if (submission === undefined) return { kind: 'early' };
  const early = submissionRefusal(data, submission, context) ?? assessorRefusal(data, context);
  if (early !== undefined) return { kind: 'refused', code: early };
  if (submission.state === 'draft') return { kind: 'early' };
  const rubric = rubricOf(context.definition, submission.component);
  const code = openRefusal(submission, data, context) ?? rubricRefusal(data, rubric, context);
  return code === undefined ? { kind: 'accepted', mark: markOf(data, submission, { context, rubric }) } : { kind: 'refused', code };
};

const markOf = (
  data: AssessmentCompleted,
  submission: Submission,
  { context, rubric }: { context: MarkContext; rubric: Rubric },
): Mark => ({
  id: context.markId,
  submissionId: submission.id,
  attempt: submission.attempt,
  assessorId: AssessorId.parse(context.assessor?.id),
  role: data.assessor.role,
  rubric: data.rubric,
  evidence: data.evidence,
  criteria: data.result.criteria,
  ...(data.result.overallFeedback === undefined ? {} : { overallFeedback: data.result.overallFeedback }),
  outcome: score(rubric, data.result.criteria).outcome,
  recordedAt: context.now,
});
