/** Buckets and what is configured on them. */
import type { DatabaseSync } from 'node:sqlite';
import { integer, type Row, text } from '../sqlite-row.ts';

/** One rule of a bucket's CORS configuration; origins and headers may hold one `*`. */
export interface CorsRule {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers?: readonly string[];
  readonly exposeHeaders?: readonly string[];
  readonly maxAgeSeconds?: number;
}

export type Versioning = 'Never' | 'Enabled' | 'Suspended';

export interface Bucket {
  readonly name: string;
  readonly createdMs: number;
  readonly versioning: Versioning;
  /** Whether an Object Created event follows each new object. */
  readonly notify: boolean;
  readonly cors: readonly CorsRule[];
}

export interface BucketTable {
  find(name: string): Bucket | undefined;
  /** Does nothing if the bucket exists. */
  create(name: string, createdMs: number): void;
  setVersioning(name: string, versioning: Versioning): void;
  setNotify(name: string, notify: boolean): void;
  setCors(name: string, rules: readonly CorsRule[]): void;
}

export const bucketTable = (database: DatabaseSync): BucketTable => {
  const find = database.prepare('SELECT * FROM buckets WHERE name = ?');
  const create = database.prepare("INSERT INTO buckets VALUES (?, ?, 'Never', 0, '[]') ON CONFLICT DO NOTHING");
  const setVersioning = database.prepare('UPDATE buckets SET versioning = ? WHERE name = ?');
  const setNotify = database.prepare('UPDATE buckets SET notify = ? WHERE name = ?');
  const setCors = database.prepare('UPDATE buckets SET cors = ? WHERE name = ?');
  return {
    find: (name) => {
      const row = find.get(name);
      return row === undefined ? undefined : bucketOf(row);
    },
    create: (name, createdMs) => void create.run(name, createdMs),
    setVersioning: (name, versioning) => void setVersioning.run(versioning, name),
    setNotify: (name, notify) => void setNotify.run(notify ? 1 : 0, name),
    setCors: (name, rules) => void setCors.run(JSON.stringify(rules), name),
  };
};

const bucketOf = (row: Row): Bucket => ({
  name: text(row, 'name'),
  createdMs: integer(row, 'created_ms'),
  versioning: versioningOf(text(row, 'versioning')),
  notify: integer(row, 'notify') === 1,
  cors: corsOf(text(row, 'cors')),
});

const versioningOf = (stored: string): Versioning => (stored === 'Enabled' || stored === 'Suspended' ? stored : 'Never');

const corsOf = (stored: string): readonly CorsRule[] => {
  const rules: unknown = JSON.parse(stored);
  if (!Array.isArray(rules)) throw new TypeError('column cors holds no list');
  return rules.map(ruleOf);
};

const ruleOf = (rule: unknown): CorsRule => {
  if (typeof rule !== 'object' || rule === null) throw new TypeError('column cors holds no rules');
  const { origins, methods, headers, exposeHeaders, maxAgeSeconds } = { ...NO_RULE, ...rule };
  return {
    origins: list(origins),
    methods: list(methods),
    headers: list(headers),
    exposeHeaders: list(exposeHeaders),
    ...(typeof maxAgeSeconds === 'number' ? { maxAgeSeconds } : {}),
  };
};

const NO_RULE: Readonly<Record<keyof CorsRule, unknown>> = {
  origins: [],
  methods: [],
  headers: [],
  exposeHeaders: [],
  maxAgeSeconds: undefined,
};

const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);
