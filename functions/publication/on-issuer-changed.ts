/** Publishes who an issuer is: its DID document, its keys, its profile in both generations. Keys stand there before anything is signed with them. */
import { dynamodbIssuers } from '#adapters/dynamodb/issuers.ts';
import { environment } from '#adapters/environment.ts';
import { s3HostedFiles } from '#adapters/s3/hosted-files.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import type { Issuer } from '#domain/issuer.ts';
import { type EventOf, onEvent } from '#lambda/event.ts';
import { hostedKey, issuerPath } from '#openbadges/addresses.ts';
import { issuerDocument, OPEN_BADGES_2_SUFFIX, OPEN_BADGES_2_TYPE } from '#openbadges/badge-class.ts';
import { issuerFacts } from '#openbadges/frozen-credential.ts';
import { identityFiles, jwks } from '#openbadges/issuer-identity.ts';
import { mergedKeySet } from '#openbadges/key-set.ts';
import { profileDocument } from '#openbadges/profile.ts';
import { cssFile, htmlFile, jsonFile } from '#shared/hosted-file.ts';
import type { HostedFile, HostedFiles, Issuers } from '#shared/ports.ts';
import { homePage } from '#web/home-page.ts';
import { issuerPage } from '#web/issuer-page.ts';
import { notFoundPage } from '#web/not-found-page.ts';
import { STYLE_PATH, STYLE_SHEET } from '#web/style.ts';

interface Needs {
  readonly issuers: Issuers;
  readonly hosted: HostedFiles;
  readonly publicBaseUrl: string;
  /** How long a copy of the identity may be relied on; a key is announced that long before it signs. */
  readonly identitySeconds: number;
}

const filesOf = (issuer: Issuer, { publicBaseUrl, identitySeconds: seconds }: Needs): readonly HostedFile[] => {
  const path = issuerPath(issuer.id);
  const issuerUrl = `${publicBaseUrl}${path}`;
  const facts = issuerFacts(issuer, publicBaseUrl);
  const json = (suffix: string, body: object, contentType: string) => jsonFile(hostedKey(path, suffix), body, { contentType, seconds });
  return [
    ...identityFiles(issuer, { did: facts.did, issuerUrl }).map(({ suffix, body, contentType }) => json(suffix, body, contentType)),
    json('.json', profileDocument(facts), 'application/ld+json'),
    json(`/issuer${OPEN_BADGES_2_SUFFIX}`, issuerDocument(profileDocument(facts), { issuerUrl }), OPEN_BADGES_2_TYPE),
    htmlFile(hostedKey(path, '.html'), issuerPage({ facts, issuerUrl })),
    htmlFile('404.html', notFoundPage()),
    htmlFile('home.html', homePage(publicBaseUrl)),
    cssFile(STYLE_PATH.slice(1), STYLE_SHEET),
  ];
};

/** Keys of all issuers of the deployment, where readers look who know its host only. */
const ALL_KEYS = '.well-known/jwks.json';

const publishKeySet = async (issuer: Issuer, { hosted, publicBaseUrl, identitySeconds: seconds }: Needs): Promise<void> => {
  const issuerUrl = `${publicBaseUrl}${issuerPath(issuer.id)}`;
  for (;;) {
    const seen = await hosted.etag(ALL_KEYS);
    const standing = seen === undefined ? undefined : await hosted.read(ALL_KEYS);
    const merged = mergedKeySet(standing, { issuerUrl, keys: jwks(issuerUrl, issuer.keys).keys });
    const file = jsonFile(ALL_KEYS, merged, { contentType: 'application/jwk-set+json', seconds });
    if (await hosted.swap(file, seen)) return;
  }
};

/** Writes what the registration says now, so a repeated or late event changes nothing; whoever came in between has the last word. */
export const onIssuerChanged =
  (needs: Needs) =>
  async ({ data: { issuerId } }: EventOf<'issuer.registered' | 'issuer.keys_changed'>) => {
    for (;;) {
      const issuer = await needs.issuers.load(issuerId);
      if (issuer === undefined) throw new Error(`issuer ${issuerId} is gone`);
      await Promise.all(filesOf(issuer.value, needs).map((file) => needs.hosted.replace(file)));
      await publishKeySet(issuer.value, needs);
      if ((await needs.issuers.load(issuerId))?.revision === issuer.revision) return;
    }
  };

export const handler = onEvent('on-issuer-changed', ['issuer.registered', 'issuer.keys_changed'], () =>
  onIssuerChanged({
    issuers: dynamodbIssuers({ clock: systemClock, newId: randomId }),
    hosted: s3HostedFiles(),
    publicBaseUrl: environment('PUBLIC_BASE_URL'),
    identitySeconds: environment('IDENTITY_SECONDS'),
  }),
);
