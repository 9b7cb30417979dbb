/** Publishes a version: from here on it never changes, and learners can enrol in it. Every fault is named at once, before a single badge exists. */
import * as z from 'zod';
import { dynamodbDefinitions } from '#adapters/dynamodb/definitions.ts';
import { dynamodbIssuers } from '#adapters/dynamodb/issuers.ts';
import { environment } from '#adapters/environment.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { DomainError } from '#domain/errors.ts';
import { MicroCredentialId, Version } from '#domain/ids.ts';
import { tenantOf } from '#lambda/caller.ts';
import { type HttpRequest, http, NO_BODY } from '#lambda/http.ts';
import { createCanonicalizer } from '#linked-data/canonicalize.ts';
import { CONTEXTS } from '#openbadges/contexts.ts';
import { definitionFaults, type Surroundings } from '#shared/definition-faults.ts';
import { untilSaved } from '#shared/optimistic.ts';
import type { Clock, Definitions, Issuers } from '#shared/ports.ts';

interface Needs {
  readonly definitions: Definitions;
  readonly issuers: Issuers;
  readonly canonize: Surroundings['canonize'];
  readonly clock: Clock;
  readonly publicBaseUrl: string;
}

const Params = z.object({ microCredentialId: MicroCredentialId, version: Version });

/** Publishing twice is one publication: the second call finds it done. */
export const publishVersion =
  (needs: Needs) =>
  async ({ caller, params, cause }: HttpRequest<z.infer<typeof Params>, undefined>) =>
    untilSaved(async () => {
      const tenant = tenantOf(caller);
      const { microCredentialId, version } = params;
      const before = await needs.definitions.load(tenant, microCredentialId, version);
      if (before === undefined) throw new DomainError('access/not-found');
      const url = `${needs.publicBaseUrl}/a/${tenant}/${microCredentialId}/${version}`;
      if (before.value.state === 'published')
        return { status: 200, body: { ...params, state: 'published', publishedAt: before.value.publishedAt, url } };
      const { definition } = before.value;
      const { errors, warnings } = await definitionFaults(definition, { tenant, ...needs });
      if (errors.length > 0) throw new DomainError('definition/faulty', params, errors);
      const publishedAt = needs.clock();
      await needs.definitions.save({
        before,
        after: { tenant, definition, state: 'published', publishedAt },
        events: [{ type: 'microcredential.published', data: params }],
        cause,
      });
      return { status: 201, body: { ...params, state: 'published', publishedAt, url, warnings } };
    });

export const handler = http({ params: Params, body: NO_BODY }, () => {
  const needs = { clock: systemClock, newId: randomId };
  return publishVersion({
    definitions: dynamodbDefinitions(needs),
    issuers: dynamodbIssuers(needs),
    canonize: createCanonicalizer({ contexts: CONTEXTS }),
    clock: systemClock,
    publicBaseUrl: environment('PUBLIC_BASE_URL'),
  });
});
