/** Why a definition cannot be published yet: its own faults, and those that show only beside the issuer and its earlier versions. */
import type { Fault } from '#domain/errors.ts';
import { MicroCredentialId, type TenantId } from '#domain/ids.ts';
import { lintDefinition } from '#domain/lint.ts';
import type { MicroCredentialDefinition } from '#domain/micro-credential.ts';
import type { Definitions, Issuers } from './ports.ts';

export interface Surroundings {
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

export const definitionFaults = async (
  definition: MicroCredentialDefinition,
  { tenant, definitions, issuers }: Surroundings,
): Promise<{ errors: readonly Fault[]; warnings: readonly Fault[] }> => {
  const [issuer, versions] = await Promise.all([
    issuers.load(tenant),
    definitions.versions(tenant, MicroCredentialId.parse(definition.id)),
  ]);
  // Not the version itself: whoever publishes it at the same moment is met when it is saved, and is no earlier version.
  const publishedVersions = versions
    .filter(({ version, state }) => state === 'published' && version !== definition.version)
    .map(({ version }) => version);
  const known = issuer === undefined ? {} : { issuerIdentifier: issuer.value.profile.id };
  const { errors, warnings } = lintDefinition(definition, { ...known, publishedVersions });
  const missing: Fault = {
    pointer: '/issuer/id',
    code: 'lint/issuer-unregistered',
    detail: 'This issuer is not registered yet, so nothing could be signed in its name.',
  };
  const unbuilt = definition.assessmentPolicy.marking.scheme === 'single' ? [] : [FIRST_MARK_DECIDES];
  return { errors: issuer === undefined ? [missing, ...errors] : errors, warnings: [...warnings, ...unbuilt] };
};
