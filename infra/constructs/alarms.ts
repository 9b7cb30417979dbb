/** What calls a person: dead letters, work that waits too long, crashes, throttled signing. docs/operations.md says what each one means. */
import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment.ts';
import type { EventQueue } from './event-queue.ts';
import type { StepLambda } from './step-lambda.ts';

/** Earned but not issued for this long is an incident; the same measure serves every queue whose step takes less. */
const WAIT_SECONDS_MAX = 300;

/** An outbox row that waits this long means that nothing at all moves on. */
const OUTBOX_WAIT_SECONDS_MAX = 60;

/** Server errors of the API in one period; a single one may be a cut connection. */
const API_ERRORS_MAX = 5;

const PERIOD = Duration.minutes(5);

export interface Alarms {
  readonly onQueue: (name: string, queue: EventQueue, timeoutSeconds: number) => void;
  readonly onDeadLetters: (name: string, deadLetters: sqs.Queue) => void;
  readonly onFunction: (name: string, step: StepLambda, role: { readonly signs: boolean; readonly relays: boolean }) => void;
  readonly onApi: (apiId: string) => void;
}

interface Watch {
  readonly metric: cloudwatch.IMetric;
  readonly threshold: number;
  readonly says: string;
}

export const alarms = (parent: Construct, deployment: Deployment): Alarms => {
  const scope = new Construct(parent, 'Alarms');
  const action = new SnsAction(alarmTopic(scope, deployment));
  const watch = (name: string, { metric, threshold, says }: Watch): void => {
    new cloudwatch.Alarm(scope, name, {
      alarmName: `assay-${deployment.stage}-${name}`,
      alarmDescription: says,
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(action);
  };
  const onDeadLetters = (name: string, deadLetters: sqs.Queue): void =>
    watch(`${name}-dead-letters`, {
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' }),
      threshold: 1,
      says: `${name} gave up on a message. Read it, mend the cause, redrive it.`,
    });
  return {
    onDeadLetters,
    onQueue: (name, { queue, deadLetters }, timeoutSeconds) => {
      onDeadLetters(name, deadLetters);
      watch(`${name}-waits`, {
        metric: queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: 'Maximum' }),
        threshold: Math.max(WAIT_SECONDS_MAX, 2 * timeoutSeconds),
        says: `The oldest message for ${name} waits too long: the step fails and is retried, or is throttled.`,
      });
    },
    onFunction: (name, step, role) => {
      for (const [suffix, found] of functionWatches(name, step, role)) watch(`${name}-${suffix}`, found);
    },
    onApi: (apiId) =>
      watch('api-errors', {
        metric: new cloudwatch.Metric({
          namespace: 'AWS/ApiGateway',
          metricName: '5xx',
          dimensionsMap: { ApiId: apiId },
          statistic: 'Sum',
          period: PERIOD,
        }),
        threshold: API_ERRORS_MAX,
        says: 'The API answers with server errors.',
      }),
  };
};

/** Refusals and failed messages are answers, not crashes; so one crash already is a defect or an outage. */
const functionWatches = (name: string, step: StepLambda, { signs, relays }: { signs: boolean; relays: boolean }): [string, Watch][] => [
  [
    'crashes',
    { metric: step.function.metricErrors({ period: PERIOD, statistic: 'Sum' }), threshold: 1, says: `${name} crashed or ran out of time.` },
  ],
  ...(signs ? ([['throttled', signingThrottled(name, step)]] satisfies [string, Watch][]) : []),
  ...(relays ? ([['falls-behind', outboxWaits(name, step.function)]] satisfies [string, Watch][]) : []),
];

const outboxWaits = (name: string, relay: lambda.Function): Watch => ({
  metric: relay.metric('IteratorAge', { period: Duration.minutes(1), statistic: 'Maximum' }),
  threshold: OUTBOX_WAIT_SECONDS_MAX * 1000,
  says: `${name} falls behind: events stay in the outbox, nothing moves on.`,
});

/** A throttled call that the SDK's retries overcome does no harm; one that they do not overcome stands in the function's log. */
const signingThrottled = (name: string, { function: handler, logGroup }: StepLambda): Watch => {
  const filter = new logs.MetricFilter(handler, 'ThrottledCalls', {
    logGroup,
    filterPattern: logs.FilterPattern.anyTerm('ThrottlingException'),
    metricNamespace: 'Assay',
    metricName: `${name}-throttled`,
  });
  return {
    metric: filter.metric({ period: PERIOD, statistic: 'Sum' }),
    threshold: 1,
    says: `KMS throttled ${name} beyond its retries: badges wait. Ask for a higher quota or lower the concurrency.`,
  };
};

const alarmTopic = (scope: Construct, { stage, alarmEmail }: Deployment): sns.Topic => {
  const key = new kms.Key(scope, 'Key', { description: `Assay ${stage}: alarms`, enableKeyRotation: true });
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  );
  const topic = new sns.Topic(scope, 'Topic', { topicName: `assay-${stage}-alarms`, masterKey: key, enforceSSL: true });
  if (alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(alarmEmail));
  return topic;
};
