/**
 * What the headers of a request say about its body: length, framing, digests. Headers alone: S3 ignores a checksum in
 * the query, and so must a stand-in, or a presigned URL would look safe here and be open in the cloud.
 */
import { AwsError } from '../service.ts';
import { CHECKSUM_ALGORITHMS, type ChecksumAlgorithm, checksumHeader, digestFrom, isChecksumAlgorithm } from './checksum.ts';
import { invalidArgument, invalidRequest, notImplemented } from './error-response.ts';

export type Headers = Readonly<Record<string, string>>;

export interface Claims {
  readonly framing: 'plain' | 'aws-chunked';
  /** Of the payload, not of its framing. */
  readonly bytes: number | undefined;
  /** Lower-case hex. */
  readonly sha256: string | undefined;
  readonly md5: Buffer | undefined;
  readonly checksum: ChecksumClaim | undefined;
}

/** Without a digest, the trailer brings it. */
export interface ChecksumClaim {
  readonly algorithm: ChecksumAlgorithm;
  readonly digest: Buffer | undefined;
}

// The signatures of chunks are not verified; every other promise of these framings is.
const CHUNKED = new Set([
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
]);

/** @throws AwsError InvalidRequest, InvalidDigest, InvalidArgument or NotImplemented */
export const claimsOf = (headers: Headers): Claims => {
  const framing = framingOf(headers);
  return { ...framing, ...lengthOf(headers, framing.framing), md5: md5Of(headers), checksum: checksumClaimOf(headers) };
};

/** For a body that is not the object, whose checksum headers speak of something else (CompleteMultipartUpload). */
export const claimsWithoutChecksum = (headers: Headers): Claims => {
  const framing = framingOf(headers);
  return { ...framing, ...lengthOf(headers, framing.framing), md5: md5Of(headers), checksum: undefined };
};

/** The checksum that a header, or the trailer that a header announces, gives; undefined where there is none. */
export const checksumClaimOf = (headers: Headers): ChecksumClaim | undefined => {
  const claims = [...headerClaims(headers), ...trailerClaims(headers)];
  const [claim] = claims;
  if (claims.length > 1) {
    throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  }
  const announced = headers['x-amz-sdk-checksum-algorithm'];
  if (announced === undefined) return claim;
  if (claim === undefined) {
    throw invalidRequest(
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  }
  if (announced.toUpperCase() !== claim.algorithm) throw invalidRequest('Value for x-amz-sdk-checksum-algorithm header is invalid.');
  return claim;
};

/** Headers of the same family that carry no checksum. */
const NO_CHECKSUM = new Set(['x-amz-checksum-mode', 'x-amz-checksum-algorithm', 'x-amz-checksum-type']);

const headerClaims = (headers: Headers): readonly ChecksumClaim[] =>
  Object.keys(headers)
    .filter((name) => name.startsWith('x-amz-checksum-') && !NO_CHECKSUM.has(name))
    .map((name) => {
      const algorithm = algorithmOf(name);
      const digest = digestFrom(algorithm, headers[name] ?? '');
      if (digest === undefined) throw invalidRequest(`Value for ${name} header is invalid.`);
      return { algorithm, digest };
    });

const trailerClaims = (headers: Headers): readonly ChecksumClaim[] => {
  const announced = headers['x-amz-trailer'];
  if (announced === undefined || !headers['x-amz-content-sha256']?.endsWith('-TRAILER')) return [];
  return announced.split(',').map((name) => ({ algorithm: algorithmOf(name.trim().toLowerCase()), digest: undefined }));
};

const algorithmOf = (header: string): ChecksumAlgorithm => {
  const known = CHECKSUM_ALGORITHMS.find((algorithm) => checksumHeader(algorithm) === header);
  if (known !== undefined) return known;
  if (header.startsWith('x-amz-checksum-')) throw notImplemented(header);
  throw invalidRequest('The value specified in the x-amz-trailer header is not supported');
};

const framingOf = (headers: Headers): Pick<Claims, 'framing' | 'sha256'> => {
  const stated = headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD';
  if (CHUNKED.has(stated)) return { framing: 'aws-chunked', sha256: undefined };
  if (stated === 'UNSIGNED-PAYLOAD') return { framing: 'plain', sha256: undefined };
  if (/^[0-9a-f]{64}$/i.test(stated)) return { framing: 'plain', sha256: stated.toLowerCase() };
  throw invalidArgument(
    'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
    'x-amz-content-sha256',
    stated,
  );
};

const lengthOf = (headers: Headers, framing: Claims['framing']): Pick<Claims, 'bytes'> => {
  const stated = headers[framing === 'plain' ? 'content-length' : 'x-amz-decoded-content-length'];
  return { bytes: stated !== undefined && /^\d{1,15}$/.test(stated) ? Number(stated) : undefined };
};

const md5Of = (headers: Headers): Buffer | undefined => {
  const stated = headers['content-md5'];
  if (stated === undefined) return undefined;
  const digest = Buffer.from(stated, 'base64');
  if (digest.byteLength !== 16 || digest.toString('base64') !== stated) {
    throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.', { extra: { 'Content-MD5': stated } });
  }
  return digest;
};

/** The algorithm that a request names without giving a digest. @throws AwsError InvalidRequest */
export const namedAlgorithm = (headers: Headers): ChecksumAlgorithm | undefined => {
  const named = headers['x-amz-checksum-algorithm']?.toUpperCase();
  if (named === undefined || isChecksumAlgorithm(named)) return named;
  const valid = CHECKSUM_ALGORITHMS.join(', ');
  throw invalidRequest(`Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${valid}]`);
};
