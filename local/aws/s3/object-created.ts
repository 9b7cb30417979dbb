/**
 * The Object Created event as S3 hands it to EventBridge.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
import { randomUUID } from 'node:crypto';
import { ACCOUNT, REGION } from '../service.ts';
import { bucketArn } from './call.ts';
import type { ObjectVersion } from './object-table.ts';

export type CreationReason = 'PutObject' | 'CopyObject' | 'CompleteMultipartUpload';

export const objectCreated = (version: ObjectVersion, origin: { readonly requestId: string; readonly reason: CreationReason }): object => ({
  version: '0',
  id: randomUUID(),
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account: ACCOUNT,
  // EventBridge tells whole seconds.
  time: new Date(version.modifiedMs).toISOString().replace(/\.\d+Z$/, 'Z'),
  region: REGION,
  resources: [bucketArn(version.bucket)],
  detail: {
    version: '0',
    'event-version': '1.0',
    bucket: { name: version.bucket },
    object: {
      key: version.key,
      size: version.bytes,
      etag: version.etag,
      ...(version.versionId === 'null' ? {} : { 'version-id': version.versionId }),
      // Compared as text, so as long as the longest.
      sequencer: version.sequence.toString(16).toUpperCase().padStart(18, '0'),
    },
    'request-id': origin.requestId,
    requester: ACCOUNT,
    'source-ip-address': '127.0.0.1',
    reason: origin.reason,
  },
});
