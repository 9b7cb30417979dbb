/**
 * A micro-credential as its programme designs it: competencies, curriculum, evidence, rubrics, policy and award rule, linked to each
 * other. This is one version; once published it never changes. Parsed where it enters (design/define-micro-credential), linted
 * before it is published (lint.ts), trusted everywhere else.
 */
import * as z from 'zod';
import { AwardRule, MicroCredentialName } from './award-rule.ts';
import { Duration } from './duration.ts';
import { DomainError } from './errors.ts';
import { faultsOf } from './faults.ts';
import { Instant } from './ids.ts';
import { AchievementType } from './micro-credential/achievement-type.ts';
import { AssessmentPolicy } from './micro-credential/assessment-policy.ts';
import { boundsOf } from './micro-credential/bounds.ts';
import { Competency } from './micro-credential/competencies.ts';
import { Curriculum, LearningMode, Level, Workload } from './micro-credential/curriculum.ts';
import { EvidenceRequirement } from './micro-credential/evidence-requirement.ts';
import { IssuerProfile } from './micro-credential/issuer-profile.ts';
import { LanguageTag, line, prose, Slug, WebAddress, worded } from './micro-credential/text.ts';
import { VersionRange, VersionText } from './micro-credential/version-range.ts';
import { Rubric } from './rubric.ts';

// What a step needs to speak of a definition's parts.
export { EvidenceRequirement, IssuerProfile, Rubric };

const UtcInstant = worded(Instant, 'must be a date and time in UTC, such as "2027-03-31T23:59:59Z"');

/** The version that this one takes over from, and until when those enrolled on it may finish. */
const Supersedes = z.strictObject({ version: VersionText, teachOutUntil: UtcInstant });

/** An image of the programme's own, with its text alternative. Without `id` the badge names the one that is drawn for it, which has words of its own. */
const Image = z.strictObject({ id: WebAddress.exactOptional(), caption: line(300).exactOptional() });

const Audience = z.strictObject({ description: prose(1000), settings: z.array(line(60)).max(20).exactOptional() });

const Prerequisites = z.strictObject({
  narrative: prose(2000),
  requiredCredentials: z
    .array(z.strictObject({ microCredentialId: MicroCredentialName, version: VersionRange.exactOptional() }))
    .max(20)
    .exactOptional(),
});

const Criteria = z.strictObject({ id: WebAddress.exactOptional(), narrative: prose(5000, 40) });

/** For how long the badge holds, and after that for how long it may still be renewed; null: without end. */
const Validity = z.strictObject({ period: Duration, gracePeriod: Duration }).nullable();

const Renewal = z
  .strictObject({ opensBefore: Duration, requires: AwardRule, effect: z.literal('new-credential-same-achievement') })
  .nullable();

/** `onComponentRevoked`: what becomes of this badge when one that it was built on is revoked. `resultsInCredential`: how much of the marks the badge tells. */
const Award = z.strictObject({
  rule: AwardRule,
  validity: Validity,
  renewal: Renewal,
  onComponentRevoked: z.enum(['suspend-pending-review', 'revoke', 'notify']).exactOptional(),
  resultsInCredential: z.enum(['none', 'outcome-only', 'learner-choice', 'full']),
});

/** A reference that the design rests on; a `placeholder` is still to be replaced. */
const Research = z.strictObject({ citation: line(1000), url: WebAddress.exactOptional(), placeholder: z.boolean().exactOptional() });

const QualityAssurance = z.strictObject({
  statement: prose(2000),
  type: Slug,
  externalBody: z
    .strictObject({ name: line(200), url: WebAddress.exactOptional() })
    .nullable()
    .exactOptional(),
  reviewEvery: Duration.exactOptional(),
  researchBasis: z.array(Research).max(50).exactOptional(),
});

/** Where it stands on its own, what it counts towards, what it is made of, who else recognises it. */
const Stackability = z.strictObject({
  standalone: z.boolean(),
  contributesTo: z
    .array(z.strictObject({ microCredentialId: MicroCredentialName, version: VersionText.exactOptional(), as: Slug }))
    .max(20)
    .exactOptional(),
  components: z.array(MicroCredentialName).max(50).exactOptional(),
  recognisedBy: z
    .array(z.strictObject({ name: line(200), recognition: line(300), url: WebAddress.exactOptional() }))
    .max(20)
    .exactOptional(),
});

const Privacy = z.strictObject({
  defaultVisibility: z.enum(['private', 'link-only', 'public']),
  recipientNameOnPublicPage: z.enum(['learner-choice', 'always', 'never']),
  recipientIdentifier: z.literal('hashed-email-salted'),
  searchIndexing: z.boolean().exactOptional(),
});

/** Schema and type in one. The file's `$schema` and `status` are accepted and mean nothing here: the state of a version is not its own to say. */
export const MicroCredentialDefinition = z.strictObject({
  $schema: line(300).exactOptional(),
  schemaVersion: z.literal('1.0'),
  id: MicroCredentialName,
  version: VersionText,
  status: z.enum(['draft', 'in-review', 'published', 'retired', 'withdrawn']),
  supersedes: Supersedes.exactOptional(),
  achievementType: AchievementType,
  credentialKind: z.enum(['knowledge', 'application', 'recognition']),
  name: line(120).min(3),
  description: prose(2000, 40),
  inLanguage: LanguageTag,
  humanCode: line(40).exactOptional(),
  fieldOfStudy: line(200).exactOptional(),
  specialization: line(200).exactOptional(),
  tags: z.array(line(60)).max(30).exactOptional(),
  image: Image.exactOptional(),
  issuer: IssuerProfile,
  audience: Audience.exactOptional(),
  prerequisites: Prerequisites.exactOptional(),
  criteria: Criteria,
  competencies: z.array(Competency).min(1).max(30),
  curriculum: Curriculum,
  workload: Workload,
  level: Level,
  learningMode: LearningMode,
  evidenceRequirements: z.array(EvidenceRequirement).min(1).max(30),
  rubrics: z.array(Rubric).min(1).max(30),
  assessmentPolicy: AssessmentPolicy,
  award: Award,
  qualityAssurance: QualityAssurance,
  stackability: Stackability,
  privacy: Privacy,
});
export type MicroCredentialDefinition = z.infer<typeof MicroCredentialDefinition>;

/**
 * The definition in a parsed JSON document, as it stands there.
 * @throws DomainError definition/malformed, with every fault of form at once
 */
export const parseDefinition = (input: unknown): MicroCredentialDefinition => {
  const { fatal, text } = boundsOf(input);
  if (fatal.length > 0) throw new DomainError('definition/malformed', {}, fatal);
  const parsed = MicroCredentialDefinition.safeParse(input, { reportInput: true });
  const faults = parsed.success ? text : [...text, ...faultsOf(parsed.error)];
  if (!parsed.success || faults.length > 0) throw new DomainError('definition/malformed', {}, faults);
  return parsed.data;
};
