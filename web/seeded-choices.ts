/** Choices that follow from a text: the same text always leads to the same ones. For looks, never for secrets. */

/** FNV-1a, 32 bits. @see https://datatracker.ietf.org/doc/html/draft-eastlake-fnv */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** A source of whole numbers from 0 to below what is asked, one after the other. */
export const choicesFrom = (text: string): ((count: number) => number) => {
  let state = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(text)) state = Math.imul(state ^ byte, FNV_PRIME) >>> 0;
  return (count) => {
    // Mulberry32: neighbouring states give unlike numbers.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
  };
};
