/** Schedules and their groups in one SQLite file: the truth about what is still to be fired. */
import { join } from 'node:path';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import * as z from 'zod';
import { DEFAULT_GROUP, type ListQuery, ScheduleDefinition, type ScheduleName } from './schedule-input.ts';
import { inTransaction, openSqliteFile } from './sqlite-file.ts';

/** Times in milliseconds since the epoch. */
export interface StoredSchedule extends ScheduleName {
  /** A new one with each creation and update: what was fired can tell whether it is still what is stored. */
  readonly generation: number;
  readonly definition: ScheduleDefinition;
  readonly dueAt: number;
  readonly attempts: number;
  readonly clientToken: string | undefined;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface NewSchedule extends ScheduleName {
  readonly definition: ScheduleDefinition;
  readonly dueAt: number;
  readonly clientToken: string | undefined;
}

export interface ScheduleStore {
  find(name: ScheduleName): StoredSchedule | undefined;
  /** In place of the one of that name, whose creation date it keeps. */
  put(schedule: NewSchedule): void;
  remove(name: ScheduleName): void;
  list(query: ListQuery, after: ScheduleName): readonly StoredSchedule[];
  due(): readonly StoredSchedule[];
  /** When the next one is to be tried; undefined, if none is waiting. */
  nextAt(): number | undefined;
  retryAt(generation: number, at: number): void;
  /** Gone or kept as done, as its definition asks. */
  complete(schedule: StoredSchedule): void;
  groupToken(name: string): { readonly clientToken: string | undefined } | undefined;
  putGroup(name: string, clientToken?: string): void;
  close(): void;
}

// `next_at` is empty for a schedule that is disabled or done.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS schedule_groups (name TEXT PRIMARY KEY, client_token TEXT, created_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS schedules (
    generation INTEGER PRIMARY KEY AUTOINCREMENT, group_name TEXT NOT NULL REFERENCES schedule_groups (name), name TEXT NOT NULL,
    definition TEXT NOT NULL, due_at INTEGER NOT NULL, next_at INTEGER, attempts INTEGER NOT NULL, client_token TEXT,
    created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, UNIQUE (group_name, name)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS schedules_waiting ON schedules (next_at) WHERE next_at IS NOT NULL;
`;

const optional = z
  .string()
  .nullable()
  .transform((text) => text ?? undefined);

const ScheduleRow = z.object({
  generation: z.number(),
  group: z.string(),
  name: z.string(),
  definition: z.string().transform((text) => ScheduleDefinition.parse(JSON.parse(text))),
  dueAt: z.number(),
  attempts: z.number(),
  clientToken: optional,
  createdAt: z.number(),
  modifiedAt: z.number(),
});
const GroupRow = z.object({ clientToken: optional });
const NextRow = z.object({ at: z.number().nullable() });

const toSchedule = (row: Record<string, SQLOutputValue>): StoredSchedule => ScheduleRow.parse(row);

const COLUMNS =
  'generation, group_name AS "group", name, definition, due_at AS dueAt, attempts, client_token AS clientToken, created_at AS createdAt, modified_at AS modifiedAt';

export const openScheduleStore = (folder: string, now: () => number): ScheduleStore => {
  const database = openSqliteFile(folder === ':memory:' ? folder : join(folder, 'scheduler.sqlite'), SCHEMA);
  const groups = groupTable(database, now);
  groups.putGroup(DEFAULT_GROUP);
  return { ...scheduleTable(database, now), ...waitingList(database, now), ...groups, close: () => database.close() };
};

const scheduleTable = (database: DatabaseSync, now: () => number) => {
  const select = database.prepare(`SELECT ${COLUMNS} FROM schedules WHERE group_name = ? AND name = ?`);
  const remove = database.prepare('DELETE FROM schedules WHERE group_name = ? AND name = ?');
  const insert = database.prepare('INSERT INTO schedules VALUES (NULL, ?, ?, ?, ?, ?, 0, ?, ?, ?)');
  const list = database.prepare(
    `SELECT ${COLUMNS} FROM schedules
     WHERE (group_name, name) > (?, ?) AND group_name = ifnull(?, group_name) AND substr(name, 1, length(?)) = ?
       AND definition ->> 'State' = ifnull(?, definition ->> 'State')
     ORDER BY group_name, name LIMIT ?`,
  );
  const find = ({ group, name }: ScheduleName): StoredSchedule | undefined => {
    const row = select.get(group, name);
    return row && toSchedule(row);
  };
  return {
    find,
    remove: ({ group, name }: ScheduleName): void => {
      remove.run(group, name);
    },
    put: (schedule: NewSchedule): void => {
      const { group, name, definition, dueAt, clientToken } = schedule;
      const nextAt = definition.State === 'ENABLED' ? dueAt : null;
      inTransaction(database, () => {
        const createdAt = find(schedule)?.createdAt ?? now();
        remove.run(group, name);
        insert.run(group, name, JSON.stringify(definition), dueAt, nextAt, clientToken ?? null, createdAt, now());
      });
    },
    list: (query: ListQuery, after: ScheduleName): readonly StoredSchedule[] => {
      const prefix = query.NamePrefix ?? '';
      const rows = list.all(
        after.group,
        after.name,
        query.ScheduleGroup ?? null,
        prefix,
        prefix,
        query.State ?? null,
        query.MaxResults + 1,
      );
      return rows.map(toSchedule);
    },
  };
};

const waitingList = (database: DatabaseSync, now: () => number) => {
  const due = database.prepare(`SELECT ${COLUMNS} FROM schedules WHERE next_at <= ? ORDER BY next_at, generation`);
  const next = database.prepare('SELECT min(next_at) AS at FROM schedules');
  const retry = database.prepare('UPDATE schedules SET next_at = ?, attempts = attempts + 1 WHERE generation = ?');
  const finish = database.prepare('UPDATE schedules SET next_at = NULL WHERE generation = ?');
  const remove = database.prepare('DELETE FROM schedules WHERE generation = ?');
  return {
    due: (): readonly StoredSchedule[] => due.all(now()).map(toSchedule),
    nextAt: (): number | undefined => NextRow.parse(next.get()).at ?? undefined,
    retryAt: (generation: number, at: number): void => {
      retry.run(at, generation);
    },
    complete: ({ generation, definition }: StoredSchedule): void => {
      const statement = definition.ActionAfterCompletion === 'DELETE' ? remove : finish;
      statement.run(generation);
    },
  };
};

const groupTable = (database: DatabaseSync, now: () => number) => {
  const select = database.prepare('SELECT client_token AS clientToken FROM schedule_groups WHERE name = ?');
  const insert = database.prepare('INSERT OR IGNORE INTO schedule_groups VALUES (?, ?, ?)');
  return {
    groupToken: (name: string) => {
      const row = select.get(name);
      return row && GroupRow.parse(row);
    },
    putGroup: (name: string, clientToken?: string): void => {
      insert.run(name, clientToken ?? null, now());
    },
  };
};
