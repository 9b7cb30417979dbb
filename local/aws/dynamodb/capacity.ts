/** What a request costs in capacity units, as AWS would bill it. "Read and write consumption", DynamoDB Developer Guide. */
import { equalItems, type Item } from './attribute-value.ts';
import { itemSize } from './item-size.ts';
import { entryOf, type Index, positionInIndex, type Table } from './table.ts';

export type CapacityMode = 'NONE' | 'TOTAL' | 'INDEXES';

export interface Units {
  readonly table: number;
  /** By name; an index that was not touched is not in it. */
  readonly indexes: Readonly<Record<string, number>>;
}

const READ_UNIT_BYTES = 4096;
const WRITE_UNIT_BYTES = 1024;
/** A transaction prepares, then commits. */
const TRANSACTION_FACTOR = 2;
const FACTOR = { eventual: 0.5, strong: 1, transaction: TRANSACTION_FACTOR } as const;

/** What is not there costs as much as the smallest item. */
export const readUnits = (bytes: number, consistency: keyof typeof FACTOR): number =>
  Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * FACTOR[consistency];

const writeUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));

const largest = (images: readonly (Item | undefined)[]): number =>
  Math.max(...images.map((image) => (image ? writeUnits(itemSize(image)) : 1)));

export interface Change {
  readonly table: Table;
  readonly old?: Item | undefined;
  readonly next?: Item | undefined;
}

const entry = ({ table }: Change, index: Index, item: Item | undefined) => {
  const position = item && positionInIndex(index, item);
  return (
    position && { place: `${position.partition.toString('hex')}/${position.sort.toString('hex')}`, image: entryOf(table, index, item) }
  );
};

// An entry that moves is a delete and an insert; one that stays is charged for its larger image, and not at all if it is the same.
const indexUnits = (change: Change, index: Index): number => {
  const [before, after] = [entry(change, index, change.old), entry(change, index, change.next)];
  if (before && after && before.place === after.place) {
    return equalItems(before.image, after.image) ? 0 : largest([before.image, after.image]);
  }
  return (before ? largest([before.image]) : 0) + (after ? largest([after.image]) : 0);
};

/**
 * Write units of one item and of its index entries. The indexes follow after the commit, so a transaction doubles the
 * table's part only.
 */
export const writeCost = (change: Change, transactional: boolean): Units => ({
  table: largest([change.old, change.next]) * (transactional ? TRANSACTION_FACTOR : 1),
  indexes: Object.fromEntries(
    change.table.indexes.flatMap((index) => {
      const units = indexUnits(change, index);
      return units > 0 ? [[index.name, units]] : [];
    }),
  ),
});

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

/** Only transactions name their units in the answer. */
export type Naming = 'ReadCapacityUnits' | 'WriteCapacityUnits' | undefined;

const asWire = (units: number, naming: Naming) => ({ CapacityUnits: units, ...(naming && { [naming]: units }) });

/** The `ConsumedCapacity` of one table, or undefined if it was not asked for. */
export const consumed = (mode: CapacityMode, spent: { tableName: string; units: Units }, naming?: Naming) => {
  if (mode === 'NONE') return undefined;
  const { table, indexes } = spent.units;
  const total = { TableName: spent.tableName, ...asWire(table + sum(Object.values(indexes)), naming) };
  if (mode === 'TOTAL') return total;
  const perIndex = Object.entries(indexes).map(([name, units]) => [name, asWire(units, naming)] as const);
  return {
    ...total,
    Table: asWire(table, naming),
    ...(perIndex.length > 0 && { GlobalSecondaryIndexes: Object.fromEntries(perIndex) }),
  };
};

const add = (a: Units, b: Units): Units => {
  const indexes: Record<string, number> = { ...a.indexes };
  for (const [name, units] of Object.entries(b.indexes)) indexes[name] = (indexes[name] ?? 0) + units;
  return { table: a.table + b.table, indexes };
};

/** The `ConsumedCapacity` list of a batch or transaction: one entry a table. */
export const consumedByTable = (mode: CapacityMode, spent: readonly { tableName: string; units: Units }[], naming?: Naming) => {
  if (mode === 'NONE') return undefined;
  const byTable = new Map<string, Units>();
  for (const { tableName, units } of spent) byTable.set(tableName, add(byTable.get(tableName) ?? { table: 0, indexes: {} }, units));
  return [...byTable].map(([tableName, units]) => consumed(mode, { tableName, units }, naming));
};
