/** Why a definition cannot be published yet: its own faults, and those that show only beside the issuer and its earlier versions. */
import type { Fault } from '#domain/errors.ts';
import { Instant, MicroCredentialId, type TenantId } from '#domain/ids.ts';
import type { Issuer } from '#domain/issuer.ts';
import { type LintReport, lintDefinition, reportOf } from '#domain/lint.ts';
import type { MicroCredentialDefinition } from '#domain/micro-credential.ts';
import { type BadgeLintNeeds, lintBadge } from '#openbadges/lint-badge.ts';
import type { Definitions, Issuers } from './ports.ts';

export interface Surroundings extends Pick<BadgeLintNeeds, 'canonize' | 'publicBaseUrl'> {
  readonly tenant: TenantId;
  readonly definitions: Definitions;
  readonly issuers: Issuers;
}

/** Said at publication, since a programme must know what it gets. */
const FIRST_MARK_DECIDES: Fault = {
  pointer: '/assessmentPolicy/marking/scheme',
  code: 'lint/scheme-not-available',
  detail: 'Only single marking is available so far: until the scheme that you ask for is, the first mark decides.',
};

/** A draft may come before its issuer: until then the issuer is what the definition says of it. */
const asRegistered = (definition: MicroCredentialDefinition, tenant: TenantId): Issuer => ({
  id: tenant,
  profile: definition.issuer,
  keys: [],
  registeredAt: Instant.parse('2026-01-01T00:00:00.000Z'),
});

/** The trial badge shows again what the definition has shown already; the first word about a place is enough. */
const beyond = (faults: readonly Fault[], trial: readonly Fault[]): readonly Fault[] =>
  trial.filter(({ pointer, code, detail }, index) => {
    const isKnown = faults.some((fault) => fault.pointer === pointer && fault.code === code);
    return !isKnown && trial.findIndex((other) => other.pointer === pointer && other.detail === detail) === index;
  });

export const definitionFaults = async (
  definition: MicroCredentialDefinition,
  { tenant, definitions, issuers, canonize, publicBaseUrl }: Surroundings,
): Promise<LintReport> => {
  const [issuer, versions] = await Promise.all([
    issuers.load(tenant),
    definitions.versions(tenant, MicroCredentialId.parse(definition.id)),
  ]);
  // Not the version itself: whoever publishes it at the same moment is met when it is saved, and is no earlier version.
  const publishedVersions = versions
    .filter(({ version, state }) => state === 'published' && version !== definition.version)
    .map(({ version }) => version);
  const profile = issuer?.value.profile;
  const known = profile === undefined ? {} : { issuerIdentifier: profile.id, registeredProfile: profile };
  const { errors, warnings } = lintDefinition(definition, { ...known, publishedVersions });
  const trial = await lintBadge(definition, { issuer: issuer?.value ?? asRegistered(definition, tenant), canonize, publicBaseUrl });
  const inBadge = reportOf(trial);
  const missing: Fault = {
    pointer: '/issuer/id',
    code: 'lint/issuer-unregistered',
    detail: 'This issuer is not registered yet, so nothing could be signed in its name.',
  };
  const unregistered = issuer === undefined ? [missing] : [];
  const unbuilt = definition.assessmentPolicy.marking.scheme === 'single' ? [] : [FIRST_MARK_DECIDES];
  return {
    errors: [...unregistered, ...errors, ...beyond(errors, inBadge.errors)],
    warnings: [...warnings, ...beyond(warnings, inBadge.warnings), ...unbuilt],
  };
};
