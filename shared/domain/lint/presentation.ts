/** What a reader has to be told about a micro-credential, and what it must not pretend to be. */
import { durationSeconds, parseDuration } from '../duration.ts';
import type { MicroCredentialDefinition } from '../micro-credential.ts';
import { error, type Finding, type LintFamily, type Path, unless, warning } from './finding.ts';

interface Element {
  readonly name: string;
  readonly path: Path;
  readonly isPresent: (definition: MicroCredentialDefinition) => boolean;
}

const isSaid = (text: string): boolean => text.trim() !== '';

/**
 * Mandatory elements that belong to the definition; the learner and the date come from the award.
 * @see EU Council Recommendation 2022/C 243/02, Annex I
 */
const ANNEX_I: readonly Element[] = [
  { name: 'title', path: ['name'], isPresent: ({ name }) => isSaid(name) },
  {
    name: 'country of the issuer',
    path: ['issuer', 'address', 'addressCountryCode'],
    isPresent: ({ issuer }) => isSaid(issuer.address.addressCountryCode),
  },
  { name: 'awarding body', path: ['issuer', 'name'], isPresent: ({ issuer }) => isSaid(issuer.name) },
  {
    name: 'learning outcomes',
    path: ['competencies'],
    isPresent: ({ competencies }) => competencies.length > 0 && competencies.every(({ learningOutcomes }) => learningOutcomes.length > 0),
  },
  {
    name: 'notional workload',
    path: ['workload', 'volumeOfLearning'],
    isPresent: ({ workload }) => Object.values(parseDuration(workload.volumeOfLearning)).some((amount) => amount > 0),
  },
  {
    name: 'level, in a qualifications framework or in words ("statement")',
    path: ['level'],
    isPresent: ({ level }) => [level.eqf, level.aqf, level.nqf, level.statement].some((stated) => stated !== undefined),
  },
  { name: 'type of assessment', path: ['evidenceRequirements'], isPresent: ({ evidenceRequirements }) => evidenceRequirements.length > 0 },
  { name: 'form of participation', path: ['learningMode'], isPresent: ({ learningMode }) => isSaid(learningMode) },
  {
    name: 'type of quality assurance',
    path: ['qualityAssurance'],
    isPresent: ({ qualityAssurance }) => isSaid(qualityAssurance.statement) && isSaid(qualityAssurance.type),
  },
];

const annexOne: LintFamily = (definition) =>
  ANNEX_I.flatMap(({ name, path, isPresent }) =>
    unless(
      isPresent(definition),
      error(
        path,
        'lint/annex-i',
        `The ${name} is missing. The European approach to micro-credentials (2022/C 243/02, Annex I) asks every issuer to state it.`,
      ),
    ),
  );

/** What the annex asks for "wherever possible" and "if applicable": said in another way it is enough, and worth a thought. */
const whereApplicable: LintFamily = ({ workload: { creditPoint }, level }) => [
  ...unless(
    creditPoint !== undefined,
    warning(
      ['workload', 'creditPoint'],
      'lint/annex-i-where-applicable',
      'The workload is told in hours only; Annex I asks for ECTS credits wherever possible. Give the credits, or null if there are none.',
    ),
  ),
  ...unless(
    level.statement === undefined || [level.eqf, level.aqf, level.nqf].some((stated) => stated !== undefined),
    warning(
      ['level'],
      'lint/annex-i-where-applicable',
      'The level is told in words only; Annex I asks for the level of the EQF or of a national framework if one applies.',
    ),
  ),
];

const RESERVED = /^(ext:)?(licen[sc]e|certification)$/i;

const kind: LintFamily = ({ achievementType }) =>
  unless(
    !RESERVED.test(achievementType),
    error(
      ['achievementType'],
      'lint/achievement-type-reserved',
      `"${achievementType}" is reserved: Open Badges 3.0 keeps "License" for legal permission to practise and "Certification" for awards of an authorised certification body. Use "MicroCredential" or "Certificate".`,
    ),
  );

const image: LintFamily = ({ image }) => {
  if (image === undefined)
    return [
      warning(
        ['image'],
        'lint/image-missing',
        'No image is described, so a plain one is drawn. Describe the image in its "caption", for people who cannot see it.',
      ),
    ];
  return unless(
    image.caption !== undefined && isSaid(image.caption),
    error(
      ['image', 'caption'],
      'lint/image-without-caption',
      'The image has no caption. Say in a sentence what it shows, for people who cannot see it.',
    ),
  );
};

const workload: LintFamily = ({ workload: { volumeOfLearning, breakdown } }) => {
  const total = durationSeconds(volumeOfLearning);
  const parts = Object.values(breakdown ?? {}).map(durationSeconds);
  const known = parts.every((part) => part !== undefined) && parts.length > 0 && total !== undefined;
  return unless(
    !known || parts.reduce((sum: number, part) => sum + (part ?? 0), 0) === total,
    warning(['workload', 'breakdown'], 'lint/workload-differs', 'The parts of the workload do not add up to its volume.'),
  );
};

const sources: LintFamily = ({ qualityAssurance: { researchBasis = [] }, issuer }) => [
  ...researchBasis.flatMap(({ placeholder }, index): readonly Finding[] =>
    unless(
      placeholder !== true,
      warning(
        ['qualityAssurance', 'researchBasis', index],
        'lint/placeholder-citation',
        'This reference is a placeholder. Replace it by the research that the programme rests on.',
      ),
    ),
  ),
  ...unless(
    issuer.url !== undefined && issuer.email !== undefined,
    warning(
      ['issuer'],
      'lint/issuer-without-contact',
      'The issuer has no web address or no e-mail address; Open Badges 2.0 displays expect both.',
    ),
  ),
];

export const lintPresentation: LintFamily = (definition, context) =>
  [annexOne, whereApplicable, kind, image, workload, sources].flatMap((rules) => rules(definition, context));
