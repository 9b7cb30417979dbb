/** Which operation a request means, and what it takes to be allowed it. */
import { AwsError, type WireRequest } from '../service.ts';
import { createBucket, getBucketCors, getBucketVersioning, headBucket, putBucketCors, putBucketVersioning } from './bucket-operations.ts';
import type { Operation } from './call.ts';
import { completeMultipartUpload } from './complete-multipart-upload.ts';
import { copyObject } from './copy-object.ts';
import { deleteObject, deleteObjects } from './delete-object.ts';
import { getObject, headObject } from './get-object.ts';
import { listObjectsV2, listObjectVersions } from './list-objects.ts';
import { listMultipartUploads, listParts } from './list-uploads.ts';
import { abortMultipartUpload, createMultipartUpload, uploadPart } from './multipart-upload.ts';
import { putObject } from './put-object.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './tags.ts';

export interface Route {
  /** Undefined where the operation asks for each key by itself. */
  readonly action: string | undefined;
  /** The action instead, when the request names a version. */
  readonly versionAction?: string;
  readonly run: Operation;
}

/** Method, whether there is a key, and the subresource. */
const ROUTES: Readonly<Record<string, Route>> = {
  'PUT bucket': { action: 's3:CreateBucket', run: createBucket },
  'HEAD bucket': { action: 's3:ListBucket', run: headBucket },
  'GET bucket versioning': { action: 's3:GetBucketVersioning', run: getBucketVersioning },
  'PUT bucket versioning': { action: 's3:PutBucketVersioning', run: putBucketVersioning },
  'GET bucket cors': { action: 's3:GetBucketCORS', run: getBucketCors },
  'PUT bucket cors': { action: 's3:PutBucketCORS', run: putBucketCors },
  'GET bucket list-type': { action: 's3:ListBucket', run: listObjectsV2 },
  'GET bucket versions': { action: 's3:ListBucketVersions', run: listObjectVersions },
  'GET bucket uploads': { action: 's3:ListBucketMultipartUploads', run: listMultipartUploads },
  'POST bucket delete': { action: undefined, run: deleteObjects },
  'PUT key': {
    action: 's3:PutObject',
    run: (call) => (call.request.headers['x-amz-copy-source'] === undefined ? putObject : copyObject)(call),
  },
  'GET key': { action: 's3:GetObject', versionAction: 's3:GetObjectVersion', run: getObject },
  'HEAD key': { action: 's3:GetObject', versionAction: 's3:GetObjectVersion', run: headObject },
  'DELETE key': { action: 's3:DeleteObject', versionAction: 's3:DeleteObjectVersion', run: deleteObject },
  'GET key tagging': { action: 's3:GetObjectTagging', versionAction: 's3:GetObjectVersionTagging', run: getObjectTagging },
  'PUT key tagging': { action: 's3:PutObjectTagging', versionAction: 's3:PutObjectVersionTagging', run: putObjectTagging },
  'DELETE key tagging': { action: 's3:DeleteObjectTagging', versionAction: 's3:DeleteObjectVersionTagging', run: deleteObjectTagging },
  'POST key uploads': { action: 's3:PutObject', run: createMultipartUpload },
  'PUT key uploadId': { action: 's3:PutObject', run: uploadPart },
  'POST key uploadId': { action: 's3:PutObject', run: completeMultipartUpload },
  'DELETE key uploadId': { action: 's3:AbortMultipartUpload', run: abortMultipartUpload },
  'GET key uploadId': { action: 's3:ListMultipartUploadParts', run: listParts },
};

// All that S3 knows, so that `PUT /bucket/key?acl` is refused and not taken for a PutObject.
const SUBRESOURCES = [
  'accelerate acl analytics attributes cors delete encryption intelligent-tiering inventory legal-hold lifecycle list-type location logging',
  'metadataConfiguration metadataTable metrics notification object-lock ownershipControls policy policyStatus publicAccessBlock renameObject',
  'replication requestPayment restore retention select session tagging torrent uploadId uploads versioning versions website',
]
  .join(' ')
  .split(' ');

/** @throws AwsError NotImplemented for what S3 can do and this cannot, MethodNotAllowed for what neither can */
export const routeOf = ({ method, query }: WireRequest, key: string): Route => {
  const subresources = SUBRESOURCES.filter((name) => query.has(name));
  const name = [method, key === '' ? 'bucket' : 'key', ...subresources].join(' ');
  const route = Object.hasOwn(ROUTES, name) ? ROUTES[name] : undefined;
  if (route !== undefined)
    return query.has('versionId') && route.versionAction !== undefined ? { ...route, action: route.versionAction } : route;
  if (subresources.length > 0 || (method === 'GET' && key === '')) {
    throw new AwsError('NotImplemented', 'A parameter you provided implies functionality that is not implemented', { status: 501 });
  }
  throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', { status: 405 });
};
