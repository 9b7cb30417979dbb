/** Enrolment: one learner on one pinned version, with everything that decides whether the award rule is true now. */
import { DomainError } from './errors.ts';
import type { EvidenceItem } from './evidence.ts';
import {
  type CredentialId,
  type EnrolmentId,
  type Instant,
  isBefore,
  type MicroCredentialId,
  type SubmissionId,
  submissionIdOf,
  type TenantId,
  type Version,
} from './ids.ts';
import type { Decision, Mark } from './mark.ts';
import type { EvidenceRequirement, MicroCredentialDefinition } from './micro-credential.ts';
import type { Learner } from './person.ts';
import { awaitingResult, type Submission } from './submission.ts';

/** What the learner chose about the badge to come; both can be changed later. */
export interface Choices {
  /** `automatic`: the badge stands at its public address as soon as it is signed; `on-request`: once the learner asks. */
  readonly publication: 'automatic' | 'on-request';
  /** Whether the public page names the learner, where the offering leaves that to them. */
  readonly showName: boolean;
}

export type EnrolmentState = 'enrolled' | 'in-progress' | 'eligible' | 'awarded' | 'unsuccessful';

/** The root of the aggregate. `revision` counts its saves and is what every write is conditional on. */
export interface Enrolment {
  readonly id: EnrolmentId;
  readonly tenant: TenantId;
  readonly microCredentialId: MicroCredentialId;
  readonly version: Version;
  readonly learner: Learner;
  readonly choices: Choices;
  /** Renewals count up; the first award is cycle 1. */
  readonly cycle: number;
  readonly state: EnrolmentState;
  readonly enrolledAt: Instant;
  /** Whether the learner may enrol anew once all attempts are used up, without anyone's leave. */
  readonly mayEnrolAnew: boolean;
  readonly credentialId?: CredentialId;
}

/** An enrolment with its parts: one consistent read answers every question about the award. */
export interface EnrolmentRecord {
  readonly enrolment: Enrolment;
  readonly submissions: readonly Submission[];
  readonly marks: readonly Mark[];
  readonly decisions: readonly Decision[];
}

/** Where there is nothing to hand in, the component is open to its mark at once. */
const opened = (
  base: Pick<Submission, 'id' | 'component' | 'attempt'>,
  { maxItems }: Pick<EvidenceRequirement, 'maxItems'>,
  now: Instant,
): Submission => (maxItems === 0 ? awaitingResult(base, now) : { ...base, evidence: [], state: 'draft' });

/** A fresh enrolment: a draft for each component, and one open to its mark where an external tool gives the result. */
export const enrolled = (enrolment: Omit<Enrolment, 'state' | 'mayEnrolAnew'>, definition: MicroCredentialDefinition): EnrolmentRecord => ({
  enrolment: { ...enrolment, mayEnrolAnew: definition.assessmentPolicy.attempts.afterMax.endsWith('new-enrolment'), state: 'enrolled' },
  submissions: definition.evidenceRequirements.map((requirement, place): Submission => {
    const base = { id: submissionIdOf(enrolment.id, place, 1), component: requirement.id, attempt: 1 };
    return opened(base, requirement, enrolment.enrolledAt);
  }),
  marks: [],
  decisions: [],
});

/** @throws DomainError access/not-found for a submission that this enrolment does not have. */
export const submissionOf = (record: EnrolmentRecord, id: SubmissionId): Submission => {
  const found = record.submissions.find((submission) => submission.id === id);
  if (found === undefined) throw new DomainError('access/not-found', { submissionId: id });
  return found;
};

/** The record with one submission replaced or added; the first activity moves the enrolment on. */
export const withSubmission = (record: EnrolmentRecord, submission: Submission): EnrolmentRecord => {
  const known = record.submissions.some(({ id }) => id === submission.id);
  const submissions = known
    ? record.submissions.map((old) => (old.id === submission.id ? submission : old))
    : [...record.submissions, submission];
  const { enrolment } = record;
  return { ...record, submissions, enrolment: enrolment.state === 'enrolled' ? { ...enrolment, state: 'in-progress' } : enrolment };
};

/** @throws DomainError enrolment/closed once the award is claimed or out of reach. */
export const requireOpen = (record: EnrolmentRecord): void => {
  const { state, id } = record.enrolment;
  if (state !== 'enrolled' && state !== 'in-progress') throw new DomainError('enrolment/closed', { enrolmentId: id, state });
};

/** Whether the learner cannot enrol in the same micro-credential beside or after this: while it is open, once it is awarded, and where losing it is final. */
export const holdsPlace = ({ state, mayEnrolAnew }: Enrolment): boolean => state !== 'unsuccessful' || !mayEnrolAnew;

/** The latest attempt at each component. */
export const latestAttempts = (record: EnrolmentRecord): readonly Submission[] => {
  const latest = new Map<string, Submission>();
  for (const submission of record.submissions) {
    if ((latest.get(submission.component)?.attempt ?? 0) < submission.attempt) latest.set(submission.component, submission);
  }
  return [...latest.values()];
};

/**
 * Opens the next attempt at a component that was judged below standard.
 * @throws DomainError submission/illegal-transition, submission/cooling-off
 */
export const revised = (
  record: EnrolmentRecord,
  previous: Submission,
  at: { now: Instant; openFrom: Instant; requirement: Pick<EvidenceRequirement, 'maxItems'> },
): EnrolmentRecord => {
  requireOpen(record);
  if (previous.state !== 'revision-requested' || latestAttempts(record).every(({ id }) => id !== previous.id))
    throw new DomainError('submission/illegal-transition', { state: previous.state, event: 'Revise' });
  if (isBefore(at.now, at.openFrom)) throw new DomainError('submission/cooling-off', { openFrom: at.openFrom });
  const place = Number(previous.id.split('_')[2]);
  const attempt = previous.attempt + 1;
  const base = { id: submissionIdOf(record.enrolment.id, place, attempt), component: previous.component, attempt };
  return withSubmission(record, opened(base, at.requirement, at.now));
};

/** @throws DomainError access/not-found for evidence that the submission does not have. */
export const evidenceOf = (submission: Submission, id: string): EvidenceItem => {
  const found = submission.evidence.find((item) => item.id === id);
  if (found === undefined) throw new DomainError('access/not-found', { evidenceId: id });
  return found;
};
