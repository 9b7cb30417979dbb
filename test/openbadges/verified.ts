/** Verifying the sample badge against what its issuer publishes: override one file or one circumstance. */
import { achievementCredential, type FrozenCredential } from '#openbadges/achievement-credential.ts';
import { verifyCredential } from '#openbadges/verify.ts';
import type { VerificationNeeds } from '#openbadges/verify-run.ts';
import { aDefinition, aFrozenCredential, aSignedBadge, canonize, ISSUER_URL, loaderOf, NOW_MS, published, signed } from './a-badge.ts';

export const DID_URL = `${ISSUER_URL}/did.json`;
export const small = aDefinition('data-communicator');
export const badge = await aSignedBadge({}, small);
const everything = await published();

export const verified = (credential: unknown, needs: Partial<VerificationNeeds> & { files?: Readonly<Record<string, unknown>> } = {}) => {
  const { files = {}, ...rest } = needs;
  return verifyCredential(JSON.parse(JSON.stringify(credential)), {
    canonize,
    load: loaderOf({ ...everything, ...files }),
    nowMs: NOW_MS,
    ...rest,
  });
};

/** The checks that did not pass, by code; and the verdict. */
export const findings = async (...[credential, needs]: Parameters<typeof verified>) => {
  const { verdict, checks } = await verified(credential, needs);
  return [verdict, ...checks.flatMap((check) => (check.state === 'passed' ? [] : [`${check.name}: ${check.code}`]))];
};

/** A badge that says something unusual and is signed with it. */
export const signedWith = (changes: object, frozen: Partial<FrozenCredential> = {}) =>
  signed({ ...achievementCredential(aFrozenCredential(frozen, small)), ...changes });
