/** A SQLite file of one stand-in, readable by its owner only: how it is opened, and what is all or nothing in it. */
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * The file is made before SQLite opens it, since SQLite gives its log files the mode of the database. With a write-ahead
 * log, NORMAL loses nothing to a killed process; only a power cut can take the latest commits.
 * @param file path, or `:memory:`
 * @param schema statements that a second opening repeats without harm
 */
export const openSqliteFile = (file: string, schema = ''): DatabaseSync => {
  if (file !== ':memory:') {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
  }
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;');
  database.exec(schema);
  return database;
};

/** All or nothing, durable when it returns. Inside another transaction it is a part of that one, which can fail alone. */
export const inTransaction = <T>(database: DatabaseSync, work: () => T): T => {
  const nested = database.isTransaction;
  database.exec(nested ? 'SAVEPOINT part' : 'BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec(nested ? 'RELEASE part' : 'COMMIT');
    return result;
  } catch (error) {
    // SQLite itself may have rolled everything back: a full disk, for one.
    if (database.isTransaction) database.exec(nested ? 'ROLLBACK TO part; RELEASE part' : 'ROLLBACK');
    throw error;
  }
};
