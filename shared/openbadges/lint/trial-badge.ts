/** A badge as the definition would make it today, for a learner who does not exist: what publication looks at before the first real one. */
import type { EnrolmentRecord } from '#domain/enrolment.ts';
import { DomainError } from '#domain/errors.ts';
import {
  AssessorId,
  CredentialId,
  EnrolmentId,
  EvidenceId,
  Instant,
  MicroCredentialId,
  Sha256,
  Subject,
  submissionIdOf,
  Version,
} from '#domain/ids.ts';
import type { Issuer } from '#domain/issuer.ts';
import type { EvidenceRequirement, MicroCredentialDefinition } from '#domain/micro-credential.ts';
import type { Submission } from '#domain/submission.ts';
import { achievementCredential, type OpenBadgeCredential } from '../achievement-credential.ts';
import { achievementPath } from '../addresses.ts';
import { frozenCredential } from '../frozen-credential.ts';

export interface TrialNeeds {
  /** As registered: badges tell of the issuer what stands there. */
  readonly issuer: Issuer;
  readonly publicBaseUrl: string;
}

const NOBODY = '0'.repeat(26);
const EARNED_AT = Instant.parse('2026-01-01T00:00:00.000Z');
const DIGEST = Sha256.parse('0'.repeat(64));
const ENROLMENT = EnrolmentId.parse(`enr_${NOBODY}`);
const FILE = { bytes: 1, mediaType: 'text/plain', sha256: DIGEST, fileName: 'evidence.txt' };

/** One file for the component and one for each of its companions: whatever the badge says of evidence is in these names. */
const evidenceOf = ({ companions = [] }: EvidenceRequirement, place: number): Submission['evidence'] =>
  [undefined, ...companions].map((companion, index) => ({
    id: EvidenceId.parse(`evi_${String(place * 100 + index).padStart(NOBODY.length, '0')}`),
    key: 'none',
    announced: FILE,
    reservedAt: EARNED_AT,
    expiresAt: EARNED_AT,
    state: 'sealed',
    object: { versionId: 'none', bytes: FILE.bytes, sha256: DIGEST, mediaType: FILE.mediaType },
    ...(companion === undefined ? {} : { companion: companion.id }),
  }));

const passed = (requirement: EvidenceRequirement, place: number): Submission => ({
  id: submissionIdOf(ENROLMENT, place, 1),
  component: requirement.id,
  attempt: 1,
  evidence: evidenceOf(requirement, place),
  state: 'passed',
  submittedAt: EARNED_AT,
  decidedAt: EARNED_AT,
  declarations: { authenticity: true, consent: true },
  seal: [],
});

const judged = ({ evidenceRequirements, rubrics }: MicroCredentialDefinition, submissions: readonly Submission[]) =>
  submissions.map(({ id, component }, place) => {
    const rubric = rubrics.find((candidate) => candidate.id === evidenceRequirements[place]?.rubricId);
    const criteria = (rubric?.criteria ?? []).map((criterion) => ({ id: criterion.id, level: criterion.requiredLevel }));
    const base = { submissionId: id, attempt: 1, outcome: 'pass' } as const;
    const mark = {
      ...base,
      id: `mrk_${place}`,
      assessorId: AssessorId.parse('nobody'),
      role: 'first-marker',
      rubric: { id: rubric?.id ?? '', version: rubric?.version ?? '' },
      evidence: [],
      criteria,
      recordedAt: EARNED_AT,
    } as const;
    return { mark, decision: { ...base, id: `dec_${place}`, component, markIds: [mark.id], decidedAt: EARNED_AT } };
  });

const recordOf = (definition: MicroCredentialDefinition, issuer: Issuer): EnrolmentRecord => {
  const submissions = definition.evidenceRequirements.map(passed);
  const judgements = judged(definition, submissions);
  return {
    enrolment: {
      id: ENROLMENT,
      tenant: issuer.id,
      microCredentialId: MicroCredentialId.parse(definition.id),
      version: Version.parse(definition.version),
      learner: { subject: Subject.parse('nobody'), email: 'nobody@assay.invalid' },
      choices: { publication: 'automatic', showName: false },
      cycle: 1,
      mayEnrolAnew: false,
      state: 'eligible',
      enrolledAt: EARNED_AT,
    },
    submissions,
    marks: judgements.map(({ mark }) => mark),
    decisions: judgements.map(({ decision }) => decision),
  };
};

/**
 * The badge in its fullest form, with every result that a learner could choose to show.
 * @returns undefined if it may not be made at all, which the linter says in its own words (achievement type)
 */
export const trialBadge = (
  definition: MicroCredentialDefinition,
  { issuer, publicBaseUrl }: TrialNeeds,
): OpenBadgeCredential | undefined => {
  const drawn = `${publicBaseUrl}${achievementPath(issuer.id, definition.id, definition.version)}.png`;
  const fullest: MicroCredentialDefinition = { ...definition, award: { ...definition.award, resultsInCredential: 'full' } };
  try {
    const frozen = frozenCredential({
      record: recordOf(definition, issuer),
      definition: fullest,
      issuer,
      credentialId: CredentialId.parse(NOBODY),
      publicBaseUrl,
      place: { list: 1, index: 1 },
      salt: NOBODY,
      earnedAt: EARNED_AT,
      imageUrl: definition.image?.id === undefined ? drawn : undefined,
      refreshUrl: `${publicBaseUrl}/c/${NOBODY}/refresh`,
    });
    return achievementCredential(frozen);
  } catch (refusal) {
    if (refusal instanceof DomainError) return undefined;
    throw refusal;
  }
};
