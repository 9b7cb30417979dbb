/** The messages of all queues as rows of one table; what a queue means is in queues.ts. */
import type { DatabaseSync } from 'node:sqlite';
import { integer, integerOrNone, type Row, text, textOrNone } from '../sqlite-row.ts';

// A message with a receipt is in flight. One that waits (delayed, or backing off) has none and a later visible_ms.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL,
    message_id TEXT NOT NULL,
    body TEXT NOT NULL,
    attributes TEXT NOT NULL,
    sent_ms INTEGER NOT NULL,
    visible_ms INTEGER NOT NULL,
    first_received_ms INTEGER,
    receives INTEGER NOT NULL,
    receipt TEXT UNIQUE,
    died_in TEXT,
    last_error TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS messages_by_due ON messages (queue, visible_ms);
`;

export interface Message {
  readonly id: number;
  readonly queue: string;
  readonly messageId: string;
  readonly body: string;
  /** String message attributes, such as those EventBridge gives to what it buries. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly sentMs: number;
  readonly firstReceivedMs: number | undefined;
  readonly receives: number;
  readonly receipt: string | undefined;
  /** The queue whose dead-letter queue this message is in. */
  readonly diedIn: string | undefined;
  readonly lastError: string | undefined;
}

const attributesOf = (row: Row): Readonly<Record<string, string>> => {
  const parsed: unknown = JSON.parse(text(row, 'attributes'));
  return Object.fromEntries(Object.entries(Object(parsed)).map(([name, value]) => [name, String(value)]));
};

const messageOf = (row: Row): Message => ({
  id: integer(row, 'id'),
  queue: text(row, 'queue'),
  messageId: text(row, 'message_id'),
  body: text(row, 'body'),
  attributes: attributesOf(row),
  sentMs: integer(row, 'sent_ms'),
  firstReceivedMs: integerOrNone(row, 'first_received_ms'),
  receives: integer(row, 'receives'),
  receipt: textOrNone(row, 'receipt'),
  diedIn: textOrNone(row, 'died_in'),
  lastError: textOrNone(row, 'last_error'),
});

export interface NewMessage {
  readonly queue: string;
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly sentMs: number;
  readonly visibleMs: number;
}

export interface MessageTable {
  insert(message: NewMessage): void;
  due(queue: string, nowMs: number, limit: number): readonly Message[];
  /** The message becomes in flight; the receipt is what its consumer deletes or returns it by. */
  take(id: number, receipt: string, times: { readonly nowMs: number; readonly visibleMs: number }): void;
  byReceipt(receipt: string): Message | undefined;
  remove(id: number): void;
  giveBack(id: number, visibleMs: number, error: string): void;
  bury(id: number, deadLetterQueue: string, at: { readonly nowMs: number; readonly error: string }): void;
  revive(deadLetterQueue: string, nowMs: number): readonly string[];
  /** After a restart nobody holds a receipt any more. */
  releaseAll(nowMs: number): void;
  expire(queue: string, sentBeforeMs: number): void;
  nextDueMs(queue: string): number | undefined;
  counts(queue: string, nowMs: number): { readonly visible: number; readonly delayed: number; readonly inFlight: number };
  list(queue: string, limit: number): readonly Message[];
}

const COUNTS = `
  SELECT count(*) FILTER (WHERE receipt IS NULL AND visible_ms <= :now) AS visible,
         count(*) FILTER (WHERE receipt IS NULL AND visible_ms > :now) AS delayed,
         count(*) FILTER (WHERE receipt IS NOT NULL) AS in_flight
  FROM messages WHERE queue = :queue`;

const reading = (database: DatabaseSync): Pick<MessageTable, 'due' | 'byReceipt' | 'nextDueMs' | 'counts' | 'list'> => {
  const due = database.prepare('SELECT * FROM messages WHERE queue = ? AND visible_ms <= ? ORDER BY visible_ms, id LIMIT ?');
  const byReceipt = database.prepare('SELECT * FROM messages WHERE receipt = ?');
  const nextDue = database.prepare('SELECT min(visible_ms) AS due FROM messages WHERE queue = ?');
  const counts = database.prepare(COUNTS);
  const list = database.prepare('SELECT * FROM messages WHERE queue = ? ORDER BY id LIMIT ?');
  return {
    due: (queue, nowMs, limit) => due.all(queue, nowMs, limit).map(messageOf),
    byReceipt: (receipt) => {
      const row = byReceipt.get(receipt);
      return row && messageOf(row);
    },
    nextDueMs: (queue) => integerOrNone(nextDue.get(queue) ?? { due: null }, 'due'),
    counts: (queue, nowMs) => {
      const row = counts.get({ queue, now: nowMs }) ?? {};
      return { visible: integer(row, 'visible'), delayed: integer(row, 'delayed'), inFlight: integer(row, 'in_flight') };
    },
    list: (queue, limit) => list.all(queue, limit).map(messageOf),
  };
};

const writing = (database: DatabaseSync): Omit<MessageTable, keyof ReturnType<typeof reading>> => {
  const insert = database.prepare(
    'INSERT INTO messages (queue, message_id, body, attributes, sent_ms, visible_ms, receives) VALUES (?, ?, ?, ?, ?, ?, 0)',
  );
  const take = database.prepare(
    'UPDATE messages SET receipt = ?, visible_ms = ?, receives = receives + 1, first_received_ms = coalesce(first_received_ms, ?) WHERE id = ?',
  );
  const remove = database.prepare('DELETE FROM messages WHERE id = ?');
  const giveBack = database.prepare('UPDATE messages SET receipt = NULL, visible_ms = ?, last_error = ? WHERE id = ?');
  const bury = database.prepare(
    'UPDATE messages SET died_in = queue, queue = ?, receipt = NULL, visible_ms = ?, last_error = ? WHERE id = ?',
  );
  const revive = database.prepare(
    `UPDATE messages SET queue = died_in, died_in = NULL, receipt = NULL, receives = 0, first_received_ms = NULL, visible_ms = ?
     WHERE queue = ? AND died_in IS NOT NULL RETURNING queue`,
  );
  const releaseAll = database.prepare('UPDATE messages SET receipt = NULL, visible_ms = ? WHERE receipt IS NOT NULL');
  const expire = database.prepare('DELETE FROM messages WHERE queue = ? AND sent_ms < ?');
  return {
    insert: ({ queue, messageId, body, attributes, sentMs, visibleMs }) => {
      insert.run(queue, messageId, body, JSON.stringify(attributes), sentMs, visibleMs);
    },
    take: (id, receipt, { nowMs, visibleMs }) => {
      take.run(receipt, visibleMs, nowMs, id);
    },
    remove: (id) => {
      remove.run(id);
    },
    giveBack: (id, visibleMs, error) => {
      giveBack.run(visibleMs, error, id);
    },
    bury: (id, deadLetterQueue, { nowMs, error }) => {
      bury.run(deadLetterQueue, nowMs, error, id);
    },
    revive: (deadLetterQueue, nowMs) => revive.all(nowMs, deadLetterQueue).map((row) => text(row, 'queue')),
    releaseAll: (nowMs) => {
      releaseAll.run(nowMs);
    },
    expire: (queue, sentBeforeMs) => {
      expire.run(queue, sentBeforeMs);
    },
  };
};

export const messageTable = (database: DatabaseSync): MessageTable => {
  database.exec(SCHEMA);
  return { ...reading(database), ...writing(database) };
};
