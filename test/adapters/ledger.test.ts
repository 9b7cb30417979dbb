import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AUDIT_PREFIX,
  chained,
  enter,
  type LedgerNeeds,
  loaded,
  outboxWrites,
  rootWrite,
  type Subject,
} from '#adapters/dynamodb/ledger.ts';
import { type EventDraft, parseEvent } from '#domain/events.ts';
import type { Cause, Change, Loaded, Write } from '#shared/ports.ts';
import { credentialId, enrolmentId, eventId, NOW, TENANT } from '../factories.ts';

const CAUSE: Cause = { actor: { type: 'learner', id: 'maya' }, correlationId: 'request-1', causationId: null };
const SUBJECT: Subject = { tenant: TENANT, type: 'Enrolment', id: enrolmentId(), partition: `${TENANT}#ENROLMENT#${enrolmentId()}` };
const NO_ENTRY = '0'.repeat(64);

const needs = (): LedgerNeeds => {
  let number = 0;
  return {
    clock: () => NOW,
    newId: (prefix) => {
      number += 1;
      return prefix === 'evt' ? eventId(number) : '';
    },
  };
};

const EARNED: EventDraft = { type: 'credential.earned', data: { credentialId: credentialId(), enrolmentId: enrolmentId() } };
const DIRTIED: EventDraft = { type: 'status_list.dirtied', data: { statusList: 1 } };

const change = (events: readonly EventDraft[] = [], before?: Loaded<string>): Change<string> => ({
  before,
  after: 'after',
  events,
  cause: CAUSE,
});

interface Audit {
  readonly previous: string;
  readonly hash: string;
  readonly entry: string;
}

const auditOf = ([audit]: readonly Write[]): Audit => audit?.item?.body as Audit;

describe('what a change leaves behind', () => {
  it('is an audit entry that says who did what, when and because of what', () => {
    const { writes, revision, chain } = enter(change([EARNED]), SUBJECT, needs());
    const [audit] = writes;
    expect(audit).toMatchObject({ partition: SUBJECT.partition, sort: `${AUDIT_PREFIX}00000001`, expect: 'absent', label: 'revision' });
    expect(auditOf(writes)).toMatchObject({ previous: NO_ENTRY, hash: chain });
    expect(JSON.parse(auditOf(writes).entry)).toEqual({
      revision: 1,
      at: NOW,
      actor: CAUSE.actor,
      correlationId: 'request-1',
      causationId: null,
      events: [EARNED],
    });
    expect(revision).toBe(1);
  });

  it('is an outbox row for every event, in their order, each one a write of its own', () => {
    const { writes } = enter(change([EARNED, DIRTIED], { value: 'before', revision: 4, chain: 'c' }), SUBJECT, needs());
    const rows = writes.slice(1);
    expect(rows.map(({ partition, sort, expect: wanted }) => [partition, sort, wanted])).toEqual(
      [1, 2].map((number) => [`${TENANT}#OUTBOX#${eventId(number)}`, 'OUTBOX', 'absent']),
    );
    expect(rows.map(({ item }) => [item?.source, item?.detailType])).toEqual([
      ['assay.credential', 'credential.earned'],
      ['assay.status-list', 'status_list.dirtied'],
    ]);
    const [told] = rows.map(({ item }) => parseEvent(JSON.parse(String(item?.detail))));
    expect(told).toEqual({
      ...EARNED,
      meta: {
        eventId: eventId(1),
        tenant: TENANT,
        aggregateType: 'Enrolment',
        aggregateId: enrolmentId(),
        aggregateVersion: 5,
        actor: CAUSE.actor,
        occurredAt: NOW,
        correlationId: 'request-1',
        causationId: null,
        schemaVersion: 1,
      },
    });
  });

  it('has outbox rows that last a week, in seconds as DynamoDB counts them', () => {
    const [row] = outboxWrites([DIRTIED], { subject: SUBJECT, revision: 1, cause: CAUSE }, needs());
    expect(Number(row?.item?.expiresAt) - Date.parse(NOW) / 1000).toBe(7 * 24 * 60 * 60);
  });

  it('has no outbox row where nothing is told', () => {
    expect(enter(change(), SUBJECT, needs()).writes).toHaveLength(1);
  });
});

describe('the audit chain', () => {
  const someEvents = fc.array(fc.constantFrom(EARNED, DIRTIED), { maxLength: 2 });

  /** A life of changes, each before the next. */
  const lived = (changes: readonly (readonly EventDraft[])[]): readonly Audit[] => {
    let before: Loaded<string> | undefined;
    return changes.map((events) => {
      const { writes, revision, chain } = enter(change(events, before), SUBJECT, needs());
      before = { value: 'v', revision, chain };
      return auditOf(writes);
    });
  };

  /** What an auditor does with the entries as they were read back. */
  const isWhole = (entries: readonly Audit[]): boolean =>
    entries.every(
      ({ previous, hash, entry }, place) => previous === (entries[place - 1]?.hash ?? NO_ENTRY) && hash === chained(previous, entry),
    );

  it('verifies from end to end', () => {
    fc.assert(
      fc.property(fc.array(someEvents, { minLength: 1, maxLength: 10 }), (changes) => {
        expect(isWhole(lived(changes))).toBe(true);
      }),
    );
  });

  it('breaks when any entry is changed, left out or put elsewhere', () => {
    fc.assert(
      fc.property(fc.array(someEvents, { minLength: 2, maxLength: 10 }), fc.nat(), (changes, number) => {
        const entries = lived(changes);
        const place = number % (entries.length - 1);
        const spoilt = entries.map((one, at) => (at === place ? { ...one, entry: one.entry.replace('maya', 'mara') } : one));
        expect([isWhole(spoilt), isWhole(entries.toSpliced(place, 1)), isWhole(entries.toReversed())]).toEqual([false, false, false]);
      }),
    );
  });

  it('has entries that sort in their order, behind every other part of an aggregate', () => {
    const sortOf = (revision: number): string =>
      enter(change([], { value: '', revision, chain: '' }), SUBJECT, needs()).writes[0]?.sort ?? '';
    const sorts = [8, 9, 99, 9999].map(sortOf);
    expect(sorts.toSorted()).toEqual(sorts);
    expect(['SUBMISSION#', 'MARK#', 'ENROLMENT', 'zzz'].every((part) => part < AUDIT_PREFIX)).toBe(true);
  });
});

describe('the root of an aggregate', () => {
  const root = { sort: 'ENROLMENT', kind: 'enrolment', body: { state: 'enrolled' } };

  it('is written the first time only where there is none', () => {
    const entered = enter(change(), SUBJECT, needs());
    expect(rootWrite(SUBJECT, entered, root)).toEqual({
      partition: SUBJECT.partition,
      sort: 'ENROLMENT',
      expect: 'absent',
      label: 'revision',
      item: { kind: 'enrolment', schema: 1, body: root.body, revision: 1, chain: entered.chain },
    });
  });

  it('is written later only over the very revision that was read', () => {
    const entered = enter(change([], { value: '', revision: 7, chain: 'c' }), SUBJECT, needs());
    expect(rootWrite(SUBJECT, entered, { ...root, extra: { gsi1pk: 'p' } })).toMatchObject({
      expect: { revision: 7 },
      item: { gsi1pk: 'p', revision: 8, chain: entered.chain },
    });
  });

  it('lets no extra attribute stand in for its own', () => {
    const { item } = rootWrite(SUBJECT, enter(change(), SUBJECT, needs()), { ...root, extra: { revision: 99, chain: 'x', body: 'x' } });
    expect(item).toMatchObject({ revision: 1, body: root.body });
  });

  it('is read back with the revision and the chain that the next save must find', () => {
    expect(loaded('value', { revision: 3, chain: 'c', body: {} })).toEqual({ value: 'value', revision: 3, chain: 'c' });
  });
});
