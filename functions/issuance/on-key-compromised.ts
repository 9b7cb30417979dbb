/** Looks through an issuer's credentials for those that a given-up key signed, and has each signed again. A page at a time, telling itself to go on. */
import { CREDENTIAL_SHARDS, dynamodbCredentials } from '#adapters/dynamodb/credentials.ts';
import { dynamodbIssuers } from '#adapters/dynamodb/issuers.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { bears } from '#domain/credential.ts';
import type { EventDraft } from '#domain/events.ts';
import type { Instant } from '#domain/ids.ts';
import { type EventOf, onEvent } from '#lambda/event.ts';
import { untilSaved } from '#shared/optimistic.ts';
import type { Cause, Clock, CredentialCursor, Credentials, Issuers } from '#shared/ports.ts';

interface Needs {
  readonly issuers: Issuers;
  readonly credentials: Credentials;
  readonly clock: Clock;
}

/** An event each, a few more for what is told beside them: one transaction takes a hundred writes. */
const PAGE = 90;

/** Empty months cost a read; a few of them fit one run, many would not. */
const PLACES_MAX = 200;

const monthOf = (instant: Instant): string => instant.slice(0, 'YYYY-MM'.length);

const nextMonth = (month: string): string => {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number)).toISOString().slice(0, 'YYYY-MM'.length);
};

/** Every part of a month, then the next month, until the present one is through. */
const after = ({ month, shard }: CredentialCursor, last: string): CredentialCursor | undefined => {
  if (shard + 1 < CREDENTIAL_SHARDS) return { month, shard: shard + 1 };
  return month >= last ? undefined : { month: nextMonth(month), shard: 0 };
};

/** The first page that holds something to sign again, and where to go on behind it. */
const search = async (needs: Needs, { data, meta }: Compromised, start: CredentialCursor) => {
  const last = monthOf(needs.clock());
  let from: CredentialCursor | undefined = start;
  for (let place = 0; from !== undefined && place < PLACES_MAX; place += 1) {
    const { credentials, next } = await needs.credentials.page(meta.tenant, from, PAGE);
    from = next ?? after(from, last);
    const found = credentials.filter((credential) => bears(credential, data.keyId));
    if (found.length > 0) return { found, from };
  }
  return { found: [], from };
};

type Compromised = EventOf<'issuer.key_compromised'>;

/** Told twice, badges are asked for twice; the second finds them signed by the successor and leaves them. */
export const onKeyCompromised =
  (needs: Needs) =>
  async (event: Compromised, cause: Cause): Promise<void> =>
    untilSaved(async () => {
      const { issuerId, keyId, from: place } = event.data;
      const before = await needs.issuers.load(issuerId);
      if (before === undefined) throw new Error(`issuer ${issuerId} is gone`);
      const { found, from } = await search(needs, event, place ?? { month: monthOf(before.value.registeredAt), shard: 0 });
      const due = found.map(
        ({ id, enrolmentId }): EventDraft => ({ type: 'credential.reissue_requested', data: { credentialId: id, enrolmentId } }),
      );
      const goOn: readonly EventDraft[] = from === undefined ? [] : [{ type: 'issuer.key_compromised', data: { issuerId, keyId, from } }];
      if (due.length + goOn.length > 0) await needs.issuers.save({ before, after: before.value, events: [...due, ...goOn], cause });
    });

export const handler = onEvent('on-key-compromised', ['issuer.key_compromised'], () => {
  const needs = { clock: systemClock, newId: randomId };
  return onKeyCompromised({ issuers: dynamodbIssuers(needs), credentials: dynamodbCredentials(needs), clock: systemClock });
});
