/** How far each stream has been handled: the one fact that must outlive the process for order and completeness. */
import type { DatabaseSync } from 'node:sqlite';
import { text } from '../sqlite-row.ts';

export interface StreamPositions {
  /** Sequence number of the last record that is dealt with; undefined before the first. */
  read(mapping: string): string | undefined;
  write(mapping: string, sequence: string): void;
}

export const streamPositions = (database: DatabaseSync): StreamPositions => {
  database.exec('CREATE TABLE IF NOT EXISTS stream_positions (mapping TEXT PRIMARY KEY, sequence TEXT NOT NULL) STRICT');
  const read = database.prepare('SELECT sequence FROM stream_positions WHERE mapping = ?');
  const write = database.prepare('INSERT OR REPLACE INTO stream_positions (mapping, sequence) VALUES (?, ?)');
  return {
    read: (mapping) => {
      const row = read.get(mapping);
      return row && text(row, 'sequence');
    },
    write: (mapping, sequence) => {
      write.run(mapping, sequence);
    },
  };
};
