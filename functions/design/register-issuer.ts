/** Registers an issuer, or changes its public profile. A new issuer gets its signing keys here, so they can be published before their first use. */
import * as z from 'zod';
import { dynamodbIssuers } from '#adapters/dynamodb/issuers.ts';
import { environment } from '#adapters/environment.ts';
import { kmsIssuerKeys } from '#adapters/kms/issuer-keys.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { DomainError } from '#domain/errors.ts';
import { TenantId } from '#domain/ids.ts';
import { type Issuer, JWT_ALGORITHMS, withProfile } from '#domain/issuer.ts';
import { profileFindings } from '#domain/lint/issuer.ts';
import { reportOf } from '#domain/lint.ts';
import { RegisteredProfile } from '#domain/micro-credential/issuer-profile.ts';
import { type HttpRequest, http } from '#lambda/http.ts';
import { issuerDid } from '#openbadges/addresses.ts';
import { newKey } from '#shared/new-key.ts';
import { untilSaved } from '#shared/optimistic.ts';
import type { Clock, IssuerKeys, Issuers } from '#shared/ports.ts';

interface Needs {
  readonly issuers: Issuers;
  readonly keys: IssuerKeys;
  readonly clock: Clock;
  readonly publicBaseUrl: string;
}

const Params = z.object({ issuerId: TenantId });
/** The algorithm is heard at the first registration; later it changes with the key that is rotated. */
const Body = z.strictObject({ ...RegisteredProfile.shape, jwtAlgorithm: z.enum(JWT_ALGORITHMS).exactOptional() });
type Request = HttpRequest<z.infer<typeof Params>, z.infer<typeof Body>>;

const fresh = async (id: TenantId, { jwtAlgorithm, ...profile }: Request['body'], { keys, clock }: Needs): Promise<Issuer> => {
  const made = await Promise.all([newKey(keys, id, 'EdDSA'), newKey(keys, id, jwtAlgorithm ?? 'RS256')]);
  const now = clock();
  // Nobody has a copy of an earlier key set, so the first keys need not be announced: no badge stands before they do.
  return { id, profile, keys: made.map((key) => ({ ...key, state: 'active', signsFrom: now })), registeredAt: now };
};

/** Two operators at once: one save wins, the other finds the issuer there and only changes its profile. A key made in vain signs nothing. */
export const registerIssuer =
  (needs: Needs) =>
  async ({ params: { issuerId }, body, cause }: Request) =>
    untilSaved(async () => {
      const { errors, warnings } = reportOf(profileFindings(body));
      if (errors.length > 0) throw new DomainError('issuer/faulty', { issuerId }, errors);
      const before = await needs.issuers.load(issuerId);
      const { jwtAlgorithm: _, ...profile } = body;
      const after = before === undefined ? await fresh(issuerId, body, needs) : withProfile(before.value, profile);
      await needs.issuers.save({ before, after, events: [{ type: 'issuer.registered', data: { issuerId } }], cause });
      return {
        status: before === undefined ? 201 : 200,
        body: { issuerId, did: issuerDid(needs.publicBaseUrl, issuerId), profile: after.profile, warnings },
      };
    });

export const handler = http({ params: Params, body: Body }, () =>
  registerIssuer({
    issuers: dynamodbIssuers({ clock: systemClock, newId: randomId }),
    keys: kmsIssuerKeys(),
    clock: systemClock,
    publicBaseUrl: environment('PUBLIC_BASE_URL'),
  }),
);
