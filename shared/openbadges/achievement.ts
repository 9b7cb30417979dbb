/**
 * A published version of a micro-credential as an Achievement: stands in every badge of it and under its own address.
 * @see https://www.imsglobal.org/spec/ob/v3p0/#achievement
 */
import { achievementTypeOf } from './achievement-type.ts';
import { annexAlignments } from './annex-one.ts';
import { CREDENTIALS_V2, OPEN_BADGES_3 } from './contexts.ts';
import type { AlignmentFacts, CompetencyFacts, CriterionFacts, DefinitionFacts, LevelFacts, RubricFacts } from './definition-facts.ts';
import { present } from './present.ts';
import { type Image, type IssuerFacts, imageOf, type ProfileMention } from './profile.ts';

export interface Alignment {
  readonly type: readonly ['Alignment'];
  readonly targetName: string;
  readonly targetUrl: string;
  readonly targetFramework?: string;
  readonly targetCode?: string;
  readonly targetDescription?: string;
  readonly targetType?: string;
}

export interface RubricCriterionLevel {
  readonly id: string;
  readonly type: readonly ['RubricCriterionLevel'];
  readonly name: string;
  readonly description: string;
  /** A number, which the standard writes as text. */
  readonly points: string;
}

export interface ResultDescription {
  readonly id: string;
  readonly type: readonly ['ResultDescription'];
  readonly name: string;
  readonly resultType: 'RubricCriterionLevel' | 'Status';
  readonly requiredLevel?: string;
  readonly rubricCriterionLevel?: readonly RubricCriterionLevel[];
  readonly alignment?: readonly Alignment[];
}

export interface Achievement {
  readonly id: string;
  readonly type: readonly ['Achievement'];
  readonly name: string;
  readonly description: string;
  readonly criteria: { readonly id: string; readonly narrative: string };
  readonly achievementType: string;
  readonly creator: ProfileMention;
  readonly version: string;
  readonly inLanguage?: string;
  readonly humanCode?: string;
  readonly fieldOfStudy?: string;
  readonly specialization?: string;
  readonly tag?: readonly string[];
  readonly image?: Image;
  readonly creditsAvailable?: number;
  readonly alignment: readonly Alignment[];
  readonly resultDescription: readonly ResultDescription[];
}

export interface AchievementNeeds {
  /** Address of the version, `…/a/{definition}/{version}`: the Achievement's id, and the stem of the ids of its parts. */
  readonly achievementUrl: string;
  readonly issuer: Pick<IssuerFacts, 'did' | 'name' | 'url'>;
  /** Address of the image drawn for the badge; named unless the definition brings one of its own. */
  readonly imageUrl?: string | undefined;
}

/** @throws DomainError definition/faulty if its type claims a certification or licence, which publication refuses before */
export const achievementOf = (definition: DefinitionFacts, needs: AchievementNeeds): Achievement => {
  const { achievementUrl, issuer } = needs;
  const { name, version, description, humanCode, fieldOfStudy, specialization, tags, workload } = definition;
  return present({
    id: achievementUrl,
    type: ['Achievement'],
    name,
    description,
    // An id of its own: with the Achievement's, both would be one node and the criteria would describe the achievement.
    criteria: { id: definition.criteria.id ?? `${achievementUrl}#criteria`, narrative: definition.criteria.narrative },
    achievementType: achievementTypeOf(definition.achievementType),
    creator: present({ id: issuer.did, type: ['Profile'], name: issuer.name, url: issuer.url }),
    version,
    inLanguage: LANGUAGE.test(definition.inLanguage) ? definition.inLanguage : undefined,
    humanCode,
    fieldOfStudy,
    specialization,
    tag: tags !== undefined && tags.length > 0 ? tags : undefined,
    image: imageIn(definition, needs),
    creditsAvailable: workload.creditPoint?.point,
    alignment: alignmentsOf(definition, achievementUrl),
    resultDescription: [outcomeDescription(achievementUrl, name), ...criterionDescriptions(definition, achievementUrl)],
  });
};

/**
 * The definition's caption tells of the definition's own image: on one that was drawn here it would be untrue, and those
 * who cannot see it would never know. A drawn image says what is written on it.
 */
const imageIn = ({ name, image }: DefinitionFacts, { imageUrl, issuer }: AchievementNeeds): Image | undefined => {
  if (image?.id !== undefined) return imageOf({ id: image.id, caption: image.caption });
  return imageUrl === undefined ? undefined : imageOf({ id: imageUrl, caption: `${name}, ${issuer.name}` });
};

/** The Achievement as a document of its own, under its address. */
export const achievementDocument = (achievement: Achievement): Achievement & { readonly '@context': readonly string[] } => ({
  '@context': [CREDENTIALS_V2, OPEN_BADGES_3],
  ...achievement,
});

/** Narrower than BCP 47: both schema flavours refuse the rest, and the field is optional. */
const LANGUAGE = /^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/;

/** Id of the result that says the whole was achieved. */
export const outcomeId = (achievementUrl: string): string => `${achievementUrl}#outcome`;

/** Criteria are unique within their rubric only, so the rubric is part of the id. */
export const criterionId = (achievementUrl: string, rubric: string, criterion: string): string =>
  `${achievementUrl}#${rubric}/${criterion}`;

export const levelId = (criterion: string, level: string): string => `${criterion}/${level}`;

const competencyUrl = (achievementUrl: string, competency: string): string => `${achievementUrl}#competency/${competency}`;

const alignmentOf = (facts: AlignmentFacts): Alignment => {
  const { targetName, targetUrl, targetFramework, targetCode, targetDescription, targetType } = facts;
  return present({ type: ['Alignment'], targetName, targetUrl, targetFramework, targetCode, targetDescription, targetType });
};

// Two alike would be one statement made twice, and look-alike blank nodes make canonicalisation dear.
const alignmentsOf = (definition: DefinitionFacts, achievementUrl: string): readonly Alignment[] => {
  const own = definition.competencies.map((competency) => ({
    ...competencyAlignment(competency, achievementUrl),
    targetDescription: competency.statement,
  }));
  const foreign = definition.competencies.flatMap(({ alignment }) => alignment.map(alignmentOf));
  const all = [...own, ...foreign, ...annexAlignments(definition, achievementUrl).map(alignmentOf)];
  return [...new Map(all.map((alignment) => [JSON.stringify(alignment), alignment])).values()];
};

const competencyAlignment = ({ id, name }: CompetencyFacts, achievementUrl: string): Alignment => ({
  type: ['Alignment'],
  targetName: name,
  targetUrl: competencyUrl(achievementUrl, id),
  targetType: 'ceasn:Competency',
});

const outcomeDescription = (achievementUrl: string, name: string): ResultDescription => ({
  id: outcomeId(achievementUrl),
  type: ['ResultDescription'],
  name,
  resultType: 'Status',
});

const criterionDescriptions = (definition: DefinitionFacts, achievementUrl: string): readonly ResultDescription[] =>
  definition.rubrics.flatMap((rubric) =>
    rubric.criteria.map((criterion) => criterionDescription({ definition, rubric, criterion }, achievementUrl)),
  );

const criterionDescription = (
  { definition, rubric, criterion }: { definition: DefinitionFacts; rubric: RubricFacts; criterion: CriterionFacts },
  achievementUrl: string,
): ResultDescription => {
  const id = criterionId(achievementUrl, rubric.id, criterion.id);
  return {
    id,
    type: ['ResultDescription'],
    name: criterion.name,
    resultType: 'RubricCriterionLevel',
    requiredLevel: levelId(id, criterion.requiredLevel),
    rubricCriterionLevel: criterion.levels.map((level) => rubricLevel(id, level)),
    alignment: definition.competencies
      .filter((competency) => competency.id === criterion.competency)
      .map((competency) => competencyAlignment(competency, achievementUrl)),
  };
};

const rubricLevel = (criterion: string, { id, name, description, points }: LevelFacts): RubricCriterionLevel => ({
  id: levelId(criterion, id),
  type: ['RubricCriterionLevel'],
  name,
  description,
  points: String(points),
});
