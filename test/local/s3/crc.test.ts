import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compositeOf, fullObjectOf, hasherOf } from '../../../local/aws/s3/checksum.ts';
import { CRC32, CRC32C, CRC64NVME, type CrcShape, crcOf } from '../../../local/aws/s3/crc.ts';

const crcValue = (shape: CrcShape, bytes: Uint8Array): bigint => {
  const crc = crcOf(shape);
  crc.update(bytes);
  return crc.value();
};

describe('our CRCs', () => {
  // The check values of the CRC catalogue: the CRC of the nine digits.
  it.each([
    ['CRC-32', CRC32, 0xcbf43926n],
    ['CRC-32C', CRC32C, 0xe3069283n],
    ['CRC-64/NVME', CRC64NVME, 0xae8b14860a799888n],
  ])('give the published check value of %s', (_, shape, check) => {
    expect(crcValue(shape, Buffer.from('123456789'))).toBe(check);
  });

  it('agree with zlib, at any length and however they are fed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, cut) => {
        const crc = crcOf(CRC32);
        crc.update(bytes.subarray(0, cut));
        crc.update(bytes.subarray(cut));
        expect(crc.value()).toBe(BigInt(crc32(bytes)));
      }),
    );
  });

  it.each(['CRC32', 'CRC32C', 'CRC64NVME'] as const)('of parts join to the %s of the whole', (algorithm) => {
    const parts = [0, 1, 7, 5_000_001, 64].map((length) => randomBytes(length));
    const digestOf = (bytes: Buffer) => {
      const hasher = hasherOf(algorithm);
      hasher.update(bytes);
      return hasher.digest();
    };
    const joined = fullObjectOf(
      algorithm,
      parts.map((bytes) => ({ digest: digestOf(bytes), bytes: bytes.byteLength })),
    );
    expect(joined.value).toBe(digestOf(Buffer.concat(parts)).toString('base64'));
  });

  it('are joined only where the algorithm allows it', () => {
    expect(() => fullObjectOf('SHA256', [])).toThrow(TypeError);
  });
});

describe('a composite checksum', () => {
  it('is the hash of the hashes, with the number of parts (values from a real S3)', () => {
    const parts = [
      'lcKa6Boe7a167tUCN5C4OaFygGSYD8MBnBARTrdL+1w=',
      'gHjhbUT4oo2tSCtSZJdlKi+jeNXJT+VImqdPXsXvkOc=',
      '4l9PQ3zOPZ0oGFvknFX+J4zZwE4WMzO+l3r8XrbWOeM=',
    ];
    const composite = compositeOf(
      'SHA256',
      parts.map((part) => ({ digest: Buffer.from(part, 'base64'), bytes: 1 })),
    );
    expect(composite).toEqual({ algorithm: 'SHA256', type: 'COMPOSITE', value: 'rVWtNbadtsaKXJAcgWPWjifHzJaXde/iV4jaJAOdivc=-3' });
  });
});
