/** The one SQLite file behind queues, rules and mappings, so that an event reaches its queues in one transaction. Each part makes its own tables in it. */
import type { DatabaseSync } from 'node:sqlite';
import { openSqliteFile } from '../sqlite-file.ts';

/** `:memory:` for tests. */
export const openDatabase = (file: string): DatabaseSync => openSqliteFile(file);
