/** The SQLite file: schema, cached statements, one transaction at a time. */
import { join } from 'node:path';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { inTransaction, openSqliteFile } from '../sqlite-file.ts';
import type { Row } from '../sqlite-row.ts';

// Stream sequence numbers must never be given twice, even after trimming: hence AUTOINCREMENT.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS tables (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, definition TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS items (
    table_id INTEGER NOT NULL, part BLOB NOT NULL, sort BLOB NOT NULL, item TEXT NOT NULL, size INTEGER NOT NULL, expires INTEGER,
    UNIQUE (table_id, part, sort)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS items_expiring ON items (table_id, expires) WHERE expires IS NOT NULL;
  CREATE TABLE IF NOT EXISTS entries (
    table_id INTEGER NOT NULL, ordinal INTEGER NOT NULL, part BLOB NOT NULL, sort BLOB NOT NULL, item_part BLOB NOT NULL, item_sort BLOB NOT NULL,
    PRIMARY KEY (table_id, ordinal, part, sort, item_part, item_sort)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, table_id INTEGER NOT NULL, at INTEGER NOT NULL, change TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS changes_of_table ON changes (table_id, seq);
  CREATE TABLE IF NOT EXISTS tokens (token TEXT PRIMARY KEY, digest TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;

export interface Database {
  get(sql: string, ...parameters: SQLInputValue[]): Row | undefined;
  all(sql: string, ...parameters: SQLInputValue[]): readonly Row[];
  /** Rows one by one, so that a reader may stop; not to be nested with the same SQL. */
  each(sql: string, ...parameters: SQLInputValue[]): Iterable<Row>;
  /** @returns number of rows changed */
  run(sql: string, ...parameters: SQLInputValue[]): number;
  /** Durable when it returns; undone, whole, when `work` throws. */
  write<T>(work: () => T): T;
  close(): void;
}

export const openDatabase = (folder: string | ':memory:'): Database => {
  const file = openSqliteFile(folder === ':memory:' ? folder : join(folder, 'dynamodb.sqlite'), SCHEMA);
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql) ?? file.prepare(sql);
    statements.set(sql, known);
    return known;
  };

  return {
    get: (sql, ...parameters) => prepared(sql).get(...parameters),
    all: (sql, ...parameters) => prepared(sql).all(...parameters),
    each: (sql, ...parameters) => prepared(sql).iterate(...parameters),
    run: (sql, ...parameters) => Number(prepared(sql).run(...parameters).changes),
    write: (work) => inTransaction(file, work),
    close: () => file.close(),
  };
};
