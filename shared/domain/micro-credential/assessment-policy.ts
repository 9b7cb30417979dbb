/** How evidence is judged in this offering: marking, disagreement, who may judge, attempts, service times, feedback, appeals. Policy is data; the schemes are code. */
import * as z from 'zod';
import { Duration } from '../duration.ts';
import { LearningMode } from './curriculum.ts';
import { ServiceTime } from './service-time.ts';
import { Fraction, prose, Slug } from './text.ts';

const blinding = {
  blindToLearner: z.boolean().exactOptional(),
  blindToLearnerReason: prose(300).exactOptional(),
  blindToOtherMarker: z.boolean().exactOptional(),
  /** Components that the scheme is for; the others are marked as `otherComponents` says. Without it, all of them. */
  appliesTo: z.array(Slug).min(1).max(30).exactOptional(),
  otherComponents: z.literal('single').exactOptional(),
};

const Single = z.strictObject({ scheme: z.literal('single'), ...blinding });

/** A sample of decisions is looked at again before release. */
const SingleWithModeration = z.strictObject({
  scheme: z.literal('single-with-moderation'),
  moderationSampleRate: Fraction.exactOptional(),
  moderateAllFails: z.boolean().exactOptional(),
  minModerated: z.int().min(0).max(10_000).exactOptional(),
  ...blinding,
});

/** A second mark where the first gives reason for one. */
const ConditionalDouble = z.strictObject({
  scheme: z.literal('conditional-double'),
  secondMarkWhen: z
    .array(z.enum(['any-criterion-within-one-level-below-required', 'first-outcome-is-fail', 'random-sample']))
    .min(1)
    .max(3),
  randomSampleRate: Fraction.exactOptional(),
  ...blinding,
});

/** Two people, neither of whom sees the other's mark. */
const DoubleBlind = z.strictObject({ scheme: z.literal('double-blind'), markers: z.literal(2).exactOptional(), ...blinding });

export const Marking = z.discriminatedUnion('scheme', [Single, SingleWithModeration, ConditionalDouble, DoubleBlind]);
export type Marking = z.infer<typeof Marking>;

/** When markers differ so much that a third person decides, who that is, and what decides. */
const Adjudication = z.strictObject({
  trigger: z.enum([
    'outcome-differs',
    'outcome-differs-or-any-criterion-differs-by-2-levels',
    'any-critical-criterion-differs-or-outcome-differs',
    'moderator-disagrees-on-outcome',
  ]),
  by: Slug,
  resolution: z.enum(['adjudicator-decides', 'third-mark-majority-per-criterion']),
});

/** Marks on anchor samples that a marker has to match before marking for real. */
const Calibration = z.strictObject({
  anchorSamples: z.int().min(0).max(100),
  minExactAgreement: Fraction,
  minKappa: Fraction.exactOptional(),
  validFor: Duration,
});

/** Nobody judges their own work, whatever an offering's policy says. */
export const NEVER_AN_ASSESSOR = 'is-learner';

const AssessorEligibility = z.strictObject({
  requires: z.array(Slug).max(20).exactOptional(),
  forbids: z
    .array(Slug)
    .max(20)
    .refine((relations) => relations.includes(NEVER_AN_ASSESSOR), {
      error: `must contain "${NEVER_AN_ASSESSOR}": nobody may assess their own work`,
      params: { code: 'must-contain' },
    }),
  calibration: Calibration.exactOptional(),
});

// An attempt's number has at most three digits in its id, and overrides may add to the maximum.
const ATTEMPTS_MAX = 99;

const Attempts = z.strictObject({
  max: z.int().min(1).max(ATTEMPTS_MAX),
  afterMax: Slug,
  coolingOff: Duration,
  revisionWindow: Duration,
  carryForwardPassedComponents: z.boolean(),
  carryForwardValidFor: Duration.exactOptional(),
});

/** Promises to the learner. `escalateAt`: the share of the time after which somebody is reminded. */
const ServiceLevel = z.strictObject({ completenessCheck: ServiceTime, decision: ServiceTime, escalateAt: Fraction });

const Feedback = z.strictObject({
  perCriterionRequiredWhenBelowRequired: z.boolean(),
  minCharacters: z.int().min(0).max(5000),
  overallRequired: z.boolean(),
});

const Appeals = z.strictObject({
  window: Duration,
  grounds: z.array(Slug).min(1).max(20),
  academicJudgementAppealable: z.boolean(),
  reviewerMustDifferFromAssessors: z.boolean(),
  sla: ServiceTime,
});

export const AssessmentPolicy = z.strictObject({
  submissionMode: z.enum(['component', 'portfolio']),
  marking: Marking,
  adjudication: Adjudication,
  assessorEligibility: AssessorEligibility,
  attempts: Attempts,
  sla: ServiceLevel,
  feedback: Feedback,
  appeals: Appeals,
  mode: LearningMode,
  /** Wordings of the European Learning Model's controlled list for supervision and identity verification. */
  idVerification: z.enum([
    'Unsupervised with no ID verification',
    'Unsupervised with ID verification',
    'Supervised with no ID verification',
    'Supervised with ID verification',
  ]),
});
export type AssessmentPolicy = z.infer<typeof AssessmentPolicy>;
