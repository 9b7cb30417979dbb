/** Award: a badge exists if, and only if, the award rule of the pinned version is true. Nothing else makes one. */
import { evaluateAward } from './award-rule.ts';
import type { EnrolmentRecord } from './enrolment.ts';
import { latestAttempts } from './enrolment.ts';
import type { CredentialId } from './ids.ts';
import type { MicroCredentialDefinition } from './micro-credential.ts';

/** The award rule over what is decided now: required components passed, in their latest attempt. */
export const awardState = (record: EnrolmentRecord, definition: MicroCredentialDefinition): ReturnType<typeof evaluateAward> => {
  const passed = new Set(latestAttempts(record).flatMap(({ component, state }) => (state === 'passed' ? [component] : [])));
  return evaluateAward(definition.award.rule, {
    evidence: (component) => passed.has(component),
    // Completions, component credentials and attestations are not recorded yet, so a rule that asks for one is not satisfied.
    curriculum: () => false,
    credential: () => false,
    attestation: () => false,
  });
};

/** Whether the award could still come true if all that is open went well; the rule has no "not", so nothing else can help it. */
const isInReach = (record: EnrolmentRecord, definition: MicroCredentialDefinition): boolean => {
  const lost = new Set(latestAttempts(record).flatMap(({ component, state }) => (state === 'failed' ? [component] : [])));
  const open = () => true;
  return evaluateAward(definition.award.rule, {
    evidence: (component) => !lost.has(component),
    curriculum: open,
    credential: open,
    attestation: open,
  }).satisfied;
};

/** What re-evaluating the award rule leads to. */
export type AwardStep =
  | { readonly kind: 'claim'; readonly record: EnrolmentRecord; readonly credentialId: CredentialId }
  | { readonly kind: 'close'; readonly record: EnrolmentRecord }
  | { readonly kind: 'wait' };

/**
 * Run on every decision: claims the award once the rule is true, closes the enrolment once it no longer can be.
 * An enrolment past its claim waits, whatever is delivered again.
 */
export const awardStep = (record: EnrolmentRecord, definition: MicroCredentialDefinition, credentialId: CredentialId): AwardStep => {
  const { enrolment } = record;
  if (enrolment.state !== 'in-progress') return { kind: 'wait' };
  if (awardState(record, definition).satisfied)
    return { kind: 'claim', credentialId, record: { ...record, enrolment: { ...enrolment, state: 'eligible', credentialId } } };
  if (isInReach(record, definition)) return { kind: 'wait' };
  return { kind: 'close', record: { ...record, enrolment: { ...enrolment, state: 'unsuccessful' } } };
};

/** The credential was signed. */
export const awarded = (record: EnrolmentRecord): EnrolmentRecord =>
  record.enrolment.state === 'eligible' ? { ...record, enrolment: { ...record.enrolment, state: 'awarded' } } : record;
