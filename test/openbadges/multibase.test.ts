import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BASE58_CHARS_MAX,
  base58btcDecode,
  base58btcEncode,
  base64urlDecode,
  base64urlEncode,
  digestMultibase,
} from '#openbadges/multibase.ts';

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));

describe('multibase', () => {
  it('writes the examples of the base58 and CID specifications', () => {
    expect(base58btcEncode(bytesOf('Hello World!'))).toBe('z2NEpo7TZRRrLZSi2U');
    expect(base58btcEncode(bytesOf('The quick brown fox jumps over the lazy dog.'))).toBe(
      'zUSm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z',
    );
    expect(base58btcEncode(Buffer.from('0000287fb4cd', 'hex'))).toBe('z11233QC4');
    expect(base64urlEncode(bytesOf('Hello World!'))).toBe('uSGVsbG8gV29ybGQh');
  });

  it('gives back every value, leading zeros and all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 96 }), fc.nat({ max: 4 }), (bytes, zeros) => {
        const value = new Uint8Array([...new Uint8Array(zeros), ...bytes]);
        expect(base58btcDecode(base58btcEncode(value))).toEqual(value);
        expect(base64urlDecode(base64urlEncode(value))).toEqual(value);
      }),
    );
  });

  it('reads one text per value and no other', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[zu][0-9A-Za-z_-]{0,12}$/), (text) => {
        const read = text.startsWith('z') ? base58btcDecode(text) : base64urlDecode(text);
        fc.pre(read !== undefined);
        expect(text.startsWith('z') ? base58btcEncode(read as Uint8Array) : base64urlEncode(read as Uint8Array)).toBe(text);
      }),
    );
  });

  it.each(['', '2NEpo7', 'u2NEpo7', 'z0', 'zO', 'zI', 'zl', 'z 1', 'z1 ', 'z1\n', 'zé', `z${'2'.repeat(BASE58_CHARS_MAX)}`])(
    'refuses %j as base58',
    (text) => {
      expect(base58btcDecode(text)).toBeUndefined();
    },
  );

  it.each(['', 'zSGVs', 'uSGVsbG8=', 'uSGV+', 'uSGV/', 'uA', 'uSGVs\n'])('refuses %j as base64url', (text) => {
    expect(base64urlDecode(text)).toBeUndefined();
  });

  it('names a digest with its algorithm', () => {
    const digest = digestMultibase('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(Buffer.from(base64urlDecode(digest) ?? []).toString('hex')).toBe(
      '1220e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    expect(() => digestMultibase('E3B0')).toThrow(RangeError);
  });
});
