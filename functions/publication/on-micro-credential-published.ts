/** Publishes what it takes to earn a micro-credential: the Achievement that badges name, and a page with the very rubric that assessors use. */
import { dynamodbDefinitions } from '#adapters/dynamodb/definitions.ts';
import { dynamodbIssuers } from '#adapters/dynamodb/issuers.ts';
import { environment } from '#adapters/environment.ts';
import { s3HostedFiles } from '#adapters/s3/hosted-files.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { type EventOf, onEvent } from '#lambda/event.ts';
import { achievementDocument, achievementOf } from '#openbadges/achievement.ts';
import { achievementPath, hostedKey } from '#openbadges/addresses.ts';
import { issuerFacts } from '#openbadges/frozen-credential.ts';
import { htmlFile, jsonFile } from '#shared/hosted-file.ts';
import type { Definitions, HostedFiles, Issuers } from '#shared/ports.ts';
import { achievementPage } from '#web/achievement-page.ts';

interface Needs {
  readonly definitions: Definitions;
  readonly issuers: Issuers;
  readonly hosted: HostedFiles;
  readonly publicBaseUrl: string;
}

/** A published version never changes, so publishing it again writes the same files. */
export const onMicroCredentialPublished =
  ({ definitions, issuers, hosted, publicBaseUrl }: Needs) =>
  async ({ data: { microCredentialId, version }, meta: { tenant } }: EventOf<'microcredential.published'>) => {
    const [found, issuer] = await Promise.all([definitions.load(tenant, microCredentialId, version), issuers.load(tenant)]);
    if (found === undefined || issuer === undefined) throw new Error(`${tenant}/${microCredentialId}@${version} is gone`);
    const path = achievementPath(tenant, microCredentialId, version);
    const achievementUrl = `${publicBaseUrl}${path}`;
    const facts = issuerFacts(issuer.value, publicBaseUrl);
    const { definition } = found.value;
    const achievement = achievementDocument(achievementOf(definition, { achievementUrl, issuer: facts }));
    await hosted.replace(htmlFile(hostedKey(path, '.html'), achievementPage({ definition, achievementUrl, issuer: facts })));
    await hosted.replace(jsonFile(hostedKey(path, '.json'), achievement, { contentType: 'application/ld+json' }));
  };

export const handler = onEvent('on-micro-credential-published', ['microcredential.published'], () => {
  const needs = { clock: systemClock, newId: randomId };
  return onMicroCredentialPublished({
    definitions: dynamodbDefinitions(needs),
    issuers: dynamodbIssuers(needs),
    hosted: s3HostedFiles(),
    publicBaseUrl: environment('PUBLIC_BASE_URL'),
  });
});
