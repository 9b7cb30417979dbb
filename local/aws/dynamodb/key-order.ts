/** Scalars as bytes whose order is DynamoDB's order, so that a SQLite index answers a key range. */
import { hash } from 'node:crypto';
import { type AttributeValue, isScalar, type Scalar, typeOf } from './attribute-value.ts';

/** A number other than zero: `digits` without zeros at either end, the first of them worth 10^exponent. */
export interface Decimal {
  readonly negative: boolean;
  readonly exponent: number;
  readonly digits: string;
}

/** @returns undefined for zero. The text must be plain decimal, as validation leaves it. */
export const decimalOf = (number: string): Decimal | undefined => {
  const negative = number.startsWith('-');
  const [whole = '', fraction = ''] = number.replace('-', '').split('.');
  const all = whole + fraction;
  const first = all.search(/[1-9]/);
  return first < 0 ? undefined : { negative, exponent: whole.length - 1 - first, digits: all.slice(first).replace(/0+$/, '') };
};

// DynamoDB's exponents, -130 to 125, fill one byte exactly.
const EXPONENT_SHIFT = 130;

const encodeNumber = (number: string): Buffer => {
  const decimal = decimalOf(number);
  if (!decimal) return Buffer.of(1);
  const magnitude = [decimal.exponent + EXPONENT_SHIFT, ...[...decimal.digits].map((digit) => Number(digit) + 1)];
  // Of two negative numbers with a common start, the longer is the smaller: a last byte above every inverted digit says so.
  return decimal.negative ? Buffer.from([0, ...magnitude.map((byte) => 255 - byte), 255]) : Buffer.from([2, ...magnitude]);
};

export const encodeScalar = (value: Scalar): Buffer => {
  if ('S' in value) return Buffer.from(value.S, 'utf8');
  return 'N' in value ? encodeNumber(value.N) : Buffer.from(value.B, 'base64');
};

/** Negative, zero or positive; undefined where DynamoDB knows no order between the two. */
export const compareScalars = (a: AttributeValue, b: AttributeValue): number | undefined =>
  isScalar(a) && isScalar(b) && typeOf(a) === typeOf(b) ? Buffer.compare(encodeScalar(a), encodeScalar(b)) : undefined;

const SPREAD_BYTES = 4;

/** Partitions lie in the order of a hash, as in AWS: a Scan that seems sorted would teach callers to rely on it. */
export const encodePartition = (value: Scalar): Buffer => {
  const bytes = encodeScalar(value);
  return Buffer.concat([hash('md5', bytes, 'buffer').subarray(0, SPREAD_BYTES), bytes]);
};

/** First partition of a parallel Scan's segment; undefined after the last segment. */
export const segmentStart = (segment: number, segments: number): Buffer | undefined => {
  if (segment >= segments) return undefined;
  const start = Buffer.alloc(SPREAD_BYTES);
  start.writeUInt32BE(Math.ceil((segment * 2 ** 32) / segments));
  return start;
};

/** The smallest bytes that sort after everything with this prefix; undefined if there are none. */
export const afterPrefix = (prefix: Buffer): Buffer | undefined => {
  const last = prefix.findLastIndex((byte) => byte !== 255);
  if (last < 0) return undefined;
  const end = Buffer.from(prefix.subarray(0, last + 1));
  end[last] = (end[last] ?? 0) + 1;
  return end;
};
