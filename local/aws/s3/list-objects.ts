/** ListObjectsV2 and ListObjectVersions. */
import { ACCOUNT, AwsError, type WireResponse } from '../service.ts';
import { type Call, versionIdOf } from './call.ts';
import { invalidArgument } from './error-response.ts';
import { type EncodeKey, keyEncoding, type Page, type Position, pageMaxOf, positionOf, prefixElements, walk } from './listing.ts';
import type { ObjectVersion } from './object-table.ts';
import { quoted } from './stored-headers.ts';
import { element, optional, xmlDocument } from './xml.ts';

export const listObjectsV2 = ({ stores, request, bucket }: Call): WireResponse => {
  const { query } = request;
  if (query.get('list-type') !== '2')
    throw invalidArgument('Invalid List Type specified in Request', 'list-type', query.get('list-type') ?? '');
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
  const [encode, max] = [keyEncoding(query), pageMaxOf(query, 'max-keys')];
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const start = token === null ? startOf(startAfter) : positionIn(token);
  const page = walk({ prefix, delimiter, max, start, next: (range) => stores.objects.nextLatest(bucket.name, range) });
  return listing('ListBucketResult', [
    element('Name', bucket.name),
    ...asked({ prefix, delimiter, max, encode, query }),
    optional('StartAfter', startAfter === null ? undefined : encode(startAfter)),
    optional('ContinuationToken', token ?? undefined),
    element('KeyCount', page.entries.length + page.commonPrefixes.length),
    element('IsTruncated', page.next !== undefined),
    optional('NextContinuationToken', page.next === undefined ? undefined : tokenOf(page.next)),
    ...page.entries.map((version) => element('Contents', contents(version, encode))),
    ...prefixElements(page.commonPrefixes, encode),
  ]);
};

const startOf = (startAfter: string | null): Position | undefined =>
  startAfter === null ? undefined : { at: 'entry', cursor: { key: startAfter, sequence: 0 } };

/** Opaque to clients, so that nobody builds one. */
const tokenOf = (position: Position): string =>
  Buffer.from(position.at === 'entry' ? `e${position.cursor.key}` : `p${position.prefix}`).toString('base64url');

const positionIn = (token: string): Position => {
  const text = Buffer.from(token, 'base64url').toString();
  const key = text.slice(1);
  if (text.startsWith('p')) return { at: 'prefix', prefix: key };
  if (text.startsWith('e')) return { at: 'entry', cursor: { key, sequence: 0 } };
  throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
};

export const listObjectVersions = (call: Call): WireResponse => {
  const { stores, bucket } = call;
  const { query } = call.request;
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
  const [encode, max] = [keyEncoding(query), pageMaxOf(query, 'max-keys')];
  const page = walk({
    prefix,
    delimiter,
    max,
    start: markedStart(call, prefix, delimiter),
    next: (range, after) =>
      (after === undefined ? undefined : stores.objects.nextOlder(bucket.name, after)) ?? stores.objects.nextVersion(bucket.name, range),
  });
  const last = page.entries.at(-1);
  return listing('ListVersionsResult', [
    element('Name', bucket.name),
    ...asked({ prefix, delimiter, max, encode, query }),
    element('KeyMarker', encode(query.get('key-marker') ?? '')),
    element('VersionIdMarker', query.get('version-id-marker') ?? ''),
    element('IsTruncated', page.next !== undefined),
    ...nextMarkers(page, last, encode),
    ...page.entries.map((version) => versionElement(version, { encode, isLatest: stores.objects.isLatest(version) })),
    ...prefixElements(page.commonPrefixes, encode),
  ]);
};

const nextMarkers = ({ next }: Page<ObjectVersion>, last: ObjectVersion | undefined, encode: EncodeKey): readonly string[] => {
  if (next === undefined) return [];
  if (next.at === 'prefix') return [element('NextKeyMarker', encode(next.prefix))];
  return [element('NextKeyMarker', encode(next.cursor.key)), optional('NextVersionIdMarker', last?.versionId)];
};

const markedStart = ({ stores, bucket, request }: Call, prefix: string, delimiter: string): Position | undefined => {
  const key = request.query.get('key-marker');
  const versionId = versionIdOf(new URLSearchParams({ versionId: request.query.get('version-id-marker') ?? 'null' }));
  if (!request.query.get('version-id-marker')) return key === null ? undefined : positionOf({ key, sequence: 0 }, prefix, delimiter);
  if (key === null) {
    throw invalidArgument('A version-id marker cannot be specified without a key marker.', 'version-id-marker', versionId ?? '');
  }
  const marked = stores.objects.version(bucket.name, key, versionId ?? 'null');
  if (marked === undefined) throw new AwsError('InvalidArgument', 'Invalid version id specified');
  return { at: 'entry', cursor: marked };
};

interface Asked {
  readonly prefix: string;
  readonly delimiter: string;
  readonly max: number;
  readonly encode: EncodeKey;
  readonly query: URLSearchParams;
}

const asked = ({ prefix, delimiter, max, encode, query }: Asked): readonly string[] => [
  element('Prefix', encode(prefix)),
  optional('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
  element('MaxKeys', max),
  optional('EncodingType', query.get('encoding-type') ?? undefined),
];

const contents = ({ key, modifiedMs, etag, checksum, bytes }: ObjectVersion, encode: EncodeKey): readonly string[] => [
  element('Key', encode(key)),
  element('LastModified', new Date(modifiedMs).toISOString()),
  element('ETag', quoted(etag)),
  optional('ChecksumAlgorithm', checksum?.algorithm),
  optional('ChecksumType', checksum?.type),
  element('Size', bytes),
  element('StorageClass', 'STANDARD'),
];

const OWNER = element('Owner', [element('ID', ACCOUNT)]);

const versionElement = (version: ObjectVersion, { encode, isLatest }: { encode: EncodeKey; isLatest: boolean }): string => {
  const identity = [element('VersionId', version.versionId), element('IsLatest', isLatest), OWNER];
  if (!version.deleteMarker) return element('Version', [...contents(version, encode), ...identity]);
  const when = element('LastModified', new Date(version.modifiedMs).toISOString());
  return element('DeleteMarker', [element('Key', encode(version.key)), when, ...identity]);
};

const listing = (root: string, content: readonly string[]): WireResponse => ({
  status: 200,
  headers: { 'content-type': 'application/xml' },
  body: xmlDocument(root, content),
});
