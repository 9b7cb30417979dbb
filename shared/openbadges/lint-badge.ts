/**
 * The last rules of publication: a badge is issued on trial, unsigned and for nobody, and read as a verifier would read it. Whatever
 * the rules about definitions have overlooked is found here, before the first real badge.
 */
import type { Finding } from '#domain/lint/finding.ts';
import { textsIn } from '#domain/lint/texts.ts';
import type { MicroCredentialDefinition } from '#domain/micro-credential.ts';
import type { Canonize } from '#linked-data/canonicalize.ts';
import { badgeAnnex } from './lint/badge-annex.ts';
import { badgeCanonical } from './lint/badge-canonical.ts';
import { badgeIds } from './lint/badge-ids.ts';
import { badgeShape } from './lint/badge-shape.ts';
import { blameIn } from './lint/places.ts';
import { type TrialNeeds, trialBadge } from './lint/trial-badge.ts';

export interface BadgeLintNeeds extends TrialNeeds {
  readonly canonize: Canonize;
}

/** All at once, each at the place of the definition (or of the registered issuer, below `/issuer`) that it comes from; `''` where it comes from none. */
export const lintBadge = async (definition: MicroCredentialDefinition, needs: BadgeLintNeeds): Promise<readonly Finding[]> => {
  const badge = trialBadge(definition, needs);
  if (badge === undefined) return [];
  const blame = blameIn(textsIn(definition, { registeredProfile: needs.issuer.profile }));
  const canonical = await badgeCanonical(badge, { canonize: needs.canonize, blame });
  return [...badgeShape(badge, blame), ...badgeIds(badge, blame), ...badgeAnnex(badge), ...canonical];
};
