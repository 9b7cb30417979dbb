/** Verifies what was submitted, whatever it is: a badge of either generation or a presentation; and both badges of an image that carries two. */

import { OPEN_BADGES_2 } from '#openbadges/badge-class.ts';
import { named, notChecked } from '#openbadges/check.ts';
import { isObject, type JsonObject, listOf } from '#openbadges/json-object.ts';
import { verifyBadge } from '#openbadges/verify-badge.ts';
import { vcJwtOf } from '#openbadges/verify-jwt.ts';
import { verifyPresentation } from '#openbadges/verify-presentation.ts';
import type { VerificationNeeds } from '#openbadges/verify-run.ts';
import type { Verified } from './answer.ts';
import type { Submitted } from './submitted-badge.ts';

export interface Answered {
  /** The newest generation's: it decides. */
  readonly verified: Verified;
  /** The older one's, where an image carries both: the reader sees whether the two agree. */
  readonly older?: Verified;
}

/** Never throws on what it is given. */
export const verifySubmitted = async ({ badge, older }: Submitted, needs: VerificationNeeds): Promise<Answered> => {
  const verified = await verifiedOne(badge, needs);
  return older === undefined ? { verified } : { verified, older: await verifiedOne(older, needs) };
};

/** What stands for a hosted badge of Open Badges 2.0 whose address answers that it was taken back. */
export const withdrawn = (url: string): JsonObject => ({ '@context': OPEN_BADGES_2, id: url, revoked: true });

const verifiedOne = async (badge: unknown, needs: VerificationNeeds): Promise<Verified> => {
  if (typeof badge === 'string' && /^https?:/i.test(badge)) return verifiedAt(badge, needs);
  if (isPresentation(badge)) {
    const verification = await verifyPresentation(badge, { ...needs, accept: 'open-badges' });
    return { verification, standard: 'verifiable-presentation', document: isObject(badge) ? badge : undefined };
  }
  const { standard, document, ...verification } = await verifyBadge(badge, needs);
  return { verification, standard, document };
};

/** Images of the first generation hold nothing but the address of their Assertion. */
const verifiedAt = async (url: string, needs: VerificationNeeds): Promise<Verified> => {
  const loaded = await needs.load(url).catch((error: unknown) => (isObject(error) && error.status === 410 ? withdrawn(url) : undefined));
  if (isObject(loaded)) return verifiedOne(loaded, needs);
  const checks = [named('proof', notChecked('proof/hosted-unreachable'))];
  return { verification: { verdict: 'could-not-check', checks }, standard: 'open-badges-2', document: undefined };
};

const PRESENTATIONS = ['VerifiablePresentation', 'EnvelopedVerifiablePresentation'];

const isPresentation = (badge: unknown): boolean =>
  typeof badge === 'string'
    ? vcJwtOf(badge)?.kind === 'presentation'
    : isObject(badge) && listOf(badge.type).some((type) => PRESENTATIONS.includes(String(type)));
