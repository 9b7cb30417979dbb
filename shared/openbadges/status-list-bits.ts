/**
 * The bits of a status list, as a verifier reads them out of any issuer's list.
 * @see https://www.w3.org/TR/vc-bitstring-status-list/#bitstring-expansion-algorithm
 */
import { base64urlDecode } from './multibase.ts';
import { fromBase64url, inflate } from './primitives.ts';

/** The smallest list that the specification allows, in entries: a badge hides in a crowd of this size. */
export const STATUS_ENTRIES_MIN = 131_072;

/** A list may have up to 2^23 bits; inflating stops here, whatever a bomb promises. */
export const STATUS_LIST_BYTES_MAX = 1024 * 1024;

/** A list of random bits does not compress, so its text may be this long and no longer. */
const ENCODED_CHARS_MAX = 1_500_000;

export type DecodedList = { readonly bytes: Uint8Array } | { readonly code: 'malformed' | 'too-large' | 'too-short' };

export interface ListForm {
  /** Bits of an entry; one, unless the list says otherwise. */
  readonly entryBits?: number | undefined;
  /** StatusList2021 wrote plain base64url, with padding or without, where its successor writes multibase. */
  readonly isPlain?: boolean | undefined;
}

/** Reads any issuer's `encodedList`, in bounded memory. */
export const decodeList = async (encoded: string, { entryBits = 1, isPlain = false }: ListForm = {}): Promise<DecodedList> => {
  if (encoded.length > ENCODED_CHARS_MAX) return { code: 'too-large' };
  const compressed = isPlain ? fromBase64url(encoded.replace(/=+$/, '')) : base64urlDecode(encoded);
  if (compressed === undefined) return { code: 'malformed' };
  const bytes = await inflate(compressed, STATUS_LIST_BYTES_MAX);
  if (!(bytes instanceof Uint8Array)) return { code: bytes };
  return (bytes.length * 8) / entryBits < STATUS_ENTRIES_MIN ? { code: 'too-short' } : { bytes };
};

/** The entry's value; index 0 begins with the most significant bit of the first byte. Undefined for an index outside the list. */
export const entryAt = (bytes: Uint8Array, index: number, entryBits = 1): number | undefined => {
  const start = index * entryBits;
  if (!Number.isSafeInteger(start) || start < 0 || start + entryBits > bytes.length * 8) return undefined;
  let value = 0;
  for (let place = start; place < start + entryBits; place += 1) {
    const byte = bytes[Math.floor(place / 8)] ?? 0;
    value = value * 2 + ((byte >> (7 - (place % 8))) & 1);
  }
  return value;
};

/** Whether the one bit of an entry is raised. Undefined for an index outside the list. */
export const bitAt = (bytes: Uint8Array, index: number): boolean | undefined => {
  const value = entryAt(bytes, index);
  return value === undefined ? undefined : value === 1;
};
