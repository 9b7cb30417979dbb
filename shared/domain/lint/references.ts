/** Lists that name things: each once, none itself, and no range that no version lies in. */
import { isEmptyRange, type VersionRange } from '../micro-credential/version-range.ts';
import type { MicroCredentialDefinition } from '../micro-credential.ts';
import { error, type Finding, type LintFamily, type Path, unless } from './finding.ts';

interface Listed {
  readonly path: Path;
  readonly entries: readonly string[];
}

const listsOf = ({ tags = [], curriculum, evidenceRequirements, rubrics, stackability }: MicroCredentialDefinition): readonly Listed[] => [
  { path: ['tags'], entries: tags },
  ...curriculum.modules.map(({ supports }, index) => ({ path: ['curriculum', 'modules', index, 'supports'], entries: supports })),
  ...evidenceRequirements.map(({ competencies }, index) => ({
    path: ['evidenceRequirements', index, 'competencies'],
    entries: competencies,
  })),
  ...rubrics.map(({ scale }, index) => ({ path: ['rubrics', index, 'scale'], entries: scale })),
  { path: ['stackability', 'components'], entries: stackability.components ?? [] },
];

// A badge is signed as a set of statements: of two that are alike, one could be taken away and nobody would notice.
const repeats = ({ path, entries }: Listed): readonly Finding[] =>
  entries.flatMap((entry, index) =>
    unless(
      entries.indexOf(entry) === index,
      error([...path, index], 'lint/repeated-entry', `"${entry}" stands in this list already. Take one of them out.`),
    ),
  );

const SELF = 'A micro-credential cannot build on itself or count towards itself. Name another, or take this out.';

const itself: LintFamily = ({ id, prerequisites, stackability }) => [
  ...(prerequisites?.requiredCredentials ?? []).flatMap(({ microCredentialId }, index) =>
    unless(
      microCredentialId !== id,
      error(['prerequisites', 'requiredCredentials', index, 'microCredentialId'], 'lint/self-reference', SELF),
    ),
  ),
  ...(stackability.contributesTo ?? []).flatMap(({ microCredentialId }, index) =>
    unless(microCredentialId !== id, error(['stackability', 'contributesTo', index, 'microCredentialId'], 'lint/self-reference', SELF)),
  ),
];

/** Shared with the award rule, which names other micro-credentials, too. */
export const rangeFindings = (version: VersionRange | undefined, path: Path): readonly Finding[] =>
  unless(
    version === undefined || !isEmptyRange(version),
    error(path, 'lint/range-empty', `No version can lie in the range "${version}", so nobody could ever meet this condition.`),
  );

const ranges: LintFamily = ({ prerequisites }) =>
  (prerequisites?.requiredCredentials ?? []).flatMap(({ version }, index) =>
    rangeFindings(version, ['prerequisites', 'requiredCredentials', index, 'version']),
  );

export const lintReferences: LintFamily = (definition, context) => [
  ...listsOf(definition).flatMap(repeats),
  ...[itself, ranges].flatMap((rules) => rules(definition, context)),
];
