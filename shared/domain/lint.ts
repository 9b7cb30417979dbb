/**
 * What a definition must be before it is published, beyond its form: purposeful, whole and free of contradiction. Run by
 * design/publish-version, and at every save so that a programme sees early what is left to do.
 */
import type { Fault } from './errors.ts';
import { lintAddresses } from './lint/addresses.ts';
import { lintAlignments } from './lint/alignments.ts';
import { lintAward } from './lint/award.ts';
import { lintCompetencies } from './lint/competencies.ts';
import { lintEvidence } from './lint/evidence.ts';
import type { Finding, LintContext, LintFamily } from './lint/finding.ts';
import { lintIssuer } from './lint/issuer.ts';
import { lintNames } from './lint/names.ts';
import { lintPolicy } from './lint/policy.ts';
import { lintPresentation } from './lint/presentation.ts';
import { lintReferences } from './lint/references.ts';
import { lintRubrics } from './lint/rubrics.ts';
import { lintSuccession } from './lint/succession.ts';
import { lintText } from './lint/text.ts';
import type { MicroCredentialDefinition } from './micro-credential.ts';

/** Publication is refused while there is an error; warnings are for the programme to weigh. */
export interface LintReport {
  readonly errors: readonly Fault[];
  readonly warnings: readonly Fault[];
}

const FAMILIES: readonly LintFamily[] = [
  lintPresentation,
  lintCompetencies,
  lintAlignments,
  lintNames,
  lintReferences,
  lintEvidence,
  lintRubrics,
  lintAward,
  lintPolicy,
  lintSuccession,
  lintIssuer,
  lintAddresses,
  lintText,
];

/** Findings by their severity, as a caller is told of them. */
export const reportOf = (findings: readonly Finding[]): LintReport => {
  const ofSeverity = (wanted: Finding['severity']): readonly Fault[] =>
    findings.filter(({ severity }) => severity === wanted).map(({ pointer, code, detail }) => ({ pointer, code, detail }));
  return { errors: ofSeverity('error'), warnings: ofSeverity('warning') };
};

/** Every fault of publication at once, each with a code `lint/…`. */
export const lintDefinition = (definition: MicroCredentialDefinition, context: LintContext = {}): LintReport =>
  reportOf(FAMILIES.flatMap((family) => family(definition, context)));
