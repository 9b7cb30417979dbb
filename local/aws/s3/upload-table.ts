/** Multipart uploads that are neither completed nor aborted, and the parts they have so far. */
import type { DatabaseSync } from 'node:sqlite';
import { integer, type Row, text } from '../sqlite-row.ts';
import { type ChecksumAlgorithm, type ChecksumType, DEFAULT_ALGORITHM, isChecksumAlgorithm } from './checksum.ts';
import { strings } from './database.ts';
import type { Cursor, KeyRange } from './object-table.ts';

export interface Upload {
  /** Order of initiation. */
  readonly sequence: number;
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
  readonly initiatedMs: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly algorithm: ChecksumAlgorithm;
  /** Whether the client chose the algorithm; otherwise it is told nothing of checksums before the object is complete. */
  readonly explicit: boolean;
  readonly checksumType: ChecksumType;
}

export interface Part {
  readonly number: number;
  readonly blob: string;
  readonly bytes: number;
  readonly etag: string;
  readonly digest: Buffer;
  readonly modifiedMs: number;
}

export interface UploadTable {
  insert(upload: Omit<Upload, 'sequence'>): void;
  find(bucket: string, key: string, uploadId: string): Upload | undefined;
  parts(uploadId: string): readonly Part[];
  /** Returns the blob of the part that it replaces, if any. */
  putPart(uploadId: string, part: Part): readonly string[];
  /** Returns the blobs of its parts, which still exist. */
  remove(uploadId: string): readonly string[];
  /** The oldest upload of the first key in the range. */
  next(bucket: string, range: KeyRange): Upload | undefined;
  nextYounger(bucket: string, than: Cursor): Upload | undefined;
  blobs(): readonly string[];
}

export const uploadTable = (database: DatabaseSync): UploadTable => {
  const insert = database.prepare(
    'INSERT INTO uploads (bucket, key, upload_id, initiated_ms, headers, tags, algorithm, explicit, checksum_type) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const find = database.prepare('SELECT * FROM uploads WHERE upload_id = ? AND bucket = ? AND key = ?');
  const parts = database.prepare('SELECT * FROM parts WHERE upload_id = ? ORDER BY number');
  const part = database.prepare('SELECT blob FROM parts WHERE upload_id = ? AND number = ?');
  const putPart = database.prepare('INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?, ?, ?)');
  const remove = database.prepare('DELETE FROM uploads WHERE upload_id = ?');
  const next = database.prepare('SELECT * FROM uploads WHERE bucket = ? AND key >= ? AND key <= ? ORDER BY key, sequence LIMIT 1');
  const nextYounger = database.prepare('SELECT * FROM uploads WHERE bucket = ? AND key = ? AND sequence > ? ORDER BY sequence LIMIT 1');
  const blobs = database.prepare('SELECT blob FROM parts');
  const partsOf = (uploadId: string): readonly Part[] => parts.all(uploadId).map(partOf);
  return {
    insert: ({ bucket, key, uploadId, initiatedMs, headers, tags, algorithm, explicit, checksumType }) => {
      const stored = [JSON.stringify(headers), JSON.stringify(tags), algorithm, explicit ? 1 : 0, checksumType] as const;
      insert.run(bucket, key, uploadId, initiatedMs, ...stored);
    },
    find: (bucket, key, uploadId) => maybe(find.get(uploadId, bucket, key)),
    parts: partsOf,
    putPart: (uploadId, { number, blob, bytes, etag, digest, modifiedMs }) => {
      const replaced = part.all(uploadId, number).map((row) => text(row, 'blob'));
      putPart.run(uploadId, number, blob, bytes, etag, digest.toString('hex'), modifiedMs);
      return replaced;
    },
    remove: (uploadId) => {
      const orphans = partsOf(uploadId).map(({ blob }) => blob);
      remove.run(uploadId);
      return orphans;
    },
    next: (bucket, { first, last }) => maybe(next.get(bucket, first, last)),
    nextYounger: (bucket, { key, sequence }) => maybe(nextYounger.get(bucket, key, sequence)),
    blobs: () => blobs.all().map((row) => text(row, 'blob')),
  };
};

const maybe = (row: Row | undefined): Upload | undefined => (row === undefined ? undefined : uploadOf(row));

const uploadOf = (row: Row): Upload => {
  const algorithm = text(row, 'algorithm');
  return {
    sequence: integer(row, 'sequence'),
    bucket: text(row, 'bucket'),
    key: text(row, 'key'),
    uploadId: text(row, 'upload_id'),
    initiatedMs: integer(row, 'initiated_ms'),
    headers: strings(row, 'headers'),
    tags: strings(row, 'tags'),
    algorithm: isChecksumAlgorithm(algorithm) ? algorithm : DEFAULT_ALGORITHM,
    explicit: integer(row, 'explicit') === 1,
    checksumType: text(row, 'checksum_type') === 'COMPOSITE' ? 'COMPOSITE' : 'FULL_OBJECT',
  };
};

const partOf = (row: Row): Part => ({
  number: integer(row, 'number'),
  blob: text(row, 'blob'),
  bytes: integer(row, 'bytes'),
  etag: text(row, 'etag'),
  digest: Buffer.from(text(row, 'digest'), 'hex'),
  modifiedMs: integer(row, 'modified_ms'),
});
