/**
 * Places in a status list that look random and are never given twice: a keyed permutation of a counter. With places
 * in issue order, anyone could tell from two badges which came first and how many lie between.
 * @see https://www.w3.org/TR/vc-bitstring-status-list/#privacy-considerations
 */
import { hash } from 'node:crypto';
import { STATUS_LIST_BITS } from './bitstring-status-list.ts';

/** Below this a key could be tried out from a handful of known places. */
export const STATUS_KEY_BYTES_MIN = 16;

/** Of a Feistel network with a hash as round function; four are the theory's minimum, more cost microseconds. */
const ROUNDS = 8;

/**
 * The place of the `counter`-th badge: over all counters from 0 to size − 1 each index occurs exactly once, the last one too.
 * @throws RangeError if the counter is not in the list (it is full), or for a short key or a size over 2^32
 */
export const statusIndex = (counter: number, key: Uint8Array, size: number = STATUS_LIST_BITS): number => {
  if (key.length < STATUS_KEY_BYTES_MIN) throw new RangeError('a key has 16 bytes or more');
  if (!Number.isInteger(size) || size < 2 || size > 2 ** 32) throw new RangeError('a list has between 2 and 2^32 places');
  if (!Number.isInteger(counter) || counter < 0 || counter >= size) throw new RangeError(`no place ${counter} in a list of ${size}`);
  const halfBits = Math.ceil(Math.log2(size) / 2);
  // Cycle walking: the network permutes 2^(2·halfBits) numbers; one outside the list is sent round again until it falls inside.
  let index = feistel(counter, key, halfBits);
  while (index >= size) index = feistel(index, key, halfBits);
  return index;
};

const feistel = (value: number, key: Uint8Array, halfBits: number): number => {
  const half = 2 ** halfBits;
  let left = Math.floor(value / half);
  let right = value % half;
  for (let round = 0; round < ROUNDS; round += 1) {
    const mixed = (left + scramble(key, round, right)) % half;
    left = right;
    right = mixed;
  }
  return left * half + right;
};

const scramble = (key: Uint8Array, round: number, value: number): number => {
  const block = Buffer.alloc(key.length + 5);
  block.set(key);
  block.writeUInt8(round, key.length);
  block.writeUInt32BE(value, key.length + 1);
  return hash('sha256', block, 'buffer').readUInt32BE(0);
};
