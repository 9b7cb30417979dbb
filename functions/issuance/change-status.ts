/** Suspends, reinstates or revokes a credential. The credential and its bit in the status list change in one write. */
import * as z from 'zod';
import { dynamodbCredentials } from '#adapters/dynamodb/credentials.ts';
import { dynamodbStatusLists } from '#adapters/dynamodb/status-lists.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { type Credential, PUBLIC_REASONS, reinstated, revoked, type StatusReason, suspended } from '#domain/credential.ts';
import { DomainError } from '#domain/errors.ts';
import { CredentialId } from '#domain/ids.ts';
import { manyLines } from '#domain/plain-text.ts';
import { tenantOf } from '#lambda/caller.ts';
import { type HttpRequest, http } from '#lambda/http.ts';
import { untilSaved } from '#shared/optimistic.ts';
import type { Clock, Credentials, StatusLists } from '#shared/ports.ts';

interface Needs {
  readonly credentials: Credentials;
  readonly statusLists: StatusLists;
  readonly clock: Clock;
}

const Params = z.object({ credentialId: CredentialId });
const Body = z.strictObject({
  /** Shown on the public page. */
  publicReason: z.enum(PUBLIC_REASONS).default('issuer-policy'),
  /** For the programme alone. */
  internalReason: manyLines(2000).refine((text) => text.trim() !== '', { error: 'must not be blank' }),
});
type Request = HttpRequest<z.infer<typeof Params>, z.infer<typeof Body>>;

const CHANGES: Readonly<Record<string, (credential: Credential, reason: StatusReason) => Credential>> = {
  suspension: suspended,
  reinstatement: reinstated,
  revocation: revoked,
};

const standingOf = ({ state }: Credential): 'active' | 'suspended' | 'revoked' =>
  state === 'suspended' || state === 'revoked' ? state : 'active';

/** Asking twice for the same standing changes nothing the second time, and tells no one again. */
export const changeStatus =
  (needs: Needs) =>
  async ({ caller, params: { credentialId }, body, cause, route }: Request) =>
    untilSaved(async () => {
      const tenant = tenantOf(caller);
      const change = CHANGES[route.split('/').at(-1) ?? ''];
      const before = await needs.credentials.load(tenant, credentialId);
      if (before === undefined || change === undefined) throw new DomainError('access/not-found');
      const was = before.value.credential;
      const credential = change(was, { ...body, at: needs.clock() });
      const standing = standingOf(credential);
      const answer = { status: 200, body: { credentialId, state: credential.state } };
      if (credential === was) return answer;
      await needs.credentials.save({
        before,
        after: { ...before.value, credential },
        events: [{ type: 'credential.status_changed', data: { credentialId, statusList: credential.status.list, status: standing } }],
        cause,
        also: [needs.statusLists.mark(tenant, credential.status, standing !== 'active')],
      });
      return answer;
    });

export const handler = http({ params: Params, body: Body }, () =>
  changeStatus({
    credentials: dynamodbCredentials({ clock: systemClock, newId: randomId }),
    statusLists: dynamodbStatusLists(),
    clock: systemClock,
  }),
);
