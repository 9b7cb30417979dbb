/**
 * Durable queues with the rules of SQS (at least once, visibility timeout, dead-letter queue after so many receives)
 * and without its wire: on this machine, as in the cloud, only event rules write to them and only event source
 * mappings read them.
 */
import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { ACCOUNT, REGION } from '../service.ts';
import { inTransaction } from '../sqlite-file.ts';
import { CALM, type Chaos } from './chaos.ts';
import { type Message, type MessageTable, messageTable } from './message-table.ts';

export interface QueueSettings {
  readonly name: string;
  readonly visibilityTimeoutSeconds?: number;
  readonly delaySeconds?: number;
  readonly retentionSeconds?: number;
  /** Where a message goes that was received `maxReceiveCount` times and never deleted. */
  readonly redrive?: { readonly deadLetterQueue: string; readonly maxReceiveCount: number };
}

export interface Depth {
  readonly visible: number;
  /** Not yet due: sent with a delay, or backing off after a failure. */
  readonly delayed: number;
  readonly inFlight: number;
}

export interface SendOptions {
  readonly delayMs?: number;
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface Queues {
  /** Part of the transaction that is open on the same database, if one is. Returns the message's id. */
  send(queue: string, body: string, options?: SendOptions): string;
  receive(queue: string, max: number): readonly Message[];
  /** A receipt that was overtaken by a later receive deletes nothing. */
  delete(receipt: string): void;
  /** The consumer failed: visible again after the delay, or dead if it was received too often. */
  giveBack(receipt: string, delayMs: number, error: string): void;
  /** When something may next be received; undefined if the queue is empty. */
  nextDueMs(queue: string): number | undefined;
  depth(queue: string): Depth;
  peek(queue: string, limit?: number): readonly Message[];
  /** Sends every message of a dead-letter queue back to where it died. Returns how many. */
  redrive(deadLetterQueue: string): number;
  /** Called once something was added to the queue and committed. */
  onArrival(queue: string, listener: () => void): void;
  settings(queue: string): QueueSettings;
  arn(queue: string): string;
}

export interface QueuesOptions {
  readonly database: DatabaseSync;
  readonly queues: readonly QueueSettings[];
  readonly chaos?: Chaos;
  readonly now?: () => number;
}

/** SQS's defaults. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const VISIBILITY_TIMEOUT_SECONDS = 30;
const RETENTION_SECONDS = 4 * 24 * 60 * 60;
const EXPIRY_CHECK_SECONDS = 60 * 60;

export const queueArn = (name: string): string => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;

const settingsOf = (queues: readonly QueueSettings[]): ((name: string) => QueueSettings) => {
  const byName = new Map(queues.map((queue) => [queue.name, queue]));
  const settings = (name: string): QueueSettings => {
    const found = byName.get(name);
    if (found === undefined) throw new Error(`no queue ${name}`);
    return found;
  };
  for (const { redrive } of queues) if (redrive) settings(redrive.deadLetterQueue);
  return settings;
};

/** Listeners hear of an arrival after the transaction that holds it: SQLite is synchronous, a microtask is not. */
const arrivals = () => {
  const listeners = new Map<string, (() => void)[]>();
  const told = new Set<string>();
  return {
    add: (queue: string, listener: () => void) => void listeners.set(queue, [...(listeners.get(queue) ?? []), listener]),
    announce: (queue: string) => {
      if (told.has(queue)) return;
      told.add(queue);
      queueMicrotask(() => {
        told.delete(queue);
        for (const listener of listeners.get(queue) ?? []) listener();
      });
    },
  };
};

const spent = (message: Message, { redrive }: QueueSettings): boolean =>
  redrive !== undefined && message.receives >= redrive.maxReceiveCount;

/** What sending and receiving work on. */
interface Works {
  readonly table: MessageTable;
  readonly settings: (queue: string) => QueueSettings;
  readonly announce: (queue: string) => void;
  readonly chaos: Chaos;
  readonly now: () => number;
}

const sender =
  ({ table, settings, announce, chaos, now }: Works): Queues['send'] =>
  (name, body, { delayMs, attributes = {} } = {}) => {
    const messageId = randomUUID();
    const sentMs = now();
    const visibleMs = sentMs + (delayMs ?? (settings(name).delaySeconds ?? 0) * 1000);
    const message = { queue: name, messageId, body, attributes, sentMs };
    table.insert({ ...message, visibleMs: visibleMs + chaos.lateMs() });
    const secondCopyMs = chaos.secondCopyMs();
    if (secondCopyMs !== undefined) table.insert({ ...message, visibleMs: visibleMs + secondCopyMs });
    announce(name);
    return messageId;
  };

const undertaker =
  ({ table, settings, announce, now }: Works) =>
  (message: Message, error: string): void => {
    const { redrive } = settings(message.queue);
    if (redrive === undefined) return;
    table.bury(message.id, redrive.deadLetterQueue, { nowMs: now(), error });
    announce(redrive.deadLetterQueue);
  };

/** Without an answer within the visibility timeout a message is due again; if that was its last receive, it is dead. */
const receiver = (works: Works): Queues['receive'] => {
  const { table, settings, chaos, now } = works;
  const bury = undertaker(works);
  const take = (message: Message, visibilityTimeoutSeconds: number): Message => {
    const receipt = randomUUID();
    const nowMs = now();
    table.take(message.id, receipt, { nowMs, visibleMs: nowMs + visibilityTimeoutSeconds * 1000 });
    return { ...message, receipt, receives: message.receives + 1, firstReceivedMs: message.firstReceivedMs ?? nowMs };
  };
  return (name, max) => {
    const queue = settings(name);
    const due = table.due(name, now(), max * chaos.lookahead);
    for (const message of due.filter((message) => spent(message, queue))) {
      bury(message, message.lastError ?? 'no answer within the visibility timeout');
    }
    return chaos
      .shuffled(due.filter((message) => !spent(message, queue)))
      .slice(0, max)
      .map((message) => take(message, queue.visibilityTimeoutSeconds ?? VISIBILITY_TIMEOUT_SECONDS));
  };
};

const giverBack = (works: Works): Queues['giveBack'] => {
  const { table, settings, announce, now } = works;
  const bury = undertaker(works);
  return (receipt, delayMs, error) => {
    const message = table.byReceipt(receipt);
    if (message === undefined) return;
    if (spent(message, settings(message.queue))) return bury(message, error);
    table.giveBack(message.id, now() + delayMs, error);
    announce(message.queue);
  };
};

/** Deletes what was kept longer than its queue keeps anything; looks once an hour. */
const expirer = (queues: readonly QueueSettings[], { table, now }: Works): (() => void) => {
  let checkedMs = 0;
  return () => {
    if (now() < checkedMs + EXPIRY_CHECK_SECONDS * 1000) return;
    checkedMs = now();
    for (const { name, retentionSeconds = RETENTION_SECONDS } of queues) table.expire(name, checkedMs - retentionSeconds * 1000);
  };
};

export const createQueues = ({ database, queues, chaos = CALM, now = Date.now }: QueuesOptions): Queues => {
  const settings = settingsOf(queues);
  const table = messageTable(database);
  const { add, announce } = arrivals();
  const works = { table, settings, announce, chaos, now };
  const [send, receive, giveBack, expireOld] = [sender(works), receiver(works), giverBack(works), expirer(queues, works)];
  // Receipts of an earlier process: nobody holds them any more.
  table.releaseAll(now());
  return {
    send: (name, body, options) => inTransaction(database, () => send(name, body, options)),
    receive: (name, max) =>
      inTransaction(database, () => {
        expireOld();
        return receive(name, max);
      }),
    delete: (receipt) => {
      const message = table.byReceipt(receipt);
      if (message) table.remove(message.id);
    },
    giveBack: (receipt, delayMs, error) => inTransaction(database, () => giveBack(receipt, delayMs, error)),
    nextDueMs: table.nextDueMs,
    depth: (name) => table.counts(settings(name).name, now()),
    peek: (name, limit = 10) => table.list(settings(name).name, limit),
    redrive: (deadLetterQueue) => {
      const revived = table.revive(settings(deadLetterQueue).name, now());
      for (const queue of new Set(revived)) announce(queue);
      return revived.length;
    },
    onArrival: add,
    settings,
    arn: queueArn,
  };
};
