/**
 * The event source mapping from a table's stream to a Lambda: one batch at a time, in order, from a position that
 * survives the process. A record that keeps failing holds up those behind it until it is too old.
 */
import type { DatabaseSync } from 'node:sqlite';
import { compilePattern } from '../eventbridge/pattern.ts';
import { failure } from '../lambda/invocation.ts';
import { inTransaction } from '../sqlite-file.ts';
import { BACKOFF, backoffMs } from './backoff.ts';
import { type BatchAnswer, deliver, readBatchAnswer } from './batch-answer.ts';
import { CALM } from './chaos.ts';
import type { Mapping, MappingContext } from './queue-mapping.ts';
import { streamPositions } from './stream-position.ts';

/** A record as a Lambda gets it; the mapping reads no more of it than this. */
export interface StreamRecord {
  readonly dynamodb: {
    readonly SequenceNumber: string;
    /** Seconds since 1970. */
    readonly ApproximateCreationDateTime: number;
  };
}

export interface StreamSource {
  readonly arn: string;
  /** Records after the sequence number in order; from the oldest kept if it is undefined. */
  readStream(after: string | undefined, limit: number): readonly StreamRecord[] | Promise<readonly StreamRecord[]>;
  /** Called after records were added and committed. */
  onGrowth(listener: () => void): void;
}

export interface StreamMapping {
  readonly functionName: string;
  readonly batchSize: number;
  /** Only records that match this event pattern are given to the function. */
  readonly filter?: unknown;
  /** At most the 24 hours that DynamoDB keeps a record of its stream. */
  readonly maxRecordAgeSeconds: number;
  /** Queue that is told of records given up. */
  readonly onFailure: string;
}

export interface StreamContext extends MappingContext {
  readonly database: DatabaseSync;
  readonly source: StreamSource;
}

type Records = readonly StreamRecord[];

const sequenceOf = (record: StreamRecord): string => record.dynamodb.SequenceNumber;

/** How many records from the start of the batch are done: all before the first that failed. */
const doneIn = (answer: BatchAnswer, records: Records): number => {
  switch (answer.kind) {
    case 'done':
      return records.length;
    case 'all-failed':
      return 0;
    case 'some-failed':
      return records.findIndex((record) => answer.ids.has(sequenceOf(record)));
  }
};

/** Lambda tells the destination of a failure where the records stand in the stream, not what is in them. */
const noticeOf = (given: Records, context: { readonly arn: string; readonly functionName: string; readonly failures: number }): string =>
  JSON.stringify({
    requestContext: { functionArn: context.functionName, condition: 'MaximumRecordAgeExceeded', approximateInvokeCount: context.failures },
    version: '1.0',
    timestamp: new Date().toISOString(),
    DDBStreamBatchInfo: {
      shardId: 'shardId-00000000000000000000-00000000',
      startSequenceNumber: given.map(sequenceOf).at(0),
      endSequenceNumber: given.map(sequenceOf).at(-1),
      batchSize: given.length,
      streamArn: context.arn,
    },
  });

const positionKeeper = ({ functionName }: StreamMapping, { database, source }: StreamContext) => {
  const positions = streamPositions(database);
  const key = `${functionName} ${source.arn}`;
  return { read: () => positions.read(key), write: (sequence: string) => positions.write(key, sequence) };
};

type Step = 'drained' | 'more' | 'retry';

/** One batch: read after the position, invoke, move the position past what is done. */
const stepper = (mapping: StreamMapping, context: StreamContext) => {
  const { functionName, batchSize, maxRecordAgeSeconds, onFailure } = mapping;
  const { database, queues, invoke, source, chaos = CALM, now = Date.now } = context;
  const passes = mapping.filter === undefined ? () => true : compilePattern(mapping.filter);
  const position = positionKeeper(mapping, context);
  let failures = 0;

  const isTooOld = ({ dynamodb }: StreamRecord): boolean => now() / 1000 - dynamodb.ApproximateCreationDateTime > maxRecordAgeSeconds;

  const ask = async (records: Records): Promise<BatchAnswer> => {
    const given = records.map((record) => ({ ...record, eventSourceARN: source.arn }));
    const invocation = await deliver(invoke, functionName, given);
    return readBatchAnswer(chaos.losesAnswer() ? failure('Chaos', 'the answer was lost') : invocation, records.map(sequenceOf));
  };

  /** Records given up are skipped and told of in one transaction, so that none disappears unseen. */
  const giveUp = (given: Records): void =>
    inTransaction(database, () => {
      queues.send(onFailure, noticeOf(given, { arn: source.arn, functionName, failures }));
      position.write(given.map(sequenceOf).at(-1) ?? '');
    });

  const afterFailure = (read: Records, failed: StreamRecord): Step => {
    const from = read.indexOf(failed);
    if (from > 0) position.write(read.slice(0, from).map(sequenceOf).at(-1) ?? '');
    const fresh = read.slice(from).findIndex((record) => !isTooOld(record));
    const tooOld = fresh === -1 ? read.slice(from) : read.slice(from, from + fresh);
    if (tooOld.length === 0) return 'retry';
    giveUp(tooOld);
    failures = 0;
    return 'more';
  };

  const step = async (): Promise<Step> => {
    const read = await source.readStream(position.read(), batchSize);
    const last = read.at(-1);
    if (last === undefined) return 'drained';
    const records = read.filter(passes);
    const done = records.length === 0 ? 0 : doneIn(await ask(records), records);
    const failed = records[done];
    failures = failed === undefined || done > 0 ? 0 : failures;
    if (failed !== undefined) {
      failures += 1;
      return afterFailure(read, failed);
    }
    position.write(sequenceOf(last));
    return 'more';
  };

  return { step, failures: () => failures };
};

export const createStreamMapping = (mapping: StreamMapping, context: StreamContext): Mapping => {
  const { source, settled, backoff = BACKOFF } = context;
  const { step, failures } = stepper(mapping, context);
  let open = false;
  let grown = true;
  let running: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;

  const drain = async (): Promise<void> => {
    let next: Step = 'more';
    while (open && (next === 'more' || (next === 'drained' && grown))) {
      grown = false;
      next = await step().catch((): Step => 'retry');
    }
    if (!open || next === 'drained') return;
    retry = setTimeout(
      () => {
        retry = undefined;
        pump();
      },
      backoffMs(backoff, Math.max(1, failures())),
    );
  };

  const pump = (): void => {
    if (!open || running !== undefined || retry !== undefined) return;
    running = drain().finally(() => {
      running = undefined;
      if (grown) pump();
      settled();
    });
  };

  return {
    start: () => {
      open = true;
      source.onGrowth(() => {
        grown = true;
        pump();
      });
      pump();
    },
    isIdle: () => running === undefined && retry === undefined && !grown,
    close: async () => {
      open = false;
      clearTimeout(retry);
      await running;
    },
  };
};
