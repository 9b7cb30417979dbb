/** Submission: one component, one attempt. The lifecycle of what a learner hands in, up to the decision about it. */

import { DomainError } from './errors.ts';
import { type EvidenceItem, isAbandoned } from './evidence.ts';
import type { EvidenceId, Instant, Sha256, SubmissionId } from './ids.ts';
import type { EvidenceRequirement } from './micro-credential.ts';

/** What assessors judged and a decision binds to: exactly these bytes. */
export interface SealedItem {
  readonly id: EvidenceId;
  readonly sha256: Sha256;
  readonly versionId: string;
}

/** What the learner declared when handing in. */
export interface Declarations {
  /** "This is my own work." */
  readonly authenticity: boolean;
  /** "Everyone who must consent has consented." */
  readonly consent: boolean;
}

interface Base {
  readonly id: SubmissionId;
  readonly component: string;
  readonly attempt: number;
  readonly evidence: readonly EvidenceItem[];
}

export interface Sealed {
  readonly submittedAt: Instant;
  readonly declarations: Declarations;
  readonly seal: readonly SealedItem[];
}

export type Submission = Base &
  (
    | { readonly state: 'draft' }
    | ({ readonly state: 'in-review' } & Sealed)
    | ({ readonly state: 'passed' | 'revision-requested' | 'failed'; readonly decidedAt: Instant } & Sealed)
  );

export type SubmissionState = Submission['state'];

/** @throws DomainError submission/illegal-transition unless the learner is still assembling it. */
export const requireDraft = (submission: Submission, event: string): Submission & { state: 'draft' } => {
  if (submission.state !== 'draft') throw new DomainError('submission/illegal-transition', { state: submission.state, event });
  return submission;
};

export const withEvidence = (submission: Submission, item: EvidenceItem): Submission => {
  const known = submission.evidence.some(({ id }) => id === item.id);
  const evidence = known ? submission.evidence.map((old) => (old.id === item.id ? item : old)) : [...submission.evidence, item];
  return { ...submission, evidence };
};

/** Items that still count: neither refused, nor withdrawn, nor never sent. */
export const liveEvidence = (submission: Submission, now: Instant): readonly EvidenceItem[] =>
  submission.evidence.filter((item) => !['rejected', 'quarantined', 'purged'].includes(item.state) && !isAbandoned(item, now));

/** What stands between a draft and handing it in; empty when nothing does. */
export interface Missing {
  readonly itemsToAdd: number;
  /** More came than the component takes: an upload that ran past its slot's time arrived after all. */
  readonly itemsToRemove: number;
  readonly companions: readonly string[];
  readonly declarations: readonly (keyof Declarations)[];
  readonly notReady: readonly { readonly id: EvidenceId; readonly state: EvidenceItem['state'] }[];
}

export const missingFor = (
  submission: Submission,
  requirement: EvidenceRequirement,
  at: { declarations: Declarations; now: Instant },
): Missing => {
  const live = liveEvidence(submission, at.now);
  const proper = live.filter((item) => item.companion === undefined).length;
  const companions = (requirement.companions ?? []).filter(
    (companion) => companion.required && !live.some((item) => item.companion === companion.id),
  );
  const wanted: (keyof Declarations)[] = [];
  if (requirement.authenticity.learnerDeclaration) wanted.push('authenticity');
  if (requirement.consent.requiredFrom !== 'none') wanted.push('consent');
  return {
    // Whoever hands in hands in something, even where the definition makes the whole component optional.
    itemsToAdd: Math.max(0, Math.max(1, requirement.minItems) - proper),
    itemsToRemove: Math.max(0, proper - requirement.maxItems) + surplusCompanions(live),
    companions: companions.map((companion) => companion.id),
    declarations: wanted.filter((name) => !at.declarations[name]),
    notReady: live.filter((item) => item.state !== 'clean').map(({ id, state }) => ({ id, state })),
  };
};

/** Of each companion there is one. */
const surplusCompanions = (live: readonly EvidenceItem[]): number => {
  const named = live.flatMap(({ companion }) => (companion === undefined ? [] : [companion]));
  return named.length - new Set(named).size;
};

const refuseMissing = (missing: Missing): void => {
  if (missing.notReady.length > 0) throw new DomainError('submission/evidence-not-ready', { notReady: missing.notReady });
  if (missing.itemsToAdd > 0 || missing.companions.length > 0)
    throw new DomainError('submission/evidence-missing', { itemsToAdd: missing.itemsToAdd, companions: missing.companions });
  if (missing.itemsToRemove > 0) throw new DomainError('upload/too-many-items', { itemsToRemove: missing.itemsToRemove });
  if (missing.declarations.length > 0) throw new DomainError('submission/declaration-missing', { declarations: missing.declarations });
};

/**
 * Seals the evidence set: from here on the decision binds to these digests and object versions.
 * @throws DomainError submission/illegal-transition, submission/evidence-not-ready, submission/evidence-missing, upload/too-many-items,
 * submission/declaration-missing
 */
export const submitted = (
  submission: Submission,
  requirement: EvidenceRequirement,
  at: { declarations: Declarations; now: Instant },
): Submission => {
  const draft = requireDraft(submission, 'Submit');
  refuseMissing(missingFor(draft, requirement, at));
  const evidence = draft.evidence.map((item): EvidenceItem => (item.state === 'clean' ? { ...item, state: 'sealed' } : item));
  return { ...draft, evidence, state: 'in-review', submittedAt: at.now, declarations: at.declarations, seal: sealOf(evidence) };
};

const sealOf = (evidence: readonly EvidenceItem[]): readonly SealedItem[] =>
  evidence.flatMap((item) =>
    item.state === 'sealed' ? [{ id: item.id, sha256: item.object.sha256, versionId: item.object.versionId }] : [],
  );

/** A component whose result comes from an external tool has nothing to hand in, so it is open to its mark from the start. */
export const awaitingResult = (base: Pick<Base, 'id' | 'component' | 'attempt'>, now: Instant): Submission => ({
  ...base,
  evidence: [],
  state: 'in-review',
  submittedAt: now,
  declarations: { authenticity: false, consent: false },
  seal: [],
});

/** The effective decision: a pass, a request to revise while attempts are left, or the end. */
export const decided = (
  submission: Submission,
  decision: { outcome: 'pass' | 'below'; attemptsLeft: boolean; at: Instant },
): Submission => {
  if (submission.state !== 'in-review')
    throw new DomainError('submission/illegal-transition', { state: submission.state, event: 'MarkRecorded' });
  const below = decision.attemptsLeft ? 'revision-requested' : 'failed';
  return { ...submission, state: decision.outcome === 'pass' ? 'passed' : below, decidedAt: decision.at };
};
