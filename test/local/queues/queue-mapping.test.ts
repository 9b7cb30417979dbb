import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Invocation, Invoke } from '../../../local/aws/lambda/invocation.ts';
import type { Lambda } from '../../../local/aws/lambda/lambda.ts';
import { openDatabase } from '../../../local/aws/queues/database.ts';
import type { EventSources } from '../../../local/aws/queues/event-sources.ts';
import { createQueueMapping, type QueueMapping } from '../../../local/aws/queues/queue-mapping.ts';
import { createQueues, type Queues } from '../../../local/aws/queues/queues.ts';
import { buildFixtures, eventFunction, temporaryFolder } from '../fixtures/bundles.ts';
import { openConsumer, running, type Seen, says } from '../fixtures/consumer.ts';

const folder = temporaryFolder();
beforeAll(() => buildFixtures(folder.path, [eventFunction('consume')]));
afterAll(folder.remove);

const backoff = { firstMs: 1, maxMs: 4 };
let queues: Queues;
let lambda: Lambda;
let seen: Seen;
let sources: EventSources | undefined;

beforeEach(() => {
  queues = createQueues({
    database: openDatabase(':memory:'),
    queues: [{ name: 'dead' }, { name: 'work', redrive: { deadLetterQueue: 'dead', maxReceiveCount: 5 } }],
  });
  ({ lambda, seen } = openConsumer(folder.path));
});
afterEach(async () => {
  await sources?.close();
  await lambda.close();
});

const consume = (change: Partial<QueueMapping> = {}, invoke: Invoke = lambda.invoke): Promise<void> => {
  const mapping = { queue: 'work', functionName: 'consume', batchSize: 10, maxConcurrency: 2, ...change };
  sources = running((settled) => [createQueueMapping(mapping, { queues, invoke, settled, backoff })]);
  return sources.idle();
};

const send = (...bodies: readonly string[]): void => {
  for (const body of bodies) queues.send('work', body);
};

describe('from a queue to a Lambda', () => {
  it('a message comes in the form of SQS', async () => {
    const events: unknown[] = [];
    const messageId = queues.send('work', '{"detail-type":"credential.issued"}', { attributes: { RULE: 'r' } });
    await consume({}, async (_name, event) => {
      events.push(event);
      return { ok: true, payload: null };
    });
    expect(events).toEqual([
      {
        Records: [
          {
            messageId,
            receiptHandle: expect.stringMatching(/.+/),
            body: '{"detail-type":"credential.issued"}',
            attributes: {
              ApproximateReceiveCount: '1',
              SentTimestamp: expect.stringMatching(/^\d{13}$/),
              SenderId: expect.any(String),
              ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
            },
            messageAttributes: { RULE: { stringValue: 'r', dataType: 'String' } },
            md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
            eventSource: 'aws:sqs',
            eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:work',
            awsRegion: 'us-east-1',
          },
        ],
      },
    ]);
  });

  it('messages come in batches of ten, and are done once', async () => {
    send(...Array.from({ length: 25 }, (_, n) => says(n)));
    await consume();
    expect(seen.batches().toSorted((a, b) => a - b)).toEqual([5, 10, 10]);
    expect(seen.deliveries()).toHaveLength(25);
    expect(queues.depth('work')).toEqual({ visible: 0, delayed: 0, inFlight: 0 });
  });

  it('what arrives later is handled without being asked for', async () => {
    await consume();
    send(says('late'));
    await sources?.idle();
    expect(seen.effects()).toEqual([says('late')]);
  });

  it('only those that failed come again', async () => {
    send(says('a'), says('b', { how: 'fail-once' }), says('c'));
    await consume();
    expect(seen.deliveries()).toEqual([says('a'), says('b', { how: 'fail-once' }), says('c'), says('b', { how: 'fail-once' })]);
    expect(seen.effects()).toHaveLength(3);
  });

  it('one that always fails is dead after five receives, and the others are done', async () => {
    send(says('poison', { how: 'fail' }), says('good'));
    await consume();
    expect(seen.deliveries().filter((body) => body.includes('poison'))).toHaveLength(5);
    expect(seen.effects()).toEqual([says('good')]);
    expect(queues.peek('dead')).toMatchObject([{ receives: 5, diedIn: 'work', lastError: 'reported as failed by its consumer' }]);
  });

  it('a dead letter sent back is handled once more', async () => {
    send(says('poison', { how: 'fail' }));
    await consume();
    expect(queues.redrive('dead')).toBe(1);
    await sources?.idle();
    expect(seen.deliveries()).toHaveLength(10);
    expect(queues.depth('dead').visible).toBe(1);
  });

  it('all of a batch come again when the function throws', async () => {
    send(says('a'), says('bad', { how: 'throw' }));
    await consume();
    expect(seen.deliveries().filter((body) => body === says('a')).length).toBeGreaterThan(1);
    expect(queues.peek('dead')).toContainEqual(
      expect.objectContaining({ body: says('bad', { how: 'throw' }), lastError: 'Error: the whole batch fails' }),
    );
  });

  it.each([
    ['null', null],
    ['an empty object', {}],
    ['no list', { batchItemFailures: null }],
    ['an empty list', { batchItemFailures: [] }],
  ])('an answer of %s means success', async (_title, answer) => {
    send(says('a', { answer }));
    await consume();
    expect(queues.depth('dead').visible).toBe(0);
    expect(seen.deliveries()).toHaveLength(1);
  });

  it.each([
    ['a text', 'done'],
    ['failures that are no list', { batchItemFailures: 'm-1' }],
    ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }],
    ['an identifier that is null', { batchItemFailures: [{ itemIdentifier: null }] }],
    ['a misspelt key', { batchItemFailures: [{ itemidentifier: 'm-1' }] }],
    ['an identifier of no message', { batchItemFailures: [{ itemIdentifier: 'm-1' }] }],
  ])('an answer of %s means that the whole batch failed', async (_title, answer) => {
    send(says('a', { answer }), says('b', { answer }));
    await consume();
    expect(queues.depth('dead').visible).toBe(2);
  });

  it('no more batches are handled at a time than the limit says', async () => {
    let now = 0;
    let most = 0;
    const invoke: Invoke = async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return { ok: true, payload: null };
    };
    send(...Array.from({ length: 60 }, (_, n) => says(n)));
    await consume({ maxConcurrency: 3, batchSize: 5 }, invoke);
    expect(most).toBe(3);
  });

  it('a batching window gathers what arrives within it', async () => {
    const sizes: number[] = [];
    const invoke: Invoke = async (_name, event) => {
      sizes.push((event as { Records: unknown[] }).Records.length);
      return { ok: true, payload: null };
    };
    send(says(1));
    const done = consume({ batchingWindowMs: 50 }, invoke);
    send(says(2));
    setImmediate(() => send(says(3)));
    await done;
    expect(sizes).toEqual([3]);
  });

  it('an invocation that breaks instead of answering is a failure, too', async () => {
    let calls = 0;
    const invoke = async (): Promise<Invocation> => {
      calls += 1;
      throw new Error('no answer at all');
    };
    send(says('a'));
    await consume({}, invoke);
    expect(calls).toBe(5);
    expect(queues.peek('dead')).toMatchObject([{ lastError: expect.stringContaining('no answer at all') }]);
  });
});

describe('closing', () => {
  it('waits for what is being handled, and leaves the rest for the next start', async () => {
    const { promise, resolve } = Promise.withResolvers<Invocation>();
    send(...Array.from({ length: 3 }, (_, n) => says(n)));
    void consume({ batchSize: 1, maxConcurrency: 1 }, () => promise);
    const closed = sources?.close();
    resolve({ ok: true, payload: null });
    await closed;
    expect(queues.depth('work')).toEqual({ visible: 2, delayed: 0, inFlight: 0 });
  });
});
