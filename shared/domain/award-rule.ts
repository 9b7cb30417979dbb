/** Award rule: what must be true for a badge to exist. It has no "not", so more evidence can never undo an award that was earned. */
import * as z from 'zod';
import { MicroCredentialId } from './ids.ts';
import { line, Slug, worded } from './micro-credential/text.ts';
import { VersionRange } from './micro-credential/version-range.ts';

/** Deep enough for any programme that a person can still explain to a learner. */
export const RULE_DEPTH_MAX = 8;
const BRANCHES_MAX = 50;

/** A {@link MicroCredentialId} with a message for people. */
export const MicroCredentialName = worded(
  MicroCredentialId,
  'must be the id of a micro-credential: small letters a to z and digits, words joined by single hyphens',
);

const AllOf = z.strictObject({
  get allOf(): z.ZodArray<typeof Rule> {
    return z.array(Rule).min(1).max(BRANCHES_MAX);
  },
});

const AtLeast = z.strictObject({
  atLeast: z.int().min(1).max(BRANCHES_MAX),
  get of(): z.ZodArray<typeof Rule> {
    return z.array(Rule).min(1).max(BRANCHES_MAX);
  },
});

/** A component of this definition, judged by its rubric. */
const ByEvidence = z.strictObject({ evidence: Slug, outcome: z.literal('pass') });

/** Stands for every module of the definition. */
export const ALL_MODULES = '*';

/** A module of this definition, or `*` for all of them. Attending is not proof: alone it never makes an award (lint). */
const ByCurriculum = z.strictObject({
  curriculum: z.string().refine((text) => text === ALL_MODULES || Slug.safeParse(text).success, {
    error: 'must be the id of a module of the curriculum, or "*" for all of them',
  }),
  outcome: z.literal('completed'),
});

/** Another micro-credential that the learner holds; `validAt` the day of the award. */
const ByCredential = z.strictObject({
  credential: MicroCredentialName,
  version: VersionRange.exactOptional(),
  validAt: z.literal('award').exactOptional(),
});

/** A statement that somebody signs, by its id or in words. */
const ByAttestation = z.strictObject({ attestation: line(300) });

const Rule = z.union([AllOf, AtLeast, ByEvidence, ByCurriculum, ByCredential, ByAttestation], {
  error: 'must be a rule: allOf; atLeast with of; evidence or curriculum, each with outcome; credential; or attestation',
});

const depthOf = (rule: AwardRule): number => 1 + Math.max(0, ...branchesOf(rule).map(depthOf));

/** A rule, to any depth up to {@link RULE_DEPTH_MAX}: `allOf` and `atLeast … of` join rules, the others name one thing. */
export const AwardRule = Rule.refine((rule) => depthOf(rule) <= RULE_DEPTH_MAX, {
  error: `must not be nested more than ${RULE_DEPTH_MAX} rules deep`,
  params: { code: 'too-deep' },
});
export type AwardRule = z.infer<typeof Rule>;
export type CredentialCondition = z.infer<typeof ByCredential>;

/** The rules that a rule joins; none if it names one thing. */
export const branchesOf = (rule: AwardRule): readonly AwardRule[] => {
  if ('allOf' in rule) return rule.allOf;
  return 'of' in rule ? rule.of : [];
};

/** The other micro-credentials that a rule names, wherever in it they stand. */
export const credentialsIn = (rule: AwardRule): readonly CredentialCondition[] =>
  'credential' in rule ? [rule] : branchesOf(rule).flatMap(credentialsIn);

/** What is true of a learner now. `curriculum` is also asked about `*`: all modules of the definition. */
export interface AwardFacts {
  readonly evidence: (componentId: string) => boolean;
  readonly curriculum: (moduleId: string) => boolean;
  readonly credential: (condition: CredentialCondition) => boolean;
  readonly attestation: (text: string) => boolean;
}

/** `missing` is itself a list of rules: once all of them are true as well, the award rule is. Empty if, and only if, it is `satisfied`. */
export interface AwardState {
  readonly satisfied: boolean;
  readonly missing: readonly AwardRule[];
}

const isTrue = (rule: Exclude<AwardRule, { allOf: unknown } | { of: unknown }>, facts: AwardFacts): boolean => {
  if ('evidence' in rule) return facts.evidence(rule.evidence);
  if ('curriculum' in rule) return facts.curriculum(rule.curriculum);
  return 'credential' in rule ? facts.credential(rule) : facts.attestation(rule.attestation);
};

const missingOf = (rule: AwardRule, facts: AwardFacts): readonly AwardRule[] => {
  if ('allOf' in rule) return rule.allOf.flatMap((branch) => missingOf(branch, facts));
  if (!('of' in rule)) return isTrue(rule, facts) ? [] : [rule];
  const open = rule.of.map((branch) => missingOf(branch, facts)).filter((missing) => missing.length > 0);
  const wanted = rule.atLeast - (rule.of.length - open.length);
  return wanted <= 0 ? [] : [{ atLeast: wanted, of: open.map(asOne) }];
};

const asOne = (rules: readonly AwardRule[]): AwardRule => {
  const [only, ...others] = rules;
  return only !== undefined && others.length === 0 ? only : { allOf: [...rules] };
};

/** Whether the rule holds, and what is left of it if not. Monotone: with more facts true, a satisfied rule stays satisfied. */
export const evaluateAward = (rule: AwardRule, facts: AwardFacts): AwardState => {
  const missing = missingOf(rule, facts);
  return { satisfied: missing.length === 0, missing };
};
