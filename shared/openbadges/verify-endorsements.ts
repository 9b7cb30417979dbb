/**
 * Endorsements of a badge, of its achievement and of its issuer: embedded, as VC-JWTs, or by address. Each is a
 * credential of its own, verified as one, and must be about what it is attached to.
 * @see https://www.imsglobal.org/spec/ob/v3p0/#endorsement-verification
 */
import { failed, notChecked, type Outcome, worstOf } from './check.ts';
import { isObject, type JsonObject, listOf, textOf } from './json-object.ts';
import { openCredential } from './verify-opening.ts';
import type { Run, Verification } from './verify-run.ts';

interface Attached {
  readonly submitted: unknown;
  /** Id of what the endorsement stands with. */
  readonly about: unknown;
}

/** Every endorsement that stands in a credential, at the places where Open Badges has them. */
export const endorsementsIn = (credential: JsonObject): readonly Attached[] => {
  const subjects = listOf(credential.credentialSubject).filter(isObject);
  const achievements = subjects.flatMap(({ achievement }) => listOf(achievement)).filter(isObject);
  const profiles = [credential.issuer, ...subjects.map(({ source }) => source), ...achievements.map(({ creator }) => creator)];
  return [credential, ...achievements, ...profiles.filter(isObject)].flatMap(({ id, endorsement, endorsementJwt }) =>
    [...listOf(endorsement), ...listOf(endorsementJwt)].map((submitted) => ({ submitted, about: id })),
  );
};

export interface EndorsementFindings {
  readonly outcome: Outcome;
  readonly endorsements: readonly Verification[];
}

/** Verifies them all; one that is not valid makes the badge so, since it is shown with it. */
export const checkEndorsements = async (attached: readonly Attached[], run: Run): Promise<EndorsementFindings> => {
  const outcomes: Outcome[] = [];
  const endorsements: Verification[] = [];
  for (const { submitted, about } of attached) {
    const whole = await referenced(submitted, run);
    const verification = whole === undefined ? undefined : await run.verifyInner(whole, 'endorsement');
    outcomes.push(outcomeOf(whole, verification, about));
    if (verification !== undefined) endorsements.push(verification);
  }
  return { outcome: worstOf(outcomes), endorsements };
};

const outcomeOf = (whole: unknown, verification: Verification | undefined, about: unknown): Outcome => {
  if (whole === undefined) return notChecked('endorsements/not-checked');
  if (verification === undefined) return notChecked('endorsements/too-many');
  const subjects = listOf(openCredential(whole)?.credential.credentialSubject);
  const isAbout = subjects.some((subject) => isObject(subject) && subject.id === about);
  if (verification.verdict === 'not-valid') return failed('endorsements/not-valid');
  if (!isAbout) return failed('endorsements/about-another');
  return verification.verdict === 'valid' ? { state: 'passed' } : notChecked('endorsements/not-checked');
};

/** What is only named is fetched: an address, or an object with an id and no proof. Undefined if nothing answers to that name. */
const referenced = async (submitted: unknown, { load }: Run): Promise<unknown> => {
  const address = addressIn(submitted);
  if (address === undefined) return submitted;
  const loaded = await load(address).catch(() => undefined);
  return openCredential(loaded)?.credential.id === address ? loaded : undefined;
};

const addressIn = (submitted: unknown): string | undefined => {
  if (isObject(submitted))
    return submitted.credentialSubject === undefined && submitted.proof === undefined ? textOf(submitted.id) : undefined;
  return typeof submitted === 'string' && /^https?:/.test(submitted) ? submitted : undefined;
};
