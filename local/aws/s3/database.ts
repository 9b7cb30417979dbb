/**
 * The one SQLite file behind the S3 stand-in: every fact about buckets, object versions, uploads and undelivered
 * events. Bytes lie beside it as files (blobs.ts); a file that no row names does not exist for S3.
 */
import type { DatabaseSync } from 'node:sqlite';
import { openSqliteFile } from '../sqlite-file.ts';
import { type Row, text } from '../sqlite-row.ts';

// A version is the latest of its key if its sequence is the highest, so no flag has to be kept true.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS buckets (
    name TEXT PRIMARY KEY,
    created_ms INTEGER NOT NULL,
    versioning TEXT NOT NULL CHECK (versioning IN ('Never', 'Enabled', 'Suspended')),
    notify INTEGER NOT NULL,
    cors TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS versions (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    bucket TEXT NOT NULL REFERENCES buckets (name),
    key TEXT NOT NULL,
    version_id TEXT NOT NULL,
    delete_marker INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    etag TEXT NOT NULL,
    modified_ms INTEGER NOT NULL,
    headers TEXT NOT NULL,
    tags TEXT NOT NULL,
    checksum TEXT NOT NULL,
    UNIQUE (bucket, key, version_id)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS versions_by_key ON versions (bucket, key, sequence);
  CREATE TABLE IF NOT EXISTS pieces (
    sequence INTEGER NOT NULL REFERENCES versions (sequence) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    blob TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (sequence, ordinal)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS uploads (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    bucket TEXT NOT NULL REFERENCES buckets (name),
    key TEXT NOT NULL,
    upload_id TEXT NOT NULL UNIQUE,
    initiated_ms INTEGER NOT NULL,
    headers TEXT NOT NULL,
    tags TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    explicit INTEGER NOT NULL,
    checksum_type TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS uploads_by_key ON uploads (bucket, key, sequence);
  CREATE TABLE IF NOT EXISTS parts (
    upload_id TEXT NOT NULL REFERENCES uploads (upload_id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    blob TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    etag TEXT NOT NULL,
    digest TEXT NOT NULL,
    modified_ms INTEGER NOT NULL,
    PRIMARY KEY (upload_id, number)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS outbox (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL
  ) STRICT;
`;

// Exclusive, because a second process over the same folder would sweep away the files that the first is writing.
const PRAGMAS = 'PRAGMA locking_mode = EXCLUSIVE; PRAGMA foreign_keys = ON;';

/** @throws Error if another process holds the file */
export const openDatabase = (file: string): DatabaseSync => openSqliteFile(file, PRAGMAS + SCHEMA);

/** A JSON object of strings, as `headers` and `tags` are stored. */
export const strings = (row: Row, column: string): Readonly<Record<string, string>> => {
  const parsed: unknown = JSON.parse(text(row, column));
  if (typeof parsed !== 'object' || parsed === null) throw new TypeError(`column ${column} holds no object`);
  const entries = Object.entries(parsed).map(([name, value]): [string, string] => {
    if (typeof value !== 'string') throw new TypeError(`column ${column} holds more than strings`);
    return [name, value];
  });
  return Object.fromEntries(entries);
};
