/** From the table to the relay: new rows of the outbox, in the order of each item, set aside if they cannot be published. */
import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { AssemblyFunction } from '../../functions/assembly.ts';
import { OUTBOX_BATCH_SIZE, OUTBOX_FILTER, OUTBOX_RECORD_AGE_HOURS_MAX } from '../../functions/delivery.ts';
import { deadLetterQueue } from './event-queue.ts';

/** Batches of one shard at a time; rows of one partition key stay in order. */
const PARALLEL_BATCHES = 4;

export const outboxDeadLetters = (parent: Construct, { stage, step }: { stage: string; step: AssemblyFunction }): sqs.Queue =>
  deadLetterQueue(new Construct(parent, `${step.name}-stream`), `assay-${stage}-${step.name}`);

/** The mapping sends what it gives up with the function's rights. */
export const outboxGrant = (deadLetters: sqs.Queue): iam.PolicyStatement =>
  new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] });

export const feedFromOutbox = (target: lambda.Function, tableStreamArn: string, deadLetters: sqs.Queue): void => {
  new lambda.EventSourceMapping(target, 'FromOutbox', {
    target,
    eventSourceArn: tableStreamArn,
    startingPosition: lambda.StartingPosition.TRIM_HORIZON,
    filters: [{ pattern: JSON.stringify(OUTBOX_FILTER) }],
    batchSize: OUTBOX_BATCH_SIZE,
    parallelizationFactor: PARALLEL_BATCHES,
    maxRecordAge: Duration.hours(OUTBOX_RECORD_AGE_HOURS_MAX),
    bisectBatchOnError: true,
    reportBatchItemFailures: true,
    onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
  });
};
