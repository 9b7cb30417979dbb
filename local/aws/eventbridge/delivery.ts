/** From an event to its targets: rules, retries that outlive the process, and the dead-letter queue of a target that stays away. */
import type { DatabaseSync } from 'node:sqlite';
import { type Backoff, backoffMs } from '../queues/backoff.ts';
import type { Queues } from '../queues/queues.ts';
import { ACCOUNT, REGION } from '../service.ts';
import { inTransaction } from '../sqlite-file.ts';
import { integer, type Row, text, textOrNone } from '../sqlite-row.ts';
import { compilePattern } from './pattern.ts';

export interface Rule {
  readonly name: string;
  readonly bus: string;
  readonly pattern: unknown;
  readonly targets: readonly Target[];
}

export interface Target {
  readonly queue: string;
  /** Gets an event that could not be delivered; without it such an event is dropped, as in the cloud. */
  readonly deadLetterQueue?: string;
}

export interface RetryPolicy extends Backoff {
  readonly maxAttempts: number;
}

/** EventBridge retries up to 185 times within 24 hours, backing off. */
const RETRY: RetryPolicy = { maxAttempts: 185, firstMs: 1000, maxMs: 8 * 60 * 1000 };

export interface DeliveryOptions {
  readonly database: DatabaseSync;
  readonly queues: Pick<Queues, 'send' | 'arn'>;
  readonly rules: readonly Rule[];
  readonly retry?: RetryPolicy;
  readonly now?: () => number;
}

export interface Delivery {
  /** Within the caller's transaction, if it has one open. */
  deliver(bus: string, event: object): void;
  /** Whether a target is being retried. */
  isPending(): boolean;
  close(): void;
}

interface Attempt {
  readonly bus: string;
  readonly rule: string;
  readonly queue: string;
  readonly deadLetterQueue: string | undefined;
  readonly body: string;
  readonly attempts: number;
}

const pendingTable = (database: DatabaseSync) => {
  database.exec(`CREATE TABLE IF NOT EXISTS pending_deliveries (
    id INTEGER PRIMARY KEY, bus TEXT NOT NULL, rule TEXT NOT NULL, queue TEXT NOT NULL, dead_letter_queue TEXT,
    body TEXT NOT NULL, attempts INTEGER NOT NULL, due_ms INTEGER NOT NULL
  ) STRICT`);
  const insert = database.prepare(
    'INSERT INTO pending_deliveries (bus, rule, queue, dead_letter_queue, body, attempts, due_ms) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const takeDue = database.prepare('DELETE FROM pending_deliveries WHERE due_ms <= ? RETURNING *');
  const nextDue = database.prepare('SELECT due_ms FROM pending_deliveries ORDER BY due_ms LIMIT 1');
  const attemptOf = (row: Row): Attempt => ({
    bus: text(row, 'bus'),
    rule: text(row, 'rule'),
    queue: text(row, 'queue'),
    deadLetterQueue: textOrNone(row, 'dead_letter_queue'),
    body: text(row, 'body'),
    attempts: integer(row, 'attempts'),
  });
  return {
    add: ({ bus, rule, queue, deadLetterQueue, body, attempts }: Attempt, dueMs: number) => {
      insert.run(bus, rule, queue, deadLetterQueue ?? null, body, attempts, dueMs);
    },
    takeDue: (nowMs: number) => takeDue.all(nowMs).map(attemptOf),
    nextDueMs: () => {
      const row = nextDue.get();
      return row && integer(row, 'due_ms');
    },
  };
};

const ruleArn = ({ bus, rule }: Attempt): string => `arn:aws:events:${REGION}:${ACCOUNT}:rule/${bus === 'default' ? '' : `${bus}/`}${rule}`;

export const createDelivery = ({ database, queues, rules, retry = RETRY, now = Date.now }: DeliveryOptions): Delivery => {
  const compiled = rules.map((rule) => ({ ...rule, matches: compilePattern(rule.pattern) }));
  const pending = pendingTable(database);
  let timer: NodeJS.Timeout | undefined;
  let open = true;

  const bury = (attempt: Attempt, error: unknown): void => {
    if (attempt.deadLetterQueue === undefined) return;
    queues.send(attempt.deadLetterQueue, attempt.body, {
      attributes: {
        RULE_ARN: ruleArn(attempt),
        TARGET_ARN: queues.arn(attempt.queue),
        ERROR_CODE: 'SDK_CLIENT_ERROR',
        ERROR_MESSAGE: error instanceof Error ? error.message : String(error),
        EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
        RETRY_ATTEMPTS: String(attempt.attempts),
      },
    });
  };

  const attemptOnce = (attempt: Attempt): void => {
    try {
      inTransaction(database, () => queues.send(attempt.queue, attempt.body));
    } catch (error) {
      if (attempt.attempts >= retry.maxAttempts) bury(attempt, error);
      else pending.add({ ...attempt, attempts: attempt.attempts + 1 }, now() + backoffMs(retry, attempt.attempts + 1));
      queueMicrotask(schedule);
    }
  };

  const retryDue = (): void => {
    inTransaction(database, () => {
      for (const attempt of pending.takeDue(now())) attemptOnce(attempt);
    });
    schedule();
  };

  function schedule(): void {
    clearTimeout(timer);
    if (!open) return;
    const dueMs = pending.nextDueMs();
    if (dueMs !== undefined) timer = setTimeout(retryDue, Math.max(1, dueMs - now()));
  }

  schedule();
  return {
    deliver: (bus, event) => {
      const body = JSON.stringify(event);
      for (const rule of compiled.filter((rule) => rule.bus === bus && rule.matches(event))) {
        for (const { queue, deadLetterQueue } of rule.targets) {
          attemptOnce({ bus, rule: rule.name, queue, deadLetterQueue, body, attempts: 0 });
        }
      }
    },
    isPending: () => pending.nextDueMs() !== undefined,
    close: () => {
      open = false;
      clearTimeout(timer);
    },
  };
};
