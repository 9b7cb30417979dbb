/** After every decision the award rule is looked at again. Once it is true the award is claimed: enrolment, lock, frozen credential and event in one write. */
import { dynamodbCredentials } from '#adapters/dynamodb/credentials.ts';
import { dynamodbDefinitions } from '#adapters/dynamodb/definitions.ts';
import { dynamodbEnrolments } from '#adapters/dynamodb/enrolments.ts';
import { dynamodbIssuers } from '#adapters/dynamodb/issuers.ts';
import { dynamodbStatusLists } from '#adapters/dynamodb/status-lists.ts';
import { environment } from '#adapters/environment.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { type AwardStep, awardStep } from '#domain/award.ts';
import type { Credential } from '#domain/credential.ts';
import type { EnrolmentRecord } from '#domain/enrolment.ts';
import { CredentialId, Instant, type TenantId } from '#domain/ids.ts';
import type { MicroCredentialDefinition } from '#domain/micro-credential.ts';
import { type EventOf, onEvent } from '#lambda/event.ts';
import { achievementImageUrl, achievementPath } from '#openbadges/addresses.ts';
import { frozenCredential } from '#openbadges/frozen-credential.ts';
import { type EnrolmentFile, type FileNeeds, findEnrolmentFile } from '#shared/enrolment-file.ts';
import { untilSaved } from '#shared/optimistic.ts';
import type { Cause, Clock, CredentialRecord, Credentials, Issuers, NewId, StatusLists } from '#shared/ports.ts';

interface Needs extends FileNeeds {
  readonly issuers: Issuers;
  readonly credentials: Credentials;
  readonly statusLists: StatusLists;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly publicBaseUrl: string;
}

type Claimed = Extract<AwardStep, { kind: 'claim' }>;

interface Claim {
  readonly tenant: TenantId;
  readonly credentialId: CredentialId;
  readonly record: EnrolmentRecord;
  readonly definition: MicroCredentialDefinition;
}

/** The learner's name stands on the page only where the offering says so, or leaves it to the learner and the learner does. */
const holderNameOf = ({ record, definition }: Claim): string | undefined => {
  const policy = definition.privacy.recipientNameOnPublicPage;
  const shown = policy === 'always' || (policy === 'learner-choice' && record.enrolment.choices.showName);
  return shown ? record.enrolment.learner.name : undefined;
};

const prepared = async (needs: Needs, claim: Claim): Promise<CredentialRecord & { opened: boolean }> => {
  const { tenant, credentialId, record } = claim;
  const { enrolment } = record;
  const issuer = await needs.issuers.load(tenant);
  if (issuer === undefined) throw new Error(`issuer ${tenant} is gone`);
  const { opened, ...place } = await needs.statusLists.reserve(tenant);
  const earnedAt = needs.clock();
  const frozen = frozenCredential({
    ...claim,
    issuer: issuer.value,
    publicBaseUrl: needs.publicBaseUrl,
    place,
    salt: needs.newId(''),
    earnedAt,
    imageUrl: achievementImageUrl(`${needs.publicBaseUrl}${achievementPath(tenant, enrolment.microCredentialId, enrolment.version)}`),
  });
  const holderName = holderNameOf(claim);
  const credential: Credential = {
    id: credentialId,
    tenant,
    enrolmentId: enrolment.id,
    learnerSubject: enrolment.learner.subject,
    microCredentialId: enrolment.microCredentialId,
    version: enrolment.version,
    status: place,
    earnedAt,
    wantsPublic: enrolment.choices.publication === 'automatic',
    state: 'preparing',
    ...(frozen.validUntil === undefined ? {} : { validUntil: Instant.parse(frozen.validUntil) }),
    ...(holderName === undefined ? {} : { holderName }),
  };
  return { credential, frozen: JSON.stringify(frozen), opened };
};

const claim = async (
  needs: Needs,
  { before, definition }: EnrolmentFile,
  { step, cause }: { step: Claimed; cause: Cause },
): Promise<void> => {
  const { enrolment } = step.record;
  const { opened, ...record } = await prepared(needs, {
    tenant: enrolment.tenant,
    credentialId: step.credentialId,
    record: step.record,
    definition,
  });
  const earned = { type: 'credential.earned', data: { credentialId: step.credentialId, enrolmentId: enrolment.id } } as const;
  const dirtied = { type: 'status_list.dirtied', data: { statusList: record.credential.status.list } } as const;
  const also = needs.credentials.claim(record, { cycle: enrolment.cycle, cause });
  await needs.enrolments.save({ before, after: step.record, events: opened ? [earned, dirtied] : [earned], cause, also });
};

/**
 * Told twice, at once or late, the second run finds the enrolment past its claim; two that race meet in one conditional
 * write, and the award's lock lets one credential through. A status index reserved by the loser stays unused.
 */
export const onDecisionMade = (needs: Needs) => {
  const look = async ({ data: { enrolmentId }, meta: { tenant } }: EventOf<'decision.made'>, cause: Cause): Promise<void> => {
    const file = await findEnrolmentFile(needs, tenant, enrolmentId);
    if (file === undefined) throw new Error(`enrolment ${enrolmentId} is gone`);
    const step = awardStep(file.before.value, file.definition, CredentialId.parse(needs.newId('')));
    if (step.kind === 'claim') await claim(needs, file, { step, cause });
    if (step.kind === 'close') await needs.enrolments.save({ before: file.before, after: step.record, events: [], cause });
  };
  return (event: EventOf<'decision.made'>, cause: Cause) => untilSaved(() => look(event, cause), ['award']);
};

export const handler = onEvent('on-decision-made', ['decision.made'], () => {
  const needs = { clock: systemClock, newId: randomId };
  return onDecisionMade({
    enrolments: dynamodbEnrolments(needs),
    definitions: dynamodbDefinitions(needs),
    issuers: dynamodbIssuers(needs),
    credentials: dynamodbCredentials(needs),
    statusLists: dynamodbStatusLists(),
    publicBaseUrl: environment('PUBLIC_BASE_URL'),
    ...needs,
  });
});
