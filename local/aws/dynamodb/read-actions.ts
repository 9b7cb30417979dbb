/** GetItem and BatchGetItem. */
import type { Caller } from '../service.ts';
import type { Item } from './attribute-value.ts';
import { consumed, consumedByTable, readUnits, type Units } from './capacity.ts';
import { project } from './document-path.ts';
import type { Engine } from './engine.ts';
import { type BatchGet, type Get, parseBatchGet, parseGet } from './read-requests.ts';
import { positionOfKey, tableArn } from './table.ts';

/** Of a BatchGetItem answer. */
const BATCH_BYTES_MAX = 16 * 1024 * 1024;

const read = (engine: Engine, { tableName, key, paths }: Get, consistent: boolean) => {
  const { table } = engine.catalogue.get(tableName);
  const stored = engine.items.get(table, positionOfKey(table, key));
  const size = stored?.size ?? 0;
  const units: Units = { table: readUnits(size, consistent ? 'strong' : 'eventual'), indexes: {} };
  return { item: stored && project(stored.item, paths), size, spent: { tableName, units } };
};

const getItem = (engine: Engine) => (input: unknown, caller: Caller) => {
  const { get, consistent, capacity } = parseGet(input);
  caller.authorize('dynamodb:GetItem', tableArn(get.tableName));
  const { item, spent } = read(engine, get, consistent);
  return { ...(item && { Item: item }), ConsumedCapacity: consumed(capacity, spent) };
};

interface Batch {
  bytes: number;
  readonly responses: Record<string, Item[]>;
  readonly unprocessed: Record<string, object>;
  readonly spent: { readonly tableName: string; readonly units: Units }[];
}

const readTable = (engine: Engine, batch: Batch, { tableName, gets, consistent, asked }: BatchGet): void => {
  const left: Item[] = [];
  const items: Item[] = [];
  for (const get of gets) {
    const { item, size, spent } = read(engine, get, consistent);
    if (batch.bytes + size > BATCH_BYTES_MAX) {
      left.push(get.key);
      continue;
    }
    batch.bytes += size;
    batch.spent.push(spent);
    if (item) items.push(item);
  }
  batch.responses[tableName] = items;
  if (left.length > 0) batch.unprocessed[tableName] = { ...asked, Keys: left };
};

const batchGet = (engine: Engine) => (input: unknown, caller: Caller) => {
  const { tables, capacity } = parseBatchGet(input);
  for (const { tableName } of tables) caller.authorize('dynamodb:BatchGetItem', tableArn(tableName));
  const batch: Batch = { bytes: 0, responses: {}, unprocessed: {}, spent: [] };
  for (const table of tables) readTable(engine, batch, table);
  return { Responses: batch.responses, UnprocessedKeys: batch.unprocessed, ConsumedCapacity: consumedByTable(capacity, batch.spent) };
};

export const readActions = (engine: Engine) => ({ GetItem: getItem(engine), BatchGetItem: batchGet(engine) });
