/**
 * The shape of what is stored: keys and indexes of the table, rules of the buckets, and which of the storage's own
 * reports start a step. `infra/` makes cloud resources of these facts and `local/` one machine, so the two cannot drift apart.
 */
import type { AwsStep } from './path.ts';

/** The single table. An item that stands in an index carries the index's two keys; all keys are strings. */
export const TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Seconds since 1970. DynamoDB deletes an item some time after this, at no cost. */
  ttl: 'expiresAt',
  indexes: [
    { name: 'byLearner', partitionKey: 'gsi1pk', sortKey: 'gsi1sk' },
    { name: 'byMonth', partitionKey: 'gsi2pk', sortKey: 'gsi2sk' },
  ],
} as const;

export type IndexName = (typeof TABLE.indexes)[number]['name'];

/** Marks a row of the outbox: the relay's filter lets no other row of the stream pass. */
export const OUTBOX_KIND = 'outbox';

/**
 * Pattern on a stream record. An outbox row is written once and later removed by its TTL; only its birth is told.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html
 */
export const OUTBOX_FILTER = { eventName: ['INSERT'], dynamodb: { NewImage: { kind: { S: [OUTBOX_KIND] } } } } as const;

/**
 * What a browser may send to a presigned address of the evidence bucket, and read of the answer. The three headers that a
 * browser adds to the PUT are the signed ones it can set; `content-length` it sets by itself and never asks about.
 */
export const EVIDENCE_CORS = {
  methods: ['GET', 'PUT'],
  requestHeaders: ['content-type', 'if-none-match', 'range', 'x-amz-checksum-sha256'],
  responseHeaders: ['content-range', 'etag', 'x-amz-checksum-sha256', 'x-amz-version-id'],
  maxAgeSeconds: 3600,
} as const;

/** Parts of an upload that was never completed are paid for until they are dropped; its address lived 15 minutes. */
export const INCOMPLETE_UPLOAD_DAYS = 2;

/** Evidence lies under this prefix; what else comes into the bucket (GuardDuty tests its access with an object) starts no step. */
export const EVIDENCE_PREFIX = 'evidence/';

/** Time to undo a deletion of evidence. An erasure is complete when this has passed. */
export const EVIDENCE_NONCURRENT_DAYS = 30;

/** Pages and status lists are replaced often; an older text is kept this long, for an inquiry. */
export const HOSTED_NONCURRENT_DAYS = 90;

/** An EventBridge pattern, as it stands on the wire. */
export interface EventPattern {
  readonly source: readonly (string | { readonly prefix: string })[];
  readonly 'detail-type': readonly string[];
  readonly detail?: Readonly<Record<string, unknown>>;
}

/**
 * Which event on the default bus starts a step on what AWS reports, for one evidence bucket.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 * @see https://docs.aws.amazon.com/guardduty/latest/ug/monitor-with-eventbridge-s3-malware-protection.html
 */
export const evidenceEventPattern = (report: AwsStep['onAws'], bucketName: string): EventPattern => {
  switch (report) {
    case 'evidence-object-created':
      return {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: [bucketName] }, object: { key: [{ prefix: EVIDENCE_PREFIX }] } },
      };
    case 'evidence-object-scanned':
      return {
        source: ['aws.guardduty'],
        'detail-type': ['GuardDuty Malware Protection Object Scan Result'],
        detail: { s3ObjectDetails: { bucketName: [bucketName], objectKey: [{ prefix: EVIDENCE_PREFIX }] } },
      };
  }
};

/** Which events on Assay's own bus start a step; the prefix keeps out what another application puts there. */
export const busEventPattern = (names: readonly string[]): EventPattern => ({ source: [{ prefix: 'assay.' }], 'detail-type': names });
