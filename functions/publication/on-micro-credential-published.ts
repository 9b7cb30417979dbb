/** Publishes what it takes to earn a micro-credential: the Achievement that badges name, its image, and a page with the very rubric that assessors use. */
import { dynamodbDefinitions } from '#adapters/dynamodb/definitions.ts';
import { dynamodbIssuers } from '#adapters/dynamodb/issuers.ts';
import { environment } from '#adapters/environment.ts';
import { s3HostedFiles } from '#adapters/s3/hosted-files.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import type { Instant } from '#domain/ids.ts';
import type { Issuer } from '#domain/issuer.ts';
import type { MicroCredentialDefinition } from '#domain/micro-credential.ts';
import { type EventOf, onEvent } from '#lambda/event.ts';
import { achievementDocument, achievementOf } from '#openbadges/achievement.ts';
import { achievementImageUrl, achievementPath, hostedKey, issuerPath } from '#openbadges/addresses.ts';
import { badgeClass, OPEN_BADGES_2_SUFFIX, OPEN_BADGES_2_TYPE } from '#openbadges/badge-class.ts';
import { issuerFacts } from '#openbadges/frozen-credential.ts';
import { htmlFile, imageFile, jsonFile } from '#shared/hosted-file.ts';
import type { Definitions, HostedFile, HostedFiles, Issuers } from '#shared/ports.ts';
import { achievementPage } from '#web/achievement-page.ts';
import { badgeFiles } from '#web/badge-files.ts';
import type { Rasterizer } from '#web/raster.ts';
import { rasterizer } from '#web/rasterizer.ts';

interface Needs {
  readonly definitions: Definitions;
  readonly issuers: Issuers;
  readonly hosted: HostedFiles;
  readonly publicBaseUrl: string;
  readonly rasterizer: () => Promise<Rasterizer>;
}

interface Version {
  readonly definition: MicroCredentialDefinition;
  readonly issuer: Issuer;
  readonly publishedAt: Instant;
}

/** What others link to stands first; the Achievement last: it is the sign that everything of the version stands. */
const filesOf = ({ definition, issuer, publishedAt }: Version, publicBaseUrl: string, rasterizer: Rasterizer): readonly HostedFile[] => {
  const path = achievementPath(issuer.id, definition.id, definition.version);
  const achievementUrl = `${publicBaseUrl}${path}`;
  const key = (suffix: string): string => hostedKey(path, suffix);
  const facts = issuerFacts(issuer, publicBaseUrl);
  const achievement = achievementOf(definition, { achievementUrl, issuer: facts, imageUrl: achievementImageUrl(achievementUrl) });
  const { png, svg } = badgeFiles({ definition, issuer, achievementUrl, publishedAt }, rasterizer);
  const issuerUrl = `${publicBaseUrl}${issuerPath(issuer.id)}`;
  return [
    imageFile(key('.png'), png),
    imageFile(key('.svg'), svg),
    htmlFile(key('.html'), achievementPage({ definition, achievementUrl, issuer: facts })),
    jsonFile(key(OPEN_BADGES_2_SUFFIX), badgeClass(achievement, { issuerUrl }), { contentType: OPEN_BADGES_2_TYPE }),
    jsonFile(key('.json'), achievementDocument(achievement), { contentType: 'application/ld+json' }),
  ];
};

/** A published version never changes, so publishing it again writes the same files. */
export const onMicroCredentialPublished =
  ({ definitions, issuers, hosted, publicBaseUrl, rasterizer }: Needs) =>
  async ({ data: { microCredentialId, version }, meta: { tenant } }: EventOf<'microcredential.published'>) => {
    const [found, issuer] = await Promise.all([definitions.load(tenant, microCredentialId, version), issuers.load(tenant)]);
    if (found?.value.publishedAt === undefined || issuer === undefined)
      throw new Error(`${tenant}/${microCredentialId}@${version} is gone`);
    const published = { definition: found.value.definition, issuer: issuer.value, publishedAt: found.value.publishedAt };
    for (const file of filesOf(published, publicBaseUrl, await rasterizer())) await hosted.replace(file);
  };

export const handler = onEvent('on-micro-credential-published', ['microcredential.published'], () => {
  const needs = { clock: systemClock, newId: randomId };
  return onMicroCredentialPublished({
    definitions: dynamodbDefinitions(needs),
    issuers: dynamodbIssuers(needs),
    hosted: s3HostedFiles(),
    publicBaseUrl: environment('PUBLIC_BASE_URL'),
    rasterizer,
  });
});
