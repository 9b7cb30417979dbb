/**
 * Open Badges 2.0: what all badges of one kind share (BadgeClass) and who awards them (Issuer). Hosted documents,
 * linked by their addresses to each other and to every Assertion.
 * @see https://www.imsglobal.org/sites/default/files/Badges/OBv2p0Final/index.html#BadgeClass
 */
import type { Achievement, Alignment } from './achievement.ts';
import { achievementImageUrl } from './addresses.ts';
import { present } from './present.ts';
import type { Profile } from './profile.ts';

export const OPEN_BADGES_2 = 'https://w3id.org/openbadges/v2';

/** What every hosted document of Open Badges 2.0 is served as. */
export const OPEN_BADGES_2_TYPE = 'application/ld+json';

/** Suffix of the older generation's form of a thing: hosted verification asks that an id answers exactly its document. */
export const OPEN_BADGES_2_SUFFIX = '.ob2.json';

/** All three documents lie on one origin, which is what lets a verifier believe that they belong together. */
export const badgeClassUrl = (achievementUrl: string): string => `${achievementUrl}${OPEN_BADGES_2_SUFFIX}`;

export const issuerDocumentUrl = (issuerUrl: string): string => `${issuerUrl}/issuer${OPEN_BADGES_2_SUFFIX}`;

export interface AlignmentObject {
  readonly targetName: string;
  readonly targetUrl: string;
  readonly targetDescription?: string;
  readonly targetFramework?: string;
  readonly targetCode?: string;
}

export interface BadgeClass {
  readonly '@context': typeof OPEN_BADGES_2;
  readonly type: 'BadgeClass';
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** An address and no object: readers of this generation expect one. */
  readonly image: string;
  readonly criteria: { readonly id: string; readonly narrative: string };
  readonly issuer: string;
  readonly alignment?: readonly AlignmentObject[];
  readonly tags?: readonly string[];
}

/** The BadgeClass of an Achievement. An image is compulsory in this generation, so without one of its own the drawn one is named. */
export const badgeClass = (achievement: Achievement, { issuerUrl }: { readonly issuerUrl: string }): BadgeClass => {
  const { id, name, description, image, criteria, alignment, tag } = achievement;
  return present({
    '@context': OPEN_BADGES_2,
    type: 'BadgeClass',
    id: badgeClassUrl(id),
    name,
    description,
    image: image?.id ?? achievementImageUrl(id),
    criteria,
    issuer: issuerDocumentUrl(issuerUrl),
    alignment: alignment.length > 0 ? alignment.map(alignmentObject) : undefined,
    tags: tag,
  });
};

const alignmentObject = ({ targetName, targetUrl, targetDescription, targetFramework, targetCode }: Alignment): AlignmentObject =>
  present({ targetName, targetUrl, targetDescription, targetFramework, targetCode });

export interface IssuerDocument {
  readonly '@context': typeof OPEN_BADGES_2;
  readonly type: 'Issuer';
  readonly id: string;
  readonly name: string;
  readonly url: string;
  /** Compulsory in this generation; an issuer that tells none is refused by strict readers. */
  readonly email?: string;
  readonly description?: string;
  readonly image?: string;
}

/** The Issuer of a Profile; without a web site of its own its public page stands for it. */
export const issuerDocument = (profile: Omit<Profile, 'id' | 'type'>, { issuerUrl }: { readonly issuerUrl: string }): IssuerDocument =>
  present({
    '@context': OPEN_BADGES_2,
    type: 'Issuer',
    id: issuerDocumentUrl(issuerUrl),
    name: profile.name,
    url: profile.url ?? issuerUrl,
    email: profile.email,
    description: profile.description,
    image: profile.image?.id,
  });
