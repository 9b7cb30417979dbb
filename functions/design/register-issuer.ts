/** Registers an issuer, or changes its public profile. A new issuer gets its signing key here, so it can be published before its first use. */
import * as z from 'zod';
import { dynamodbIssuers } from '#adapters/dynamodb/issuers.ts';
import { environment } from '#adapters/environment.ts';
import { kmsIssuerKeys } from '#adapters/kms/issuer-keys.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { DomainError } from '#domain/errors.ts';
import { TenantId } from '#domain/ids.ts';
import { type Issuer, withProfile } from '#domain/issuer.ts';
import { profileFindings } from '#domain/lint/issuer.ts';
import { reportOf } from '#domain/lint.ts';
import { IssuerProfile } from '#domain/micro-credential.ts';
import { type HttpRequest, http } from '#lambda/http.ts';
import { issuerDid } from '#openbadges/addresses.ts';
import { multikeyOf } from '#openbadges/ed25519-key.ts';
import { untilSaved } from '#shared/optimistic.ts';
import type { Clock, IssuerKeys, Issuers } from '#shared/ports.ts';

interface Needs {
  readonly issuers: Issuers;
  readonly keys: IssuerKeys;
  readonly clock: Clock;
  readonly publicBaseUrl: string;
}

const Params = z.object({ issuerId: TenantId });
type Request = HttpRequest<z.infer<typeof Params>, z.infer<typeof IssuerProfile>>;

const fresh = async (id: TenantId, profile: Issuer['profile'], { keys, clock }: Needs): Promise<Issuer> => {
  const { arn } = await keys.create(id);
  const now = clock();
  const key = { arn, publicKeyMultibase: multikeyOf(await keys.publicKey(arn)), state: 'active', activatedAt: now } as const;
  return { id, profile, keys: [key], registeredAt: now };
};

/** Two operators at once: one save wins, the other finds the issuer there and only changes its profile. A key made in vain signs nothing. */
export const registerIssuer =
  (needs: Needs) =>
  async ({ params: { issuerId }, body, cause }: Request) =>
    untilSaved(async () => {
      const { errors, warnings } = reportOf(profileFindings(body));
      if (errors.length > 0) throw new DomainError('issuer/faulty', { issuerId }, errors);
      const before = await needs.issuers.load(issuerId);
      const after = before === undefined ? await fresh(issuerId, body, needs) : withProfile(before.value, body);
      await needs.issuers.save({ before, after, events: [{ type: 'issuer.registered', data: { issuerId } }], cause });
      return {
        status: before === undefined ? 201 : 200,
        body: { issuerId, did: issuerDid(needs.publicBaseUrl, issuerId), profile: after.profile, warnings },
      };
    });

export const handler = http({ params: Params, body: IssuerProfile }, () =>
  registerIssuer({
    issuers: dynamodbIssuers({ clock: systemClock, newId: randomId }),
    keys: kmsIssuerKeys(),
    clock: systemClock,
    publicBaseUrl: environment('PUBLIC_BASE_URL'),
  }),
);
