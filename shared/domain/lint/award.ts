/**
 * The award rule, judged by evaluating it and not by reading it: nothing required can be left out, attendance alone can never be enough,
 * and it can come true at all. The rule has no "not", so one evaluation with everything else true settles each question for every case.
 */
import { ALL_MODULES, type AwardFacts, type AwardRule, branchesOf, credentialsIn, evaluateAward } from '../award-rule.ts';
import { compareDurations, Duration } from '../duration.ts';
import type { MicroCredentialDefinition } from '../micro-credential.ts';
import { error, type Finding, type LintFamily, type Path, unless, warning } from './finding.ts';
import { rangeFindings } from './references.ts';

interface Place {
  readonly rule: AwardRule;
  readonly path: Path;
}

/** The rule and every rule within it. */
const placesIn = (rule: AwardRule, path: Path): readonly Place[] => [
  { rule, path },
  ...branchesOf(rule).flatMap((branch, index) => placesIn(branch, [...path, 'allOf' in rule ? 'allOf' : 'of', index])),
];

const yes = (): boolean => true;
const no = (): boolean => false;
const EVERYTHING: AwardFacts = { evidence: yes, curriculum: yes, credential: yes, attestation: yes };

const holds = (rule: AwardRule, facts: Partial<AwardFacts>): boolean => evaluateAward(rule, { ...EVERYTHING, ...facts }).satisfied;

const proofs = (rule: AwardRule, path: Path): readonly Finding[] => [
  ...unless(
    holds(rule, {}),
    error(
      path,
      'lint/rule-unsatisfiable',
      'This rule can never come true: it asks for more alternatives than it offers. Lower "atLeast", or add alternatives.',
    ),
  ),
  ...unless(
    !holds(rule, { evidence: no, credential: no }),
    error(
      path,
      'lint/attendance-only',
      'This rule can come true by attending or by signed statements alone, with no evidence assessed. Require at least one component of evidence or one earned micro-credential in every case.',
    ),
  ),
];

const names = (definition: MicroCredentialDefinition, { rule, path }: Place): readonly Finding[] => {
  const { evidenceRequirements, curriculum, id } = definition;
  if ('evidence' in rule)
    return unless(
      evidenceRequirements.some((component) => component.id === rule.evidence),
      error(
        [...path, 'evidence'],
        'lint/unknown-component',
        `There is no component of evidence "${rule.evidence}". Name one of this definition, or add it.`,
      ),
    );
  if ('curriculum' in rule)
    return unless(
      curriculum.modules.some((module) => rule.curriculum === ALL_MODULES || module.id === rule.curriculum),
      error(
        [...path, 'curriculum'],
        'lint/unknown-module',
        `There is no module "${rule.curriculum}" in the curriculum. Name one of this definition, or add it.`,
      ),
    );
  if ('credential' in rule)
    return [
      ...unless(
        rule.credential !== id,
        error([...path, 'credential'], 'lint/self-reference', 'A micro-credential cannot be a condition of itself.'),
      ),
      ...rangeFindings(rule.version, [...path, 'version']),
    ];
  return [];
};

/** Two of the same would let one thing count twice towards `atLeast`. */
const repeats = ({ rule, path }: Place): readonly Finding[] => {
  const texts = branchesOf(rule).map((branch) => JSON.stringify(branch));
  return texts.flatMap((text, index) =>
    unless(
      texts.indexOf(text) === index,
      error(
        [...path, 'allOf' in rule ? 'allOf' : 'of', index],
        'lint/rule-repeated',
        'This condition stands here twice, so one thing would count twice. Take one of them out.',
      ),
    ),
  );
};

/** A part that can never come true is an alternative in name only. */
const dead = ({ rule, path }: Place): readonly Finding[] =>
  unless(
    holds(rule, {}),
    error(
      path,
      'lint/rule-unsatisfiable',
      'This part of the rule can never come true: it asks for more alternatives than it offers. Lower "atLeast", or add alternatives.',
    ),
  );

const anyRule = (definition: MicroCredentialDefinition, rule: AwardRule, path: Path): readonly Finding[] => [
  ...proofs(rule, path),
  ...placesIn(rule, path).slice(1).flatMap(dead),
  ...placesIn(rule, path).flatMap((place) => [...names(definition, place), ...repeats(place)]),
];

const RULE = ['award', 'rule'] as const;

const required: LintFamily = ({ evidenceRequirements, curriculum, award: { rule } }) => [
  ...evidenceRequirements.flatMap(({ id, name, required }, index) => {
    const dispensable = holds(rule, { evidence: (component) => component !== id });
    const path = ['evidenceRequirements', index, 'required'];
    if (required)
      return unless(
        !dispensable,
        error(
          path,
          'lint/required-component-not-in-rule',
          `"${name}" is required, but the award rule can come true without it. Add it to the rule where it cannot be passed by, or call it optional.`,
        ),
      );
    return [
      ...unless(
        dispensable,
        warning(path, 'lint/component-not-optional', `"${name}" is called optional, but the award rule cannot come true without it.`),
      ),
      ...unless(
        placesIn(rule, RULE).some((place) => 'evidence' in place.rule && place.rule.evidence === id),
        warning(path, 'lint/component-without-effect', `"${name}" is assessed but has no part in the award rule.`),
      ),
    ];
  }),
  ...unless(
    !curriculum.required || !holds(rule, { curriculum: no }),
    error(
      ['curriculum', 'required'],
      'lint/required-curriculum-not-in-rule',
      'The curriculum is required, but the award rule can come true without it. Add { "curriculum": "*", "outcome": "completed" } to the rule, or call the curriculum optional.',
    ),
  ),
];

/** Whoever holds this badge holds the ones it was built on; what if one of those is revoked? It must be said, never left to silence. */
const stack: LintFamily = ({ award, stackability }) => {
  const asked = credentialsIn(award.rule).map(({ credential }) => credential);
  const listed = stackability.components ?? [];
  return [
    ...unless(
      asked.length === 0 || award.onComponentRevoked !== undefined,
      error(
        ['award', 'onComponentRevoked'],
        'lint/component-revocation-undecided',
        'The award builds on other micro-credentials, so say what happens to it when one of those is revoked: "suspend-pending-review", "revoke" or "notify".',
      ),
    ),
    ...listed.flatMap((id, index) =>
      unless(
        asked.includes(id),
        error(
          ['stackability', 'components', index],
          'lint/stack-differs',
          `"${id}" is listed as a part of the stack, but the award rule does not ask for it.`,
        ),
      ),
    ),
    ...[...new Set(asked)].flatMap((id) =>
      unless(
        listed.includes(id),
        error(['stackability'], 'lint/stack-differs', `The award rule asks for "${id}", but "components" of the stack does not list it.`),
      ),
    ),
  ];
};

const ZERO = Duration.parse('P0D');

const renewal: LintFamily = (definition) => {
  const { renewal: renews, validity } = definition.award;
  const path = ['award', 'renewal'];
  return [
    ...unless(
      validity === null || compareDurations(validity.period, ZERO) > 0,
      error(
        ['award', 'validity', 'period'],
        'lint/validity-zero',
        'The badge would expire the moment it is awarded. Give it a period, or null for no expiry.',
      ),
    ),
    ...(renews === null ? [] : anyRule(definition, renews.requires, [...path, 'requires'])),
    ...unless(
      renews === null || validity !== null,
      error(
        path,
        'lint/renewal-without-validity',
        'A badge that never expires cannot be renewed. Give it a validity, or set its renewal to null.',
      ),
    ),
    ...unless(
      renews === null || validity === null || compareDurations(renews.opensBefore, validity.period) <= 0,
      error(
        [...path, 'opensBefore'],
        'lint/renewal-too-early',
        'Renewal would open before the badge is awarded. Make this shorter than its validity.',
      ),
    ),
  ];
};

export const lintAward: LintFamily = (definition, context) => [
  ...anyRule(definition, definition.award.rule, RULE),
  ...[required, stack, renewal].flatMap((rules) => rules(definition, context)),
];
