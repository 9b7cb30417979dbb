/** Gives up the private half of a key whose successor has taken over. Its public half stays published, so old badges go on verifying. */
import * as z from 'zod';
import { dynamodbIssuers } from '#adapters/dynamodb/issuers.ts';
import { kmsIssuerKeys } from '#adapters/kms/issuer-keys.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { DomainError } from '#domain/errors.ts';
import { TenantId } from '#domain/ids.ts';
import { activated, keyNamed, retired } from '#domain/key-rotation.ts';
import { type HttpRequest, http, NO_BODY } from '#lambda/http.ts';
import { untilSaved } from '#shared/optimistic.ts';
import type { Clock, IssuerKeys, Issuers } from '#shared/ports.ts';

interface Needs {
  readonly issuers: Issuers;
  readonly keys: IssuerKeys;
  readonly clock: Clock;
}

const Params = z.object({ issuerId: TenantId, keyId: z.string().min(1).max(100) });

/** KMS gives the key up after the issuer has: cut off in between, asking again finishes it. */
export const retireKey =
  (needs: Needs) =>
  async ({ params: { issuerId, keyId }, cause }: HttpRequest<z.infer<typeof Params>, undefined>) => {
    const issuer = await untilSaved(async () => {
      const before = await needs.issuers.load(issuerId);
      if (before === undefined) throw new DomainError('access/not-found');
      const after = retired(activated(before.value, needs.clock()), keyId);
      if (after !== before.value)
        await needs.issuers.save({ before, after, events: [{ type: 'issuer.keys_changed', data: { issuerId } }], cause });
      return after;
    });
    const { arn, state } = keyNamed(issuer, keyId);
    await needs.keys.retire(arn);
    return { status: 200, body: { issuerId, keyId, state } };
  };

export const handler = http({ params: Params, body: NO_BODY }, () =>
  retireKey({ issuers: dynamodbIssuers({ clock: systemClock, newId: randomId }), keys: kmsIssuerKeys(), clock: systemClock }),
);
