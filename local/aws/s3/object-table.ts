/** Object versions and the pieces of file that hold their bytes. Callers put what belongs together into one transaction. */
import type { DatabaseSync } from 'node:sqlite';
import { integer, type Row, text } from '../sqlite-row.ts';
import { type Checksum, isChecksumAlgorithm } from './checksum.ts';
import { strings } from './database.ts';

/** What S3 tells about a stored object besides its bytes. */
export interface ObjectHead {
  readonly bucket: string;
  readonly key: string;
  /** `null` (the word) in a bucket that was never versioned. */
  readonly versionId: string;
  readonly bytes: number;
  /** Without quotes. */
  readonly etag: string;
  readonly modifiedMs: number;
  /** Content-Type, Cache-Control, x-amz-meta-… exactly as they are served. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly checksum: Checksum | undefined;
}

export interface ObjectVersion extends ObjectHead {
  /** Order of writing across all buckets: the highest of a key is its latest version. */
  readonly sequence: number;
  readonly deleteMarker: boolean;
}

/** A run of bytes of an object: one file of blobs.ts. A multipart object has a piece for each part. */
export interface Piece {
  readonly blob: string;
  readonly bytes: number;
}

export type NewVersion = Omit<ObjectVersion, 'sequence'> & { readonly pieces: readonly Piece[] };

/** Where a listing stands: what it told last. */
export interface Cursor {
  readonly key: string;
  readonly sequence: number;
}

/** Both ends included, in the order of UTF-8 bytes. */
export interface KeyRange {
  readonly first: string;
  readonly last: string;
}

export interface ObjectTable {
  insert(version: NewVersion): ObjectVersion;
  latest(bucket: string, key: string): ObjectVersion | undefined;
  version(bucket: string, key: string, versionId: string): ObjectVersion | undefined;
  pieces(version: ObjectVersion): readonly Piece[];
  /** Returns the blobs that no longer belong to anything. */
  remove(version: ObjectVersion): readonly string[];
  setTags(version: ObjectVersion, tags: Readonly<Record<string, string>>): void;
  /** The first object of the keys from `first` to `last`, both included, whose latest version is no delete marker. */
  nextLatest(bucket: string, range: KeyRange): ObjectVersion | undefined;
  /** The newest version of the first key in the range. */
  nextVersion(bucket: string, range: KeyRange): ObjectVersion | undefined;
  nextOlder(bucket: string, than: Cursor): ObjectVersion | undefined;
  isLatest(version: ObjectVersion): boolean;
  blobs(): readonly string[];
}

export const objectTable = (database: DatabaseSync): ObjectTable => {
  const insert = database.prepare(
    'INSERT INTO versions (bucket, key, version_id, delete_marker, bytes, etag, modified_ms, headers, tags, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const insertPiece = database.prepare('INSERT INTO pieces VALUES (?, ?, ?, ?)');
  const latest = database.prepare('SELECT * FROM versions WHERE bucket = ? AND key = ? ORDER BY sequence DESC LIMIT 1');
  const version = database.prepare('SELECT * FROM versions WHERE bucket = ? AND key = ? AND version_id = ?');
  const pieces = database.prepare('SELECT blob, bytes FROM pieces WHERE sequence = ? ORDER BY ordinal');
  const remove = database.prepare('DELETE FROM versions WHERE sequence = ?');
  const setTags = database.prepare('UPDATE versions SET tags = ? WHERE sequence = ?');
  const blobs = database.prepare('SELECT blob FROM pieces');
  const piecesOf = ({ sequence }: ObjectVersion): readonly Piece[] =>
    pieces.all(sequence).map((row) => ({ blob: text(row, 'blob'), bytes: integer(row, 'bytes') }));
  const latestOf = (bucket: string, key: string) => maybe(latest.get(bucket, key));
  return {
    insert: ({ pieces: stored, ...head }) => {
      const columns = [JSON.stringify(head.headers), JSON.stringify(head.tags), checksumText(head.checksum)] as const;
      const { bucket, key, versionId, deleteMarker, bytes, etag, modifiedMs } = head;
      const inserted = insert.run(bucket, key, versionId, deleteMarker ? 1 : 0, bytes, etag, modifiedMs, ...columns);
      const sequence = Number(inserted.lastInsertRowid);
      stored.forEach((piece, ordinal) => {
        insertPiece.run(sequence, ordinal, piece.blob, piece.bytes);
      });
      return { ...head, sequence };
    },
    latest: latestOf,
    version: (bucket, key, versionId) => maybe(version.get(bucket, key, versionId)),
    pieces: piecesOf,
    remove: (gone) => {
      const orphans = piecesOf(gone).map((piece) => piece.blob);
      remove.run(gone.sequence);
      return orphans;
    },
    setTags: (tagged, tags) => void setTags.run(JSON.stringify(tags), tagged.sequence),
    ...walking(database),
    isLatest: ({ bucket, key, sequence }) => latestOf(bucket, key)?.sequence === sequence,
    blobs: () => blobs.all().map((row) => text(row, 'blob')),
  };
};

/** SQLite compares text as UTF-8 bytes, which is the order in which S3 lists keys. */
const walking = (database: DatabaseSync): Pick<ObjectTable, 'nextLatest' | 'nextVersion' | 'nextOlder'> => {
  const nextLatest = database.prepare(`
    SELECT * FROM versions AS v WHERE bucket = ? AND key >= ? AND key <= ? AND delete_marker = 0
    AND NOT EXISTS (SELECT 1 FROM versions WHERE bucket = v.bucket AND key = v.key AND sequence > v.sequence)
    ORDER BY key LIMIT 1`);
  const nextVersion = database.prepare(
    'SELECT * FROM versions WHERE bucket = ? AND key >= ? AND key <= ? ORDER BY key, sequence DESC LIMIT 1',
  );
  const nextOlder = database.prepare('SELECT * FROM versions WHERE bucket = ? AND key = ? AND sequence < ? ORDER BY sequence DESC LIMIT 1');
  return {
    nextLatest: (bucket, { first, last }) => maybe(nextLatest.get(bucket, first, last)),
    nextVersion: (bucket, { first, last }) => maybe(nextVersion.get(bucket, first, last)),
    nextOlder: (bucket, { key, sequence }) => maybe(nextOlder.get(bucket, key, sequence)),
  };
};

const maybe = (row: Row | undefined): ObjectVersion | undefined => (row === undefined ? undefined : versionOf(row));

const versionOf = (row: Row): ObjectVersion => ({
  sequence: integer(row, 'sequence'),
  bucket: text(row, 'bucket'),
  key: text(row, 'key'),
  versionId: text(row, 'version_id'),
  deleteMarker: integer(row, 'delete_marker') === 1,
  bytes: integer(row, 'bytes'),
  etag: text(row, 'etag'),
  modifiedMs: integer(row, 'modified_ms'),
  headers: strings(row, 'headers'),
  tags: strings(row, 'tags'),
  checksum: checksumOf(text(row, 'checksum')),
});

const checksumText = (checksum: Checksum | undefined): string =>
  checksum === undefined ? '' : `${checksum.algorithm} ${checksum.type} ${checksum.value}`;

const checksumOf = (stored: string): Checksum | undefined => {
  const [algorithm = '', type, value] = stored.split(' ');
  if (!isChecksumAlgorithm(algorithm) || value === undefined) return undefined;
  return { algorithm, type: type === 'COMPOSITE' ? 'COMPOSITE' : 'FULL_OBJECT', value };
};
