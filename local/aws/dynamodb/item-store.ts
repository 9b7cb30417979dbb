/** Items and their index entries: one change writes the item, its entries and its stream record, or nothing. */

import { integer, type Row, text } from '../sqlite-row.ts';
import { attributeOf, equalItems, type Item } from './attribute-value.ts';
import type { Cause, ChangeLog } from './change-log.ts';
import type { Database } from './database.ts';
import { itemSize } from './item-size.ts';
import { type Index, keyOf, type Position, positionInIndex, positionOfItem, type Table } from './table.ts';

export interface StoredItem {
  readonly item: Item;
  readonly size: number;
}

export interface ItemChange {
  readonly table: Table;
  readonly position: Position;
  readonly old?: Item | undefined;
  /** undefined deletes */
  readonly next?: Item | undefined;
  readonly cause: Cause;
}

export interface ItemStore {
  get(table: Table, position: Position): StoredItem | undefined;
  /** Inside a transaction of the database only. */
  apply(change: ItemChange): void;
  /** Items whose expiry lies in (after, until], in seconds; the oldest first. */
  expired(table: Table, window: { readonly after: number; readonly until: number; readonly limit: number }): readonly Item[];
  /** Reads the expiry of every item anew, after the table's expiry attribute has changed. */
  reindexExpiry(table: Table): void;
  /** Fills every index anew, after the table's indexes have changed. An item whose key attribute is of another type stays out, as in AWS. */
  refillIndexes(table: Table): void;
  measure(table: Table): { readonly items: number; readonly bytes: number };
}

export const storedItem = (row: Row): StoredItem => {
  const item: Item = JSON.parse(text(row, 'item'));
  return { item, size: integer(row, 'size') };
};

/** Seconds since 1970, or null for an item that never expires: only a number counts, as in AWS. */
const expiryOf = (table: Table, item: Item): number | null => {
  const value = table.expiryAttribute === undefined ? undefined : attributeOf(item, table.expiryAttribute);
  const seconds = value && 'N' in value ? Math.floor(Number(value.N)) : Number.NaN;
  return Number.isSafeInteger(seconds) ? seconds : null;
};

const PUT_ITEM = `
  INSERT INTO items (table_id, part, sort, item, size, expires) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (table_id, part, sort) DO UPDATE SET item = excluded.item, size = excluded.size, expires = excluded.expires`;
const ENTRY = 'table_id = ? AND ordinal = ? AND part = ? AND sort = ? AND item_part = ? AND item_sort = ?';
const PUT_ENTRY = 'INSERT INTO entries (table_id, ordinal, part, sort, item_part, item_sort) VALUES (?, ?, ?, ?, ?, ?)';

const same = (a: Position | undefined, b: Position | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.partition.equals(b.partition) && a.sort.equals(b.sort));

const moveEntry = (database: Database, change: ItemChange, index: Index): void => {
  const { table, position } = change;
  const before = change.old && positionInIndex(index, change.old);
  const after = change.next && positionInIndex(index, change.next);
  if (same(before, after)) return;
  const own = [position.partition, position.sort] as const;
  if (before) database.run(`DELETE FROM entries WHERE ${ENTRY}`, table.id, index.ordinal, before.partition, before.sort, ...own);
  if (after) database.run(PUT_ENTRY, table.id, index.ordinal, after.partition, after.sort, ...own);
};

const writeItem = (database: Database, { table, position, next }: ItemChange): void => {
  const place = [table.id, position.partition, position.sort] as const;
  if (next) database.run(PUT_ITEM, ...place, JSON.stringify(next), itemSize(next), expiryOf(table, next));
  else database.run('DELETE FROM items WHERE table_id = ? AND part = ? AND sort = ?', ...place);
};

const reindexExpiry = (database: Database, table: Table): void => {
  const rows = table.expiryAttribute === undefined ? [] : database.all('SELECT rowid, item FROM items WHERE table_id = ?', table.id);
  database.run('UPDATE items SET expires = NULL WHERE table_id = ? AND expires IS NOT NULL', table.id);
  for (const row of rows) {
    const expires = expiryOf(table, JSON.parse(text(row, 'item')));
    if (expires !== null) database.run('UPDATE items SET expires = ? WHERE rowid = ?', expires, integer(row, 'rowid'));
  }
};

const refillIndexes = (database: Database, table: Table): void => {
  database.run('DELETE FROM entries WHERE table_id = ?', table.id);
  for (const row of database.each('SELECT item, size FROM items WHERE table_id = ?', table.id)) {
    const { item } = storedItem(row);
    const { partition, sort } = positionOfItem(table, item);
    for (const index of table.indexes) {
      const entry = positionInIndex(index, item);
      if (entry) database.run(PUT_ENTRY, table.id, index.ordinal, entry.partition, entry.sort, partition, sort);
    }
  }
};

export const openItemStore = (database: Database, log: ChangeLog): ItemStore => ({
  get: (table, position) => {
    const row = database.get(
      'SELECT item, size FROM items WHERE table_id = ? AND part = ? AND sort = ?',
      table.id,
      position.partition,
      position.sort,
    );
    return row && storedItem(row);
  },
  apply: (change) => {
    const { table, old, next, cause } = change;
    // A write that changes nothing leaves no trace in a stream.
    if (old && next ? equalItems(old, next) : old === next) return;
    writeItem(database, change);
    for (const index of table.indexes) moveEntry(database, change, index);
    log.append(table, { cause, keys: keyOf(table, next ?? old ?? {}), old, next });
  },
  expired: (table, { after, until, limit }) =>
    database
      .all(
        'SELECT item, size FROM items WHERE table_id = ? AND expires > ? AND expires <= ? ORDER BY expires LIMIT ?',
        table.id,
        after,
        until,
        limit,
      )
      .map((row) => storedItem(row).item),
  reindexExpiry: (table) => reindexExpiry(database, table),
  refillIndexes: (table) => refillIndexes(database, table),
  measure: (table) => {
    const row = database.get('SELECT count(*) AS items, coalesce(sum(size), 0) AS bytes FROM items WHERE table_id = ?', table.id);
    return row ? { items: integer(row, 'items'), bytes: integer(row, 'bytes') } : { items: 0, bytes: 0 };
  },
});
