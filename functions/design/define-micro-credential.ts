/** Keeps a version of a micro-credential as a draft. Faults of form are refused here; publication rules are shown as a preview. */
import * as z from 'zod';
import { dynamodbDefinitions } from '#adapters/dynamodb/definitions.ts';
import { dynamodbIssuers } from '#adapters/dynamodb/issuers.ts';
import { environment } from '#adapters/environment.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { DomainError } from '#domain/errors.ts';
import { MicroCredentialId, Version } from '#domain/ids.ts';
import { parseDefinition } from '#domain/micro-credential.ts';
import { tenantOf } from '#lambda/caller.ts';
import { type HttpRequest, http } from '#lambda/http.ts';
import { createCanonicalizer } from '#linked-data/canonicalize.ts';
import { CONTEXTS } from '#openbadges/contexts.ts';
import { definitionFaults, type Surroundings } from '#shared/definition-faults.ts';
import { untilSaved } from '#shared/optimistic.ts';

const Params = z.object({ microCredentialId: MicroCredentialId, version: Version });
type Request = HttpRequest<z.infer<typeof Params>, unknown>;

/** The draft is replaced as a whole, so sending it twice leaves the same draft. A published version stays as it is. */
export const defineMicroCredential =
  (needs: Omit<Surroundings, 'tenant'>) =>
  async ({ caller, params, body, cause }: Request) =>
    untilSaved(async () => {
      const tenant = tenantOf(caller);
      const definition = parseDefinition(body);
      if (definition.id !== params.microCredentialId || definition.version !== params.version)
        throw new DomainError('definition/address-mismatch', { address: params, body: { id: definition.id, version: definition.version } });
      const before = await needs.definitions.load(tenant, params.microCredentialId, params.version);
      if (before?.value.state === 'published') throw new DomainError('definition/already-published', params);
      await needs.definitions.save({ before, after: { tenant, definition, state: 'draft' }, events: [], cause });
      const preview = await definitionFaults(definition, { tenant, ...needs });
      return {
        status: before === undefined ? 201 : 200,
        body: { ...params, state: 'draft', publishable: preview.errors.length === 0, ...preview },
      };
    });

export const handler = http({ params: Params, body: z.unknown() }, () => {
  const needs = { clock: systemClock, newId: randomId };
  return defineMicroCredential({
    definitions: dynamodbDefinitions(needs),
    issuers: dynamodbIssuers(needs),
    canonize: createCanonicalizer({ contexts: CONTEXTS }),
    publicBaseUrl: environment('PUBLIC_BASE_URL'),
  });
});
