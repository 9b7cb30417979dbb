/** Rubric: criteria, levels and the rule by which levels make a pass. Pass or fail is computed here and never taken from a caller. */
import * as z from 'zod';
import { Fraction, line, prose, Slug } from './micro-credential/text.ts';
import { VersionText } from './micro-credential/version-range.ts';

const POINTS_MAX = 1000;
const CRITERIA_MAX = 50;
const LEVELS_MAX = 12;

export const RubricLevel = z.strictObject({
  id: Slug,
  name: line(80),
  points: z.number().min(0).max(POINTS_MAX),
  description: prose(1000),
});
export type RubricLevel = z.infer<typeof RubricLevel>;

/** `levels` stand from low to high; from `requiredLevel` upwards the criterion is met. */
export const RubricCriterion = z.strictObject({
  id: Slug,
  name: line(120),
  competency: Slug,
  /** Below its required level nothing else can make up for it, whatever the pass rule. */
  critical: z.boolean(),
  requiredLevel: Slug,
  levels: z.array(RubricLevel).min(2).max(LEVELS_MAX),
});
export type RubricCriterion = z.infer<typeof RubricCriterion>;

/**
 * - `every-criterion-at-required-level`: no criterion is below its required level.
 * - `score-at-least`: points reached ÷ points that could be reached (the highest level of every criterion) ≥ `min`, a share from 0 to 1.
 * - `all-critical-met-and-at-least`: at least `minMet` criteria, critical ones included, are met.
 * - `points-at-least`: points reached ≥ `min`.
 *
 * Every rule also needs every critical criterion met.
 */
export const PassRule = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('every-criterion-at-required-level') }),
  z.strictObject({ type: z.literal('score-at-least'), min: Fraction }),
  z.strictObject({ type: z.literal('all-critical-met-and-at-least'), minMet: z.int().min(0).max(CRITERIA_MAX) }),
  z.strictObject({
    type: z.literal('points-at-least'),
    min: z
      .number()
      .min(0)
      .max(POINTS_MAX * CRITERIA_MAX),
  }),
]);
export type PassRule = z.infer<typeof PassRule>;

/** `scale`: the level ids that all its criteria share, from low to high. */
export const Rubric = z.strictObject({
  id: Slug,
  name: line(120).exactOptional(),
  version: VersionText,
  scale: z.array(Slug).min(2).max(LEVELS_MAX),
  passRule: PassRule,
  criteria: z.array(RubricCriterion).min(1).max(CRITERIA_MAX),
});
export type Rubric = z.infer<typeof Rubric>;

/** An assessor's level for a criterion, by their ids. */
export interface CriterionScore {
  readonly id: string;
  readonly level: string;
}

export interface CriterionResult {
  readonly criterion: string;
  /** Null where no single, known level was given. */
  readonly level: string | null;
  /** 0 where there is no level. */
  readonly points: number;
  readonly maxPoints: number;
  /** At or above the required level. */
  readonly met: boolean;
  readonly critical: boolean;
}

export interface RubricScore {
  readonly outcome: 'pass' | 'below';
  /** One for each criterion of the rubric, in its order. */
  readonly perCriterion: readonly CriterionResult[];
  /** Criteria without exactly one known level: not scored, scored at an unknown level only, or scored more than once. */
  readonly missing: readonly string[];
  /** Scores that name a criterion or a level which the rubric does not have. */
  readonly unknown: readonly { readonly criterion: string; readonly level: string }[];
  /** Criteria that were scored more than once, so that none of the scores can count. */
  readonly repeated: readonly string[];
  /** Critical criteria that are not met. */
  readonly criticalBelow: readonly string[];
  readonly points: number;
  readonly maxPoints: number;
}

const placeOf = (criterion: RubricCriterion, level: string): number => criterion.levels.findIndex(({ id }) => id === level);

const pointsOf = (criterion: RubricCriterion, place: number): number => criterion.levels[place]?.points ?? 0;

const resultOf = (criterion: RubricCriterion, given: readonly CriterionScore[]): CriterionResult => {
  const [only, ...others] = given;
  const place = only === undefined || others.length > 0 ? -1 : placeOf(criterion, only.level);
  const required = placeOf(criterion, criterion.requiredLevel);
  return {
    criterion: criterion.id,
    level: criterion.levels[place]?.id ?? null,
    points: pointsOf(criterion, place),
    maxPoints: Math.max(...criterion.levels.map(({ points }) => points)),
    met: required >= 0 && place >= required,
    critical: criterion.critical,
  };
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

// 0.8 × 3 points is 2.4000000000000004 in binary: without it, 2.4 points would miss 80 %.
const ROUNDING = 1e-9;

const isPass = (rule: PassRule, results: readonly CriterionResult[]): boolean => {
  const points = sum(results.map((result) => result.points)) + ROUNDING;
  switch (rule.type) {
    case 'every-criterion-at-required-level':
      return results.every(({ met }) => met);
    case 'score-at-least':
      return points >= rule.min * sum(results.map(({ maxPoints }) => maxPoints));
    case 'all-critical-met-and-at-least':
      return results.filter(({ met }) => met).length >= rule.minMet;
    case 'points-at-least':
      return points >= rule.min;
  }
};

/**
 * The outcome that the rubric gives to these levels. It is `pass` only if every criterion has exactly one known level, no score is
 * left over, every critical criterion is met and the pass rule holds. The caller refuses a score sheet with `missing` or `unknown`.
 */
export const score = (rubric: Rubric, scores: readonly CriterionScore[]): RubricScore => {
  const given = Map.groupBy(scores, ({ id }) => id);
  const perCriterion = rubric.criteria.map((criterion) => resultOf(criterion, given.get(criterion.id) ?? []));
  const isKnown = ({ id, level }: CriterionScore): boolean =>
    rubric.criteria.some((criterion) => criterion.id === id && placeOf(criterion, level) >= 0);
  const missing = perCriterion.filter(({ level }) => level === null).map(({ criterion }) => criterion);
  const unknown = scores.filter((one) => !isKnown(one)).map(({ id, level }) => ({ criterion: id, level }));
  const criticalBelow = perCriterion.filter(({ critical, met }) => critical && !met).map(({ criterion }) => criterion);
  const clear = missing.length === 0 && unknown.length === 0 && criticalBelow.length === 0;
  return {
    outcome: clear && isPass(rubric.passRule, perCriterion) ? 'pass' : 'below',
    perCriterion,
    missing,
    unknown,
    repeated: rubric.criteria.map(({ id }) => id).filter((id) => (given.get(id)?.length ?? 0) > 1),
    criticalBelow,
    points: sum(perCriterion.map(({ points }) => points)),
    maxPoints: sum(perCriterion.map(({ maxPoints }) => maxPoints)),
  };
};
