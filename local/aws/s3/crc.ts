/**
 * CRC-32C and CRC-64/NVME, which `node:zlib` does not have, and the arithmetic that joins the CRCs of parts into the
 * CRC of the whole. Sliced by eight: every object gets a CRC-64/NVME, so a slow one would be felt on every upload.
 */

/** Running state of a CRC: feed it with bytes, then ask for its value. */
export interface Crc {
  update(bytes: Uint8Array): void;
  value(): bigint;
}

/** The reflected polynomial of a CRC; both start from and end with all bits flipped. */
export interface CrcShape {
  readonly polynomial: bigint;
  readonly bits: 32n | 64n;
}

/** RFC 3720, B.4. */
export const CRC32C: CrcShape = { polynomial: 0x82f63b78n, bits: 32n };
/** IEEE 802.3; the one of `node:zlib`, here only for joining. */
export const CRC32: CrcShape = { polynomial: 0xedb88320n, bits: 32n };
/** NVM Express NVM Command Set specification 1.0d, 5.2.1.3.4. */
export const CRC64NVME: CrcShape = { polynomial: 0x9a6c9329ac4bc9b5n, bits: 64n };

const SLICES = 8;
const LOW = 0xffffffffn;

/** Eight tables of 256 entries, low and high halves apart, because a bigint for each byte would be a hundred times slower. */
interface Tables {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
}

const buildTables = (shape: CrcShape): Tables => {
  const entries = Array.from({ length: 256 }, (_, byte) => remainderOf(BigInt(byte), shape));
  for (let index = 256; index < SLICES * 256; index++) {
    const previous = entries[index - 256] ?? 0n;
    entries.push((previous >> 8n) ^ (entries[Number(previous & 0xffn)] ?? 0n));
  }
  return {
    low: Uint32Array.from(entries, (entry) => Number(entry & LOW)),
    high: Uint32Array.from(entries, (entry) => Number(entry >> 32n)),
  };
};

const remainderOf = (byte: bigint, { polynomial }: CrcShape): bigint => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1n ? (remainder >> 1n) ^ polynomial : remainder >> 1n;
  return remainder;
};

const TABLES = new Map<CrcShape, Tables>();

const tablesOf = (shape: CrcShape): Tables => {
  const built = TABLES.get(shape) ?? buildTables(shape);
  TABLES.set(shape, built);
  return built;
};

export const crcOf = (shape: CrcShape): Crc => {
  const tables = tablesOf(shape);
  const state = new Uint32Array([0xffffffff, shape.bits === 64n ? 0xffffffff : 0]);
  return {
    update: (bytes) => advance(tables, state, bytes),
    value: () => {
      const high = shape.bits === 64n ? BigInt(~(state[1] ?? 0) >>> 0) : 0n;
      return (high << 32n) | BigInt(~(state[0] ?? 0) >>> 0);
    },
  };
};

/** `?? 0` on every index would cost half the speed: a DataView reads eight bytes at once and needs none. */
const advance = ({ low, high }: Tables, state: Uint32Array, bytes: Uint8Array): void => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.byteLength - (bytes.byteLength % SLICES);
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  for (let at = 0; at < whole; at += SLICES) {
    const x = a ^ view.getUint32(at, true);
    const y = b ^ view.getUint32(at + 4, true);
    const i0 = 1792 + (x & 255);
    const i1 = 1536 + ((x >>> 8) & 255);
    const i2 = 1280 + ((x >>> 16) & 255);
    const i3 = 1024 + (x >>> 24);
    const i4 = 768 + (y & 255);
    const i5 = 512 + ((y >>> 8) & 255);
    const i6 = 256 + ((y >>> 16) & 255);
    const i7 = y >>> 24;
    a = at8(low, i0) ^ at8(low, i1) ^ at8(low, i2) ^ at8(low, i3) ^ at8(low, i4) ^ at8(low, i5) ^ at8(low, i6) ^ at8(low, i7);
    b = at8(high, i0) ^ at8(high, i1) ^ at8(high, i2) ^ at8(high, i3) ^ at8(high, i4) ^ at8(high, i5) ^ at8(high, i6) ^ at8(high, i7);
  }
  for (let at = whole; at < bytes.byteLength; at++) {
    const index = (a ^ view.getUint8(at)) & 255;
    a = ((a >>> 8) | (b << 24)) ^ at8(low, index);
    b = (b >>> 8) ^ at8(high, index);
  }
  state[0] = a;
  state[1] = b;
};

const at8 = (table: Uint32Array, index: number): number => table[index] ?? 0;

/** CRC of `left` followed by `right`, from their CRCs and the length of the right one alone (the idea of zlib's `crc32_combine`). */
export const joinCrc = (shape: CrcShape, left: bigint, right: { readonly crc: bigint; readonly bytes: number }): bigint => {
  let shifted = left;
  for (let power = 0, bytes = BigInt(right.bytes); bytes > 0n; power++, bytes >>= 1n) {
    if (bytes & 1n) shifted = apply(appendedZeros(shape, power), shifted);
  }
  return shifted ^ right.crc;
};

/** A matrix over GF(2): row i is what bit i of a CRC turns into. */
type Operator = readonly bigint[];

const OPERATORS = new Map<CrcShape, Operator[]>();

/** What 2^power zero bytes do to a CRC. Kept, because ten thousand parts would each pay for the squaring again. */
const appendedZeros = (shape: CrcShape, power: number): Operator => {
  const known = OPERATORS.get(shape) ?? [];
  OPERATORS.set(shape, known);
  for (let next = known.length; next <= power; next++) known.push(square(known[next - 1] ?? fourZeroBits(shape)));
  return known[power] ?? [];
};

const fourZeroBits = (shape: CrcShape): Operator => {
  const oneZeroBit = Array.from({ length: Number(shape.bits) }, (_, row) => (row === 0 ? shape.polynomial : 1n << BigInt(row - 1)));
  return square(square(oneZeroBit));
};

const apply = (operator: Operator, vector: bigint): bigint => {
  let sum = 0n;
  let rest = vector;
  for (let row = 0; rest > 0n; row++, rest >>= 1n) if (rest & 1n) sum ^= operator[row] ?? 0n;
  return sum;
};

const square = (operator: Operator): bigint[] => operator.map((row) => apply(operator, row));
