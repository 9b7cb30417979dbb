import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterPrefix, compareScalars, encodeScalar } from '../../../local/aws/dynamodb/key-order.ts';

/** A decimal of up to 38 digits, in plain writing and as an exact fraction of 10^45. */
const decimal = fc
  .record({ negative: fc.boolean(), digits: fc.stringMatching(/^[0-9]{1,38}$/), shift: fc.integer({ min: -45, max: 45 }) })
  .map(({ negative, digits, shift }) => {
    const padded = shift < 0 ? digits.padStart(-shift + 1, '0') : digits + '0'.repeat(shift);
    const text = shift < 0 ? `${padded.slice(0, shift)}.${padded.slice(shift)}` : padded;
    const sign = negative ? '-' : '';
    return { text: `${sign}${text}`, exact: BigInt(`${sign}${digits}`) * 10n ** BigInt(45 + shift) };
  });

const sign = (value: number | bigint | undefined) => (value === undefined ? undefined : Number(value > 0) - Number(value < 0));

describe('the bytes of a key', () => {
  it('sort numbers by value', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        expect(sign(compareScalars({ N: a.text }, { N: b.text }))).toBe(sign(a.exact - b.exact));
      }),
      { numRuns: 2000 },
    );
  });
  it('sort numbers next to each other', () => {
    const rising = [
      '-100',
      '-99.5',
      '-10',
      '-9',
      '-1.25',
      '-1.2',
      '-1',
      '-0.5',
      '-0.05',
      '0',
      '0.05',
      '0.5',
      '1',
      '1.2',
      '1.25',
      '9',
      '10',
      '99.5',
      '100',
    ];
    const shuffled = rising.toReversed().toSorted((a, b) => Buffer.compare(encodeScalar({ N: a }), encodeScalar({ N: b })));
    expect(shuffled).toEqual(rising);
  });
  it('sort strings by their UTF-8 bytes, not by UTF-16 units', () => {
    // U+FFFD is one UTF-16 unit above the first unit of an emoji, but its bytes are below.
    expect('\u{1F393}' < '\uFFFD').toBe(true);
    expect(sign(compareScalars({ S: '\u{1F393}' }, { S: '\uFFFD' }))).toBe(1);
  });
  it('have no order between types', () => {
    expect(compareScalars({ S: '1' }, { N: '1' })).toBeUndefined();
  });
  it('end a prefix where the next one begins', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 4 }), fc.uint8Array({ maxLength: 6 }), (prefix, other) => {
        const [start, bytes] = [Buffer.from(prefix), Buffer.from(other)];
        const end = afterPrefix(start);
        const inside = Buffer.compare(bytes, start) >= 0 && (end === undefined || Buffer.compare(bytes, end) < 0);
        expect(inside).toBe(bytes.subarray(0, start.length).equals(start));
      }),
      { numRuns: 2000 },
    );
  });
});
