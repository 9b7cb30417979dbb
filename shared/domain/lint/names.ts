/** Ids: each names one thing. Marks, results and the badge refer to parts of a definition by them. */
import { error, type Finding, type LintFamily, type Path } from './finding.ts';

interface Named {
  readonly id: string;
  readonly path: Path;
}

const repeated = (kind: string, named: readonly Named[]): readonly Finding[] => {
  const seen = new Set<string>();
  return named.flatMap(({ id, path }) => {
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [
      error(
        path,
        'lint/duplicate-id',
        `The id "${id}" already names another ${kind} of this definition. Give each ${kind} an id of its own.`,
      ),
    ];
  });
};

const named = (path: Path, parts: readonly { readonly id: string }[]): readonly Named[] =>
  parts.map(({ id }, index) => ({ id, path: [...path, index, 'id'] }));

export const lintNames: LintFamily = ({ competencies, curriculum, evidenceRequirements, rubrics }) => [
  ...repeated('competency', named(['competencies'], competencies)),
  ...repeated(
    'learning outcome',
    competencies.flatMap(({ learningOutcomes }, index) => named(['competencies', index, 'learningOutcomes'], learningOutcomes)),
  ),
  ...repeated('module', named(['curriculum', 'modules'], curriculum.modules)),
  ...repeated('component', named(['evidenceRequirements'], evidenceRequirements)),
  ...evidenceRequirements.flatMap(({ companions = [] }, index) =>
    repeated('companion', named(['evidenceRequirements', index, 'companions'], companions)),
  ),
  ...repeated('rubric', named(['rubrics'], rubrics)),
  // Across rubrics as well: in the badge all criteria stand side by side.
  ...repeated(
    'criterion',
    rubrics.flatMap(({ criteria }, index) => named(['rubrics', index, 'criteria'], criteria)),
  ),
  ...rubrics.flatMap(({ criteria }, rubric) =>
    criteria.flatMap(({ levels }, index) => repeated('level', named(['rubrics', rubric, 'criteria', index, 'levels'], levels))),
  ),
];
