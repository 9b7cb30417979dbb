/** Brings the public files of a credential in line with what it is now: signed, on hold, withdrawn, hidden. All forms stand, or none. */
import { dynamodbCredentials } from '#adapters/dynamodb/credentials.ts';
import { environment } from '#adapters/environment.ts';
import { s3HostedFiles } from '#adapters/s3/hosted-files.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { isPublic, published } from '#domain/credential.ts';
import { type EventOf, onEvent } from '#lambda/event.ts';
import { achievementPath, credentialPath, hostedKey, issuerPath, statusListPath } from '#openbadges/addresses.ts';
import { badgeForms } from '#openbadges/badge-forms.ts';
import { credentialFile, htmlFile } from '#shared/hosted-file.ts';
import type { Cause, Clock, CredentialRecord, Credentials, HostedFile, HostedFiles, Loaded } from '#shared/ports.ts';
import { credentialPage } from '#web/credential-page.ts';

interface Needs {
  readonly credentials: Credentials;
  readonly hosted: HostedFiles;
  readonly clock: Clock;
  readonly publicBaseUrl: string;
}

type Changed = EventOf<'credential.issued' | 'credential.status_changed' | 'credential.visibility_changed'>;

/** A badge whose status list or keys cannot be read would be called unverifiable by everyone, so they must stand first. */
const requireGround = async (hosted: HostedFiles, { credential }: CredentialRecord): Promise<void> => {
  const { tenant, status } = credential;
  const keys = 'signedWith' in credential ? [credential.signedWith.proof, credential.signedWith.jwt] : [];
  const needed = [
    hostedKey(statusListPath(tenant, status.list), '.json'),
    ...keys.map((key) => hostedKey(issuerPath(tenant), `/keys/${key}.json`)),
  ];
  const standing = await Promise.all(needed.map((key) => hosted.etag(key)));
  const missing = needed.find((_, place) => standing[place] === undefined);
  if (missing !== undefined) throw new Error(`${missing} is not published yet`);
};

/** The offering's image, drawn when its version was published. */
const imageOf = async (hosted: HostedFiles, { credential }: CredentialRecord) => {
  const path = achievementPath(credential.tenant, credential.microCredentialId, credential.version);
  const [png, svg] = await Promise.all(['.png', '.svg'].map((suffix) => hosted.read(hostedKey(path, suffix))));
  if (png === undefined || svg === undefined) throw new Error(`the image of ${path} is not published yet`);
  return { png, svg: new TextDecoder().decode(svg) };
};

/** Everything is made before anything is written. The JSON comes last: it is the sign that all of the credential stands. */
const filesOf = async ({ hosted, publicBaseUrl, clock }: Needs, record: CredentialRecord): Promise<readonly HostedFile[]> => {
  const { credential, frozen, forms } = record;
  if (forms === undefined) throw new Error(`credential ${credential.id} is not signed`);
  const path = credentialPath(credential.id);
  const isWithdrawn = credential.state === 'suspended' || credential.state === 'revoked';
  const image = await imageOf(hosted, record);
  const made = badgeForms({
    frozen: JSON.parse(frozen),
    ...forms,
    image,
    withdrawn: isWithdrawn ? credential.reason.publicReason : undefined,
  });
  const page = credentialPage({ credential, document: JSON.parse(forms.json), url: `${publicBaseUrl}${path}`, now: clock() });
  return [htmlFile(hostedKey(path, '.html'), page), ...made.map((form) => credentialFile(hostedKey(path, form.suffix), form))];
};

const show = async (needs: Needs, record: CredentialRecord): Promise<void> => {
  await requireGround(needs.hosted, record);
  for (const file of await filesOf(needs, record)) await needs.hosted.replace(file);
};

const SUFFIXES = ['.json', '.svg', '.png', '.ob2.json', '.jwt', '.html'] as const;

const hide = async ({ hosted }: Needs, { credential }: CredentialRecord): Promise<void> => {
  for (const suffix of SUFFIXES) await hosted.remove(hostedKey(credentialPath(credential.id), suffix));
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
