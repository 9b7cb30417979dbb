/** The definition among others: its issuer, its earlier versions, the micro-credentials it builds on. */

import { credentialsIn } from '../award-rule.ts';
import { compareVersions, isInRange } from '../micro-credential/version-range.ts';
import { error, type LintFamily, unless, warning } from './finding.ts';

const issuer: LintFamily = ({ issuer }, { issuerIdentifier }) =>
  unless(
    issuerIdentifier === undefined || issuer.id === issuerIdentifier,
    error(
      ['issuer', 'id'],
      'lint/issuer-differs',
      `The definition names the issuer "${issuer.id}", but it is published by "${issuerIdentifier}". Name the issuer that publishes.`,
    ),
  );

const versions: LintFamily = ({ version, supersedes }, { publishedVersions }) => {
  const newest = [...(publishedVersions ?? [])].sort(compareVersions).at(-1);
  return [
    ...unless(
      newest === undefined || compareVersions(version, newest) > 0,
      error(
        ['version'],
        'lint/version-not-newer',
        `Version ${newest} is published already, so the next one must be higher than that; ${version} is not.`,
      ),
    ),
    ...unless(
      supersedes === undefined || compareVersions(supersedes.version, version) < 0,
      error(
        ['supersedes', 'version'],
        'lint/supersedes-not-older',
        `Version ${version} cannot take over from ${supersedes?.version}, which is not older.`,
      ),
    ),
    ...unless(
      supersedes === undefined || publishedVersions === undefined || publishedVersions.includes(supersedes.version),
      warning(
        ['supersedes', 'version'],
        'lint/supersedes-unpublished',
        `Version ${supersedes?.version}, which this one takes over from, was not published here.`,
      ),
    ),
  ];
};

const stack: LintFamily = ({ stackability, award }, { knownMicroCredentials }) => {
  if (knownMicroCredentials === undefined) return [];
  const conditions = credentialsIn(award.rule);
  return (stackability.components ?? []).flatMap((component, index) => {
    const range = conditions.find(({ credential }) => credential === component)?.version;
    return unless(
      knownMicroCredentials.some(({ id, version }) => id === component && isInRange(version, range)),
      warning(
        ['stackability', 'components', index],
        'lint/stack-component-unknown',
        `The stack builds on "${component}"${range === undefined ? '' : ` ${range}`}, which is not published here, so nobody can earn it until that is.`,
      ),
    );
  });
};

export const lintSuccession: LintFamily = (definition, context) => [issuer, versions, stack].flatMap((rules) => rules(definition, context));
