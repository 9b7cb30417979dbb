/** CopyObject: another object's bytes, written anew under this key with its headers and tags or with new ones. */
import { AwsError, type WireResponse } from '../service.ts';
import { bucketArn, type Call, objectArn, requestedVersion, versionHeader } from './call.ts';
import { DEFAULT_ALGORITHM } from './checksum.ts';
import { type Headers, namedAlgorithm } from './claims.ts';
import { commitBlob } from './commit-object.ts';
import { readOutcome, sourceUnchanged } from './conditions.ts';
import { invalidArgument, invalidRequest, noSuchBucket, noSuchKey } from './error-response.ts';
import type { ObjectVersion } from './object-table.ts';
import { type Digests, digesterOf, PUT_BYTES_MAX } from './payload.ts';
import { conditionToWrite, tagsToWrite } from './put-object.ts';
import { quoted, refuseUnknownMeaning, storedHeaders } from './stored-headers.ts';
import { type TakenIn, takeIn } from './take-in.ts';
import { element, xmlDocument } from './xml.ts';

export const copyObject = async (call: Call): Promise<WireResponse> => {
  const { headers } = call.request;
  const source = sourceOf(call);
  const copied = { ...headersToCopy(call, source), condition: conditionToWrite(call) };
  if (source.bytes > PUT_BYTES_MAX) {
    throw invalidRequest(`The specified copy source is larger than the maximum allowable size for a copy source: ${PUT_BYTES_MAX}`);
  }
  const algorithm = namedAlgorithm(headers) ?? source.checksum?.algorithm ?? DEFAULT_ALGORITHM;
  const { blob, digests } = await takeInCopy(call, source, digesterOf([algorithm]));
  const checksum = { algorithm, type: 'FULL_OBJECT', value: digests.of(algorithm).toString('base64') } as const;
  const content = { etag: digests.md5.toString('hex'), bytes: digests.bytes, checksum, pieces: [{ blob, bytes: digests.bytes }] };
  const version = commitBlob(call, blob, { ...copied, ...content, reason: 'CopyObject' });
  const result = [
    element('LastModified', new Date(version.modifiedMs).toISOString()),
    element('ETag', quoted(version.etag)),
    element(`Checksum${algorithm}`, checksum.value),
    element('ChecksumType', checksum.type),
  ];
  return {
    status: 200,
    headers: {
      'content-type': 'application/xml',
      'x-amz-server-side-encryption': 'AES256',
      ...versionHeader(call, version.versionId),
      ...(source.versionId === 'null' ? {} : { 'x-amz-copy-source-version-id': source.versionId }),
    },
    body: xmlDocument('CopyObjectResult', result),
  };
};

const takeInCopy = (call: Call, source: ObjectVersion, digester: ReturnType<typeof digesterOf>): Promise<TakenIn> => {
  const { blobs, objects } = call.stores;
  const bytes = blobs.stream(objects.pieces(source), { first: 0, last: source.bytes - 1 });
  return takeIn(blobs, async (write): Promise<Digests> => {
    for await (const chunk of bytes) {
      if (!Buffer.isBuffer(chunk)) throw new TypeError('a file is read as buffers');
      digester.update(chunk);
      await write(chunk);
    }
    return digester.end();
  });
};

/** @throws AwsError AccessDenied, NoSuchKey, NoSuchVersion, PreconditionFailed: of the source */
const sourceOf = (call: Call): ObjectVersion => {
  const { bucketName, key, query } = copySource(call.request.headers['x-amz-copy-source'] ?? '');
  const { caller } = call.request;
  caller.authorize(query.has('versionId') ? 's3:GetObjectVersion' : 's3:GetObject', objectArn(bucketName, key));
  const bucket = call.stores.buckets.find(bucketName);
  if (bucket === undefined) throw noSuchBucket(bucketName);
  const source = requestedVersion({ ...call, bucket, key, request: { ...call.request, query } });
  if (source.deleteMarker) {
    if (query.has('versionId'))
      throw invalidRequest('The source of a copy request may not specifically refer to a delete marker by version id.');
    caller.authorize('s3:ListBucket', bucketArn(bucketName));
    throw noSuchKey(key);
  }
  if (readOutcome(call.request.headers, 'x-amz-copy-source-if-', source) === 'same') throw sourceUnchanged();
  return source;
};

const copySource = (header: string): { readonly bucketName: string; readonly key: string; readonly query: URLSearchParams } => {
  const [path = '', query = ''] = header.split('?', 2);
  const [, bucketName, key] = /^\/?([^/]+)\/(.+)$/s.exec(decoded(path)) ?? [];
  if (bucketName === undefined || key === undefined) {
    throw invalidArgument('Copy Source must mention the source bucket and key: sourcebucket/sourcekey', 'x-amz-copy-source', header);
  }
  return { bucketName, key, query: new URLSearchParams(query) };
};

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new AwsError('InvalidArgument', 'The x-amz-copy-source value is not URL-encoded UTF-8');
  }
};

type Copied = Pick<ObjectVersion, 'headers' | 'tags'>;

const headersToCopy = (call: Call, source: ObjectVersion): Copied => {
  const { headers, caller } = call.request;
  refuseUnknownMeaning(headers);
  const replaceHeaders = replaces(headers, 'x-amz-metadata-directive');
  if (!replaceHeaders && source.bucket === call.bucket.name && source.key === call.key && isLatest(call, source)) {
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  const replaceTags = replaces(headers, 'x-amz-tagging-directive');
  if (!replaceTags && Object.keys(source.tags).length > 0) {
    caller.authorize('s3:GetObjectTagging', objectArn(source.bucket, source.key));
    caller.authorize('s3:PutObjectTagging', objectArn(call.bucket.name, call.key));
  }
  return {
    headers: replaceHeaders ? storedHeaders(headers) : source.headers,
    tags: replaceTags ? tagsToWrite(call) : source.tags,
  };
};

const isLatest = ({ stores }: Call, version: ObjectVersion): boolean => stores.objects.isLatest(version);

const replaces = (headers: Headers, directive: string): boolean => {
  const stated = headers[directive] ?? 'COPY';
  if (stated !== 'COPY' && stated !== 'REPLACE') throw invalidArgument(`Unknown ${directive}.`, directive, stated);
  return stated === 'REPLACE';
};
