/** The holder shows or hides the public page of a badge. */
import * as z from 'zod';
import { dynamodbCredentials } from '#adapters/dynamodb/credentials.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { withVisibility } from '#domain/credential.ts';
import { DomainError } from '#domain/errors.ts';
import { CredentialId } from '#domain/ids.ts';
import { tenantOf } from '#lambda/caller.ts';
import { type HttpRequest, http, NO_BODY } from '#lambda/http.ts';
import { untilSaved } from '#shared/optimistic.ts';
import type { Credentials } from '#shared/ports.ts';

const Params = z.object({ credentialId: CredentialId });

/** A wish that is already so is answered and not told again. */
export const changeVisibility =
  ({ credentials }: { credentials: Credentials }) =>
  async ({ caller, params: { credentialId }, cause, route }: HttpRequest<z.infer<typeof Params>, undefined>) =>
    untilSaved(async () => {
      const published = route.startsWith('POST ');
      const before = await credentials.load(tenantOf(caller), credentialId);
      if (before?.value.credential.learnerSubject !== caller.subject) throw new DomainError('access/not-found');
      const credential = withVisibility(before.value.credential, published);
      if (credential !== before.value.credential)
        await credentials.save({
          before,
          after: { ...before.value, credential },
          events: [{ type: 'credential.visibility_changed', data: { credentialId, published } }],
          cause,
        });
      return { status: 202, body: { credentialId, state: credential.state, wantsPublic: credential.wantsPublic } };
    });

export const handler = http({ params: Params, body: NO_BODY }, () =>
  changeVisibility({ credentials: dynamodbCredentials({ clock: systemClock, newId: randomId }) }),
);
