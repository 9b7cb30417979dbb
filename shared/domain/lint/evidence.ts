/** Components of evidence: something can be handed in, it can be judged, and nobody's consent is overstepped. */
import { compareDurations } from '../duration.ts';
import type { AcceptedFile } from '../micro-credential/evidence-requirement.ts';
import type { EvidenceRequirement } from '../micro-credential.ts';
import { error, type Finding, type LintFamily, type Path, unless, warning } from './finding.ts';

const items = (component: EvidenceRequirement, path: Path): readonly Finding[] => [
  ...unless(
    component.minItems <= component.maxItems,
    error(
      [...path, 'minItems'],
      'lint/items-reversed',
      `"${component.name}" asks for at least ${component.minItems} items but takes at most ${component.maxItems}.`,
    ),
  ),
  ...unless(
    component.accepts.length > 0 || Math.max(component.minItems, component.maxItems) === 0,
    error(
      [...path, 'accepts'],
      'lint/no-file-accepted',
      `"${component.name}" takes files but says of none that it is accepted. List the media types and sizes.`,
    ),
  ),
  ...unless(
    component.maxItems === 0 || component.minItems > 0 || !component.required,
    error(
      [...path, 'minItems'],
      'lint/evidence-optional',
      `"${component.name}" is required but can be handed in without any evidence. Ask for at least one item.`,
    ),
  ),
  ...unless(
    component.maxItems > 0 || component.source !== undefined,
    error(
      [...path, 'maxItems'],
      'lint/nothing-to-judge',
      `"${component.name}" takes no file and names no source of a result, so there is nothing to judge. Allow an item, or name the external tool as its source.`,
    ),
  ),
];

/** @see IANA "Media Types": the top-level types there are */
const TOP_LEVEL_TYPES = new Set(['application', 'audio', 'font', 'haptics', 'image', 'message', 'model', 'multipart', 'text', 'video']);

const mediaTypes = (listed: readonly string[], path: Path): readonly Finding[] =>
  listed.flatMap((mediaType, index) =>
    unless(
      TOP_LEVEL_TYPES.has(mediaType.split('/')[0] ?? ''),
      error(
        [...path, index],
        'lint/unknown-media-type',
        `"${mediaType}" is no media type that a file could have. Write it as in "video/mp4" or "application/pdf".`,
      ),
    ),
  );

const accepted = (file: AcceptedFile, path: Path): readonly Finding[] => {
  const { minDurationSeconds = 0, maxDurationSeconds = Number.POSITIVE_INFINITY, minWords = 0, maxWords = Number.POSITIVE_INFINITY } = file;
  return [
    ...mediaTypes(file.mediaTypes, [...path, 'mediaTypes']),
    ...unless(
      minDurationSeconds <= maxDurationSeconds,
      error(
        [...path, 'minDurationSeconds'],
        'lint/duration-reversed',
        `The shortest recording (${minDurationSeconds} s) is longer than the longest (${maxDurationSeconds} s).`,
      ),
    ),
    ...unless(
      minWords <= maxWords,
      error(
        [...path, 'minWords'],
        'lint/words-reversed',
        `The shortest text (${minWords} words) is longer than the longest (${maxWords} words).`,
      ),
    ),
  ];
};

const PUBLIC_DISPLAY = 'public-display';

const visibility = ({ visibility, consent, name }: EvidenceRequirement, path: Path): readonly Finding[] => {
  const asked = [...consent.purposes, ...consent.optionalPurposes].includes(PUBLIC_DISPLAY);
  return [
    ...unless(
      visibility.default !== 'public' || visibility.learnerMayPublish,
      error(
        [...path, 'visibility', 'default'],
        'lint/visibility-contradiction',
        `"${name}" is public from the start although the learner may not publish it. Make it private, or let the learner decide.`,
      ),
    ),
    ...unless(
      asked || !(visibility.learnerMayPublish || visibility.default === 'public'),
      error(
        [...path, 'consent', 'optionalPurposes'],
        'lint/publish-without-consent',
        `"${name}" may be published, but no consent for that is asked. Add "${PUBLIC_DISPLAY}" to the optional purposes, or do not let it be published.`,
      ),
    ),
    ...unless(
      !asked || visibility.learnerMayPublish,
      warning(
        [...path, 'visibility', 'learnerMayPublish'],
        'lint/consent-not-used',
        `Consent for "${PUBLIC_DISPLAY}" of "${name}" is asked although it may not be published. Ask only for what is used.`,
      ),
    ),
  ];
};

const component = (requirement: EvidenceRequirement, path: Path): readonly Finding[] => [
  ...items(requirement, path),
  ...requirement.accepts.flatMap((file, index) => accepted(file, [...path, 'accepts', index])),
  ...(requirement.companions ?? []).flatMap((companion, index) =>
    mediaTypes(companion.mediaTypes, [...path, 'companions', index, 'mediaTypes']),
  ),
  ...visibility(requirement, path),
  ...unless(
    compareDurations(requirement.retention.metadataKeptFor, requirement.retention.thenKeepFor) >= 0,
    warning(
      [...path, 'retention', 'metadataKeptFor'],
      'lint/retention-reversed',
      `The files of "${requirement.name}" are kept longer than the record of what they were.`,
    ),
  ),
];

export const lintEvidence: LintFamily = ({ evidenceRequirements, rubrics }) =>
  evidenceRequirements.flatMap((requirement, index) => [
    ...unless(
      rubrics.some(({ id }) => id === requirement.rubricId),
      error(
        ['evidenceRequirements', index, 'rubricId'],
        'lint/unknown-rubric',
        `There is no rubric "${requirement.rubricId}" to judge "${requirement.name}" by. Name one of this definition, or add it.`,
      ),
    ),
    ...component(requirement, ['evidenceRequirements', index]),
  ]);
