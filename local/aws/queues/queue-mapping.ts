/** The event source mapping from a queue to a Lambda: batches in the form of SQS, partial failures, a bound on concurrency. */
import { createHash } from 'node:crypto';
import type { Invoke } from '../lambda/invocation.ts';
import { REGION } from '../service.ts';
import { BACKOFF, type Backoff, backoffMs } from './backoff.ts';
import { type BatchAnswer, deliver, readBatchAnswer } from './batch-answer.ts';
import { CALM, type Chaos } from './chaos.ts';
import type { Message } from './message-table.ts';
import type { Queues } from './queues.ts';

export interface QueueMapping {
  readonly queue: string;
  readonly functionName: string;
  readonly batchSize: number;
  /** How long to wait for a batch to fill. */
  readonly batchingWindowMs?: number;
  readonly maxConcurrency: number;
}

/** A running event source mapping. */
export interface Mapping {
  start(): void;
  /** True when everything that has come has been dealt with. */
  isIdle(): boolean;
  /** Takes nothing more; resolves when what is being handled has been answered. */
  close(): Promise<void>;
}

export interface MappingContext {
  readonly queues: Queues;
  readonly invoke: Invoke;
  /** Called whenever the mapping may have become idle. */
  readonly settled: () => void;
  readonly backoff?: Backoff;
  readonly chaos?: Chaos;
  readonly now?: () => number;
}

/** setTimeout fires at once for anything longer. */
const TIMER_MS_MAX = 2 ** 31 - 1;

const md5 = (body: string): string => createHash('md5').update(body).digest('hex');

const messageAttributes = (attributes: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(attributes).map(([name, stringValue]) => [name, { stringValue, dataType: 'String' }]));

/** @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
const recordOf = (message: Message, eventSourceARN: string) => ({
  messageId: message.messageId,
  receiptHandle: message.receipt,
  body: message.body,
  attributes: {
    ApproximateReceiveCount: String(message.receives),
    SentTimestamp: String(message.sentMs),
    SenderId: 'AIDALOCALEVENTS000000',
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedMs),
  },
  messageAttributes: messageAttributes(message.attributes),
  md5OfBody: md5(message.body),
  eventSource: 'aws:sqs',
  eventSourceARN,
  awsRegion: REGION,
});

const errorFor = (answer: BatchAnswer, message: Message): string | undefined => {
  switch (answer.kind) {
    case 'done':
      return undefined;
    case 'all-failed':
      return answer.error;
    case 'some-failed':
      return answer.ids.has(message.messageId) ? 'reported as failed by its consumer' : undefined;
  }
};

/** Losing every answer would bury a message that is not at fault, so near its last receive chaos holds back. */
const mayLose = (batch: readonly Message[], queues: Queues): boolean =>
  batch.every(({ queue, receives }) => receives < (queues.settings(queue).redrive?.maxReceiveCount ?? Number.POSITIVE_INFINITY) - 2);

export const createQueueMapping = (mapping: QueueMapping, context: MappingContext): Mapping => {
  const { queue, functionName, batchSize, batchingWindowMs = 0, maxConcurrency } = mapping;
  const { queues, invoke, settled, backoff = BACKOFF, chaos = CALM, now = Date.now } = context;
  const running = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let windowEndMs: number | undefined;
  let open = false;

  const finish = (batch: readonly Message[], answer: BatchAnswer): void => {
    for (const message of batch) {
      const error = errorFor(answer, message);
      if (message.receipt === undefined) continue;
      if (error === undefined) queues.delete(message.receipt);
      else queues.giveBack(message.receipt, backoffMs(backoff, message.receives), error);
    }
  };

  const handle = async (batch: readonly Message[]): Promise<void> => {
    const arn = queues.arn(queue);
    const records = batch.map((message) => recordOf(message, arn));
    const invocation = await deliver(invoke, functionName, records);
    const lost = mayLose(batch, queues) && chaos.losesAnswer();
    const ids = batch.map(({ messageId }) => messageId);
    finish(batch, lost ? { kind: 'all-failed', error: 'chaos: the answer was lost' } : readBatchAnswer(invocation, ids));
  };

  /** Whether to go on waiting for a batch to fill. */
  const gathers = (): boolean => {
    if (batchingWindowMs === 0) return false;
    const { visible } = queues.depth(queue);
    if (visible === 0 || visible >= batchSize) windowEndMs = undefined;
    else windowEndMs ??= now() + batchingWindowMs;
    if (windowEndMs === undefined) return false;
    if (now() < windowEndMs) return true;
    windowEndMs = undefined;
    return false;
  };

  const wakeAt = (dueMs: number | undefined): void => {
    clearTimeout(timer);
    timer = dueMs === undefined ? undefined : setTimeout(pump, Math.min(TIMER_MS_MAX, Math.max(1, dueMs - now())));
  };

  const run = (batch: readonly Message[]): void => {
    const task = handle(batch).finally(() => {
      running.delete(task);
      pump();
      settled();
    });
    running.add(task);
  };

  const nextBatch = (): readonly Message[] => (running.size >= maxConcurrency || gathers() ? [] : queues.receive(queue, batchSize));

  const pump = (): void => {
    if (!open) return;
    for (let batch = nextBatch(); batch.length > 0; batch = nextBatch()) run(batch);
    if (running.size < maxConcurrency) wakeAt(windowEndMs ?? queues.nextDueMs(queue));
  };

  return {
    start: () => {
      open = true;
      // A macrotask later, what one PutEvents put on the queue is one batch.
      queues.onArrival(queue, () => setImmediate(pump));
      pump();
    },
    isIdle: () => running.size === 0 && queues.nextDueMs(queue) === undefined,
    close: async () => {
      open = false;
      clearTimeout(timer);
      await Promise.allSettled(running);
    },
  };
};
