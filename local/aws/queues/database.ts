/** SQLite as the stand-ins use it: one connection a file, synchronous, so that nothing else of this process runs inside a transaction. */
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';

export type Row = Readonly<Record<string, SQLOutputValue>>;

/** `:memory:` for tests. WAL with synchronous=NORMAL keeps every committed write when the process is killed. */
export const openDatabase = (file: string): DatabaseSync => {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;');
  return database;
};

/** All or nothing. Inside another transaction it is a part of that one, which can fail alone. */
export const transaction = <Result>(database: DatabaseSync, work: () => Result): Result => {
  const nested = database.isTransaction;
  database.exec(nested ? 'SAVEPOINT part' : 'BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec(nested ? 'RELEASE part' : 'COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec(nested ? 'ROLLBACK TO part; RELEASE part' : 'ROLLBACK');
    throw error;
  }
};

export const text = (row: Row, column: string): string => {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`column ${column} holds no text`);
  return value;
};

export const integer = (row: Row, column: string): number => {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`column ${column} holds no integer`);
  return value;
};

export const textOrNone = (row: Row, column: string): string | undefined => (row[column] === null ? undefined : text(row, column));
export const integerOrNone = (row: Row, column: string): number | undefined => (row[column] === null ? undefined : integer(row, column));
