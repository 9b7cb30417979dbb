/** A table as its definition says: its keys, its indexes, where an item lies in each. */
import { ACCOUNT, REGION } from '../service.ts';
import { type AttributeValue, attributeOf, type Item, type Scalar, typeOf } from './attribute-value.ts';
import { validationError } from './dynalite.ts';
import { ITEM_BYTES_MAX, itemSize, NESTING_LEVELS_MAX, nestingLevels } from './item-size.ts';
import { encodePartition, encodeScalar } from './key-order.ts';

export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

export interface Key {
  readonly hash: KeyAttribute;
  readonly range?: KeyAttribute | undefined;
}

export interface Index {
  /** Its row number within the table. */
  readonly ordinal: number;
  readonly name: string;
  readonly key: Key;
  /** Attributes that it holds besides the keys. */
  readonly projection: 'ALL' | readonly string[];
}

export type StreamView = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';

export interface Table {
  readonly id: number;
  readonly name: string;
  readonly key: Key;
  readonly indexes: readonly Index[];
  readonly stream?: { readonly label: string; readonly view: StreamView } | undefined;
  readonly expiryAttribute?: string | undefined;
}

export const tableArn = (name: string): string => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;
export const indexArn = (tableName: string, indexName: string): string => `${tableArn(tableName)}/index/${indexName}`;
export const streamArn = (tableName: string, label: string): string => `${tableArn(tableName)}/stream/${label}`;

/** Where an item lies; bytes that sort as DynamoDB sorts. */
export interface Position {
  readonly partition: Buffer;
  readonly sort: Buffer;
}

const NO_SORT = Buffer.alloc(0);

// "Partition keys and sort keys", DynamoDB quotas.
const HASH_KEY_BYTES_MAX = 2048;
const RANGE_KEY_BYTES_MAX = 1024;

export const keyNames = (key: Key): readonly string[] => (key.range ? [key.hash.name, key.range.name] : [key.hash.name]);

const isOfType = (value: AttributeValue | undefined, type: KeyAttribute['type']): value is Scalar =>
  value !== undefined && typeOf(value) === type;

const requireNotEmpty = (value: Scalar, name: string): void => {
  const kind = 'S' in value && value.S === '' ? 'string' : 'B' in value && value.B === '' ? 'binary' : undefined;
  if (!kind) return;
  throw validationError(
    `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${kind} value. Key: ${name}`,
  );
};

const requireKeySize = (position: Position, hash: Scalar): Position => {
  if (!('N' in hash) && encodeScalar(hash).length > HASH_KEY_BYTES_MAX) {
    throw validationError('One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes');
  }
  if (position.sort.length > RANGE_KEY_BYTES_MAX) {
    throw validationError(
      'One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes',
    );
  }
  return position;
};

type Mismatch = (attribute: KeyAttribute, found: AttributeValue | undefined) => Error;

const keyValue = (item: Item, attribute: KeyAttribute, mismatch: Mismatch): Scalar => {
  const value = attributeOf(item, attribute.name);
  if (!isOfType(value, attribute.type)) throw mismatch(attribute, value);
  requireNotEmpty(value, attribute.name);
  return value;
};

const positionIn = (key: Key, item: Item, mismatch: Mismatch): Position => {
  const hash = keyValue(item, key.hash, mismatch);
  const sort = key.range ? encodeScalar(keyValue(item, key.range, mismatch)) : NO_SORT;
  return requireKeySize({ partition: encodePartition(hash), sort }, hash);
};

const noSuchKey = (): Error => validationError('The provided key element does not match the schema');

/** @throws AwsError ValidationException unless `key` is exactly the table's key */
export const positionOfKey = (table: Table, key: Item): Position => {
  if (Object.keys(key).length !== keyNames(table.key).length) throw noSuchKey();
  return positionIn(table.key, key, noSuchKey);
};

const wrongKey: Mismatch = ({ name, type }, found) =>
  validationError(
    found
      ? `One or more parameter values were invalid: Type mismatch for key ${name} expected: ${type} actual: ${typeOf(found)}`
      : `One or more parameter values were invalid: Missing the key ${name} in the item`,
  );

export const positionOfItem = (table: Table, item: Item): Position => positionIn(table.key, item, wrongKey);

/** Where the item lies in an index, or undefined: an index is sparse. The item has passed `requireStorable`. */
export const positionInIndex = (index: Index, item: Item): Position | undefined => {
  const hash = attributeOf(item, index.key.hash.name);
  const range = index.key.range && attributeOf(item, index.key.range.name);
  if (!isOfType(hash, index.key.hash.type) || (index.key.range && !isOfType(range, index.key.range.type))) return undefined;
  return {
    partition: encodePartition(hash),
    sort: index.key.range && isOfType(range, index.key.range.type) ? encodeScalar(range) : NO_SORT,
  };
};

const requireIndexable = (index: Index, item: Item): void => {
  for (const attribute of index.key.range ? [index.key.hash, index.key.range] : [index.key.hash]) {
    const value = attributeOf(item, attribute.name);
    if (value === undefined) continue;
    keyValue(item, attribute, ({ name, type }) =>
      validationError(
        `One or more parameter values were invalid: Type mismatch for Index Key ${name} Expected: ${type} Actual: ${typeOf(value)} IndexName: ${index.name}`,
      ),
    );
  }
  const position = positionInIndex(index, item);
  const hash = attributeOf(item, index.key.hash.name);
  if (position && isOfType(hash, index.key.hash.type)) requireKeySize(position, hash);
};

/** @throws AwsError ValidationException when the item is too large, too deep, or has an index key of the wrong type */
export const requireStorable = (table: Table, item: Item, tooLarge: string): void => {
  for (const index of table.indexes) requireIndexable(index, item);
  if (itemSize(item) > ITEM_BYTES_MAX) throw validationError(tooLarge);
  if (nestingLevels(item) > NESTING_LEVELS_MAX) {
    throw validationError(
      'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
    );
  }
};

export const pick = (item: Item, names: readonly string[]): Item =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = attributeOf(item, name);
      return value ? [[name, value] as const] : [];
    }),
  );

export const keyOf = (table: Table, item: Item): Item => pick(item, keyNames(table.key));

/** Every attribute that an index holds; undefined if it holds all. */
export const heldBy = (table: Table, index: Index): readonly string[] | undefined =>
  index.projection === 'ALL' ? undefined : [...new Set([...keyNames(table.key), ...keyNames(index.key), ...index.projection])];

export const entryOf = (table: Table, index: Index, item: Item): Item => {
  const held = heldBy(table, index);
  return held ? pick(item, held) : item;
};
