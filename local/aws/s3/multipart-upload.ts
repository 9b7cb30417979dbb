/** The way of a multipart upload up to its end: created, given parts, perhaps aborted. */
import { randomBytes } from 'node:crypto';
import type { WireResponse } from '../service.ts';
import { inTransaction } from '../sqlite-file.ts';
import { partNumberOf } from './byte-range.ts';
import type { Call } from './call.ts';
import { type ChecksumAlgorithm, type ChecksumType, checksumHeader, DEFAULT_ALGORITHM, joinsToFullObject } from './checksum.ts';
import { type ChecksumClaim, claimsOf, type Headers, namedAlgorithm } from './claims.ts';
import { invalidRequest, noSuchUpload, notImplemented } from './error-response.ts';
import { PUT_BYTES_MAX, receive } from './payload.ts';
import { missingContentLength, tagsToWrite } from './put-object.ts';
import { quoted, refuseUnknownMeaning, storedHeaders } from './stored-headers.ts';
import { takeIn } from './take-in.ts';
import type { Upload } from './upload-table.ts';
import { element, xmlDocument } from './xml.ts';

export const createMultipartUpload = (call: Call): WireResponse => {
  const { stores, request, bucket, key } = call;
  refuseUnknownMeaning(request.headers);
  const checksum = checksumPlan(request.headers);
  const uploadId = randomBytes(48).toString('base64url');
  const content = { headers: storedHeaders(request.headers), tags: tagsToWrite(call) };
  stores.uploads.insert({ bucket: bucket.name, key, uploadId, initiatedMs: stores.now(), ...content, ...checksum });
  const told = { 'x-amz-checksum-algorithm': checksum.algorithm, 'x-amz-checksum-type': checksum.checksumType };
  return {
    status: 200,
    headers: { 'content-type': 'application/xml', 'x-amz-server-side-encryption': 'AES256', ...(checksum.explicit ? told : {}) },
    body: xmlDocument('InitiateMultipartUploadResult', [
      element('Bucket', bucket.name),
      element('Key', key),
      element('UploadId', uploadId),
    ]),
  };
};

/** Hashes can only be composite and CRC-64/NVME only of the full object; the other CRCs may be either. @throws AwsError InvalidRequest */
const checksumPlan = (headers: Headers): Pick<Upload, 'algorithm' | 'explicit' | 'checksumType'> => {
  const named = namedAlgorithm(headers);
  const type = headers['x-amz-checksum-type']?.toUpperCase();
  if (named === undefined) {
    if (type !== undefined)
      throw invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.');
    return { algorithm: DEFAULT_ALGORITHM, explicit: false, checksumType: 'FULL_OBJECT' };
  }
  return { algorithm: named, explicit: true, checksumType: checksumTypeOf(named, type) };
};

const checksumTypeOf = (algorithm: ChecksumAlgorithm, stated: string | undefined): ChecksumType => {
  const type = stated ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  if (type !== 'COMPOSITE' && type !== 'FULL_OBJECT') throw invalidRequest('Value for x-amz-checksum-type header is invalid.');
  const impossible = type === 'FULL_OBJECT' ? !joinsToFullObject(algorithm) : algorithm === 'CRC64NVME';
  if (impossible) {
    throw invalidRequest(`The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`);
  }
  return type;
};

export const uploadPart = async (call: Call): Promise<WireResponse> => {
  const { stores, request } = call;
  if (request.headers['x-amz-copy-source'] !== undefined) throw notImplemented('x-amz-copy-source');
  const number = partNumberOf(request.query.get('partNumber') ?? '');
  const upload = requestedUpload(call);
  const claims = claimsOf(request.headers);
  if (claims.bytes === undefined) throw missingContentLength();
  holdPartChecksum(upload, claims.checksum);
  const { blob, digests } = await takeIn(stores.blobs, (write) =>
    receive(request, { claims, bytesMax: PUT_BYTES_MAX, algorithms: [upload.algorithm], write }),
  );
  const etag = digests.md5.toString('hex');
  const part = { number, blob, etag, bytes: digests.bytes, digest: digests.of(upload.algorithm), modifiedMs: stores.now() };
  try {
    const replaced = inTransaction(stores.database, () => {
      // Completed or aborted while the part was on its way.
      requestedUpload(call);
      return stores.uploads.putPart(upload.uploadId, part);
    });
    stores.blobs.drop(replaced);
  } catch (error) {
    stores.blobs.drop([blob]);
    throw error;
  }
  const told = claims.checksum?.algorithm ?? upload.algorithm;
  return {
    status: 200,
    headers: {
      etag: quoted(etag),
      'x-amz-server-side-encryption': 'AES256',
      [checksumHeader(told)]: digests.of(told).toString('base64'),
    },
  };
};

/** A composite checksum needs every part's own; one of the full object can be had without. @throws AwsError InvalidRequest */
const holdPartChecksum = ({ algorithm, explicit, checksumType }: Upload, claim: ChecksumClaim | undefined): void => {
  if (!explicit || claim?.algorithm === algorithm) return;
  if (claim === undefined && checksumType === 'FULL_OBJECT') return;
  const actual = claim?.algorithm.toLowerCase() ?? 'null';
  throw invalidRequest(
    `Checksum Type mismatch occurred, expected checksum Type: ${algorithm.toLowerCase()}, actual checksum Type: ${actual}`,
  );
};

export const abortMultipartUpload = (call: Call): WireResponse => {
  const { database, uploads, blobs } = call.stores;
  blobs.drop(inTransaction(database, () => uploads.remove(requestedUpload(call).uploadId)));
  return { status: 204 };
};

/** @throws AwsError NoSuchUpload, also where the upload belongs to another key */
export const requestedUpload = ({ stores, request, bucket, key }: Call): Upload => {
  const uploadId = request.query.get('uploadId') ?? '';
  const upload = stores.uploads.find(bucket.name, key, uploadId);
  if (upload === undefined) throw noSuchUpload(uploadId);
  return upload;
};
