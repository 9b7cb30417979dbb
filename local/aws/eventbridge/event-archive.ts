/** Every event that was put, kept for a while: what a replay reads. */
import type { DatabaseSync } from 'node:sqlite';
import { text } from '../sqlite-row.ts';

export interface Period {
  readonly from: Date;
  readonly to: Date;
  readonly bus: string;
}

export interface EventArchive {
  add(bus: string, body: string, nowMs: number): void;
  /** Bodies in the order in which they were put. */
  between(period: Period): readonly string[];
}

const RETENTION_DAYS = 7;

export const eventArchive = (database: DatabaseSync): EventArchive => {
  database.exec(`
    CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY AUTOINCREMENT, bus TEXT NOT NULL, put_ms INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
    CREATE INDEX IF NOT EXISTS events_by_time ON events (put_ms);
  `);
  const insert = database.prepare('INSERT INTO events (bus, put_ms, body) VALUES (?, ?, ?)');
  const expire = database.prepare('DELETE FROM events WHERE put_ms < ?');
  const between = database.prepare('SELECT body FROM events WHERE bus = ? AND put_ms BETWEEN ? AND ? ORDER BY seq');
  return {
    add: (bus, body, nowMs) => {
      insert.run(bus, nowMs, body);
      expire.run(nowMs - RETENTION_DAYS * 24 * 60 * 60 * 1000);
    },
    between: ({ from, to, bus }) => between.all(bus, from.getTime(), to.getTime()).map((row) => text(row, 'body')),
  };
};
