/**
 * Gives up a key that someone else may have. It is published as revoked, so nothing that it signed is believed any more;
 * a successor signs from now on, and every badge that the key signed is signed again under it.
 */
import * as z from 'zod';
import { dynamodbIssuers } from '#adapters/dynamodb/issuers.ts';
import { kmsIssuerKeys } from '#adapters/kms/issuer-keys.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { DomainError } from '#domain/errors.ts';
import { TenantId } from '#domain/ids.ts';
import type { Issuer } from '#domain/issuer.ts';
import { activated, compromised, keyNamed, needsSuccessor } from '#domain/key-rotation.ts';
import { type HttpRequest, http, NO_BODY } from '#lambda/http.ts';
import { newKey } from '#shared/new-key.ts';
import { untilSaved } from '#shared/optimistic.ts';
import type { Clock, IssuerKeys, Issuers } from '#shared/ports.ts';

interface Needs {
  readonly issuers: Issuers;
  readonly keys: IssuerKeys;
  readonly clock: Clock;
}

const Params = z.object({ issuerId: TenantId, keyId: z.string().min(1).max(100) });

const successorOf = (issuer: Issuer, keyId: string, keys: IssuerKeys) =>
  needsSuccessor(issuer, keyId) ? newKey(keys, issuer.id, keyNamed(issuer, keyId).algorithm) : undefined;

/** Asked again, the badges are looked through again, which finds none that still bears the key; and KMS is asked again to give it up. */
export const compromiseKey =
  (needs: Needs) =>
  async ({ params: { issuerId, keyId }, cause }: HttpRequest<z.infer<typeof Params>, undefined>) => {
    const issuer = await untilSaved(async () => {
      const before = await needs.issuers.load(issuerId);
      if (before === undefined) throw new DomainError('access/not-found');
      const known = activated(before.value, needs.clock());
      const after = compromised(known, keyId, { at: needs.clock(), successor: await successorOf(known, keyId, needs.keys) });
      await needs.issuers.save({
        before,
        after,
        events: [
          { type: 'issuer.keys_changed', data: { issuerId } },
          { type: 'issuer.key_compromised', data: { issuerId, keyId } },
        ],
        cause,
      });
      return after;
    });
    const { arn, state, compromisedAt } = keyNamed(issuer, keyId);
    await needs.keys.retire(arn);
    return { status: 202, body: { issuerId, keyId, state, compromisedAt } };
  };

export const handler = http({ params: Params, body: NO_BODY }, () =>
  compromiseKey({ issuers: dynamodbIssuers({ clock: systemClock, newId: randomId }), keys: kmsIssuerKeys(), clock: systemClock }),
);
