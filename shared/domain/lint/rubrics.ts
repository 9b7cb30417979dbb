/** Rubrics: levels that rise, a scale that is kept, and a pass rule that can be met but not without showing anything. */
import { type CriterionScore, type Rubric, type RubricCriterion, score } from '../rubric.ts';
import { error, type Finding, type LintFamily, type Path, unless, warning } from './finding.ts';

const criterionRules = (rubric: Rubric, criterion: RubricCriterion, path: Path): readonly Finding[] => {
  const ids = criterion.levels.map(({ id }) => id);
  const falling = criterion.levels.findIndex(({ points }, index) => index > 0 && points <= (criterion.levels[index - 1]?.points ?? 0));
  return [
    ...unless(
      falling === -1,
      error(
        [...path, 'levels', falling, 'points'],
        'lint/levels-not-rising',
        `The levels of "${criterion.name}" must stand from low to high, each with more points than the one before; this one does not.`,
      ),
    ),
    ...unless(
      ids.includes(criterion.requiredLevel),
      error(
        [...path, 'requiredLevel'],
        'lint/unknown-level',
        `The required level "${criterion.requiredLevel}" is none of the levels of "${criterion.name}": ${ids.join(', ')}.`,
      ),
    ),
    ...unless(
      criterion.requiredLevel !== ids[0],
      warning(
        [...path, 'requiredLevel'],
        'lint/criterion-cannot-fail',
        `The lowest level of "${criterion.name}" is enough, so nobody can miss it.`,
      ),
    ),
    ...unless(
      ids.join() === rubric.scale.join(),
      error(
        [...path, 'levels'],
        'lint/scale-differs',
        `The levels of "${criterion.name}" must be those of the rubric's scale, in its order: ${rubric.scale.join(', ')}.`,
      ),
    ),
  ];
};

const sheet = (rubric: Rubric, place: 0 | -1): readonly CriterionScore[] =>
  rubric.criteria.map(({ id, levels }) => ({ id, level: levels.at(place)?.id ?? '' }));

/** Decided by scoring the best and the worst possible performance. */
const passRule = (rubric: Rubric, path: Path): readonly Finding[] => [
  ...unless(
    score(rubric, sheet(rubric, -1)).outcome === 'pass',
    error(
      [...path, 'passRule'],
      'lint/pass-out-of-reach',
      'Even the highest level in every criterion does not pass. Lower the number in the pass rule, and check the required levels.',
    ),
  ),
  ...unless(
    score(rubric, sheet(rubric, 0)).outcome === 'below',
    error(
      [...path, 'passRule'],
      'lint/pass-without-proof',
      'Even the lowest level in every criterion passes, so this rubric proves nothing. Raise the number in the pass rule or the required levels.',
    ),
  ),
];

export const lintRubrics: LintFamily = ({ rubrics, evidenceRequirements }) =>
  rubrics.flatMap((rubric, place) => [
    ...unless(
      evidenceRequirements.some(({ rubricId }) => rubricId === rubric.id),
      error(
        ['rubrics', place],
        'lint/rubric-unused',
        `No component of evidence is judged by the rubric "${rubric.id}". Use it, or take it out.`,
      ),
    ),
    ...rubric.criteria.flatMap((criterion, index) => criterionRules(rubric, criterion, ['rubrics', place, 'criteria', index])),
    ...passRule(rubric, ['rubrics', place]),
  ]);
