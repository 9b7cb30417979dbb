/** From a bus to a step: rule → queue, with a dead-letter queue of its own → Lambda, which fails message by message. */
import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { AssemblyFunction } from '../../functions/assembly.ts';
import { type EventPattern, QUEUE_BATCH_SIZE, RECEIVES_MAX, RETENTION_DAYS, VISIBILITY_TIMEOUTS } from '../../functions/delivery.ts';
import { accept } from './accept.ts';

/** Functions of one queue at a time. Issuing has fewer: KMS signs 1,000 times a second for the whole account, and each function keeps many calls in flight. */
const CONCURRENCY_MAX = { signing: 20, other: 50 } as const;

export interface EventQueue {
  readonly queue: sqs.Queue;
  readonly deadLetters: sqs.Queue;
}

interface EventQueueProps {
  readonly stage: string;
  readonly step: AssemblyFunction;
  readonly pattern: EventPattern;
  /** Absent: the account's default bus. */
  readonly bus?: events.EventBus;
}

export const deadLetterQueue = (scope: Construct, name: string): sqs.Queue => {
  const queue = new sqs.Queue(scope, 'DeadLetters', {
    queueName: `${name}-dead-letters`,
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(RETENTION_DAYS),
  });
  accept(queue, 'SQS3', 'This is itself the dead-letter queue; an alarm watches its depth.');
  return queue;
};

export const eventQueue = (parent: Construct, { stage, step, pattern, bus }: EventQueueProps): EventQueue => {
  const scope = new Construct(parent, `${step.name}-queue`);
  const name = `assay-${stage}-${step.name}`;
  const deadLetters = deadLetterQueue(scope, name);
  const queue = new sqs.Queue(scope, 'Queue', {
    queueName: name,
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(RETENTION_DAYS),
    visibilityTimeout: Duration.seconds(VISIBILITY_TIMEOUTS * step.timeoutSeconds),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: RECEIVES_MAX },
  });
  new events.Rule(scope, 'Rule', {
    description: `Assay: starts ${step.name}`,
    ...(bus && { eventBus: bus }),
    eventPattern: patternOf(pattern),
    targets: [new targets.SqsQueue(queue, { deadLetterQueue: deadLetters })],
  });
  return { queue, deadLetters };
};

const patternOf = ({ source, 'detail-type': detailType, detail }: EventPattern): events.EventPattern => ({
  // CDK types a source as plain text, but renders a matcher as it stands.
  source: source.flatMap((match) => (typeof match === 'string' ? match : events.Match.prefix(match.prefix))),
  detailType: [...detailType],
  ...(detail && { detail }),
});

/** What Lambda's poller does with the function's rights: take, delete, and see how long a message is hidden. */
export const queueGrant = ({ queue }: EventQueue): iam.PolicyStatement =>
  new iam.PolicyStatement({
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    resources: [queue.queueArn],
  });

export const feedFromQueue = (step: AssemblyFunction, target: lambda.Function, { queue }: EventQueue): void => {
  const signs = step.statements.some(({ actions }) => actions.includes('kms:Sign'));
  new lambda.EventSourceMapping(target, 'FromQueue', {
    target,
    eventSourceArn: queue.queueArn,
    batchSize: QUEUE_BATCH_SIZE,
    maxBatchingWindow: Duration.seconds(0),
    maxConcurrency: signs ? CONCURRENCY_MAX.signing : CONCURRENCY_MAX.other,
    reportBatchItemFailures: true,
  });
};
