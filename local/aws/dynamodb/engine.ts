/** What every action works with: tables, items, streams, and a durable write that tells listeners when a stream grew. */
import { type Catalogue, openCatalogue } from './catalogue.ts';
import { type ChangeLog, openChangeLog } from './change-log.ts';
import { type Database, openDatabase } from './database.ts';
import { type ItemStore, openItemStore } from './item-store.ts';

export interface Engine {
  readonly database: Database;
  readonly catalogue: Catalogue;
  readonly items: ItemStore;
  readonly log: ChangeLog;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** One transaction; synchronous throughout, so that of two racing writers one is entirely first. */
  write<T>(work: () => T): T;
  onStreamGrowth(listener: (tableName: string) => void): void;
}

export const openEngine = (folder: string | ':memory:', now: () => number): Engine => {
  const database = openDatabase(folder);
  const log = openChangeLog(database, now);
  const listeners: ((tableName: string) => void)[] = [];

  // After this turn of the loop: a listener may write, and must not do so inside somebody else's call.
  const tell = (tableName: string): void => {
    for (const listener of listeners) setImmediate(() => listener(tableName));
  };

  return {
    database,
    catalogue: openCatalogue(database),
    items: openItemStore(database, log),
    log,
    now,
    write: (work) => {
      try {
        const result = database.write(work);
        for (const tableName of log.takeGrown()) tell(tableName);
        return result;
      } finally {
        // What was rolled back did not grow.
        log.takeGrown();
      }
    },
    onStreamGrowth: (listener) => {
      listeners.push(listener);
    },
  };
};
