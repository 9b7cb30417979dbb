/** What a programme, or the learner who holds it, may know of a credential: its standing, and the signed document itself. */
import * as z from 'zod';
import { dynamodbCredentials } from '#adapters/dynamodb/credentials.ts';
import { environment } from '#adapters/environment.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { DomainError } from '#domain/errors.ts';
import { CredentialId } from '#domain/ids.ts';
import { tenantOf } from '#lambda/caller.ts';
import { http, type HttpRequest } from '#lambda/http.ts';
import { credentialPath } from '#openbadges/addresses.ts';
import type { Credentials } from '#shared/ports.ts';

const Params = z.object({ credentialId: CredentialId });

/** Only the programme sees the internal reason of a change. */
export const readCredential =
  ({ credentials, publicBaseUrl }: { credentials: Credentials; publicBaseUrl: string }) =>
  async ({ caller, params: { credentialId } }: HttpRequest<z.infer<typeof Params>, undefined>) => {
    const found = await credentials.load(tenantOf(caller), credentialId);
    const theirs = caller.role === 'programme' || found?.value.credential.learnerSubject === caller.subject;
    if (found === undefined || !theirs) throw new DomainError('access/not-found');
    const { credential, document } = found.value;
    const { state, microCredentialId, version, enrolmentId, earnedAt, validUntil, wantsPublic, verificationMethod, status } = credential;
    const reason = 'reason' in credential ? { ...credential.reason, ...(caller.role === 'programme' ? {} : { internalReason: undefined }) } : undefined;
    const head = { credentialId, state, microCredentialId, version, enrolmentId, earnedAt, validUntil, wantsPublic, verificationMethod, status, reason };
    return { status: 200, body: { ...head, verificationUrl: `${publicBaseUrl}${credentialPath(credentialId)}`, document: document === undefined ? undefined : JSON.parse(document) } };
  };

export const handler = http({ params: Params, body: z.undefined() }, () =>
  readCredential({ credentials: dynamodbCredentials({ clock: systemClock, newId: randomId }), publicBaseUrl: environment('PUBLIC_BASE_URL') }),
);
