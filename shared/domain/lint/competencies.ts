/** The links between competencies, curriculum and evidence: what is promised is judged, and what is taught leads to it. */
import { evaluateAward } from '../award-rule.ts';
import type { MicroCredentialDefinition } from '../micro-credential.ts';
import { error, type Finding, type LintFamily, type Path, unless, warning } from './finding.ts';

const unknownCompetencies = (definition: MicroCredentialDefinition, named: readonly string[], path: Path): readonly Finding[] =>
  named.flatMap((id, index) =>
    unless(
      definition.competencies.some((competency) => competency.id === id),
      error([...path, index], 'lint/unknown-competency', `There is no competency "${id}". Name one of this definition, or add it.`),
    ),
  );

/** Components whose rubric has a criterion for the competency. */
const judgesOf = ({ rubrics, evidenceRequirements }: MicroCredentialDefinition, competency: string): ReadonlySet<string> => {
  const judging = new Set(
    rubrics.filter(({ criteria }) => criteria.some((criterion) => criterion.competency === competency)).map(({ id }) => id),
  );
  return new Set(evidenceRequirements.filter(({ rubricId }) => judging.has(rubricId)).map(({ id }) => id));
};

const always = (): boolean => true;

/** Whether the award can be reached although none of these components was passed. */
const canBeEarnedWithout = ({ award }: MicroCredentialDefinition, components: ReadonlySet<string>): boolean =>
  evaluateAward(award.rule, { evidence: (id) => !components.has(id), curriculum: always, credential: always, attestation: always })
    .satisfied;

const competencies: LintFamily = (definition) =>
  definition.competencies.flatMap(({ id, name, alignment }, index) => {
    const judges = judgesOf(definition, id);
    return [
      ...unless(
        judges.size > 0,
        error(
          ['competencies', index],
          'lint/competency-not-assessed',
          `No criterion of any rubric in use assesses the competency "${name}". Add a criterion for it, or take the competency out.`,
        ),
      ),
      ...unless(
        judges.size === 0 || !canBeEarnedWithout(definition, judges),
        warning(
          ['competencies', index],
          'lint/competency-not-certain',
          `The award rule can come true without any component that assesses "${name}", so a holder may never have shown it.`,
        ),
      ),
      ...unless(
        alignment.length > 0,
        warning(
          ['competencies', index, 'alignment'],
          'lint/competency-not-aligned',
          `The competency "${name}" is not linked to any skills framework, so employers and job platforms cannot match it.`,
        ),
      ),
    ];
  });

const modules: LintFamily = (definition) =>
  definition.curriculum.modules.flatMap((module, index) => [
    ...unless(
      module.supports.length > 0,
      error(
        ['curriculum', 'modules', index, 'supports'],
        'lint/module-without-competency',
        `The module "${module.name}" supports no competency. Name at least one, or take the module out.`,
      ),
    ),
    ...unknownCompetencies(definition, module.supports, ['curriculum', 'modules', index, 'supports']),
  ]);

const criteria: LintFamily = (definition) =>
  definition.rubrics.flatMap((rubric, place) =>
    rubric.criteria.flatMap((criterion, index) =>
      unless(
        definition.competencies.some(({ id }) => id === criterion.competency),
        error(
          ['rubrics', place, 'criteria', index, 'competency'],
          'lint/unknown-competency',
          `The criterion "${criterion.name}" assesses the competency "${criterion.competency}", which does not exist. Name one of this definition.`,
        ),
      ),
    ),
  );

/** A component says which competencies it shows; its rubric's criteria should say the same. */
const components: LintFamily = (definition) =>
  definition.evidenceRequirements.flatMap((component, index) => {
    const path = ['evidenceRequirements', index, 'competencies'];
    const judgedHere = definition.rubrics.find(({ id }) => id === component.rubricId)?.criteria.map(({ competency }) => competency);
    const claimed = new Set(component.competencies);
    return [
      ...unknownCompetencies(definition, component.competencies, path),
      ...unless(
        claimed.size > 0,
        error(
          path,
          'lint/component-without-competency',
          `The component "${component.name}" shows no competency. Name those that its rubric judges.`,
        ),
      ),
      ...component.competencies.flatMap((id, place) =>
        unless(
          judgedHere === undefined || judgedHere.includes(id),
          warning(
            [...path, place],
            'lint/competency-not-judged-here',
            `"${component.name}" claims to show "${id}", but no criterion of its rubric judges that.`,
          ),
        ),
      ),
      ...[...new Set(judgedHere)].flatMap((id) =>
        unless(
          claimed.has(id),
          warning(
            path,
            'lint/competency-not-claimed-here',
            `The rubric of "${component.name}" judges "${id}", but the component does not list it.`,
          ),
        ),
      ),
    ];
  });

export const lintCompetencies: LintFamily = (definition, context) =>
  [competencies, modules, criteria, components].flatMap((rules) => rules(definition, context));
