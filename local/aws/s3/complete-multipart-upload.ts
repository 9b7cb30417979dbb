/** CompleteMultipartUpload: the listed parts become one object, without a byte being copied. */

import { createHash } from 'node:crypto';
import { AwsError, type WireResponse } from '../service.ts';
import { PARTS_MAX } from './byte-range.ts';
import { type Call, versionHeader } from './call.ts';
import { type Checksum, checksumHeader, compositeOf, fullObjectOf } from './checksum.ts';
import { claimsWithoutChecksum, type Headers } from './claims.ts';
import { commitObject, type Draft } from './commit-object.ts';
import type { WriteCondition } from './conditions.ts';
import { invalidRequest } from './error-response.ts';
import { requestedUpload } from './multipart-upload.ts';
import { badChecksum, receiveXml } from './payload.ts';
import { conditionToWrite } from './put-object.ts';
import { quoted } from './stored-headers.ts';
import type { Part, Upload } from './upload-table.ts';
import { childrenOf, childText, element, malformedXml, parseXml, type XmlElement, xmlDocument } from './xml.ts';

export const completeMultipartUpload = async (call: Call): Promise<WireResponse> => {
  const { request, bucket, key } = call;
  const condition = conditionToWrite(call);
  requestedUpload(call);
  // Its checksum headers speak of the object, not of this list.
  const body = parseXml(await receiveXml(request, claimsWithoutChecksum(request.headers)));
  const listed = childrenOf(body, 'Part').map(listedPart);
  if (body.name !== 'CompleteMultipartUpload' || listed.length === 0 || listed.length > PARTS_MAX) throw malformedXml();
  const version = commitObject(call, () => complete(call, listed, condition));
  const { etag, checksum } = version;
  return {
    status: 200,
    headers: { 'content-type': 'application/xml', 'x-amz-server-side-encryption': 'AES256', ...versionHeader(call, version.versionId) },
    body: xmlDocument('CompleteMultipartUploadResult', [
      element('Location', `/${bucket.name}/${encodeURI(key)}`),
      element('Bucket', bucket.name),
      element('Key', key),
      element('ETag', quoted(etag)),
      ...(checksum === undefined ? [] : [element(`Checksum${checksum.algorithm}`, checksum.value), element('ChecksumType', checksum.type)]),
    ]),
  };
};

interface ListedPart {
  readonly number: number;
  readonly etag: string;
  /** Algorithm → base64. */
  readonly checksums: ReadonlyMap<string, string>;
}

const listedPart = (part: XmlElement): ListedPart => {
  const number = childText(part, 'PartNumber')?.trim() ?? '';
  const etag = childText(part, 'ETag')?.trim().replaceAll('"', '') ?? '';
  if (!/^\d{1,5}$/.test(number) || etag === '') throw malformedXml();
  const checksums = part.children
    .filter(({ name }) => name.startsWith('Checksum'))
    .map(({ name, text }): [string, string] => [name.slice(8), text]);
  return { number: Number(number), etag, checksums: new Map(checksums) };
};

/** Runs inside the transaction that writes the object, so an upload is completed once. */
const complete = (call: Call, listed: readonly ListedPart[], condition: WriteCondition): { draft: Draft; orphans: readonly string[] } => {
  const { uploads } = call.stores;
  const upload = requestedUpload(call);
  const parts = chosenParts(upload, listed, uploads.parts(upload.uploadId));
  holdPartSizes(parts);
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  const checksum = upload.checksumType === 'COMPOSITE' ? compositeOf(upload.algorithm, parts) : fullObjectOf(upload.algorithm, parts);
  holdObject(call.request.headers, checksum, bytes);
  const kept = new Set(parts.map(({ blob }) => blob));
  const orphans = uploads.remove(upload.uploadId).filter((blob) => !kept.has(blob));
  const content = { bytes, etag: etagOf(parts), checksum, pieces: parts.map((part) => ({ blob: part.blob, bytes: part.bytes })) };
  return { draft: { headers: upload.headers, tags: upload.tags, ...content, condition, reason: 'CompleteMultipartUpload' }, orphans };
};

const chosenParts = (upload: Upload, listed: readonly ListedPart[], stored: readonly Part[]): readonly Part[] => {
  const byNumber = new Map(stored.map((part) => [part.number, part]));
  let previous = 0;
  return listed.map((one) => {
    if (one.number <= previous) {
      throw new AwsError('InvalidPartOrder', 'The list of parts was not in ascending order. Parts must be ordered by part number.');
    }
    previous = one.number;
    const part = byNumber.get(one.number);
    if (part === undefined || part.etag !== one.etag) throw invalidPart(upload, one);
    holdListedChecksum(upload, one, part);
    return part;
  });
};

/** Of an upload whose client chose no algorithm, only the one that S3 chose can be compared. */
const holdListedChecksum = (upload: Upload, listed: ListedPart, part: Part): void => {
  const stated = listed.checksums.get(upload.algorithm);
  if (stated === undefined && upload.explicit && upload.checksumType === 'COMPOSITE') {
    throw invalidRequest(
      `The upload was created using a ${upload.algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${listed.number} in the request.`,
    );
  }
  if (stated !== undefined && stated !== part.digest.toString('base64')) throw invalidPart(upload, listed);
};

const invalidPart = ({ uploadId }: Upload, { number, etag }: ListedPart): AwsError =>
  new AwsError(
    'InvalidPart',
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { extra: { UploadId: uploadId, PartNumber: number, ETag: etag } },
  );

/** Amazon S3 User Guide, "Multipart upload limits": there is none for the last part. */
const PART_BYTES_MIN = 5 * 1024 ** 2;

const holdPartSizes = (parts: readonly Part[]): void => {
  const small = parts.slice(0, -1).find(({ bytes }) => bytes < PART_BYTES_MIN);
  if (small === undefined) return;
  throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
    extra: { ProposedSize: small.bytes, MinSizeAllowed: PART_BYTES_MIN, PartNumber: small.number, ETag: small.etag },
  });
};

/** What the request says of the whole object. @throws AwsError BadDigest or InvalidRequest */
const holdObject = (headers: Headers, checksum: Checksum, bytes: number): void => {
  const statedBytes = headers['x-amz-mp-object-size'];
  if (statedBytes !== undefined && statedBytes !== String(bytes)) {
    throw invalidRequest("The provided 'x-amz-mp-object-size' header does not match what was computed");
  }
  const statedType = headers['x-amz-checksum-type'];
  if (statedType !== undefined && statedType.toUpperCase() !== checksum.type) {
    throw invalidRequest(
      `The upload was created using the ${checksum.type} checksum mode. The complete request must use the same checksum mode.`,
    );
  }
  const stated = headers[checksumHeader(checksum.algorithm)];
  if (stated !== undefined && bare(stated) !== bare(checksum.value)) throw badChecksum(checksum.algorithm);
};

/** A composite checksum may be given with or without its number of parts. */
const bare = (checksum: string): string => checksum.replace(/-\d+$/, '');

const etagOf = (parts: readonly Part[]): string => {
  const md5 = createHash('md5');
  for (const { etag } of parts) md5.update(Buffer.from(etag, 'hex'));
  return `${md5.digest('hex')}-${parts.length}`;
};
