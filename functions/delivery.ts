/**
 * How events come to steps: the patterns that start one, and how often and how long each is tried. `infra/` makes rules,
 * queues and mappings of these facts and `local/` one machine, so the two cannot drift apart.
 */
import { OUTBOX_KIND } from '../shared/table-shape.ts';
import { EVIDENCE_PREFIX } from './buckets.ts';
import type { AwsStep } from './path.ts';

/** A message that failed this often is set aside for a person. */
export const RECEIVES_MAX = 5;

/** AWS asks for six times the timeout, so that a message is not seen twice while the function is being throttled. @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
export const VISIBILITY_TIMEOUTS = 6;

/** The longest that SQS keeps a message: a dead letter is somebody's badge. */
export const RETENTION_DAYS = 14;

/** Messages of a queue in one invocation; each fails for itself. */
export const QUEUE_BATCH_SIZE = 10;

/** Rows of the outbox in one invocation, in order. */
export const OUTBOX_BATCH_SIZE = 100;

/**
 * How long the relay tries a row of the outbox. A stream keeps its records for 24 hours and drops them without a word, so a row
 * must be given up, and its dead letter written, well before: 6 hours outlast an outage of the bus and leave 18 to read in the
 * stream which rows it was. Nothing is lost either way, since the row itself stays in the table for a week; docs/operations.md
 * says how it is told again.
 */
export const OUTBOX_RECORD_AGE_HOURS_MAX = 6;

/**
 * Pattern on a stream record. An outbox row is written once and later removed by its TTL; only its birth is told.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html
 */
export const OUTBOX_FILTER = { eventName: ['INSERT'], dynamodb: { NewImage: { kind: { S: [OUTBOX_KIND] } } } } as const;

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
