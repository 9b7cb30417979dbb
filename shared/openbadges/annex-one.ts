/**
 * What Europe asks every micro-credential to state (Annex I of the Council Recommendation), as far as Open Badges has no
 * field for it: workload, credit framework, level, types of assessment, participation, supervision, quality assurance,
 * learning outcomes. Said as alignments, since those are terms that every verifier knows; a context of our own would
 * be one that none has.
 * @see https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:32022H0627(02)
 */
import type { DefinitionFacts, LevelInFramework } from './definition-facts.ts';

/** The extension types of these alignments; `ext:QualityAssurance` and the levels are those that other issuers use. */
export const ANNEX_TARGET_TYPES = [
  'ext:LearningOutcome',
  'ext:NotionalWorkload',
  'ext:CreditPoints',
  'ext:AssessmentType',
  'ext:ParticipationForm',
  'ext:SupervisionVerification',
  'ext:QualityAssurance',
  'ext:EQFLevel',
  'ext:AQFLevel',
  'ext:NQFLevel',
  'ext:LevelStatement',
] as const;
export type AnnexTargetType = (typeof ANNEX_TARGET_TYPES)[number];

export interface AnnexAlignment {
  readonly targetType: AnnexTargetType;
  readonly targetName: string;
  readonly targetUrl: string;
  readonly targetCode?: string | undefined;
  readonly targetDescription?: string | undefined;
  readonly targetFramework?: string | undefined;
}

const FRAMEWORK = 'EU 2022/C 243/02, Annex I';

/** Every statement of the annex that the definition makes, in the annex's order. `achievementUrl` is the stem of the places that have no published address. */
export const annexAlignments = (definition: DefinitionFacts, achievementUrl: string): readonly AnnexAlignment[] =>
  [learningOutcomes, workload, credits, assessmentTypes, participation, supervision, qualityAssurance, levels].flatMap((statements) =>
    statements(definition, achievementUrl),
  );

type Statements = (definition: DefinitionFacts, achievementUrl: string) => readonly AnnexAlignment[];

const learningOutcomes: Statements = ({ competencies }, achievementUrl) =>
  competencies.flatMap((competency) =>
    (competency.learningOutcomes ?? []).map(({ id, statement }) => ({
      targetType: 'ext:LearningOutcome',
      targetName: statement,
      // Unique within its competency only.
      targetUrl: `${achievementUrl}#learning-outcome/${competency.id}/${id}`,
      targetCode: id,
      targetFramework: FRAMEWORK,
    })),
  );

const workload: Statements = ({ workload: { volumeOfLearning } }, achievementUrl) => {
  if (volumeOfLearning === undefined) return [];
  const hours = /^PT(\d+)H$/.exec(volumeOfLearning)?.[1];
  return [
    {
      targetType: 'ext:NotionalWorkload',
      targetName: `Notional workload: ${hours === undefined ? volumeOfLearning : `${hours} hours`}`,
      targetUrl: `${achievementUrl}#annex/workload`,
      targetCode: volumeOfLearning,
      targetFramework: FRAMEWORK,
    },
  ];
};

const credits: Statements = ({ workload: { creditPoint } }, achievementUrl) => {
  if (creditPoint?.framework === undefined) return [];
  const { point, framework, frameworkId, indicative } = creditPoint;
  return [
    {
      targetType: 'ext:CreditPoints',
      targetName: `${point} ${framework}${indicative === true ? ' (indicative)' : ''}`,
      targetUrl: frameworkId ?? `${achievementUrl}#annex/credits`,
      targetCode: String(point),
      targetFramework: framework,
    },
  ];
};

const assessmentTypes: Statements = ({ evidenceRequirements = [] }, achievementUrl) =>
  [...new Set(evidenceRequirements.map(({ assessmentType }) => assessmentType))].map((type) => ({
    targetType: 'ext:AssessmentType',
    targetName: `Type of assessment: ${type.toLowerCase()}`,
    targetUrl: `${achievementUrl}#annex/assessment/${type.toLowerCase()}`,
    targetCode: type,
    targetFramework: FRAMEWORK,
  }));

/** Concepts of the EU vocabulary "Modes of learning and assessment". */
const MODES: Readonly<Record<string, string>> = {
  online: 'http://data.europa.eu/snb/learning-assessment/920fbb3cbe',
  presential: 'http://data.europa.eu/snb/learning-assessment/9191af2ed9',
  blended: 'http://data.europa.eu/snb/learning-assessment/e92d221e4d',
  'work-based': 'http://data.europa.eu/snb/learning-assessment/729f3bed4b',
};

const participation: Statements = ({ learningMode }, achievementUrl) => {
  if (learningMode === undefined) return [];
  return [
    {
      targetType: 'ext:ParticipationForm',
      targetName: `Form of participation: ${learningMode}`,
      targetUrl: MODES[learningMode] ?? `${achievementUrl}#annex/participation`,
      targetCode: learningMode,
      targetFramework: FRAMEWORK,
    },
  ];
};

const supervision: Statements = ({ assessmentPolicy }, achievementUrl) => {
  if (assessmentPolicy === undefined) return [];
  return [
    {
      targetType: 'ext:SupervisionVerification',
      targetName: assessmentPolicy.idVerification,
      targetUrl: `${achievementUrl}#annex/supervision`,
      targetFramework: FRAMEWORK,
    },
  ];
};

const qualityAssurance: Statements = ({ qualityAssurance: assured }, achievementUrl) => {
  if (assured === undefined) return [];
  const { type, statement, externalBody } = assured;
  return [
    {
      targetType: 'ext:QualityAssurance',
      targetName: `Quality assurance: ${externalBody?.name ?? type}`,
      targetUrl: externalBody?.url ?? `${achievementUrl}#annex/quality-assurance`,
      targetCode: type,
      targetDescription: statement,
      targetFramework: FRAMEWORK,
    },
  ];
};

/** The European level comes last; its address is the same for everyone, so a definition need not tell it. */
const levels: Statements = ({ level: { nqf, aqf, eqf, statement } }, achievementUrl) => [
  ...levelInWords(statement, `${achievementUrl}#annex/level/statement`),
  ...levelIn({ targetType: 'ext:NQFLevel', framework: nqf?.framework ?? '' }, nqf, `${achievementUrl}#annex/level`),
  ...levelIn(
    { targetType: 'ext:AQFLevel', framework: 'Australian Qualifications Framework', short: 'AQF' },
    aqf,
    `${achievementUrl}#annex/level`,
  ),
  ...levelIn(
    { targetType: 'ext:EQFLevel', framework: 'European Qualifications Framework', short: 'EQF' },
    eqf,
    `http://data.europa.eu/snb/eqf/${eqf?.value}`,
  ),
];

const levelIn = (
  { targetType, framework, short = framework }: { targetType: AnnexTargetType; framework: string; short?: string },
  level: LevelInFramework | undefined,
  otherwise: string,
): readonly AnnexAlignment[] => {
  if (level === undefined) return [];
  const { value, id } = level;
  return [
    {
      targetType,
      targetName: `${short} level ${value}`,
      targetUrl: id ?? otherwise,
      targetCode: String(value),
      targetFramework: framework,
    },
  ];
};

/** Where no framework applies, or beside one that does. */
const levelInWords = (statement: string | undefined, targetUrl: string): readonly AnnexAlignment[] =>
  statement === undefined
    ? []
    : [{ targetType: 'ext:LevelStatement', targetName: 'Level', targetUrl, targetDescription: statement, targetFramework: FRAMEWORK }];
