/**
 * Amazon DynamoDB and DynamoDB Streams on one machine, over node:sqlite: what `@aws-sdk/client-dynamodb` speaks, with
 * transactions, index capacity, TTL and IAM as in AWS. dynalite validates and parses; the rest is in this folder.
 */
import { AwsError, type Caller, type JsonService } from '../service.ts';
import { sequenceOf } from './change-log.ts';
import { validationError } from './dynalite.ts';
import { type Engine, openEngine } from './engine.ts';
import { indexActions } from './index-actions.ts';
import { pageActions } from './page-actions.ts';
import { readActions } from './read-actions.ts';
import { streamActions } from './stream-actions.ts';
import { isStreamed, type StreamRecord, streamRecord } from './stream-record.ts';
import { expire, TRIM_EVERY_MS, trim } from './sweep.ts';
import { tableActions } from './table-actions.ts';
import { transactionActions } from './transactions.ts';
import { writeActions } from './write-actions.ts';

export type { StreamRecord } from './stream-record.ts';

export interface DynamoDb {
  /** `X-Amz-Target: DynamoDB_20120810.*` */
  readonly tables: JsonService;
  /** `X-Amz-Target: DynamoDBStreams_20120810.*` */
  readonly streams: JsonService;
  /** Says that a table's stream grew, after the write is durable; what grew is read with `readStream`. */
  onStreamGrowth(listener: (tableName: string) => void): void;
  /**
   * Records after a sequence number, or from the oldest; the position is the reader's to keep.
   * @throws AwsError ValidationException for a sequence number of another kind
   */
  readStream(tableName: string, after: string | undefined, limit: number): readonly StreamRecord[];
  /** What the timer does, all at once: deletes expired items and, when an hour has passed, trims streams and tokens. */
  sweep(): void;
  close(): void;
}

/** AWS takes up to a few days; a minute shows within one sitting that code must not rely on the moment. */
const TTL_SWEEP_MS = 60_000;

type Actions = Readonly<Record<string, (input: unknown, caller: Caller) => unknown>>;

const service = (actions: Actions): JsonService => ({
  handle: async (action, input, caller) => {
    const act = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (!act) throw new AwsError('UnknownOperationException', `The operation ${action} is not offered here`);
    return act(input, caller);
  },
});

const readStream =
  (engine: Engine): DynamoDb['readStream'] =>
  (tableName, after, limit) => {
    const sequence = after === undefined ? 0 : sequenceOf(after);
    if (sequence === undefined) throw validationError('Invalid SequenceNumber');
    const { table } = engine.catalogue.get(tableName);
    return isStreamed(table) ? engine.log.read(table, sequence, limit).map((change) => streamRecord(table, change)) : [];
  };

const hourlyTrim = (engine: Engine) => {
  let trimmed = engine.now();
  return () => {
    if (engine.now() - trimmed < TRIM_EVERY_MS) return;
    trim(engine);
    trimmed = engine.now();
  };
};

/** Sweeps now and then, a piece at a time. @returns how to stop */
const sweepInBackground = (engine: Engine, trimWhenDue: () => void, everyMs: number) => {
  let stopped = false;
  const step = () => {
    if (!stopped && expire(engine)) setImmediate(step);
  };
  const timer = setInterval(() => {
    trimWhenDue();
    step();
  }, everyMs).unref();
  return () => {
    stopped = true;
    clearInterval(timer);
  };
};

export const openDynamoDb = (options: {
  readonly folder: string | ':memory:';
  readonly now?: () => number;
  readonly ttlSweepMs?: number;
}): DynamoDb => {
  const engine = openEngine(options.folder, options.now ?? Date.now);
  const trimWhenDue = hourlyTrim(engine);
  const stopSweeping = sweepInBackground(engine, trimWhenDue, options.ttlSweepMs ?? TTL_SWEEP_MS);
  return {
    tables: service({
      ...tableActions(engine),
      ...indexActions(engine),
      ...readActions(engine),
      ...writeActions(engine),
      ...transactionActions(engine),
      ...pageActions(engine),
    }),
    streams: service(streamActions(engine)),
    onStreamGrowth: engine.onStreamGrowth,
    readStream: readStream(engine),
    sweep: () => {
      trimWhenDue();
      while (expire(engine));
    },
    close: () => {
      stopSweeping();
      engine.database.close();
    },
  };
};
