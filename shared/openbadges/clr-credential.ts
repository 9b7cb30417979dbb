/**
 * A Comprehensive Learner Record: the badges that a learner chose, as one record that is signed as a whole. It is signed
 * as a VC-JWT, over its bytes: its JSON-LD context is in no package that could be pinned, so that a proof over its
 * statements could neither be made nor checked here. Each badge inside keeps the proof of its own issuer.
 * @see https://www.imsglobal.org/spec/clr/v2p0/
 */
import type { OpenBadgeCredential } from './achievement-credential.ts';
import { CREDENTIALS_V2, OPEN_BADGES_3, OPEN_BADGES_EXTENSIONS } from './contexts.ts';
import type { Secured } from './data-integrity-proof.ts';
import { present } from './present.ts';
import { type IssuerFacts, type Profile, profileOf } from './profile.ts';
import type { IdentityObject } from './recipient.ts';

/** Versioned: the context without a version leaves out terms that a learner's record needs. */
export const CLR_2 = 'https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json';

/** How one achievement relates to another; the whole enumeration of the standard. */
export type AssociationType =
  | 'exactMatchOf'
  | 'isChildOf'
  | 'isParentOf'
  | 'isPartOf'
  | 'isPeerOf'
  | 'isRelatedTo'
  | 'precedes'
  | 'replacedBy';

/** Both ids are ids of achievements. */
export interface Association {
  readonly type: 'Association';
  readonly associationType: AssociationType;
  readonly sourceId: string;
  readonly targetId: string;
}

export interface ClrFacts {
  /** An absolute IRI. */
  readonly id: string;
  readonly name: string;
  readonly description?: string | undefined;
  /** Who puts the record together and signs it. */
  readonly publisher: IssuerFacts;
  /** The learner: a pseudonymous id of the record's own, so that it gives none of the badges' pseudonyms away. */
  readonly subject: { readonly id: string; readonly identifier?: IdentityObject | undefined };
  /** Instants: ISO 8601 with seconds, UTC. */
  readonly validFrom: string;
  readonly validUntil?: string | undefined;
  /** As they were published; at least one. */
  readonly badges: readonly Secured<OpenBadgeCredential>[];
  /** `isPartOf` where one achievement of the record counts towards another. */
  readonly associations?: readonly Omit<Association, 'type'>[] | undefined;
}

/** A record before it is signed. */
export interface ClrCredential {
  readonly '@context': readonly string[];
  readonly id: string;
  readonly type: readonly ['VerifiableCredential', 'ClrCredential'];
  readonly name: string;
  readonly description?: string;
  readonly issuer: Profile;
  readonly validFrom: string;
  readonly validUntil?: string;
  /** Always: the learner chose, so nobody may conclude that this is all. */
  readonly partial: true;
  readonly credentialSubject: {
    readonly id: string;
    readonly type: readonly ['ClrSubject'];
    readonly identifier?: readonly IdentityObject[];
    readonly verifiableCredential: readonly Secured<OpenBadgeCredential>[];
    readonly association?: readonly Association[];
  };
  readonly credentialSchema: readonly { readonly id: string; readonly type: string }[];
}

const SCHEMA = 'https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json';

/** @throws RangeError for no badge, a badge given twice, or an association of an achievement that is not in the record */
export const clrCredential = (facts: ClrFacts): ClrCredential => {
  requireSound(facts);
  const { id, name, description, publisher, validFrom, validUntil } = facts;
  return present({
    '@context': [CREDENTIALS_V2, CLR_2, OPEN_BADGES_3, OPEN_BADGES_EXTENSIONS],
    id,
    type: ['VerifiableCredential', 'ClrCredential'],
    name,
    description,
    issuer: profileOf(publisher),
    validFrom,
    validUntil,
    partial: true,
    credentialSubject: subjectOf(facts),
    credentialSchema: [{ id: SCHEMA, type: '1EdTechJsonSchemaValidator2019' }],
  });
};

const requireSound = ({ badges, associations = [] }: ClrFacts): void => {
  if (badges.length === 0) throw new RangeError('a record holds at least one badge');
  if (new Set(badges.map(({ id }) => id)).size !== badges.length) throw new RangeError('a badge stands in a record once');
  const known = new Set(badges.map(({ credentialSubject }) => credentialSubject.achievement.id));
  const isKnown = associations.every(({ sourceId, targetId }) => known.has(sourceId) && known.has(targetId));
  if (!isKnown) throw new RangeError('an association is between achievements of the record');
};

const subjectOf = ({ subject, badges, associations = [] }: ClrFacts): ClrCredential['credentialSubject'] =>
  present({
    id: subject.id,
    type: ['ClrSubject'],
    identifier: subject.identifier && [subject.identifier],
    verifiableCredential: badges,
    association: associations.length === 0 ? undefined : associations.map((facts) => ({ ...facts, type: 'Association' as const })),
  });
