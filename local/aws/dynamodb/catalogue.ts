/** The tables that exist: their definitions as stored, and as the rest of the service reads them. */
import * as z from 'zod';
import { AwsError } from '../service.ts';
import { integer, type Row, text } from '../sqlite-row.ts';
import type { Database } from './database.ts';
import type { Index, Key, KeyAttribute, Table } from './table.ts';

const KeySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) })).min(1);
const Throughput = z.object({ ReadCapacityUnits: z.number(), WriteCapacityUnits: z.number() });

export const IndexDefinition = z.object({
  IndexName: z.string(),
  KeySchema,
  Projection: z.object({ ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']), NonKeyAttributes: z.array(z.string()).optional() }),
  ProvisionedThroughput: Throughput.optional(),
});

export type IndexDefinition = z.infer<typeof IndexDefinition>;

/** A table as it is stored, in the words of CreateTable where it has words for it. */
export const Definition = z.object({
  TableName: z.string(),
  TableId: z.string(),
  CreationDateTime: z.number(),
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema,
  GlobalSecondaryIndexes: z.array(IndexDefinition).optional(),
  BillingMode: z.enum(['PROVISIONED', 'PAY_PER_REQUEST']),
  ProvisionedThroughput: Throughput.optional(),
  DeletionProtectionEnabled: z.boolean(),
  stream: z.object({ label: z.string(), view: z.enum(['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES']) }).optional(),
  expiryAttribute: z.string().optional(),
});
export type Definition = z.infer<typeof Definition>;

export interface Defined {
  readonly table: Table;
  readonly definition: Definition;
}

const keyOf = (definition: Definition, schema: Definition['KeySchema']): Key => {
  const attribute = (kind: 'HASH' | 'RANGE'): KeyAttribute | undefined => {
    const name = schema.find(({ KeyType }) => KeyType === kind)?.AttributeName;
    const found = definition.AttributeDefinitions.find(({ AttributeName }) => AttributeName === name);
    return found && { name: found.AttributeName, type: found.AttributeType };
  };
  const hash = attribute('HASH');
  if (!hash) throw new TypeError(`table ${definition.TableName} has no hash key`);
  return { hash, range: attribute('RANGE') };
};

const asTable = (id: number, definition: Definition): Table => ({
  id,
  name: definition.TableName,
  key: keyOf(definition, definition.KeySchema),
  indexes: (definition.GlobalSecondaryIndexes ?? []).map(
    ({ IndexName, KeySchema: schema, Projection }, ordinal): Index => ({
      ordinal,
      name: IndexName,
      key: keyOf(definition, schema),
      projection: Projection.ProjectionType === 'ALL' ? 'ALL' : (Projection.NonKeyAttributes ?? []),
    }),
  ),
  stream: definition.stream,
  expiryAttribute: definition.expiryAttribute,
});

const defined = (row: Row): Defined => {
  const definition = Definition.parse(JSON.parse(text(row, 'definition')));
  return { table: asTable(integer(row, 'id'), definition), definition };
};

export interface Catalogue {
  /** @throws AwsError ResourceNotFoundException */
  get(name: string): Defined;
  find(name: string): Defined | undefined;
  all(): readonly Defined[];
  names(after: string, limit: number): readonly string[];
  add(definition: Definition): Defined;
  replace(definition: Definition): void;
  /** Removes the table with its items, index entries and stream. */
  drop(name: string): void;
}

export const openCatalogue = (database: Database): Catalogue => {
  const known = new Map<string, Defined>();

  const find = (name: string): Defined | undefined => {
    const cached = known.get(name);
    if (cached) return cached;
    const row = database.get('SELECT id, definition FROM tables WHERE name = ?', name);
    const found = row && defined(row);
    if (found) known.set(name, found);
    return found;
  };

  const get = (name: string): Defined => {
    const found = find(name);
    if (!found) throw new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
    return found;
  };

  return {
    find,
    get,
    all: () => database.all('SELECT id, definition FROM tables ORDER BY name').map(defined),
    names: (after, limit) =>
      database.all('SELECT name FROM tables WHERE name > ? ORDER BY name LIMIT ?', after, limit).map((row) => text(row, 'name')),
    add: (definition) => {
      database.run('INSERT INTO tables (name, definition) VALUES (?, ?)', definition.TableName, JSON.stringify(definition));
      return get(definition.TableName);
    },
    replace: (definition) => {
      database.run('UPDATE tables SET definition = ? WHERE name = ?', JSON.stringify(definition), definition.TableName);
      known.delete(definition.TableName);
    },
    drop: (name) => {
      const { id } = get(name).table;
      database.write(() => {
        for (const place of ['items', 'entries', 'changes']) database.run(`DELETE FROM ${place} WHERE table_id = ?`, id);
        database.run('DELETE FROM tables WHERE id = ?', id);
      });
      known.delete(name);
    },
  };
};
