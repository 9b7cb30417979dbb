/** Reads the body of a request piece by piece and holds it against everything that its headers promised. */
import { createHash } from 'node:crypto';
import { AwsError, type WireRequest } from '../service.ts';
import { type ChunkDecoder, chunkDecoder, incompleteBody, malformedTrailer } from './aws-chunked.ts';
import { type ChecksumAlgorithm, checksumHeader, digestFrom, hasherOf } from './checksum.ts';
import type { Claims } from './claims.ts';
import { invalidRequest } from './error-response.ts';
import { malformedXml } from './xml.ts';

/** Amazon S3 User Guide, "Multipart upload limits": a single PUT and a part. */
export const PUT_BYTES_MAX = 5 * 1024 ** 3;

export interface Digests {
  readonly bytes: number;
  readonly md5: Buffer;
  readonly of: (algorithm: ChecksumAlgorithm) => Buffer;
}

export interface Reading {
  readonly claims: Claims;
  readonly bytesMax: number;
  /** Computed besides what the claims need. */
  readonly algorithms: readonly ChecksumAlgorithm[];
  readonly write: (bytes: Buffer) => Promise<void>;
}

type Arriving = Pick<WireRequest, 'body'>;

/** @throws AwsError EntityTooLarge, IncompleteBody, BadDigest, XAmzContentSHA256Mismatch and those of aws-chunked */
export const receive = async (request: Arriving, reading: Reading): Promise<Digests> => {
  const { claims, algorithms, write } = reading;
  holdBytes(claims.bytes ?? 0, reading);
  const digester = digesterOf([...new Set([...algorithms, ...claimedAlgorithms(claims)])]);
  const decoder = claims.framing === 'aws-chunked' ? chunkDecoder() : PLAIN;
  for await (const bytes of payloadOf(request, decoder)) {
    holdBytes(digester.update(bytes), reading);
    await write(bytes);
  }
  const trailers = decoder.end();
  const digests = digester.end();
  if (digests.bytes !== (claims.bytes ?? digests.bytes)) throw incompleteBody();
  verifySha256(claims.sha256, digests);
  verifyMd5(claims.md5, digests.md5);
  verifyChecksum(claims, trailers, digests);
  return digests;
};

/** Before and while the bytes arrive, so that too many are never written. */
const holdBytes = (bytes: number, { claims, bytesMax }: Reading): void => {
  if (bytes > bytesMax) throw tooLarge(bytes, bytesMax);
  if (bytes > (claims.bytes ?? bytes)) throw incompleteBody();
};

async function* payloadOf(request: Arriving, decoder: ChunkDecoder): AsyncGenerator<Buffer> {
  for await (const arrived of arriving(request)) yield* decoder.push(arrived);
}

const claimedAlgorithms = ({ checksum, sha256 }: Claims): readonly ChecksumAlgorithm[] => [
  ...(checksum === undefined ? [] : [checksum.algorithm]),
  ...(sha256 === undefined ? [] : (['SHA256'] as const)),
];

const PLAIN: ChunkDecoder = { push: (bytes) => [bytes], end: () => new Map() };

/** Bodies that are XML; S3 takes a thousand keys or ten thousand parts, which fit. */
const XML_BYTES_MAX = 8 * 1024 ** 2;

export const receiveXml = async (request: Arriving, claims: Claims): Promise<string> => {
  const chunks: Buffer[] = [];
  await receive(request, { claims, bytesMax: XML_BYTES_MAX, algorithms: [], write: async (bytes) => void chunks.push(bytes) });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw malformedXml();
  }
};

export interface Digester {
  /** Returns how many bytes there were so far. */
  update(bytes: Buffer): number;
  end(): Digests;
}

export const digesterOf = (algorithms: readonly ChecksumAlgorithm[]): Digester => {
  const md5 = createHash('md5');
  const hashers = new Map(algorithms.map((algorithm) => [algorithm, hasherOf(algorithm)]));
  let total = 0;
  return {
    update: (bytes) => {
      md5.update(bytes);
      for (const hasher of hashers.values()) hasher.update(bytes);
      total += bytes.byteLength;
      return total;
    },
    end: () => {
      const digests = new Map([...hashers].map(([algorithm, hasher]) => [algorithm, hasher.digest()]));
      return { bytes: total, md5: md5.digest(), of: (algorithm) => digests.get(algorithm) ?? missing(algorithm) };
    },
  };
};

const missing = (algorithm: ChecksumAlgorithm): never => {
  throw new TypeError(`${algorithm} was not computed`);
};

/** Left undestroyed on an early end, so that the answer still reaches a client that is sending. */
async function* arriving({ body }: Arriving): AsyncGenerator<Buffer> {
  const iterator: AsyncIterable<unknown> = body.iterator({ destroyOnReturn: false });
  try {
    for await (const bytes of iterator) yield Buffer.isBuffer(bytes) ? bytes : Buffer.from(String(bytes));
  } catch (error) {
    if (error instanceof AwsError) throw error;
    // The client hung up: nobody will read the answer, but the half object must go.
    throw incompleteBody();
  }
}

const tooLarge = (proposed: number, bytesMax: number): AwsError =>
  new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
    extra: { ProposedSize: proposed, MaxSizeAllowed: bytesMax },
  });

const verifySha256 = (claimed: string | undefined, digests: Digests): void => {
  if (claimed === undefined) return;
  const computed = digests.of('SHA256').toString('hex');
  if (claimed === computed) return;
  throw new AwsError('XAmzContentSHA256Mismatch', "The provided 'x-amz-content-sha256' header does not match what was computed.", {
    extra: { ClientComputedContentSHA256: claimed, S3ComputedContentSHA256: computed },
  });
};

const verifyMd5 = (claimed: Buffer | undefined, computed: Buffer): void => {
  if (claimed === undefined || claimed.equals(computed)) return;
  throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.', {
    extra: { ExpectedDigest: claimed.toString('base64'), CalculatedDigest: computed.toString('base64') },
  });
};

const verifyChecksum = ({ checksum }: Claims, trailers: ReadonlyMap<string, string>, digests: Digests): void => {
  const announced = checksum !== undefined && checksum.digest === undefined ? checksumHeader(checksum.algorithm) : undefined;
  const unannounced = [...trailers.keys()].filter((name) => name.startsWith('x-amz-checksum-') && name !== announced);
  if (unannounced.length > 0) throw malformedTrailer();
  if (checksum === undefined) return;
  const claimed = checksum.digest ?? trailingDigest(checksum.algorithm, trailers);
  if (!claimed.equals(digests.of(checksum.algorithm))) throw badChecksum(checksum.algorithm);
};

const trailingDigest = (algorithm: ChecksumAlgorithm, trailers: ReadonlyMap<string, string>): Buffer => {
  const stated = trailers.get(checksumHeader(algorithm));
  if (stated === undefined) throw malformedTrailer();
  const digest = digestFrom(algorithm, stated);
  if (digest === undefined) throw invalidRequest(`Value for ${checksumHeader(algorithm)} trailing header is invalid.`);
  return digest;
};

export const badChecksum = (algorithm: ChecksumAlgorithm): AwsError =>
  new AwsError('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
