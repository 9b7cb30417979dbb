/** What every state change leaves behind in its own transaction: an audit entry chained to the one before, and outbox rows for the relay. */
import { createHash } from 'node:crypto';
import { type AssayEvent, type EventDraft, type EventMeta, sourceOf } from '#domain/events.ts';
import { EventId, type TenantId } from '#domain/ids.ts';
import type { Cause, Change, Clock, Loaded, NewId, Write } from '#shared/ports.ts';
import { OUTBOX_KIND } from '#shared/table-shape.ts';
import { type Item, itemOf } from './table.ts';

/** Published rows are gone after a week; an archive on the bus keeps the events themselves. */
const OUTBOX_SECONDS = 7 * 24 * 60 * 60;

/** The chain of an aggregate begins here. */
const NO_ENTRY = '0'.repeat(64);

export interface LedgerNeeds {
  readonly clock: Clock;
  readonly newId: NewId;
}

/** Which aggregate changed, and where its items live. */
export interface Subject {
  readonly tenant: TenantId;
  readonly type: string;
  readonly id: string;
  readonly partition: string;
}

export interface Entered {
  readonly writes: readonly Write[];
  /** Goes into the aggregate's root item, so that a save proves it saw this very state. */
  readonly revision: number;
  readonly chain: string;
}

/** Audit entries sort behind every other part of an aggregate, so that loading it can leave them out. */
export const AUDIT_PREFIX = '~AUDIT#';

/** SHA-256 over the previous hash and the entry: changing any entry breaks every hash after it. */
export const chained = (previous: string, entry: string): string => createHash('sha256').update(previous).update(entry).digest('hex');

export const outboxWrite = (event: AssayEvent): Write => ({
  partition: `${event.meta.tenant}#OUTBOX#${event.meta.eventId}`,
  sort: 'OUTBOX',
  expect: 'absent',
  label: 'outbox',
  item: {
    kind: OUTBOX_KIND,
    schema: 1,
    source: sourceOf(event.type),
    detailType: event.type,
    detail: JSON.stringify(event),
    expiresAt: Math.floor(Date.parse(event.meta.occurredAt) / 1000) + OUTBOX_SECONDS,
  },
});

export interface Telling {
  readonly subject: Omit<Subject, 'partition'>;
  readonly revision: number;
  readonly cause: Cause;
}

/** The outbox rows of events that a change wants told. */
export const outboxWrites = (
  events: readonly EventDraft[],
  { subject, revision, cause }: Telling,
  { clock, newId }: LedgerNeeds,
): readonly Write[] =>
  events.map(({ type, data }) => {
    const meta: EventMeta = {
      eventId: EventId.parse(newId('evt')),
      tenant: subject.tenant,
      aggregateType: subject.type,
      aggregateId: subject.id,
      aggregateVersion: revision,
      actor: cause.actor,
      occurredAt: clock(),
      correlationId: cause.correlationId,
      causationId: cause.causationId,
      schemaVersion: 1,
    };
    return outboxWrite({ type, meta, data } as AssayEvent);
  });

/** Audit entry and outbox rows of a change, with the aggregate's next revision and chain. */
export const enter = <T>(change: Change<T>, subject: Subject, needs: LedgerNeeds): Entered => {
  const revision = (change.before?.revision ?? 0) + 1;
  const previous = change.before?.chain ?? NO_ENTRY;
  // Kept as the text that was hashed: a map would come back from the table with its fields in another order.
  const entry = JSON.stringify({
    revision,
    at: needs.clock(),
    actor: change.cause.actor,
    correlationId: change.cause.correlationId,
    causationId: change.cause.causationId,
    events: change.events,
  });
  const chain = chained(previous, entry);
  const audit: Write = {
    partition: subject.partition,
    sort: `${AUDIT_PREFIX}${String(revision).padStart(8, '0')}`,
    expect: 'absent',
    label: 'revision',
    item: itemOf('audit', { previous, hash: chain, entry }),
  };
  return { writes: [audit, ...outboxWrites(change.events, { subject, revision, cause: change.cause }, needs)], revision, chain };
};

/** The root item of an aggregate: its body beside the revision and chain that the next save must find. */
export const rootWrite = (
  subject: Subject,
  entered: Entered,
  root: { sort: string; kind: string; body: unknown; extra?: Item },
): Write => ({
  partition: subject.partition,
  sort: root.sort,
  expect: entered.revision === 1 ? 'absent' : { revision: entered.revision - 1 },
  label: 'revision',
  item: { ...root.extra, ...itemOf(root.kind, root.body), revision: entered.revision, chain: entered.chain },
});

export const loaded = <T>(value: T, root: Item): Loaded<T> => ({ value, revision: Number(root.revision), chain: String(root.chain) });
