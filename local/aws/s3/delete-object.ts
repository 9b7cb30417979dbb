/** DeleteObject and DeleteObjects: in a versioned bucket a marker on top, or one version for good. */
import { AwsError, type WireResponse } from '../service.ts';
import { inTransaction } from '../sqlite-file.ts';
import { holdKeyLength } from './address.ts';
import { type Call, newVersionId, objectArn, versionIdOf } from './call.ts';
import { claimsOf, type Headers } from './claims.ts';
import { holdWriteCondition, type WriteCondition } from './conditions.ts';
import { errorElement, invalidRequest } from './error-response.ts';
import type { ObjectVersion } from './object-table.ts';
import { receiveXml } from './payload.ts';
import { childrenOf, childText, element, malformedXml, optional, parseXml, type XmlElement, xmlDocument } from './xml.ts';

interface Doomed {
  readonly key: string;
  readonly versionId: string | undefined;
  readonly ifMatch: string | undefined;
}

/** What there is to tell afterwards: the version that is gone, or the marker that was set. */
interface Gone {
  readonly versionId: string | undefined;
  readonly deleteMarker: boolean;
}

export const deleteObject = (call: Call): WireResponse => {
  const doomed = { key: call.key, versionId: versionIdOf(call.request.query), ifMatch: call.request.headers['if-match'] };
  return { status: 204, headers: goneHeaders(erase(call, doomed)) };
};

/** Amazon S3 API Reference, DeleteObjects. */
const KEYS_MAX = 1000;

export const deleteObjects = async (call: Call): Promise<WireResponse> => {
  const claims = claimsOf(call.request.headers);
  if (claims.md5 === undefined && claims.checksum === undefined) {
    throw invalidRequest('Missing required header for this request: Content-MD5');
  }
  const body = parseXml(await receiveXml(call.request, claims));
  const doomed = childrenOf(body, 'Object').map(doomedOf);
  if (body.name !== 'Delete' || doomed.length === 0 || doomed.length > KEYS_MAX) throw malformedXml();
  const quiet = childText(body, 'Quiet') === 'true';
  const results = doomed.map((one) => eraseOneOfMany(call, one, quiet));
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: xmlDocument('DeleteResult', results) };
};

const doomedOf = (object: XmlElement): Doomed => {
  const key = childText(object, 'Key');
  if (key === undefined || key === '') throw malformedXml();
  return { key, versionId: childText(object, 'VersionId'), ifMatch: childText(object, 'ETag') };
};

/** One key's refusal does not spare the others. */
const eraseOneOfMany = (call: Call, doomed: Doomed, quiet: boolean): string => {
  try {
    authorizeErasure(call, doomed);
    holdKeyLength(doomed.key);
    const gone = erase(call, doomed);
    return quiet ? '' : element('Deleted', deletedContent(doomed, gone));
  } catch (error) {
    if (error instanceof AwsError) return errorElement(error, doomed);
    throw error;
  }
};

const deletedContent = (doomed: Doomed, gone: Gone): readonly string[] => [
  element('Key', doomed.key),
  optional('VersionId', doomed.versionId),
  ...(gone.deleteMarker ? [element('DeleteMarker', true), optional('DeleteMarkerVersionId', gone.versionId)] : []),
];

const authorizeErasure = ({ request, bucket }: Call, { key, versionId }: Doomed): void =>
  request.caller.authorize(versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion', objectArn(bucket.name, key));

const goneHeaders = ({ versionId, deleteMarker }: Gone): Headers => ({
  ...(versionId === undefined ? {} : { 'x-amz-version-id': versionId }),
  ...(deleteMarker ? { 'x-amz-delete-marker': 'true' } : {}),
});

/** Deleting what is not there succeeds. */
const erase = (call: Call, doomed: Doomed): Gone => {
  const { database, blobs } = call.stores;
  const condition = conditionOf(call, doomed);
  const { gone, orphans } = inTransaction(database, () => {
    holdWriteCondition(condition, doomed.key, call.stores.objects.latest(call.bucket.name, doomed.key));
    return doomed.versionId === undefined ? hide(call, doomed.key) : remove(call, doomed.key, doomed.versionId);
  });
  blobs.drop(orphans);
  return gone;
};

/** Amazon S3 User Guide, "Conditional deletes": comparing an entity tag takes the right to read it. */
const conditionOf = ({ request, bucket }: Call, { key, ifMatch }: Doomed): WriteCondition => {
  if (ifMatch === undefined) return { is: 'none' };
  if (ifMatch.trim() !== '*') request.caller.authorize('s3:GetObject', objectArn(bucket.name, key));
  return { is: 'unchanged', etag: ifMatch };
};

interface Erased {
  readonly gone: Gone;
  readonly orphans: readonly string[];
}

const remove = ({ stores, bucket }: Call, key: string, versionId: string): Erased => {
  const version = stores.objects.version(bucket.name, key, versionId);
  const orphans = version === undefined ? [] : stores.objects.remove(version);
  return { gone: { versionId, deleteMarker: version?.deleteMarker ?? false }, orphans };
};

const hide = (call: Call, key: string): Erased => {
  const { stores, bucket } = call;
  const unversioned = stores.objects.version(bucket.name, key, 'null');
  const orphans = bucket.versioning === 'Enabled' || unversioned === undefined ? [] : stores.objects.remove(unversioned);
  if (bucket.versioning === 'Never') return { gone: { versionId: undefined, deleteMarker: false }, orphans };
  const marker = stores.objects.insert({ ...MARKER, ...placeOf(call, key), pieces: [] });
  return { gone: { versionId: marker.versionId, deleteMarker: true }, orphans };
};

const MARKER = { deleteMarker: true, bytes: 0, etag: '', headers: {}, tags: {}, checksum: undefined } as const;

const placeOf = ({ stores, bucket }: Call, key: string): Pick<ObjectVersion, 'bucket' | 'key' | 'versionId' | 'modifiedMs'> => ({
  bucket: bucket.name,
  key,
  versionId: bucket.versioning === 'Enabled' ? newVersionId() : 'null',
  modifiedMs: stores.now(),
});
