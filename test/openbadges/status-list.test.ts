import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitstring, encodeList, STATUS_LIST_BITS, statusEntry, statusListCredential } from '#openbadges/bitstring-status-list.ts';
import { base64urlEncode } from '#openbadges/multibase.ts';
import { statusIndex } from '#openbadges/status-index.ts';
import { bitAt, decodeList, entryAt, STATUS_LIST_BYTES_MAX } from '#openbadges/status-list-bits.ts';
import { DID, ISSUED_AT, LIST_URL } from './a-badge.ts';

describe('a status list', () => {
  it('counts from the most significant bit of the first byte', () => {
    const bytes = bitstring([0, 9, STATUS_LIST_BITS - 1]);
    expect([bytes[0], bytes[1], bytes.at(-1)]).toEqual([0x80, 0x40, 0x01]);
    expect([0, 1, 9, STATUS_LIST_BITS - 1].map((index) => bitAt(bytes, index))).toEqual([true, false, true, true]);
  });

  it('has no bit outside itself', () => {
    const bytes = bitstring([]);
    expect([-1, 0.5, STATUS_LIST_BITS, Number.NaN].map((index) => bitAt(bytes, index))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    for (const index of [-1, 0.5, STATUS_LIST_BITS]) expect(() => bitstring([index])).toThrow(RangeError);
  });

  it('comes back as it was encoded, whichever bits are raised', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: STATUS_LIST_BITS - 1 }), { maxLength: 50 }), async (raised) => {
        const decoded = await decodeList(encodeList(bitstring(raised)));
        expect('bytes' in decoded && raised.every((index) => bitAt(decoded.bytes, index))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('may be as long as another issuer likes, within bounds', async () => {
    expect(await decodeList(encodeList(new Uint8Array(STATUS_LIST_BYTES_MAX)))).toMatchObject({ bytes: expect.any(Uint8Array) });
  });

  it('may have entries of several bits, and then must be as much longer', async () => {
    const bytes = new Uint8Array(STATUS_LIST_BITS / 4);
    bytes[1] = 0b0110_0000;
    expect([3, 4, 5, 6].map((index) => entryAt(bytes, index, 2))).toEqual([0, 1, 2, 0]);
    expect([STATUS_LIST_BITS - 1, STATUS_LIST_BITS].map((index) => entryAt(bytes, index, 2))).toEqual([0, undefined]);
    expect(await decodeList(encodeList(bytes), { entryBits: 2 })).toMatchObject({ bytes });
    expect(await decodeList(encodeList(bytes), { entryBits: 3 })).toEqual({ code: 'too-short' });
  });

  it('of the older kind has no letter for its base', async () => {
    const plain = encodeList(bitstring([7])).slice(1);
    expect(await decodeList(plain, { isPlain: true })).toMatchObject({ bytes: expect.any(Uint8Array) });
    expect(await decodeList(`${plain}==`, { isPlain: true })).toMatchObject({ bytes: expect.any(Uint8Array) });
    expect(await decodeList(plain)).toEqual({ code: 'malformed' });
  });

  it.each([
    ['a bomb', base64urlEncode(gzipSync(Buffer.alloc(64 * STATUS_LIST_BYTES_MAX))), 'too-large'],
    ['a text of any length', `u${'A'.repeat(2_000_000)}`, 'too-large'],
    ['a list in which one could be singled out', encodeList(new Uint8Array(STATUS_LIST_BITS / 8 - 1)), 'too-short'],
    ['what is no gzip', base64urlEncode(Buffer.from('plain')), 'malformed'],
    ['another base', encodeList(bitstring([])).replace('u', 'z'), 'malformed'],
    ['nothing', '', 'malformed'],
  ])('is not read from %s', async (_, encoded, code) => {
    expect(await decodeList(encoded)).toEqual({ code });
  });

  it('is a credential of its issuer', () => {
    const list = statusListCredential({
      id: LIST_URL,
      issuer: DID,
      purpose: 'suspension',
      bytes: bitstring([]),
      validFrom: ISSUED_AT,
      ttlMs: 60_000,
    });
    expect(list).toMatchObject({
      id: LIST_URL,
      issuer: DID,
      credentialSubject: { id: `${LIST_URL}#list`, statusPurpose: 'suspension', ttl: 60_000 },
    });
    expect(list).not.toHaveProperty('validUntil');
  });

  it('is pointed to by one entry, whose id is not the list’s', () => {
    expect(statusEntry({ list: LIST_URL, index: 5, purpose: 'revocation' })).toEqual({
      id: `${LIST_URL}#5`,
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: '5',
      statusListCredential: LIST_URL,
    });
  });
});

describe('the place of a badge in its list', () => {
  const key = Buffer.alloc(32, 3);

  it('is given once: every place, the last one too, to exactly one badge', () => {
    const places = new Set(Array.from({ length: STATUS_LIST_BITS }, (_, counter) => statusIndex(counter, key)));
    expect(places.size).toBe(STATUS_LIST_BITS);
    expect([Math.min(...[...places].slice(0, 1000)) >= 0, places.has(0), places.has(STATUS_LIST_BITS - 1)]).toEqual([true, true, true]);
  });

  it('is given once in a list of any size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 700 }), fc.uint8Array({ minLength: 16, maxLength: 32 }), (size, anyKey) => {
        const places = Array.from({ length: size }, (_, counter) => statusIndex(counter, anyKey, size));
        expect(places.toSorted((a, b) => a - b)).toEqual([...Array(size).keys()]);
      }),
      { numRuns: 30 },
    );
  });

  it('tells nothing of the order of issuing', () => {
    const places = Array.from({ length: 2000 }, (_, counter) => statusIndex(counter, key));
    const rises = places.filter((place, counter) => counter > 0 && place > (places[counter - 1] ?? 0)).length;
    // Of 1,999 steps of a random order half rise, give or take: five standard deviations are 65.
    expect(Math.abs(rises - 1000)).toBeLessThan(65);
    expect(new Set(places.slice(1).map((place, counter) => place - (places[counter] ?? 0))).size).toBeGreaterThan(1900);
  });

  it('is another under another key, and the same under the same', () => {
    expect(statusIndex(1, key)).toBe(statusIndex(1, Buffer.alloc(32, 3)));
    const other = Array.from({ length: 100 }, (_, counter) => statusIndex(counter, Buffer.alloc(32, 4)) === statusIndex(counter, key));
    expect(other.filter(Boolean).length).toBeLessThan(3);
  });

  it.each([
    ['a full list', STATUS_LIST_BITS, key, STATUS_LIST_BITS],
    ['a counter below nothing', -1, key, STATUS_LIST_BITS],
    ['half a counter', 0.5, key, STATUS_LIST_BITS],
    ['a short key', 0, Buffer.alloc(15), STATUS_LIST_BITS],
    ['a list of one', 0, key, 1],
    ['a list beyond reckoning', 0, key, 2 ** 32 + 1],
  ])('is not given for %s', (...[, counter, anyKey, size]) => {
    expect(() => statusIndex(counter, anyKey, size)).toThrow(RangeError);
  });
});
