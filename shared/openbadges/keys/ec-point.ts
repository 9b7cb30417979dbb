/**
 * Points of P-256 and P-384 in the compressed form that Multikeys use.
 * @see https://www.secg.org/sec1-v2.pdf §2.3
 */
import { fromHex, toHex } from '../primitives.ts';

interface Curve {
  /** Modulus of the field; both leave 3 when divided by 4, so that a square root is one power. */
  readonly p: bigint;
  /** y² = x³ − 3x + b. */
  readonly b: bigint;
  readonly bytes: number;
}

/** FIPS 186-4, D.1.2. */
const CURVES: Readonly<Record<'P-256' | 'P-384', Curve>> = {
  'P-256': {
    p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    bytes: 32,
  },
  'P-384': {
    p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    bytes: 48,
  },
};

export interface Point {
  readonly x: Uint8Array;
  readonly y: Uint8Array;
}

/** @returns undefined unless the bytes are a compressed point on the curve. */
export const decompress = (curve: keyof typeof CURVES, compressed: Uint8Array): Point | undefined => {
  const { p, b, bytes } = CURVES[curve];
  const [sign] = compressed;
  if (compressed.length !== bytes + 1 || (sign !== 2 && sign !== 3)) return undefined;
  const x = BigInt(`0x${toHex(compressed.subarray(1))}`);
  const square = ((((x * x - 3n) * x + b) % p) + p) % p;
  const root = power(square, (p + 1n) / 4n, p);
  if (x >= p || (root * root) % p !== square) return undefined;
  const y = Number(root & 1n) === (sign & 1) ? root : p - root;
  return { x: compressed.slice(1), y: fixed(y, bytes) };
};

/** Both coordinates are the curve's full length. */
export const compress = ({ x, y }: Point): Uint8Array => new Uint8Array([2 + ((y.at(-1) ?? 0) & 1), ...x]);

const fixed = (value: bigint, bytes: number): Uint8Array => fromHex(value.toString(16).padStart(bytes * 2, '0'));

const power = (base: bigint, exponent: bigint, modulus: bigint): bigint => {
  let [result, square, rest] = [1n, base % modulus, exponent];
  while (rest > 0n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
    rest >>= 1n;
  }
  return result;
};
