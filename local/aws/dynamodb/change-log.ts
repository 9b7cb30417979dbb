/** What the streams hold: every change of an item, written in the transaction that made it, kept for a day. */
import * as z from 'zod';
import { integer, type Row, text } from '../sqlite-row.ts';
import type { Item } from './attribute-value.ts';
import type { Database } from './database.ts';
import type { Table } from './table.ts';

/** Retention of DynamoDB Streams. */
export const RETENTION_MS = 24 * 60 * 60 * 1000;

export type Cause = 'caller' | 'expiry';

export interface Change {
  readonly cause: Cause;
  readonly keys: Item;
  readonly old?: Item | undefined;
  readonly next?: Item | undefined;
}

/** `sequence` rises over all tables; `at` is in milliseconds. */
export interface LoggedChange extends Change {
  readonly sequence: number;
  readonly at: number;
}

export interface ChangeLog {
  append(table: Table, change: Change): void;
  read(table: Table, after: number, limit: number): readonly LoggedChange[];
  /** Sequence of the newest change of any table, trimmed or not. */
  newest(): number;
  oldest(table: Table): number | undefined;
  /** Deletes what is older than the retention. */
  trim(): void;
  /** Tables whose stream grew since the last call. */
  takeGrown(): readonly string[];
}

const SEQUENCE_DIGITS = 20;

// AWS's are strings of 21 to 40 digits that rise; of constant length, they rise as text too.
export const sequenceNumber = (sequence: number): string => `1${String(sequence).padStart(SEQUENCE_DIGITS, '0')}`;

/** @returns undefined for what this log never gave out */
export const sequenceOf = (number: string): number | undefined => (/^1\d{20}$/.test(number) ? Number(number.slice(1)) : undefined);

// Written by this file alone, inside the same database: its images need no second look.
const Stored = z.object({
  cause: z.enum(['caller', 'expiry']),
  keys: z.custom<Item>(),
  old: z.custom<Item>().optional(),
  next: z.custom<Item>().optional(),
});

const logged = (row: Row): LoggedChange => ({
  ...Stored.parse(JSON.parse(text(row, 'change'))),
  sequence: integer(row, 'seq'),
  at: integer(row, 'at'),
});

export const openChangeLog = (database: Database, now: () => number): ChangeLog => {
  const grown = new Set<string>();
  return {
    append: (table, change) => {
      if (!table.stream) return;
      database.run('INSERT INTO changes (table_id, at, change) VALUES (?, ?, ?)', table.id, now(), JSON.stringify(change));
      grown.add(table.name);
    },
    read: (table, after, limit) =>
      database
        .all('SELECT seq, at, change FROM changes WHERE table_id = ? AND seq > ? ORDER BY seq LIMIT ?', table.id, after, limit)
        .map(logged),
    newest: () => {
      const row = database.get("SELECT coalesce(max(seq), 0) AS seq FROM sqlite_sequence WHERE name = 'changes'");
      return row ? integer(row, 'seq') : 0;
    },
    oldest: (table) => {
      const row = database.get('SELECT seq FROM changes WHERE table_id = ? ORDER BY seq LIMIT 1', table.id);
      return row && integer(row, 'seq');
    },
    trim: () => {
      // Times rise with sequence numbers, so the scan ends at the first change that is young enough.
      const young = database.get('SELECT seq FROM changes WHERE at > ? ORDER BY seq LIMIT 1', now() - RETENTION_MS);
      database.run('DELETE FROM changes WHERE seq < ?', young ? integer(young, 'seq') : Number.MAX_SAFE_INTEGER);
    },
    takeGrown: () => {
      const names = [...grown];
      grown.clear();
      return names;
    },
  };
};
