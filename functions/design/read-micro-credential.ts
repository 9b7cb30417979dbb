/** A version of a micro-credential: the rubric that a learner sees before enrolling is the one that an assessor uses. */
import * as z from 'zod';
import { dynamodbDefinitions } from '#adapters/dynamodb/definitions.ts';
import { environment } from '#adapters/environment.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { DomainError } from '#domain/errors.ts';
import { MicroCredentialId, Version } from '#domain/ids.ts';
import { tenantOf } from '#lambda/caller.ts';
import { type HttpRequest, http, NO_BODY } from '#lambda/http.ts';
import type { Definitions } from '#shared/ports.ts';

const Params = z.object({ microCredentialId: MicroCredentialId, version: Version });

/** Drafts are seen by the programme alone. */
export const readMicroCredential =
  ({ definitions, publicBaseUrl }: { definitions: Definitions; publicBaseUrl: string }) =>
  async ({ caller, params: { microCredentialId, version } }: HttpRequest<z.infer<typeof Params>, undefined>) => {
    const tenant = tenantOf(caller);
    const found = await definitions.load(tenant, microCredentialId, version);
    if (found === undefined || (found.value.state === 'draft' && caller.role !== 'programme')) throw new DomainError('access/not-found');
    const { state, definition, publishedAt } = found.value;
    return { status: 200, body: { state, publishedAt, url: `${publicBaseUrl}/a/${tenant}/${microCredentialId}/${version}`, definition } };
  };

export const handler = http({ params: Params, body: NO_BODY }, () =>
  readMicroCredential({
    definitions: dynamodbDefinitions({ clock: systemClock, newId: randomId }),
    publicBaseUrl: environment('PUBLIC_BASE_URL'),
  }),
);
