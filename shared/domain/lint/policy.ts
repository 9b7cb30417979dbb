/** Assessment policy and privacy: a scheme that can be carried out as it is written, and nothing public that nobody chose to publish. */
import { compareDurations } from '../duration.ts';
import { type Marking, NEVER_AN_ASSESSOR } from '../micro-credential/assessment-policy.ts';
import { error, type Finding, type LintFamily, type Path, unless, warning } from './finding.ts';

const MARKING: Path = ['assessmentPolicy', 'marking'];

const scheme = (marking: Marking): readonly Finding[] => {
  switch (marking.scheme) {
    case 'conditional-double':
      return unless(
        !marking.secondMarkWhen.includes('random-sample') || (marking.randomSampleRate ?? 0) > 0,
        error(
          [...MARKING, 'randomSampleRate'],
          'lint/sample-rate-missing',
          'A random sample is to get a second mark, but its rate is missing or zero. Give a share, such as 0.1.',
        ),
      );
    case 'single-with-moderation':
      return unless(
        (marking.moderationSampleRate ?? 0) > 0 || marking.moderateAllFails === true || (marking.minModerated ?? 0) > 0,
        error(
          [...MARKING, 'moderationSampleRate'],
          'lint/moderation-empty',
          'Marking is moderated, but nothing is ever chosen for moderation. Give a sample rate, such as 0.1.',
        ),
      );
    case 'double-blind':
      return unless(
        marking.blindToOtherMarker !== false,
        error(
          [...MARKING, 'blindToOtherMarker'],
          'lint/double-blind-not-blind',
          'In double-blind marking neither marker sees the other mark. Set this to true, or choose another scheme.',
        ),
      );
    case 'single':
      return [];
  }
};

const marking: LintFamily = ({ assessmentPolicy: { marking, adjudication }, evidenceRequirements }) => [
  ...scheme(marking),
  ...(marking.appliesTo ?? []).flatMap((id, index) =>
    unless(
      evidenceRequirements.some((component) => component.id === id),
      error(
        [...MARKING, 'appliesTo', index],
        'lint/unknown-component',
        `There is no component of evidence "${id}" to mark by this scheme. Name one of this definition.`,
      ),
    ),
  ),
  ...unless(
    marking.blindToLearner !== false || marking.blindToLearnerReason !== undefined,
    warning(
      [...MARKING, 'blindToLearnerReason'],
      'lint/reason-missing',
      'Markers see who the learner is. Say why, as an auditor will ask.',
    ),
  ),
  ...unless(
    adjudication.trigger !== 'moderator-disagrees-on-outcome' || marking.scheme === 'single-with-moderation',
    warning(
      ['assessmentPolicy', 'adjudication', 'trigger'],
      'lint/adjudication-never',
      'Adjudication waits for a moderator to disagree, but the marking scheme has no moderator.',
    ),
  ),
];

const people: LintFamily = ({ assessmentPolicy: { assessorEligibility, attempts } }) => [
  ...unless(
    assessorEligibility.forbids.includes(NEVER_AN_ASSESSOR),
    error(
      ['assessmentPolicy', 'assessorEligibility', 'forbids'],
      'lint/self-assessment',
      `Nobody may assess their own work. Add "${NEVER_AN_ASSESSOR}" to what is forbidden.`,
    ),
  ),
  ...unless(
    attempts.max === 1 || compareDurations(attempts.coolingOff, attempts.revisionWindow) < 0,
    error(
      ['assessmentPolicy', 'attempts', 'coolingOff'],
      'lint/no-time-to-revise',
      'The wait before a new attempt lasts as long as the time to hand it in, so nobody could revise. Shorten the wait or lengthen the revision window.',
    ),
  ),
];

const privacy: LintFamily = ({ privacy, award }) => [
  ...unless(
    award.resultsInCredential !== 'full' || privacy.defaultVisibility !== 'public',
    error(
      ['award', 'resultsInCredential'],
      'lint/results-public-without-choice',
      'Every badge would be public with all its marks, and the learner never asked. Leave the results to the learner ("learner-choice"), or make badges private or link-only at first.',
    ),
  ),
  ...unless(
    privacy.searchIndexing !== true || privacy.defaultVisibility === 'public',
    error(
      ['privacy', 'searchIndexing'],
      'lint/indexing-contradiction',
      `Badges are ${privacy.defaultVisibility} at first, so search engines must not list them. Set this to false.`,
    ),
  ),
];

export const lintPolicy: LintFamily = (definition, context) => [marking, people, privacy].flatMap((rules) => rules(definition, context));
