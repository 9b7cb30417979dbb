/** The checksums that S3 keeps beside an object: their names, how they are computed and how those of parts become that of the whole. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { CRC32, CRC32C, CRC64NVME, type CrcShape, crcOf, joinCrc } from './crc.ts';

export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';
export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE';

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly type: ChecksumType;
  /** Base64; a composite one ends in `-` and the number of parts. */
  readonly value: string;
}

/** What S3 computes when the client asks for nothing. */
export const DEFAULT_ALGORITHM: ChecksumAlgorithm = 'CRC64NVME';

export interface Hasher {
  update(bytes: Uint8Array): void;
  digest(): Buffer;
}

const ALGORITHMS: Readonly<Record<ChecksumAlgorithm, { readonly bytes: number; readonly crc?: CrcShape; readonly hasher: () => Hasher }>> =
  {
    CRC32: { bytes: 4, crc: CRC32, hasher: () => zlibCrc() },
    CRC32C: { bytes: 4, crc: CRC32C, hasher: () => ownCrc(CRC32C, 4) },
    CRC64NVME: { bytes: 8, crc: CRC64NVME, hasher: () => ownCrc(CRC64NVME, 8) },
    SHA1: { bytes: 20, hasher: () => createHash('sha1') },
    SHA256: { bytes: 32, hasher: () => createHash('sha256') },
  };

export const CHECKSUM_ALGORITHMS = Object.keys(ALGORITHMS).filter((name): name is ChecksumAlgorithm => name in ALGORITHMS);

export const isChecksumAlgorithm = (name: string): name is ChecksumAlgorithm => Object.hasOwn(ALGORITHMS, name);

export const hasherOf = (algorithm: ChecksumAlgorithm): Hasher => ALGORITHMS[algorithm].hasher();

export const checksumHeader = (algorithm: ChecksumAlgorithm): string => `x-amz-checksum-${algorithm.toLowerCase()}`;

/** The digest behind its base64, or undefined where the text is no digest of this algorithm. */
export const digestFrom = (algorithm: ChecksumAlgorithm, base64: string): Buffer | undefined => {
  const digest = Buffer.from(base64, 'base64');
  return digest.byteLength === ALGORITHMS[algorithm].bytes && digest.toString('base64') === base64 ? digest : undefined;
};

/** Whether parts of this algorithm can be joined into the checksum of the whole: a CRC is linear, a hash is not. */
export const joinsToFullObject = (algorithm: ChecksumAlgorithm): boolean => ALGORITHMS[algorithm].crc !== undefined;

export interface PartDigest {
  readonly digest: Buffer;
  readonly bytes: number;
}

export const compositeOf = (algorithm: ChecksumAlgorithm, parts: readonly PartDigest[]): Checksum => {
  const hasher = hasherOf(algorithm);
  for (const part of parts) hasher.update(part.digest);
  return { algorithm, type: 'COMPOSITE', value: `${hasher.digest().toString('base64')}-${parts.length}` };
};

export const fullObjectOf = (algorithm: ChecksumAlgorithm, parts: readonly PartDigest[]): Checksum => {
  const { crc: shape, bytes } = ALGORITHMS[algorithm];
  if (shape === undefined) throw new TypeError(`${algorithm} of parts cannot be joined`);
  const crc = parts.reduce((left, part) => joinCrc(shape, left, { crc: numberOf(part.digest), bytes: part.bytes }), 0n);
  return { algorithm, type: 'FULL_OBJECT', value: bigEndian(crc, bytes).toString('base64') };
};

const numberOf = (digest: Buffer): bigint => BigInt(`0x${digest.toString('hex')}`);

const bigEndian = (value: bigint, bytes: number): Buffer => Buffer.from(value.toString(16).padStart(bytes * 2, '0'), 'hex');

const zlibCrc = (): Hasher => {
  let crc = 0;
  return {
    update: (bytes) => {
      crc = crc32(bytes, crc);
    },
    digest: () => bigEndian(BigInt(crc), 4),
  };
};

const ownCrc = (shape: CrcShape, bytes: number): Hasher => {
  const crc = crcOf(shape);
  return { update: crc.update, digest: () => bigEndian(crc.value(), bytes) };
};
