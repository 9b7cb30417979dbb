/** Key conditions as a partition and a range of sort bytes; keys to continue from, checked against them. */
import { type AttributeValue, attributeOf, equal, type Item, type Scalar, typeOf } from './attribute-value.ts';
import { validationError } from './dynalite.ts';
import { afterPrefix, encodePartition, encodeScalar } from './key-order.ts';
import type { KeyCondition } from './read-requests.ts';
import {
  type Index,
  type Key,
  type KeyAttribute,
  keyNames,
  type Position,
  pick,
  positionInIndex,
  positionOfItem,
  type Table,
} from './table.ts';

export interface Bound {
  readonly key: Buffer;
  readonly inclusive: boolean;
}

export interface KeyRange {
  readonly hash: Scalar;
  readonly partition: Buffer;
  readonly low?: Bound | undefined;
  readonly high?: Bound | undefined;
}

const operand = (attribute: KeyAttribute, condition: KeyCondition, at = 0): Scalar => {
  const value = condition.AttributeValueList[at];
  if (value && typeOf(value) === attribute.type) return value;
  throw validationError('One or more parameter values were invalid: Condition parameter type does not match schema type');
};

const sortRange = (attribute: KeyAttribute, condition: KeyCondition): Pick<KeyRange, 'low' | 'high'> => {
  const key = encodeScalar(operand(attribute, condition));
  const inclusive = { key, inclusive: true };
  const exclusive = { key, inclusive: false };
  switch (condition.ComparisonOperator) {
    case 'EQ':
      return { low: inclusive, high: inclusive };
    case 'LT':
      return { high: exclusive };
    case 'LE':
      return { high: inclusive };
    case 'GT':
      return { low: exclusive };
    case 'GE':
      return { low: inclusive };
    case 'BETWEEN':
      return { low: inclusive, high: { key: encodeScalar(operand(attribute, condition, 1)), inclusive: true } };
    case 'BEGINS_WITH': {
      const end = afterPrefix(key);
      return { low: inclusive, high: end && { key: end, inclusive: false } };
    }
  }
};

const requireOnlyKeys = (key: Key, conditions: Readonly<Record<string, KeyCondition>>): void => {
  const missed = [key.hash, ...(key.range ? [key.range] : [])].find(({ name }) => !conditions[name]);
  if (Object.keys(conditions).every((name) => keyNames(key).includes(name))) return;
  throw validationError(missed ? `Query condition missed key schema element: ${missed.name}` : 'Query key condition not supported');
};

/** @throws AwsError ValidationException unless the conditions fix the hash key and, at most, bound the range key */
export const keyRange = (key: Key, conditions: Readonly<Record<string, KeyCondition>>): KeyRange => {
  const onHash = conditions[key.hash.name];
  if (!onHash) throw validationError(`Query condition missed key schema element: ${key.hash.name}`);
  requireOnlyKeys(key, conditions);
  if (onHash.ComparisonOperator !== 'EQ') throw validationError('Query key condition not supported');
  const hash = operand(key.hash, onHash);
  const onRange = key.range && conditions[key.range.name];
  return { hash, partition: encodePartition(hash), ...(key.range && onRange && sortRange(key.range, onRange)) };
};

/** A place in a table or index: where the entry lies there, and where its item lies in the table. */
export interface Place {
  readonly position: Position;
  readonly item: Position;
}

const invalidStart = (): Error => validationError('The provided starting key is invalid');

/** @throws AwsError ValidationException unless the key has exactly what a LastEvaluatedKey has */
export const placeOf = (table: Table, index: Index | undefined, startKey: Item): Place => {
  if (Object.keys(startKey).length !== startKeyNames(table, index).length) throw invalidStart();
  const item = positionOfItem(table, startKey);
  const position = index ? positionInIndex(index, startKey) : item;
  if (!position) throw invalidStart();
  return { position, item };
};

export const startKeyNames = (table: Table, index: Index | undefined): readonly string[] => [
  ...new Set([...keyNames(table.key), ...(index ? keyNames(index.key) : [])]),
];

export const startKeyOf = (table: Table, index: Index | undefined, item: Item): Item => pick(item, startKeyNames(table, index));

const isWithin = (sort: Buffer, { low, high }: KeyRange): boolean => {
  const fromLow = low ? Buffer.compare(sort, low.key) : 1;
  const toHigh = high ? Buffer.compare(high.key, sort) : 1;
  return (fromLow > 0 || (fromLow === 0 && low?.inclusive === true)) && (toHigh > 0 || (toHigh === 0 && high?.inclusive === true));
};

/** @throws AwsError ValidationException when the key to continue from lies outside what is queried */
export const requireWithin = (range: KeyRange, key: Key, start: { readonly place: Place; readonly startKey: Item }): void => {
  const hash: AttributeValue | undefined = attributeOf(start.startKey, key.hash.name);
  if (!hash || !equal(hash, range.hash)) {
    throw validationError('The provided starting key is outside query boundaries based on provided conditions');
  }
  if (!isWithin(start.place.position.sort, range)) {
    throw validationError('The provided starting key does not match the range key predicate');
  }
};
