/** One page of a table or an index, read in key order through SQLite's own indexes. */

import type { Row } from '../sqlite-row.ts';
import type { Item } from './attribute-value.ts';
import { readUnits, type Units } from './capacity.ts';
import { holds } from './conditions.ts';
import type { Database } from './database.ts';
import type { ParsedCondition } from './expression.ts';
import { itemSize } from './item-size.ts';
import { type StoredItem, storedItem } from './item-store.ts';
import type { Bound, Place } from './key-range.ts';
import { entryOf, type Index, type Table } from './table.ts';

/** Query and Scan stop when this much has been read, before any filter. */
const PAGE_BYTES_MAX = 1024 * 1024;

export interface PageSpan {
  readonly table: Table;
  readonly index?: Index | undefined;
  /** Exactly one partition, or all from `first` to before `end`. */
  readonly partitions: { readonly only: Buffer } | { readonly first?: Buffer | undefined; readonly end?: Buffer | undefined };
  readonly low?: Bound | undefined;
  readonly high?: Bound | undefined;
  readonly after?: Place | undefined;
  readonly forward: boolean;
}

export interface PageLimits {
  readonly limit?: number | undefined;
  readonly filter?: ParsedCondition | undefined;
  readonly consistent: boolean;
}

export interface Page {
  readonly items: readonly Item[];
  readonly scanned: number;
  /** The last item read, if there may be more. */
  readonly last?: Item | undefined;
  readonly units: Units;
}

interface Clauses {
  readonly where: string[];
  readonly values: (number | Buffer)[];
}

const FROM_TABLE = { select: 'SELECT e.item, e.size FROM items e WHERE e.table_id = ?', columns: ['e.part', 'e.sort'] };
const FROM_INDEX = {
  // CROSS JOIN keeps the entries in the outer loop, in their order.
  select: `SELECT i.item, i.size FROM entries e
    CROSS JOIN items i ON i.table_id = e.table_id AND i.part = e.item_part AND i.sort = e.item_sort
    WHERE e.table_id = ? AND e.ordinal = ?`,
  columns: ['e.part', 'e.sort', 'e.item_part', 'e.item_sort'],
};

const partitionClauses = ({ where, values }: Clauses, partitions: PageSpan['partitions']): void => {
  if ('only' in partitions) {
    where.push('e.part = ?');
    values.push(partitions.only);
    return;
  }
  if (partitions.first) {
    where.push('e.part >= ?');
    values.push(partitions.first);
  }
  if (partitions.end) {
    where.push('e.part < ?');
    values.push(partitions.end);
  }
};

const boundClause = ({ where, values }: Clauses, operator: '>' | '<', bound: Bound | undefined): void => {
  if (!bound) return;
  where.push(`e.sort ${operator}${bound.inclusive ? '=' : ''} ?`);
  values.push(bound.key);
};

const placeValues = ({ position, item }: Place): readonly Buffer[] => [position.partition, position.sort, item.partition, item.sort];

const afterClause = ({ where, values }: Clauses, span: PageSpan, order: readonly string[]): void => {
  if (!span.after) return;
  where.push(`(${order.join(', ')}) ${span.forward ? '>' : '<'} (${order.map(() => '?').join(', ')})`);
  const place = placeValues(span.after);
  values.push(...('only' in span.partitions ? place.slice(1, order.length + 1) : place.slice(0, order.length)));
};

/** Exported so that a test can read SQLite's plan for it. */
export const pageQuery = (span: PageSpan): { readonly sql: string; readonly values: readonly (number | Buffer)[] } => {
  const { select, columns } = span.index ? FROM_INDEX : FROM_TABLE;
  const clauses: Clauses = { where: [], values: span.index ? [span.table.id, span.index.ordinal] : [span.table.id] };
  // With the partition fixed, leaving it out of the row value lets the index seek straight to the place.
  const order = 'only' in span.partitions ? columns.slice(1) : columns;
  partitionClauses(clauses, span.partitions);
  // Where reading continues lies within the bounds, so it takes the place of the bound behind it.
  boundClause(clauses, '>', span.after && span.forward ? undefined : span.low);
  boundClause(clauses, '<', span.after && !span.forward ? undefined : span.high);
  afterClause(clauses, span, order);
  const direction = span.forward ? '' : ' DESC';
  const sql = `${[select, ...clauses.where].join(' AND ')} ORDER BY ${order.map((column) => column + direction).join(', ')}`;
  return { sql, values: clauses.values };
};

const asUnits = ({ index }: PageSpan, units: number): Units =>
  index ? { table: 0, indexes: { [index.name]: units } } : { table: units, indexes: {} };

/** A row as the span shows it: from an index, only what the index holds. */
const shown = ({ table, index }: PageSpan, row: Row): StoredItem => {
  const stored = storedItem(row);
  if (!index || index.projection === 'ALL') return stored;
  const item = entryOf(table, index, stored.item);
  return { item, size: itemSize(item) };
};

export const readPage = (database: Database, span: PageSpan, limits: PageLimits): Page => {
  const { sql, values } = pageQuery(span);
  const items: Item[] = [];
  let scanned = 0;
  let bytes = 0;
  let last: Item | undefined;
  for (const row of database.each(sql, ...values)) {
    const { item, size } = shown(span, row);
    scanned += 1;
    bytes += size;
    if (!limits.filter || holds(limits.filter.expression, item)) items.push(item);
    // AWS says that there may be more without looking whether there is.
    if (scanned === limits.limit || bytes >= PAGE_BYTES_MAX) {
      last = item;
      break;
    }
  }
  return { items, scanned, last, units: asUnits(span, readUnits(bytes, limits.consistent ? 'strong' : 'eventual')) };
};
