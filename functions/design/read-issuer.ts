/** What is registered of an issuer: its profile, its identity on the web, its keys. */
import * as z from 'zod';
import { dynamodbIssuers } from '#adapters/dynamodb/issuers.ts';
import { environment } from '#adapters/environment.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { DomainError } from '#domain/errors.ts';
import { TenantId } from '#domain/ids.ts';
import { keyUse } from '#domain/issuer.ts';
import { activated } from '#domain/key-rotation.ts';
import { type HttpRequest, http, NO_BODY } from '#lambda/http.ts';
import { issuerDid } from '#openbadges/addresses.ts';
import type { Clock, Issuers } from '#shared/ports.ts';

const Params = z.object({ issuerId: TenantId });

/** An issuer that a programme does not belong to is answered like one that does not exist. */
export const readIssuer =
  ({ issuers, clock, publicBaseUrl }: { issuers: Issuers; clock: Clock; publicBaseUrl: string }) =>
  async ({ caller, params: { issuerId } }: HttpRequest<z.infer<typeof Params>, undefined>) => {
    const mine = caller.role === 'operator' || caller.tenant === issuerId;
    const found = mine ? await issuers.load(issuerId) : undefined;
    if (found === undefined) throw new DomainError('access/not-found');
    const keys = activated(found.value, clock()).keys.map(({ arn: _, ...key }) => ({ ...key, use: keyUse(key) }));
    return { status: 200, body: { issuerId, did: issuerDid(publicBaseUrl, issuerId), profile: found.value.profile, keys } };
  };

export const handler = http({ params: Params, body: NO_BODY }, () =>
  readIssuer({
    issuers: dynamodbIssuers({ clock: systemClock, newId: randomId }),
    clock: systemClock,
    publicBaseUrl: environment('PUBLIC_BASE_URL'),
  }),
);
