/** What a programme, or the learner who holds it, may know of a credential: its standing, and the signed document itself. */
import * as z from 'zod';
import { dynamodbCredentials } from '#adapters/dynamodb/credentials.ts';
import { environment } from '#adapters/environment.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import type { Credential } from '#domain/credential.ts';
import { DomainError } from '#domain/errors.ts';
import { CredentialId } from '#domain/ids.ts';
import { tenantOf } from '#lambda/caller.ts';
import { type HttpRequest, http, NO_BODY } from '#lambda/http.ts';
import { credentialPath, issuerDid } from '#openbadges/addresses.ts';
import { verificationMethodId } from '#openbadges/did-web.ts';
import type { CredentialRecord, Credentials } from '#shared/ports.ts';

const Params = z.object({ credentialId: CredentialId });

/** Only the programme sees the internal reason of a change. */
const reasonFor = (isProgramme: boolean, credential: Credential) => {
  if (!('reason' in credential)) return undefined;
  const { internalReason, ...shown } = credential.reason;
  return isProgramme ? { ...shown, internalReason } : shown;
};

const shown = ({ credential, forms }: CredentialRecord, did: string) => {
  // Whose it is and what the issuer keeps to itself is left out by name, so that a new field is a decision.
  const { id: credentialId, state, microCredentialId, version, enrolmentId, earnedAt, validUntil, wantsPublic, status } = credential;
  const issued = 'signedWith' in credential ? { verificationMethod: verificationMethodId(did, credential.signedWith.proof) } : {};
  const known = { credentialId, state, microCredentialId, version, enrolmentId, earnedAt, validUntil, wantsPublic, status, ...issued };
  return { ...known, document: forms && JSON.parse(forms.json), jwt: forms?.jwt };
};

export const readCredential =
  ({ credentials, publicBaseUrl }: { credentials: Credentials; publicBaseUrl: string }) =>
  async ({ caller, params: { credentialId } }: HttpRequest<z.infer<typeof Params>, undefined>) => {
    const found = await credentials.load(tenantOf(caller), credentialId);
    const isProgramme = caller.roles.includes('programme');
    const theirs = isProgramme || found?.value.credential.learnerSubject === caller.subject;
    if (found === undefined || !theirs) throw new DomainError('access/not-found');
    const verificationUrl = `${publicBaseUrl}${credentialPath(credentialId)}`;
    return {
      status: 200,
      body: {
        ...shown(found.value, issuerDid(publicBaseUrl, found.value.credential.tenant)),
        verificationUrl,
        reason: reasonFor(isProgramme, found.value.credential),
      },
    };
  };

export const handler = http({ params: Params, body: NO_BODY }, () =>
  readCredential({
    credentials: dynamodbCredentials({ clock: systemClock, newId: randomId }),
    publicBaseUrl: environment('PUBLIC_BASE_URL'),
  }),
);
