/** Freezing: what a badge will say, taken down in full at the moment the award rule came true. Nothing that changes later can change it. */
import { hash } from 'node:crypto';
import { addDuration } from '#domain/duration.ts';
import { type EnrolmentRecord, latestAttempts } from '#domain/enrolment.ts';
import type { CredentialId, Instant } from '#domain/ids.ts';
import type { Issuer } from '#domain/issuer.ts';
import type { Mark } from '#domain/mark.ts';
import type { MicroCredentialDefinition } from '#domain/micro-credential.ts';
import type { Submission } from '#domain/submission.ts';
import { achievementOf } from './achievement.ts';
import type { CriterionScore, EvidenceFacts, FrozenCredential, FrozenResults } from './achievement-credential.ts';
import { achievementPath, credentialPath, issuerDid, statusListPath } from './addresses.ts';
import type { IssuerFacts } from './profile.ts';
import { emailIdentifier } from './recipient.ts';
import { STATUS_PURPOSE } from './status-purpose.ts';

export interface Earned {
  readonly record: EnrolmentRecord;
  readonly definition: MicroCredentialDefinition;
  readonly issuer: Issuer;
  readonly credentialId: CredentialId;
  readonly publicBaseUrl: string;
  readonly place: { readonly list: number; readonly index: number };
  /** At least 16 characters that nobody can guess. */
  readonly salt: string;
  readonly earnedAt: Instant;
  /** Address of the image drawn for the version. */
  readonly imageUrl?: string | undefined;
  /** Where the newest form of the badge will be found; told by the badge only if the offering renews. */
  readonly refreshUrl?: string | undefined;
  readonly endorsement?: FrozenCredential['endorsement'];
  readonly relatedResource?: FrozenCredential['relatedResource'];
}

/** A name-based UUID: the same input gives the same id, and nothing can be read back from it. RFC 9562, section 5.8. */
const uuidUrn = (text: string): string => {
  const hex = hash('sha256', text);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** The registered issuer as its badges name it. */
export const issuerFacts = (issuer: Issuer, publicBaseUrl: string): IssuerFacts => {
  const { name, url, email, description, address } = issuer.profile;
  return { did: issuerDid(publicBaseUrl, issuer.id), name, url, email, description, address };
};

/** Only the attempt that passed counts; earlier ones are nobody's business. */
const passedSubmissions = (record: EnrolmentRecord): readonly Submission[] =>
  latestAttempts(record).filter(({ state }) => state === 'passed');

const evidenceOf = ({ record, definition, salt }: Earned): readonly EvidenceFacts[] =>
  passedSubmissions(record).flatMap((submission) => {
    const requirement = definition.evidenceRequirements.find(({ id }) => id === submission.component);
    const sealed = submission.evidence.flatMap((item) => (item.state === 'sealed' ? [item] : []));
    return sealed.map((item): EvidenceFacts => {
      const companion = requirement?.companions?.find(({ id }) => id === item.companion);
      return {
        id: uuidUrn(`${salt}:${item.id}`),
        name: companion?.name ?? requirement?.name ?? submission.component,
        genre: companion === undefined ? requirement?.genre : undefined,
        sha256: item.object.sha256,
      };
    });
  });

/** From the first word to the last. */
const SAY: readonly Mark['role'][] = ['first-marker', 'second-marker', 'moderator', 'adjudicator'];

/** The levels that decided, for an offering that publishes them; where several marks did, the one that had the last word counts. */
const scoresOf = ({ record }: Earned): readonly CriterionScore[] => {
  const deciding = new Set(record.decisions.flatMap(({ markIds }) => markIds));
  const passed = new Set(passedSubmissions(record).map(({ id }) => id));
  const scores = record.marks
    .filter(({ id, submissionId }) => deciding.has(id) && passed.has(submissionId))
    .toSorted((left, right) => SAY.indexOf(left.role) - SAY.indexOf(right.role))
    .flatMap(({ rubric, criteria }) => criteria.map(({ id, level }) => ({ rubric: rubric.id, criterion: id, level })));
  return [...new Map(scores.map((score) => [`${score.rubric}/${score.criterion}`, score])).values()];
};

/** Where the policy leaves it to the learner, no more than the outcome is shown until the learner says so. */
const resultsOf = (earned: Earned): FrozenResults => {
  const policy = earned.definition.award.resultsInCredential;
  if (policy === 'full') return { policy, scores: scoresOf(earned) };
  return { policy: policy === 'none' ? 'none' : 'outcome-only' };
};

/** Points that no body has confirmed are available, not earned. */
const creditsOf = ({ workload: { creditPoint } }: MicroCredentialDefinition): number | undefined =>
  creditPoint?.indicative === true ? undefined : creditPoint?.point;

export const frozenCredential = (earned: Earned): FrozenCredential => {
  const { record, definition, issuer, credentialId, publicBaseUrl, place, salt, earnedAt, imageUrl } = earned;
  const { enrolment } = record;
  const facts = issuerFacts(issuer, publicBaseUrl);
  const achievementUrl = `${publicBaseUrl}${achievementPath(issuer.id, enrolment.microCredentialId, enrolment.version)}`;
  const { email } = enrolment.learner;
  const period = definition.award.validity?.period;
  return {
    id: `${publicBaseUrl}${credentialPath(credentialId)}`,
    issuer: facts,
    achievement: achievementOf(definition, { achievementUrl, issuer: facts, imageUrl }),
    subject: { id: uuidUrn(`${salt}:subject`), identifier: email === undefined ? undefined : emailIdentifier(email, salt) },
    awardedDate: earnedAt,
    validFrom: earnedAt,
    validUntil: period === undefined ? undefined : addDuration(earnedAt, period),
    evidence: evidenceOf(earned),
    results: resultsOf(earned),
    creditsEarned: creditsOf(definition),
    endorsement: earned.endorsement,
    relatedResource: earned.relatedResource,
    refreshUrl: definition.award.renewal === null ? undefined : earned.refreshUrl,
    status: { list: `${publicBaseUrl}${statusListPath(issuer.id, place.list)}`, index: place.index, purpose: STATUS_PURPOSE },
  };
};
