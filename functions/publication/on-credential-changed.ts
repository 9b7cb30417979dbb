/** Brings the public files of a credential in line with what it is now: signed, on hold, withdrawn, hidden. */
import { dynamodbCredentials } from '#adapters/dynamodb/credentials.ts';
import { environment } from '#adapters/environment.ts';
import { s3HostedFiles } from '#adapters/s3/hosted-files.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { isPublic, published } from '#domain/credential.ts';
import { type EventOf, onEvent } from '#lambda/event.ts';
import { credentialPath, hostedKey, statusListPath } from '#openbadges/addresses.ts';
import { htmlFile, jsonFile } from '#shared/hosted-file.ts';
import type { Cause, Clock, CredentialRecord, Credentials, HostedFiles, Loaded } from '#shared/ports.ts';
import { credentialPage } from '#web/credential-page.ts';

interface Needs {
  readonly credentials: Credentials;
  readonly hosted: HostedFiles;
  readonly clock: Clock;
  readonly publicBaseUrl: string;
}

type Changed = EventOf<'credential.issued' | 'credential.status_changed' | 'credential.visibility_changed'>;

/** A badge whose status list cannot be read would be called unverifiable by everyone, so the list must stand first. */
const requireStatusList = async (hosted: HostedFiles, tenant: string, list: number): Promise<void> => {
  const key = hostedKey(statusListPath(tenant, list), '.json');
  if ((await hosted.etag(key)) === undefined) throw new Error(`${key} is not published yet`);
};

/** The JSON is written last: it is the sign that everything of the credential stands. */
const show = async ({ hosted, publicBaseUrl, clock }: Needs, { credential, document = '' }: CredentialRecord): Promise<void> => {
  const path = credentialPath(credential.id);
  await requireStatusList(hosted, credential.tenant, credential.status.list);
  await hosted.replace(
    htmlFile(
      hostedKey(path, '.html'),
      credentialPage({ credential, document: JSON.parse(document), url: `${publicBaseUrl}${path}`, now: clock() }),
    ),
  );
  await hosted.create(jsonFile(hostedKey(path, '.json'), document, { contentType: 'application/vc+ld+json' }));
};

const hide = async ({ hosted }: Needs, { credential }: CredentialRecord): Promise<void> => {
  const path = credentialPath(credential.id);
  await hosted.remove(hostedKey(path, '.json'));
  await hosted.remove(hostedKey(path, '.html'));
};

const brought = async (needs: Needs, { tenant }: Changed['meta'], { credentialId }: Changed['data']): Promise<Loaded<CredentialRecord>> => {
  for (;;) {
    const before = await needs.credentials.load(tenant, credentialId);
    if (before === undefined) throw new Error(`credential ${credentialId} is gone`);
    await (isPublic(before.value.credential) ? show : hide)(needs, before.value);
    // Another change may have come while files were written; the last word must be that of the latest state.
    if ((await needs.credentials.load(tenant, credentialId))?.revision === before.revision) return before;
  }
};

/** Works from the credential as it is, not from the event, so repeated, late and reordered events all end in the same files. */
export const onCredentialChanged =
  (needs: Needs) =>
  async ({ data, meta }: Changed, cause: Cause) => {
    const before = await brought(needs, meta, data);
    const credential = published(before.value.credential);
    if (credential === before.value.credential) return;
    const { id: credentialId, enrolmentId } = credential;
    const verificationUrl = `${needs.publicBaseUrl}${credentialPath(credentialId)}`;
    await needs.credentials.save({
      before,
      after: { ...before.value, credential },
      events: [{ type: 'credential.published', data: { credentialId, enrolmentId, verificationUrl } }],
      cause,
    });
  };

export const handler = onEvent(
  'on-credential-changed',
  ['credential.issued', 'credential.status_changed', 'credential.visibility_changed'],
  () => {
    const needs = { clock: systemClock, newId: randomId };
    return onCredentialChanged({
      credentials: dynamodbCredentials(needs),
      hosted: s3HostedFiles(),
      publicBaseUrl: environment('PUBLIC_BASE_URL'),
      ...needs,
    });
  },
);
