/**
 * Multibase texts in the two bases that Data Integrity uses. Decoding is strict: one text per value, so that no
 * second spelling of a signature or key is ever accepted.
 * @see https://www.w3.org/TR/cid-1.0/#multibase-0
 */
import { concat, fromBase64url, fromHex, toBase64url, toHex } from './primitives.ts';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Decoding base58 costs quadratic time; nothing that is base58 here (keys, signatures) is longer than 140 characters. */
export const BASE58_CHARS_MAX = 256;

/** `z…`: base58-btc, for keys and proof values. */
export const base58btcEncode = (bytes: Uint8Array): string => {
  const zeros = bytes.findIndex((byte) => byte !== 0);
  const leading = zeros === -1 ? bytes.length : zeros;
  let value = bytes.length === leading ? 0n : BigInt(`0x${toHex(bytes)}`);
  let digits = '';
  while (value > 0n) {
    digits = BASE58.charAt(Number(value % 58n)) + digits;
    value /= 58n;
  }
  return `z${'1'.repeat(leading)}${digits}`;
};

/** @returns undefined for anything but `z` and base58-btc digits, at most {@link BASE58_CHARS_MAX} of them. */
export const base58btcDecode = (text: string): Uint8Array | undefined => {
  const match = /^z(1*)([2-9A-HJ-NP-Za-km-z][1-9A-HJ-NP-Za-km-z]*)?$/.exec(text);
  if (match === null || text.length > BASE58_CHARS_MAX) return undefined;
  const [, ones = '', digits = ''] = match;
  const value = [...digits].reduce((sum, digit) => sum * 58n + BigInt(BASE58.indexOf(digit)), 0n);
  const hex = value === 0n ? '' : value.toString(16);
  return concat(new Uint8Array(ones.length), fromHex(hex.padStart(hex.length + (hex.length % 2), '0')));
};

/** `u…`: base64url without padding, for status lists and digests. */
export const base64urlEncode = (bytes: Uint8Array): string => `u${toBase64url(bytes)}`;

/** @returns undefined for another base, padding, a stray character or unused bits that are not zero. */
export const base64urlDecode = (text: string): Uint8Array | undefined => (text.startsWith('u') ? fromBase64url(text.slice(1)) : undefined);

/** Bytes of a text in either base; undefined for any other. */
export const multibaseDecode = (text: string): Uint8Array | undefined => base58btcDecode(text) ?? base64urlDecode(text);

/** Multihash code and length of SHA-256. @see https://www.w3.org/TR/cid-1.0/#multihash */
const SHA2_256 = new Uint8Array([0x12, 0x20]);

/** `digestMultibase` of bytes whose SHA-256 is known as 64 hexadecimal digits. @throws RangeError otherwise */
export const digestMultibase = (sha256Hex: string): string => {
  if (!/^[0-9a-f]{64}$/.test(sha256Hex)) throw new RangeError('a SHA-256 is 64 lower-case hexadecimal digits');
  return base64urlEncode(concat(SHA2_256, fromHex(sha256Hex)));
};
