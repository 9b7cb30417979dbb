import type { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Invoke } from '../../../local/aws/lambda/invocation.ts';
import type { Lambda } from '../../../local/aws/lambda/lambda.ts';
import { openDatabase } from '../../../local/aws/queues/database.ts';
import type { EventSources } from '../../../local/aws/queues/event-sources.ts';
import { createQueues, type Queues } from '../../../local/aws/queues/queues.ts';
import { createStreamMapping, type StreamContext, type StreamMapping } from '../../../local/aws/queues/stream-mapping.ts';
import { buildFixtures, eventFunction, temporaryFolder } from '../fixtures/bundles.ts';
import { openConsumer, running, type Seen, says } from '../fixtures/consumer.ts';
import { createStream, type TestStream } from '../fixtures/stream.ts';

const folder = temporaryFolder();
beforeAll(() => buildFixtures(folder.path, [eventFunction('consume')]));
afterAll(folder.remove);

let database: DatabaseSync;
let queues: Queues;
let lambda: Lambda;
let seen: Seen;
let stream: TestStream;
let sources: EventSources | undefined;

beforeEach(() => {
  database = openDatabase(':memory:');
  queues = createQueues({ database, queues: [{ name: 'given-up' }] });
  stream = createStream();
  ({ lambda, seen } = openConsumer(folder.path));
});
afterEach(async () => {
  await sources?.close();
  await lambda.close();
});

const MAPPING: StreamMapping = { functionName: 'consume', batchSize: 100, maxRecordAgeSeconds: 24 * 60 * 60, onFailure: 'given-up' };

const relay = (change: Partial<StreamMapping> = {}, context: Partial<StreamContext> = {}): Promise<void> => {
  const backoff = { firstMs: 1, maxMs: 4 };
  sources = running((settled) => [
    createStreamMapping(
      { ...MAPPING, ...change },
      { database, queues, source: stream, invoke: lambda.invoke, settled, backoff, ...context },
    ),
  ]);
  return sources.idle();
};

const numbered = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => says(n));

describe('from a stream to a Lambda', () => {
  it('records come in the form of DynamoDB Streams', async () => {
    const events: unknown[] = [];
    stream.grow(says('a'));
    await relay(
      {},
      {
        invoke: async (_name, event) => {
          events.push(event);
          return { ok: true, payload: null };
        },
      },
    );
    expect(events).toEqual([
      {
        Records: [
          {
            eventName: 'INSERT',
            eventSource: 'aws:dynamodb',
            eventSourceARN: stream.arn,
            dynamodb: expect.objectContaining({ SequenceNumber: '000000000000000000001' }),
          },
        ],
      },
    ]);
  });

  it('what was there before the start and what comes later is handled, all in order', async () => {
    stream.grow(...numbered(25));
    await relay({ batchSize: 10 });
    stream.grow(says('later'));
    stream.grow(says('last'));
    await sources?.idle();
    expect(seen.deliveries()).toEqual([...numbered(25), says('later'), says('last')]);
    expect(seen.batches().slice(0, 3)).toEqual([10, 10, 5]);
  });

  it('one batch is handled at a time', async () => {
    let now = 0;
    let most = 0;
    const invoke: Invoke = async () => {
      most = Math.max(most, ++now);
      stream.grow(...(now < 3 && stream.reads.length < 20 ? [says('more')] : []));
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return { ok: true, payload: null };
    };
    stream.grow(...numbered(10));
    await relay({ batchSize: 2 }, { invoke });
    expect(most).toBe(1);
  });

  it('after a failure goes on with the first that failed, so that the order is kept', async () => {
    const [a, b, c, d] = [says('a'), says('b', { how: 'fail-once' }), says('c'), says('d')];
    stream.grow(a, b, c, d);
    await relay();
    expect(seen.deliveries()).toEqual([a, b, c, d, b, c, d]);
    expect(seen.effects()).toEqual([a, c, d, b]);
  });

  it('a record that keeps failing holds up those behind it until it is too old; then it is told of and passed over', async () => {
    let seconds = Date.now() / 1000 - 3000;
    stream = createStream(() => seconds);
    const poison = says('poison', { how: 'fail' });
    stream.grow(says('a'), poison);
    seconds = Date.now() / 1000;
    stream.grow(says('b'));
    let nowMs = seconds * 1000;
    const invoke: Invoke = async (name, event) => {
      if (seen.deliveries().filter((text) => text === poison).length === 3) nowMs += 1000 * 1000;
      return lambda.invoke(name, event);
    };
    await relay({ maxRecordAgeSeconds: 3600 }, { invoke, now: () => nowMs });
    expect(seen.deliveries().filter((text) => text === poison)).toHaveLength(4);
    expect(seen.effects()).toEqual([says('a'), says('b')]);
    expect(queues.peek('given-up').map(({ body }) => JSON.parse(body))).toMatchObject([
      {
        requestContext: { condition: 'MaximumRecordAgeExceeded', approximateInvokeCount: 4 },
        DDBStreamBatchInfo: {
          startSequenceNumber: '000000000000000000002',
          endSequenceNumber: '000000000000000000002',
          batchSize: 1,
          streamArn: stream.arn,
        },
      },
    ]);
  });

  it('only what passes the filter is handled, and the position moves past the rest', async () => {
    stream.grow(says('other 1'), says('outbox 1'), says('other 2'));
    const filter = { dynamodb: { NewImage: { kind: { S: ['outbox'] } } } };
    await relay({ filter });
    expect(seen.deliveries()).toEqual([says('outbox 1')]);
    expect(stream.reads.at(-1)).toBe('000000000000000000003');
    expect(() =>
      createStreamMapping(
        { ...MAPPING, filter: {} },
        { database, queues, source: stream, invoke: lambda.invoke, settled: () => undefined },
      ),
    ).toThrow(/pattern is not valid/);
  });

  it('goes on where it was after a restart', async () => {
    stream.grow(...numbered(3));
    await relay();
    await sources?.close();
    stream.grow(says('while closed'));
    await relay();
    expect(seen.deliveries()).toEqual([...numbered(3), says('while closed')]);
  });

  it('tries again when the stream cannot be read, and when the function breaks instead of answering', async () => {
    const troubles = { reading: 1, invoking: 1 };
    const readStream: TestStream['readStream'] = (after, limit) => {
      if (troubles.reading-- > 0) throw new Error('the table is away');
      return stream.readStream(after, limit);
    };
    const invoke: Invoke = async (name, event) => {
      if (troubles.invoking-- > 0) throw new Error('broken');
      return lambda.invoke(name, event);
    };
    stream.grow(says('a'));
    await relay({}, { source: { ...stream, readStream }, invoke });
    expect(seen.deliveries()).toEqual([says('a')]);
    expect([troubles.reading, troubles.invoking].every((left) => left < 0)).toBe(true);
  });
});
