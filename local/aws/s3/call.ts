/** One authorised request on its way through an operation, and what every operation works with. */
import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { AwsError, type WireRequest, type WireResponse } from '../service.ts';
import type { Blobs } from './blobs.ts';
import type { Bucket, BucketTable } from './bucket-table.ts';
import { noSuchKey, noSuchVersion } from './error-response.ts';
import type { ObjectTable, ObjectVersion } from './object-table.ts';
import type { Outbox } from './outbox.ts';
import type { UploadTable } from './upload-table.ts';

export interface Stores {
  readonly database: DatabaseSync;
  readonly buckets: BucketTable;
  readonly objects: ObjectTable;
  readonly uploads: UploadTable;
  readonly blobs: Blobs;
  readonly outbox: Outbox;
  readonly now: () => number;
}

export interface Call {
  readonly stores: Stores;
  readonly request: WireRequest;
  readonly bucket: Bucket;
  /** Empty for an operation on the bucket. */
  readonly key: string;
  readonly requestId: string;
}

export type Operation = (call: Call) => WireResponse | Promise<WireResponse>;

export const bucketArn = (bucket: string): string => `arn:aws:s3:::${bucket}`;

export const objectArn = (bucket: string, key: string): string => `arn:aws:s3:::${bucket}/${key}`;

/** As random and as long as those of S3. */
export const newVersionId = (): string => randomBytes(24).toString('base64url');

export const authorizeKey = ({ request, bucket, key }: Call, action: string): void =>
  request.caller.authorize(action, objectArn(bucket.name, key));

/**
 * The version that the request means: the one in `versionId`, else the latest, which may be a delete marker.
 * @throws AwsError NoSuchKey or NoSuchVersion, which only those may learn who may list; AccessDenied for the others
 */
export const requestedVersion = (call: Call): ObjectVersion => {
  const versionId = versionIdOf(call.request.query);
  const { objects } = call.stores;
  const found =
    versionId === undefined ? objects.latest(call.bucket.name, call.key) : objects.version(call.bucket.name, call.key, versionId);
  if (found !== undefined) return found;
  mayLearnOfAbsence(call);
  throw versionId === undefined ? noSuchKey(call.key) : noSuchVersion(call.key, versionId);
};

/** S3 answers 403 instead of 404 to a caller without s3:ListBucket. */
export const mayLearnOfAbsence = ({ request, bucket, key }: Call): void =>
  request.caller.authorize('s3:ListBucket', bucketArn(bucket.name), { 's3:prefix': key });

/** @throws AwsError InvalidArgument */
export const versionIdOf = (query: URLSearchParams): string | undefined => {
  const versionId = query.get('versionId');
  if (versionId === null) return undefined;
  if (versionId === 'null' || /^[\w-]{32}$/.test(versionId)) return versionId;
  throw new AwsError('InvalidArgument', 'Invalid version id specified', {
    extra: { ArgumentName: 'versionId', ArgumentValue: versionId },
  });
};

/** Nothing where the bucket was never versioned, as S3 does. */
export const versionHeader = ({ bucket }: Call, versionId: string): Readonly<Record<string, string>> =>
  bucket.versioning === 'Never' ? {} : { 'x-amz-version-id': versionId };
