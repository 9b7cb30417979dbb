/** Bytes of an item by the published rules, on which limits and capacity depend. */
import { type AttributeValue, type Item, typeOf } from './attribute-value.ts';
import { decimalOf } from './key-order.ts';

/** "Item sizes and formats", DynamoDB Developer Guide. */
export const ITEM_BYTES_MAX = 400 * 1024;
export const NESTING_LEVELS_MAX = 32;

const DOCUMENT_BYTES = 3;
const MEMBER_BYTES = 1;

// Two decimal digits share a byte, aligned to the decimal point; one byte for the exponent, one more for a minus.
const numberSize = (number: string): number => {
  const decimal = decimalOf(number);
  if (!decimal) return 1;
  const { digits, exponent, negative } = decimal;
  const pairs = exponent % 2 === 0 ? Math.floor(digits.length / 2) + 1 : Math.ceil(digits.length / 2);
  return 1 + pairs + (negative ? 1 : 0);
};

const textSize = (text: string): number => Buffer.byteLength(text, 'utf8');
const binarySize = (base64: string): number => Buffer.byteLength(base64, 'base64');

const sum = <T>(values: readonly T[], sizeOf: (value: T) => number): number => values.reduce((total, value) => total + sizeOf(value), 0);

const scalarOrSetSize = (value: AttributeValue): number => {
  if ('S' in value) return textSize(value.S);
  if ('N' in value) return numberSize(value.N);
  if ('B' in value) return binarySize(value.B);
  if ('SS' in value) return sum(value.SS, textSize);
  if ('NS' in value) return sum(value.NS, numberSize);
  return 'BS' in value ? sum(value.BS, binarySize) : 1;
};

const valueSize = (value: AttributeValue): number => {
  if ('L' in value) return DOCUMENT_BYTES + sum(value.L, (member) => MEMBER_BYTES + valueSize(member));
  if ('M' in value) return DOCUMENT_BYTES + itemSize(value.M) + MEMBER_BYTES * Object.keys(value.M).length;
  return scalarOrSetSize(value);
};

export const itemSize = (item: Item): number => sum(Object.entries(item), ([name, value]) => textSize(name) + valueSize(value));

const levels = (value: AttributeValue): number => {
  const type = typeOf(value);
  if (type !== 'L' && type !== 'M') return 0;
  const members = 'L' in value ? value.L : 'M' in value ? Object.values(value.M) : [];
  return 1 + deepest(members);
};

const deepest = (values: readonly AttributeValue[]): number => values.reduce((most, value) => Math.max(most, levels(value)), 0);

export const nestingLevels = (item: Item): number => deepest(Object.values(item));
