/** DynamoDB Streams: ListStreams, DescribeStream, GetShardIterator, GetRecords. A stream here is one shard that never closes. */
import * as z from 'zod';
import { AwsError, type Caller } from '../service.ts';
import { sequenceNumber, sequenceOf } from './change-log.ts';
import { check, type Shape, validationError } from './dynalite.ts';
import type { Engine } from './engine.ts';
import { apiRecord, isStreamed, type Streamed } from './stream-record.ts';
import { streamArn } from './table.ts';

export const SHARD_ID = 'shardId-00000000000000000000-00000000';
/** An iterator expires 15 minutes after it is returned. */
const ITERATOR_MS = 15 * 60 * 1000;
const RECORDS_MAX = 1000;
const STREAMS_MAX = 100;

const ARN = { type: 'String', notNull: true, lengthGreaterThanOrEqual: 37, lengthLessThanOrEqual: 1024 };
const limitUpTo = (most: number) => ({ type: 'Integer', greaterThanOrEqual: 1, lessThanOrEqual: most });

const LIST: Shape = {
  types: { TableName: { type: 'String' }, Limit: limitUpTo(STREAMS_MAX), ExclusiveStartStreamArn: { type: 'String' } },
};
const DESCRIBE: Shape = { types: { StreamArn: ARN, Limit: limitUpTo(STREAMS_MAX), ExclusiveStartShardId: { type: 'String' } } };
const ITERATOR: Shape = {
  types: {
    StreamArn: ARN,
    ShardId: { type: 'String', notNull: true },
    ShardIteratorType: {
      type: 'String',
      notNull: true,
      enum: ['TRIM_HORIZON', 'LATEST', 'AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'],
    },
    SequenceNumber: { type: 'String', lengthGreaterThanOrEqual: 21, lengthLessThanOrEqual: 40 },
  },
};
const RECORDS: Shape = { types: { ShardIterator: { type: 'String', notNull: true }, Limit: limitUpTo(RECORDS_MAX) } };

const streamNotFound = (arn: string) => new AwsError('ResourceNotFoundException', `Requested resource not found: Stream: ${arn} not found`);

const arnOf = (table: Streamed): string => streamArn(table.name, table.stream.label);

const streamedTable = (engine: Engine, arn: string): Streamed => {
  const name = /:table\/([^/]+)\/stream\//.exec(arn)?.[1] ?? '';
  const table = engine.catalogue.find(name)?.table;
  if (!table || !isStreamed(table) || arnOf(table) !== arn) throw streamNotFound(arn);
  return table;
};

const listStreams = (engine: Engine) => (input: unknown, caller: Caller) => {
  const wire = check<{ TableName?: string; Limit?: number; ExclusiveStartStreamArn?: string }>(LIST, input);
  caller.authorize('dynamodb:ListStreams', streamArn(wire.TableName ?? '*', '*'));
  const streams = engine.catalogue
    .all()
    .flatMap(({ table }) =>
      isStreamed(table) ? [{ StreamArn: arnOf(table), TableName: table.name, StreamLabel: table.stream.label }] : [],
    )
    .filter(({ TableName }) => wire.TableName === undefined || TableName === wire.TableName);
  const from = streams.findIndex(({ StreamArn }) => StreamArn === wire.ExclusiveStartStreamArn) + 1;
  const page = streams.slice(from, from + (wire.Limit ?? STREAMS_MAX));
  const more = from + page.length < streams.length;
  return { Streams: page, ...(more && { LastEvaluatedStreamArn: page.at(-1)?.StreamArn }) };
};

const describeStream = (engine: Engine) => (input: unknown, caller: Caller) => {
  const { StreamArn, ExclusiveStartShardId } = check<{ StreamArn: string; ExclusiveStartShardId?: string }>(DESCRIBE, input);
  caller.authorize('dynamodb:DescribeStream', StreamArn);
  const table = streamedTable(engine, StreamArn);
  const { definition } = engine.catalogue.get(table.name);
  const first = engine.log.oldest(table) ?? engine.log.newest() + 1;
  return {
    StreamDescription: {
      StreamArn,
      StreamLabel: table.stream.label,
      StreamStatus: 'ENABLED',
      StreamViewType: table.stream.view,
      CreationRequestDateTime: definition.CreationDateTime,
      TableName: table.name,
      KeySchema: definition.KeySchema,
      Shards:
        ExclusiveStartShardId === SHARD_ID
          ? []
          : [{ ShardId: SHARD_ID, SequenceNumberRange: { StartingSequenceNumber: sequenceNumber(first) } }],
    },
  };
};

/** What an iterator carries; opaque to callers, and checked when it comes back. */
const Iterator = z.object({ stream: z.string(), after: z.number().int().min(0), issued: z.number() });
type Iterator = z.infer<typeof Iterator>;

const writeIterator = (iterator: Iterator): string => Buffer.from(JSON.stringify(iterator)).toString('base64url');

const readIterator = (encoded: string): Iterator => {
  try {
    return Iterator.parse(JSON.parse(Buffer.from(encoded, 'base64url').toString()));
  } catch {
    throw validationError('Invalid ShardIterator');
  }
};

interface WireIterator {
  readonly StreamArn: string;
  readonly ShardId: string;
  readonly ShardIteratorType: 'TRIM_HORIZON' | 'LATEST' | 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER';
  readonly SequenceNumber?: string;
}

const givenSequence = (engine: Engine, table: Streamed, number: string | undefined): number => {
  const sequence = number === undefined ? undefined : sequenceOf(number);
  if (sequence === undefined) throw validationError('Invalid SequenceNumber');
  if (sequence < (engine.log.oldest(table) ?? engine.log.newest() + 1)) {
    throw new AwsError('TrimmedDataAccessException', 'The operation attempted to read past the oldest stream record in a shard');
  }
  return sequence;
};

const startAfter = (engine: Engine, table: Streamed, wire: WireIterator): number => {
  switch (wire.ShardIteratorType) {
    case 'TRIM_HORIZON':
      return 0;
    case 'LATEST':
      return engine.log.newest();
    case 'AT_SEQUENCE_NUMBER':
      return givenSequence(engine, table, wire.SequenceNumber) - 1;
    case 'AFTER_SEQUENCE_NUMBER':
      return givenSequence(engine, table, wire.SequenceNumber);
  }
};

const getShardIterator = (engine: Engine) => (input: unknown, caller: Caller) => {
  const wire = check<WireIterator>(ITERATOR, input);
  caller.authorize('dynamodb:GetShardIterator', wire.StreamArn);
  const table = streamedTable(engine, wire.StreamArn);
  if (wire.ShardId !== SHARD_ID) {
    throw new AwsError('ResourceNotFoundException', `Requested resource not found: Shard: ${wire.ShardId} not found`);
  }
  return { ShardIterator: writeIterator({ stream: wire.StreamArn, after: startAfter(engine, table, wire), issued: engine.now() }) };
};

const getRecords = (engine: Engine) => (input: unknown, caller: Caller) => {
  const { ShardIterator, Limit } = check<{ ShardIterator: string; Limit?: number }>(RECORDS, input);
  const iterator = readIterator(ShardIterator);
  caller.authorize('dynamodb:GetRecords', iterator.stream);
  if (iterator.issued <= engine.now() - ITERATOR_MS) {
    throw new AwsError('ExpiredIteratorException', 'The shard iterator has expired and can no longer be used to retrieve stream records');
  }
  const table = streamedTable(engine, iterator.stream);
  const changes = engine.log.read(table, iterator.after, Limit ?? RECORDS_MAX);
  const after = changes.at(-1)?.sequence ?? iterator.after;
  return {
    Records: changes.map((change) => apiRecord(table, change)),
    NextShardIterator: writeIterator({ ...iterator, after, issued: engine.now() }),
  };
};

export const streamActions = (engine: Engine) => ({
  ListStreams: listStreams(engine),
  DescribeStream: describeStream(engine),
  GetShardIterator: getShardIterator(engine),
  GetRecords: getRecords(engine),
});
