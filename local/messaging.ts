/** Queues, rules and event source mappings of this machine: one queue with its dead-letter queue per listening function, as in the cloud. */
import { join } from 'node:path';
import { type AssemblyFunction, assemble } from '../functions/assembly.ts';
import {
  busEventPattern,
  evidenceEventPattern,
  OUTBOX_BATCH_SIZE,
  OUTBOX_FILTER,
  OUTBOX_RECORD_AGE_HOURS_MAX,
  QUEUE_BATCH_SIZE,
  RECEIVES_MAX,
  RETENTION_DAYS,
  VISIBILITY_TIMEOUTS,
} from '../functions/delivery.ts';
import type { DynamoDb } from './aws/dynamodb/dynamodb.ts';
import { createEventBridge, type EventBridge } from './aws/eventbridge/event-bridge.ts';
import type { Invoke } from './aws/lambda/invocation.ts';
import type { Chaos } from './aws/queues/chaos.ts';
import { openDatabase } from './aws/queues/database.ts';
import { createEventSources, type EventSources } from './aws/queues/event-sources.ts';
import { createQueueMapping } from './aws/queues/queue-mapping.ts';
import { createQueues, type QueueSettings, type Queues } from './aws/queues/queues.ts';
import { createStreamMapping } from './aws/queues/stream-mapping.ts';
import { BUS_NAME, EVIDENCE_BUCKET, TABLE_NAME } from './resources.ts';

const RETENTION_SECONDS = RETENTION_DAYS * 24 * 60 * 60;

/** Invocations of one function at a time: the cloud has dozens, one machine a few cores. */
const CONCURRENCY = 2;

const deadLetterQueue = (name: string): string => `${name}-dead`;

const listeners = (functions: readonly AssemblyFunction[]): readonly AssemblyFunction[] =>
  functions.filter(({ trigger }) => trigger.kind === 'event' || trigger.kind === 'aws');
const streamers = (functions: readonly AssemblyFunction[]): readonly AssemblyFunction[] =>
  functions.filter(({ trigger }) => trigger.kind === 'stream');

const setAside = (name: string): QueueSettings => ({ name: deadLetterQueue(name), retentionSeconds: RETENTION_SECONDS });

const queuesFor = (functions: readonly AssemblyFunction[]): readonly QueueSettings[] => [
  ...listeners(functions).flatMap(({ name, timeoutSeconds }) => [
    setAside(name),
    {
      name,
      retentionSeconds: RETENTION_SECONDS,
      visibilityTimeoutSeconds: timeoutSeconds * VISIBILITY_TIMEOUTS,
      redrive: { deadLetterQueue: deadLetterQueue(name), maxReceiveCount: RECEIVES_MAX },
    },
  ]),
  ...streamers(functions).map(({ name }) => setAside(name)),
];

const ruleFor = ({ name, trigger }: AssemblyFunction) => {
  if (trigger.kind === 'event')
    return [
      {
        name,
        bus: BUS_NAME,
        pattern: busEventPattern(trigger.step.on),
        targets: [{ queue: name, deadLetterQueue: deadLetterQueue(name) }],
      },
    ];
  if (trigger.kind === 'aws')
    return [
      {
        name,
        bus: 'default',
        pattern: evidenceEventPattern(trigger.step.onAws, EVIDENCE_BUCKET),
        targets: [{ queue: name, deadLetterQueue: deadLetterQueue(name) }],
      },
    ];
  return [];
};

export interface Messaging {
  readonly bridge: EventBridge;
  readonly queues: Queues;
  readonly sources: EventSources;
  /** Messages that failed five times, by the function they were for. */
  deadLetters(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

export interface MessagingNeeds {
  readonly folder: string;
  readonly dynamodb: DynamoDb;
  readonly invoke: Invoke;
  readonly chaos?: Chaos;
}

const streamSource = (dynamodb: DynamoDb, arn: string) => ({
  arn,
  readStream: (after: string | undefined, limit: number) => dynamodb.readStream(TABLE_NAME, after, limit),
  onGrowth: (listener: () => void) => dynamodb.onStreamGrowth((table) => table === TABLE_NAME && listener()),
});

export const openMessaging = ({ folder, dynamodb, invoke, chaos }: MessagingNeeds, streamArn: string): Messaging => {
  const functions = assemble();
  const database = openDatabase(join(folder, 'messaging.sqlite'));
  const strange = chaos === undefined ? {} : { chaos };
  const queues = createQueues({ database, queues: queuesFor(functions), ...strange });
  const bridge = createEventBridge({ database, queues, buses: [BUS_NAME], rules: functions.flatMap(ruleFor) });
  const sources = createEventSources({
    isBusPending: () => bridge.isPending(),
    mappings: (settled) => [
      ...listeners(functions).map(({ name }) =>
        createQueueMapping(
          { queue: name, functionName: name, batchSize: QUEUE_BATCH_SIZE, maxConcurrency: CONCURRENCY },
          { queues, invoke, settled, ...strange },
        ),
      ),
      ...streamers(functions).map(({ name }) =>
        createStreamMapping(
          {
            functionName: name,
            filter: OUTBOX_FILTER,
            batchSize: OUTBOX_BATCH_SIZE,
            maxRecordAgeSeconds: OUTBOX_RECORD_AGE_HOURS_MAX * 60 * 60,
            onFailure: deadLetterQueue(name),
          },
          { queues, invoke, settled, database, source: streamSource(dynamodb, streamArn), ...strange },
        ),
      ),
    ],
  });
  const deadLetters = () =>
    Object.fromEntries(
      [...listeners(functions), ...streamers(functions)]
        .map(({ name }) => [name, queues.depth(deadLetterQueue(name)).visible])
        .filter(([, depth]) => depth !== 0),
    );
  return {
    bridge,
    queues,
    sources,
    deadLetters,
    close: async () => {
      await sources.close();
      bridge.close();
      database.close();
    },
  };
};
