/** Has a credential signed again, under the keys that sign now. It stays the same badge: same content, same address, same standing. */
import * as z from 'zod';
import { dynamodbCredentials } from '#adapters/dynamodb/credentials.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { requireReissuable } from '#domain/credential.ts';
import { DomainError } from '#domain/errors.ts';
import { CredentialId } from '#domain/ids.ts';
import { tenantOf } from '#lambda/caller.ts';
import { type HttpRequest, http, NO_BODY } from '#lambda/http.ts';
import { untilSaved } from '#shared/optimistic.ts';
import type { Credentials } from '#shared/ports.ts';

const Params = z.object({ credentialId: CredentialId });

/** Asking twice signs once: under the same keys there is nothing to sign again. */
export const reissue =
  ({ credentials }: { credentials: Credentials }) =>
  async ({ caller, params: { credentialId }, cause }: HttpRequest<z.infer<typeof Params>, undefined>) =>
    untilSaved(async () => {
      const before = await credentials.load(tenantOf(caller), credentialId);
      if (before === undefined) throw new DomainError('access/not-found');
      const { credential } = before.value;
      requireReissuable(credential);
      const due = { type: 'credential.reissue_requested', data: { credentialId, enrolmentId: credential.enrolmentId } } as const;
      await credentials.save({ before, after: before.value, events: [due], cause });
      return { status: 202, body: { credentialId, state: credential.state } };
    });

export const handler = http({ params: Params, body: NO_BODY }, () =>
  reissue({ credentials: dynamodbCredentials({ clock: systemClock, newId: randomId }) }),
);
