/** What may be replaced at any deploy: the bus, a function for each row of the path, and what starts it. It stores nothing. */
import { type App, Duration, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { type AssemblyFunction, assemble } from '../functions/assembly.ts';
import { busEventPattern, type EventPattern, evidenceEventPattern } from '../functions/delivery.ts';
import { type Alarms, alarms } from './constructs/alarms.ts';
import { eventQueue, feedFromQueue, queueGrant } from './constructs/event-queue.ts';
import { type HttpApi, httpApi } from './constructs/http-api.ts';
import { feedFromOutbox, outboxDeadLetters, outboxGrant } from './constructs/outbox-stream.ts';
import { type Resources, type StepLambda, stepLambda } from './constructs/step-lambda.ts';
import { timers } from './constructs/timers.ts';
import type { Deployment } from './deployment.ts';
import type { Storage } from './storage-stack.ts';

/** How far back events can be replayed, which changes nothing where they were heard. They hold ids only, no personal data. */
const ARCHIVE_DAYS = 30;

/** How long a copy of an issuer's keys may be relied on: long enough to spare the origin, short enough to wait for at a rotation. */
const IDENTITY_SECONDS = 300;

export interface PathProps {
  readonly deployment: Deployment;
  readonly storage: Storage;
  /** The bundle of a function, by its name. */
  readonly codeOf: (name: string) => lambda.Code;
}

/** The stack in the making, with what every step of it needs. */
interface Site extends PathProps {
  readonly stack: Stack;
  readonly bus: events.EventBus;
  readonly resources: Resources;
  readonly api: HttpApi;
  readonly alarms: Alarms;
}

export const pathStack = (app: App, props: PathProps): Stack => {
  const { deployment, storage } = props;
  const stack = new Stack(app, `assay-${deployment.stage}-path`, { description: 'Assay: the path, a function for each row' });
  stack.addStackDependency(storage.stack);
  const bus = new events.EventBus(stack, 'Bus', { eventBusName: `assay-${deployment.stage}`, description: 'Assay: events of the path' });
  bus.archive('Archive', {
    description: 'Assay: every event, to be replayed',
    eventPattern: { source: events.Match.prefix('assay.') },
    retention: Duration.days(ARCHIVE_DAYS),
  });
  const identity = { issuer: storage.tokenIssuer, audience: storage.tokenAudience };
  const site: Site = {
    ...props,
    stack,
    bus,
    resources: resourcesOf(stack, props, bus),
    api: httpApi(stack, { deployment, apiId: storage.apiId, identity }),
    alarms: alarms(stack, deployment),
  };
  for (const step of assemble()) build(site, step);
  site.alarms.onApi(storage.apiId);
  return stack;
};

const build = (site: Site, step: AssemblyFunction): void => {
  const { trigger } = step;
  switch (trigger.kind) {
    case 'http':
      site.api.serve(trigger.steps, built(site, step).function);
      return;
    case 'event':
      buildOnQueue(site, step, { pattern: busEventPattern(trigger.step.on), bus: site.bus });
      return;
    case 'aws':
      buildOnQueue(site, step, { pattern: evidenceEventPattern(trigger.step.onAws, site.storage.evidenceBucket) });
      return;
    case 'stream':
      buildOnStream(site, step);
      return;
  }
};

const built = ({ stack, deployment, resources, codeOf, alarms }: Site, step: AssemblyFunction, trigger?: PolicyStatement): StepLambda => {
  const made = stepLambda(stack, { deployment, step, resources, code: codeOf(step.name), ...(trigger && { trigger: [trigger] }) });
  alarms.onFunction(step.name, made, {
    signs: step.needs.includes('issuer-key:sign'),
    relays: step.trigger.kind === 'stream',
  });
  return made;
};

const buildOnQueue = (site: Site, step: AssemblyFunction, from: { pattern: EventPattern; bus?: events.EventBus }): void => {
  const queue = eventQueue(site.stack, { stage: site.deployment.stage, step, ...from });
  feedFromQueue(step, built(site, step, queueGrant(queue)).function, queue);
  site.alarms.onQueue(step.name, queue, step.timeoutSeconds);
};

const buildOnStream = (site: Site, step: AssemblyFunction): void => {
  const deadLetters = outboxDeadLetters(site.stack, { stage: site.deployment.stage, step });
  feedFromOutbox(built(site, step, outboxGrant(deadLetters)).function, site.storage.tableStreamArn, deadLetters);
  site.alarms.onDeadLetters(step.name, deadLetters);
};

const resourcesOf = (stack: Stack, { deployment, storage }: PathProps, bus: events.EventBus): Resources => {
  const { groupName, schedulesArn, roleArn } = timers(stack, deployment.stage, bus);
  return {
    arns: {
      table: storage.tableArn,
      'table-indexes': `${storage.tableArn}/index/*`,
      'table-stream': storage.tableStreamArn,
      'evidence-bucket': storage.evidenceBucketArn,
      'evidence-objects': `${storage.evidenceBucketArn}/*`,
      'hosted-bucket': storage.hostedBucketArn,
      'hosted-objects': `${storage.hostedBucketArn}/*`,
      bus: bus.eventBusArn,
      'secrets-key': storage.secretsKeyArn,
      'any-key': stack.formatArn({ service: 'kms', resource: 'key', resourceName: '*' }),
      any: '*',
      schedules: schedulesArn,
      'schedule-role': roleArn,
    },
    environment: {
      TABLE_NAME: storage.tableName,
      EVIDENCE_BUCKET: storage.evidenceBucket,
      HOSTED_BUCKET: storage.hostedBucket,
      BUS_NAME: bus.eventBusName,
      BUS_ARN: bus.eventBusArn,
      SECRETS_KEY_ARN: storage.secretsKeyArn,
      SCHEDULE_GROUP: groupName,
      SCHEDULE_ROLE_ARN: roleArn,
      PUBLIC_BASE_URL: storage.publicBaseUrl,
      IDENTITY_SECONDS: String(IDENTITY_SECONDS),
      MALWARE_SCAN: deployment.malwareScan,
      LOOPBACK_DOCUMENTS: 'refused',
    },
  };
};
