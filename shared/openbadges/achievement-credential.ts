/**
 * The badge: an Open Badges 3.0 AchievementCredential, built from what was frozen when the award rule came true and
 * from nothing else, so that building it again gives the same bytes.
 * @see https://www.imsglobal.org/spec/ob/v3p0/#achievementcredential
 */
import { type Achievement, criterionId, levelId, outcomeId } from './achievement.ts';
import { type StatusEntry, type StatusPlace, statusEntry } from './bitstring-status-list.ts';
import { CREDENTIALS_V2, OPEN_BADGES_3, OPEN_BADGES_EXTENSIONS } from './contexts.ts';
import type { Secured } from './data-integrity-proof.ts';
import { type EndorsementCredential, type RelatedFacts, type RelatedResource, relatedResource } from './endorsement.ts';
import { digestMultibase } from './multibase.ts';
import { present } from './present.ts';
import { type IssuerFacts, type Profile, type ProfileMention, profileOf } from './profile.ts';
import type { IdentityObject } from './recipient.ts';

/** A piece of evidence as the badge tells of it; the bytes stay private. */
export interface EvidenceFacts {
  /** An absolute IRI: a `urn:uuid:` while nobody may follow it. */
  readonly id: string;
  readonly name: string;
  readonly narrative?: string | undefined;
  readonly genre?: string | undefined;
  readonly description?: string | undefined;
  /** Of the bytes that were judged: 64 lower-case hexadecimal digits. */
  readonly sha256?: string | undefined;
}

export interface CriterionScore {
  readonly rubric: string;
  readonly criterion: string;
  readonly level: string;
}

/** What the offering's privacy policy, or the learner where it leaves the choice, lets the badge say of the assessment. */
export type FrozenResults =
  | { readonly policy: 'none' | 'outcome-only' }
  | { readonly policy: 'full'; readonly scores: readonly CriterionScore[] };

/** Everything a badge says, as plain JSON data; written once at the claim and never changed. */
export interface FrozenCredential {
  /** Its public address, `…/c/{credential}`. */
  readonly id: string;
  readonly issuer: IssuerFacts;
  readonly achievement: Achievement;
  /** Pseudonymous id, such as a `urn:uuid:`; the identifier lets the holder prove to be meant. */
  readonly subject: { readonly id: string; readonly identifier?: IdentityObject | undefined };
  /** Instants: ISO 8601 with seconds, UTC. */
  readonly awardedDate: string;
  readonly validFrom: string;
  readonly validUntil?: string | undefined;
  readonly evidence: readonly EvidenceFacts[];
  readonly results: FrozenResults;
  /** The body that assessed; absent where the issuer did. */
  readonly source?: { readonly id: string; readonly name: string; readonly url?: string | undefined } | undefined;
  /** Points of the achievement's credit framework that the holder has earned with it. */
  readonly creditsEarned?: number | undefined;
  /** What others have signed about the achievement, the issuer or this badge, and what stands elsewhere. */
  readonly endorsement?: readonly Secured<EndorsementCredential>[] | undefined;
  readonly relatedResource?: readonly RelatedFacts[] | undefined;
  /** Address that answers the newest form of this badge, where the offering renews. */
  readonly refreshUrl?: string | undefined;
  readonly status: StatusPlace;
}

export interface Evidence {
  readonly id: string;
  readonly type: readonly ['Evidence'];
  readonly name: string;
  readonly narrative?: string;
  readonly genre?: string;
  readonly description?: string;
  readonly digestMultibase?: string;
}

export interface Result {
  readonly type: readonly ['Result'];
  readonly resultDescription: string;
  readonly achievedLevel?: string;
  readonly status?: 'Completed';
}

export interface AchievementSubject {
  readonly id: string;
  readonly type: readonly ['AchievementSubject'];
  readonly identifier?: readonly IdentityObject[];
  readonly achievement: Achievement;
  readonly creditsEarned?: number;
  readonly source: ProfileMention;
  readonly result?: readonly Result[];
}

/** Both schema flavours want one object with a plain `type`. @see https://www.imsglobal.org/spec/vccr/v1p0/ */
export interface RefreshService {
  readonly id: string;
  readonly type: '1EdTechCredentialRefresh';
}

/** The badge before it is signed. */
export interface OpenBadgeCredential {
  readonly '@context': readonly string[];
  readonly id: string;
  readonly type: readonly ['VerifiableCredential', 'OpenBadgeCredential'];
  readonly name: string;
  readonly issuer: Profile;
  readonly validFrom: string;
  readonly validUntil?: string;
  readonly awardedDate: string;
  readonly credentialSubject: AchievementSubject;
  readonly evidence?: readonly Evidence[];
  readonly endorsement?: readonly Secured<EndorsementCredential>[];
  readonly relatedResource?: readonly RelatedResource[];
  readonly credentialStatus: StatusEntry;
  readonly refreshService?: RefreshService;
  readonly credentialSchema: readonly { readonly id: string; readonly type: string }[];
}

const SCHEMA = 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json';

/** @throws RangeError if a digest, of evidence or of a related resource, is no SHA-256 */
export const achievementCredential = (frozen: FrozenCredential): OpenBadgeCredential => {
  const { id, issuer, achievement, awardedDate, validFrom, validUntil, status, refreshUrl } = frozen;
  return present({
    '@context': [CREDENTIALS_V2, OPEN_BADGES_3, OPEN_BADGES_EXTENSIONS],
    id,
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: achievement.name,
    issuer: profileOf(issuer),
    validFrom,
    validUntil,
    awardedDate,
    credentialSubject: subjectOf(frozen),
    evidence: someOf(frozen.evidence.map(evidenceOf)),
    endorsement: someOf(frozen.endorsement),
    relatedResource: someOf(frozen.relatedResource?.map(relatedResource)),
    credentialStatus: statusEntry(status),
    refreshService: refreshUrl === undefined ? undefined : refreshAt(refreshUrl),
    credentialSchema: [{ id: SCHEMA, type: '1EdTechJsonSchemaValidator2019' }],
  });
};

const refreshAt = (id: string): RefreshService => ({ id, type: '1EdTechCredentialRefresh' });

/** An empty list says nothing, and says it differently from none. */
const someOf = <T>(list: readonly T[] | undefined): readonly T[] | undefined =>
  list === undefined || list.length === 0 ? undefined : list;

const subjectOf = ({ subject, achievement, creditsEarned, issuer, source, results }: FrozenCredential): AchievementSubject =>
  present({
    id: subject.id,
    type: ['AchievementSubject'],
    identifier: subject.identifier && [subject.identifier],
    achievement: { ...achievement, creator: mentionOf(achievement.creator, issuer) },
    creditsEarned,
    source: mentionOf(source ?? { id: issuer.did }, issuer),
    result: someOf(resultsOf(results, achievement.id)),
  });

/**
 * Who is the issuer is mentioned by id alone. Name and address of one node, stated twice, are one statement to the
 * canonical form: either copy could be taken away without breaking the signature.
 */
const mentionOf = (
  { id, name, url }: { id: string; name?: string | undefined; url?: string | undefined },
  issuer: IssuerFacts,
): ProfileMention => (id === issuer.did ? { id, type: ['Profile'] } : present({ id, type: ['Profile'], name, url }));

const resultsOf = (results: FrozenResults, achievementUrl: string): readonly Result[] => {
  const outcome: Result = { type: ['Result'], resultDescription: outcomeId(achievementUrl), status: 'Completed' };
  switch (results.policy) {
    case 'none':
      return [];
    case 'outcome-only':
      return [outcome];
    case 'full':
      return [outcome, ...results.scores.map((score) => scoreResult(score, achievementUrl))];
  }
};

const scoreResult = ({ rubric, criterion, level }: CriterionScore, achievementUrl: string): Result => {
  const resultDescription = criterionId(achievementUrl, rubric, criterion);
  return { type: ['Result'], resultDescription, achievedLevel: levelId(resultDescription, level) };
};

const evidenceOf = ({ id, name, narrative, genre, description, sha256 }: EvidenceFacts): Evidence =>
  present({
    id,
    type: ['Evidence'],
    name,
    narrative,
    genre,
    description,
    digestMultibase: sha256 === undefined ? undefined : digestMultibase(sha256),
  });
