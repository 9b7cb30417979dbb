/** Publishes who an issuer is: its DID document, its keys, its profile. Keys stand there before anything is signed with them. */
import { dynamodbIssuers } from '#adapters/dynamodb/issuers.ts';
import { environment } from '#adapters/environment.ts';
import { s3HostedFiles } from '#adapters/s3/hosted-files.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import type { Issuer } from '#domain/issuer.ts';
import { type EventOf, onEvent } from '#lambda/event.ts';
import { hostedKey, issuerPath } from '#openbadges/addresses.ts';
import { didDocument, jwks, keyUrl } from '#openbadges/did-web.ts';
import { jwkOf } from '#openbadges/ed25519-key.ts';
import { issuerFacts } from '#openbadges/frozen-credential.ts';
import { profileDocument } from '#openbadges/profile.ts';
import { cssFile, htmlFile, IDENTITY_SECONDS, jsonFile } from '#shared/hosted-file.ts';
import type { HostedFile, HostedFiles, Issuers } from '#shared/ports.ts';
import { homePage } from '#web/home-page.ts';
import { issuerPage } from '#web/issuer-page.ts';
import { notFoundPage } from '#web/not-found-page.ts';
import { STYLE_PATH, STYLE_SHEET } from '#web/style.ts';

const filesOf = (issuer: Issuer, publicBaseUrl: string): readonly HostedFile[] => {
  const path = issuerPath(issuer.id);
  const issuerUrl = `${publicBaseUrl}${path}`;
  const facts = issuerFacts(issuer, publicBaseUrl);
  const multikeys = issuer.keys.map(({ publicKeyMultibase }) => publicKeyMultibase);
  const json = (suffix: string, body: object, contentType = 'application/json') =>
    jsonFile(hostedKey(path, suffix), body, { contentType, seconds: IDENTITY_SECONDS });
  return [
    ...multikeys.map((multikey) => json(`/keys/${multikey}.json`, jwkOf(multikey, keyUrl(issuerUrl, multikey)), 'application/jwk+json')),
    json('/jwks.json', jwks(issuerUrl, multikeys), 'application/jwk-set+json'),
    json('/did.json', didDocument({ did: facts.did, multikeys, profileUrl: issuerUrl }), 'application/did+json'),
    json('.json', profileDocument(facts), 'application/ld+json'),
    htmlFile(hostedKey(path, '.html'), issuerPage({ facts, issuerUrl })),
    htmlFile('404.html', notFoundPage()),
    htmlFile('home.html', homePage(publicBaseUrl)),
    cssFile(STYLE_PATH.slice(1), STYLE_SHEET),
  ];
};

/** Writes the same files from the same registration, so a repeated event changes nothing. */
export const onIssuerRegistered =
  ({ issuers, hosted, publicBaseUrl }: { issuers: Issuers; hosted: HostedFiles; publicBaseUrl: string }) =>
  async ({ data: { issuerId } }: EventOf<'issuer.registered'>) => {
    const issuer = await issuers.load(issuerId);
    if (issuer === undefined) throw new Error(`issuer ${issuerId} is gone`);
    await Promise.all(filesOf(issuer.value, publicBaseUrl).map((file) => hosted.replace(file)));
  };

export const handler = onEvent('on-issuer-registered', ['issuer.registered'], () =>
  onIssuerRegistered({
    issuers: dynamodbIssuers({ clock: systemClock, newId: randomId }),
    hosted: s3HostedFiles(),
    publicBaseUrl: environment('PUBLIC_BASE_URL'),
  }),
);
