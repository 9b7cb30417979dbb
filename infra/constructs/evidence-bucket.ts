/** Where learners' files lie: private, versioned, reached by presigned addresses only; each new file is told on the default bus. */
import { Duration } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { EVIDENCE_CORS, EVIDENCE_NONCURRENT_DAYS, INCOMPLETE_UPLOAD_DAYS } from '../../functions/buckets.ts';
import { privateBucket } from './private-bucket.ts';

interface EvidenceBucketProps {
  readonly accessLogs: s3.IBucket;
  /** Origins whose pages may upload. */
  readonly origins: readonly string[];
}

const METHODS = { GET: s3.HttpMethods.GET, PUT: s3.HttpMethods.PUT } as const;

export const evidenceBucket = (scope: Construct, { accessLogs, origins }: EvidenceBucketProps): s3.IBucket => {
  const bucket = privateBucket(scope, 'Evidence', {
    versioned: true,
    serverAccessLogsBucket: accessLogs,
    serverAccessLogsPrefix: 'evidence/',
    cors: [
      {
        allowedOrigins: [...origins],
        allowedMethods: EVIDENCE_CORS.methods.map((method) => METHODS[method]),
        allowedHeaders: [...EVIDENCE_CORS.requestHeaders],
        exposedHeaders: [...EVIDENCE_CORS.responseHeaders],
        maxAge: EVIDENCE_CORS.maxAgeSeconds,
      },
    ],
    lifecycleRules: [
      {
        id: 'drop-what-was-not-completed-or-was-deleted',
        abortIncompleteMultipartUploadAfter: Duration.days(INCOMPLETE_UPLOAD_DAYS),
        noncurrentVersionExpiration: Duration.days(EVIDENCE_NONCURRENT_DAYS),
        expiredObjectDeleteMarker: true,
      },
    ],
  });
  reportToEventBridge(bucket);
  return bucket;
};

/** The L2's `eventBridgeEnabled` would add a custom resource with a Lambda of its own; the property itself needs none. */
const reportToEventBridge = (bucket: s3.IBucket): void => {
  const resource = bucket.node.defaultChild;
  if (!(resource instanceof s3.CfnBucket)) throw new Error('A bucket without its CloudFormation resource cannot report.');
  resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
};
