/** The KMS keys of this machine: one SQLite file, readable by its owner only, since the private keys are in it. */
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { ACCOUNT, REGION } from '../service.ts';
import { inTransaction, openSqliteFile } from '../sqlite-file.ts';
import type { KeyMaterial } from './key-material.ts';
import { isKeySpec, type KeySpec } from './key-spec.ts';

export type Tags = Readonly<Record<string, string>>;

/** `deletionAt` and `createdAt` in milliseconds since the epoch. */
export type KeyState = { readonly state: 'Enabled' | 'Disabled' } | { readonly state: 'PendingDeletion'; readonly deletionAt: number };

export type StoredKey = KeyState & {
  readonly id: string;
  readonly spec: KeySpec;
  readonly description: string;
  readonly tags: Tags;
  readonly createdAt: number;
};

export interface NewKey {
  readonly id: string;
  readonly spec: KeySpec;
  readonly description: string;
  readonly tags: Tags;
  readonly material: KeyMaterial;
}

export interface Alias {
  readonly name: string;
  readonly keyId: string;
  readonly createdAt: number;
}

export interface KeyStore {
  /** With an alias both are stored or neither. */
  insert(key: NewKey, alias?: string): void;
  find(id: string): StoredKey | undefined;
  material(id: string): KeyMaterial;
  setState(id: string, state: KeyState): void;
  setTags(id: string, tags: Tags): void;
  /** In the order of their ids, those after `after`. */
  idsAfter(after: string, limit: number): readonly string[];
  insertAlias(name: string, keyId: string): void;
  findAlias(name: string): Alias | undefined;
  /** In the order of their names, those after `after`; of one key, if it is named. */
  aliasesAfter(after: string, limit: number, keyId?: string): readonly Alias[];
  close(): void;
}

const ARN_PREFIX = `arn:aws:kms:${REGION}:${ACCOUNT}:`;

export const keyArn = (id: string): string => `${ARN_PREFIX}key/${id}`;

export const aliasArn = (name: string): string => `${ARN_PREFIX}${name}`;

/** `key/<id>` or `alias/<name>` of an ARN of this account and region; undefined for any other. */
export const resourceOfArn = (arn: string): string | undefined => (arn.startsWith(ARN_PREFIX) ? arn.slice(ARN_PREFIX.length) : undefined);

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS keys (
    id TEXT PRIMARY KEY, spec TEXT NOT NULL, description TEXT NOT NULL, tags TEXT NOT NULL, created_at INTEGER NOT NULL,
    state TEXT NOT NULL, deletion_at INTEGER, secret BLOB NOT NULL, public_key BLOB
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS aliases (
    name TEXT PRIMARY KEY, key_id TEXT NOT NULL REFERENCES keys (id) ON DELETE CASCADE, created_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

const Common = {
  id: z.string(),
  spec: z.string().refine(isKeySpec),
  description: z.string(),
  tags: z.string().transform((text) => z.record(z.string(), z.string()).parse(JSON.parse(text))),
  createdAt: z.number(),
};

const KeyRow = z.discriminatedUnion('state', [
  z.object({ ...Common, state: z.enum(['Enabled', 'Disabled']) }),
  z.object({ ...Common, state: z.literal('PendingDeletion'), deletionAt: z.number() }),
]);

const AliasRow = z.object({ name: z.string(), keyId: z.string(), createdAt: z.number() });
const IdRow = z.object({ id: z.string() });
const MaterialRow = z.object({
  secret: z.instanceof(Uint8Array),
  publicKey: z
    .instanceof(Uint8Array)
    .nullable()
    .transform((bytes) => bytes ?? undefined),
});

export const openKeyStore = (folder: string, now: () => number): KeyStore => {
  const database = openSqliteFile(folder === ':memory:' ? folder : join(folder, 'kms.sqlite'), SCHEMA);
  const select = database.prepare(
    'SELECT id, spec, description, tags, created_at AS createdAt, state, deletion_at AS deletionAt FROM keys WHERE id = ?',
  );
  const material = database.prepare('SELECT secret, public_key AS publicKey FROM keys WHERE id = ?');
  const buryDue = database.prepare("DELETE FROM keys WHERE state = 'PendingDeletion' AND deletion_at <= ?");
  return {
    find: (id) => {
      // A key is gone at its hour, whether or not this machine ran at it.
      buryDue.run(now());
      const row = select.get(id);
      return row && KeyRow.parse(row);
    },
    material: (id) => MaterialRow.parse(material.get(id)),
    ...keyWrites(database, now),
    ...listings(database),
    close: () => database.close(),
  };
};

const keyWrites = (database: DatabaseSync, now: () => number) => {
  const insert = database.prepare("INSERT INTO keys VALUES (?, ?, ?, ?, ?, 'Enabled', NULL, ?, ?)");
  const insertAlias = database.prepare('INSERT INTO aliases VALUES (?, ?, ?)');
  const setState = database.prepare('UPDATE keys SET state = ?, deletion_at = ? WHERE id = ?');
  const setTags = database.prepare('UPDATE keys SET tags = ? WHERE id = ?');
  return {
    insert: (key: NewKey, alias?: string): void => {
      const { id, spec, description, tags, material } = key;
      inTransaction(database, () => {
        insert.run(id, spec, description, JSON.stringify(tags), now(), material.secret, material.publicKey ?? null);
        if (alias !== undefined) insertAlias.run(alias, id, now());
      });
    },
    insertAlias: (name: string, keyId: string): void => {
      insertAlias.run(name, keyId, now());
    },
    setState: (id: string, state: KeyState): void => {
      setState.run(state.state, state.state === 'PendingDeletion' ? state.deletionAt : null, id);
    },
    setTags: (id: string, tags: Tags): void => {
      setTags.run(JSON.stringify(tags), id);
    },
  };
};

const listings = (database: DatabaseSync) => {
  const idsAfter = database.prepare('SELECT id FROM keys WHERE id > ? ORDER BY id LIMIT ?');
  const alias = database.prepare('SELECT name, key_id AS keyId, created_at AS createdAt FROM aliases WHERE name = ?');
  const aliases = database.prepare(
    'SELECT name, key_id AS keyId, created_at AS createdAt FROM aliases WHERE name > ? AND key_id = ifnull(?, key_id) ORDER BY name LIMIT ?',
  );
  return {
    idsAfter: (after: string, limit: number): readonly string[] => idsAfter.all(after, limit).map((row) => IdRow.parse(row).id),
    findAlias: (name: string): Alias | undefined => {
      const row = alias.get(name);
      return row && AliasRow.parse(row);
    },
    aliasesAfter: (after: string, limit: number, keyId?: string): readonly Alias[] =>
      aliases.all(after, keyId ?? null, limit).map((row) => AliasRow.parse(row)),
  };
};
