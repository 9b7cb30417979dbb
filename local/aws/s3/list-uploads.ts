/** ListMultipartUploads and ListParts. */
import { ACCOUNT, type WireResponse } from '../service.ts';
import type { Call } from './call.ts';
import { invalidArgument, noSuchUpload } from './error-response.ts';
import { type EncodeKey, keyEncoding, type Position, pageMaxOf, positionOf, prefixElements, walk } from './listing.ts';
import { requestedUpload } from './multipart-upload.ts';
import { quoted } from './stored-headers.ts';
import type { Part, Upload } from './upload-table.ts';
import { element, optional, xmlDocument } from './xml.ts';

const WHO = [
  element('Initiator', [element('ID', ACCOUNT)]),
  element('Owner', [element('ID', ACCOUNT)]),
  element('StorageClass', 'STANDARD'),
];

export const listMultipartUploads = (call: Call): WireResponse => {
  const { stores, request, bucket } = call;
  const { query } = request;
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
  const [encode, max] = [keyEncoding(query), pageMaxOf(query, 'max-uploads')];
  const page = walk({
    prefix,
    delimiter,
    max,
    start: startOf(call, prefix, delimiter),
    next: (range, after) =>
      (after === undefined ? undefined : stores.uploads.nextYounger(bucket.name, after)) ?? stores.uploads.next(bucket.name, range),
  });
  const next = page.next?.at === 'prefix' ? page.next.prefix : page.next?.cursor.key;
  const content = [
    element('Bucket', bucket.name),
    element('KeyMarker', encode(query.get('key-marker') ?? '')),
    element('UploadIdMarker', query.get('upload-id-marker') ?? ''),
    optional('NextKeyMarker', next === undefined ? undefined : encode(next)),
    optional('NextUploadIdMarker', page.next?.at === 'entry' ? page.entries.at(-1)?.uploadId : undefined),
    element('Prefix', encode(prefix)),
    optional('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
    optional('EncodingType', query.get('encoding-type') ?? undefined),
    element('MaxUploads', max),
    element('IsTruncated', page.next !== undefined),
    ...page.entries.map((upload) => uploadElement(upload, encode)),
    ...prefixElements(page.commonPrefixes, encode),
  ];
  return xmlResponse('ListMultipartUploadsResult', content);
};

const startOf = ({ stores, request, bucket }: Call, prefix: string, delimiter: string): Position | undefined => {
  const key = request.query.get('key-marker');
  const uploadId = request.query.get('upload-id-marker');
  if (key === null || key === '') return undefined;
  // Without an upload to start after, all uploads of the marked key are behind.
  if (!uploadId) return positionOf({ key, sequence: Number.MAX_SAFE_INTEGER }, prefix, delimiter);
  const marked = stores.uploads.find(bucket.name, key, uploadId);
  if (marked === undefined) throw noSuchUpload(uploadId);
  return { at: 'entry', cursor: marked };
};

const uploadElement = (upload: Upload, encode: EncodeKey): string =>
  element('Upload', [
    element('Key', encode(upload.key)),
    element('UploadId', upload.uploadId),
    ...WHO,
    element('Initiated', new Date(upload.initiatedMs).toISOString()),
    ...toldChecksum(upload),
  ]);

const toldChecksum = ({ explicit, algorithm, checksumType }: Upload): readonly string[] =>
  explicit ? [element('ChecksumAlgorithm', algorithm), element('ChecksumType', checksumType)] : [];

export const listParts = (call: Call): WireResponse => {
  const { query } = call.request;
  const upload = requestedUpload(call);
  const max = pageMaxOf(query, 'max-parts');
  const marker = query.get('part-number-marker') ?? '0';
  if (!/^\d{1,5}$/.test(marker))
    throw invalidArgument('Provided part-number-marker not an integer or within integer range', 'part-number-marker', marker);
  const following = call.stores.uploads.parts(upload.uploadId).filter(({ number }) => number > Number(marker));
  const parts = following.slice(0, max);
  return xmlResponse('ListPartsResult', [
    element('Bucket', call.bucket.name),
    element('Key', call.key),
    element('UploadId', upload.uploadId),
    ...WHO,
    element('PartNumberMarker', marker),
    optional('NextPartNumberMarker', parts.at(-1)?.number),
    element('MaxParts', max),
    element('IsTruncated', following.length > parts.length),
    ...toldChecksum(upload),
    ...parts.map((part) => partElement(part, upload)),
  ]);
};

const partElement = ({ number, modifiedMs, etag, bytes, digest }: Part, { explicit, algorithm }: Upload): string =>
  element('Part', [
    element('PartNumber', number),
    element('LastModified', new Date(modifiedMs).toISOString()),
    element('ETag', quoted(etag)),
    element('Size', bytes),
    ...(explicit ? [element(`Checksum${algorithm}`, digest.toString('base64'))] : []),
  ]);

const xmlResponse = (root: string, content: readonly string[]): WireResponse => ({
  status: 200,
  headers: { 'content-type': 'application/xml' },
  body: xmlDocument(root, content),
});
