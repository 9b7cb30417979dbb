import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../local/aws/queues/database.ts';
import { createQueues, type QueueSettings, type Queues } from '../../../local/aws/queues/queues.ts';
import { inTransaction } from '../../../local/aws/sqlite-file.ts';
import { temporaryFolder } from '../fixtures/bundles.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const SETTINGS: readonly QueueSettings[] = [
  { name: 'work', visibilityTimeoutSeconds: 60, redrive: { deadLetterQueue: 'dead', maxReceiveCount: 5 } },
  { name: 'dead', retentionSeconds: 14 * 24 * 3600 },
  { name: 'slow', delaySeconds: 30 },
];

let database: ReturnType<typeof openDatabase>;
let queues: Queues;
let nowMs: number;

const open = (file = ':memory:'): void => {
  database = openDatabase(file);
  queues = createQueues({ database, queues: SETTINGS, now: () => nowMs });
};
const pass = (seconds: number): void => {
  nowMs += seconds * 1000;
};
const receipts = (queue: string): readonly string[] => queues.receive(queue, 10).map(({ receipt }) => receipt ?? '');
const fail = (): void => {
  for (const receipt of receipts('work')) queues.giveBack(receipt, 0, 'it failed');
};

beforeEach(() => {
  nowMs = Date.parse('2026-03-01T10:00:00Z');
  open();
});

describe('a queue', () => {
  it('gives each message to one consumer at a time, oldest first, at most as many as asked for', () => {
    for (const body of ['a', 'b', 'c']) queues.send('work', body);
    expect(queues.receive('work', 2).map(({ body }) => body)).toEqual(['a', 'b']);
    expect(queues.receive('work', 2).map(({ body }) => body)).toEqual(['c']);
    expect(queues.receive('work', 2)).toEqual([]);
    expect(queues.depth('work')).toEqual({ visible: 0, delayed: 0, inFlight: 3 });
  });

  it('forgets what is deleted', () => {
    queues.send('work', 'a');
    for (const receipt of receipts('work')) queues.delete(receipt);
    expect(queues.nextDueMs('work')).toBeUndefined();
  });

  it('gives a message again when its consumer says nothing for the visibility timeout', () => {
    queues.send('work', 'a');
    const [first] = queues.receive('work', 1);
    pass(59);
    expect(queues.receive('work', 1)).toEqual([]);
    pass(1);
    const [second] = queues.receive('work', 1);
    expect(second).toMatchObject({ messageId: first?.messageId, receives: 2, firstReceivedMs: first?.firstReceivedMs });
    expect(second?.receipt).not.toBe(first?.receipt);
  });

  it('does not let a consumer that was overtaken delete or give back the message', () => {
    queues.send('work', 'a');
    const [stale = ''] = receipts('work');
    pass(60);
    const [fresh = ''] = receipts('work');
    queues.delete(stale);
    queues.giveBack(stale, 0, 'too late');
    expect(queues.depth('work').inFlight).toBe(1);
    queues.delete(fresh);
    expect(queues.depth('work').inFlight).toBe(0);
  });

  it('holds a message back for its delay', () => {
    queues.send('slow', 'a');
    queues.send('slow', 'b', { delayMs: 1000 });
    expect(queues.depth('slow')).toEqual({ visible: 0, delayed: 2, inFlight: 0 });
    expect(queues.nextDueMs('slow')).toBe(nowMs + 1000);
    pass(1);
    expect(queues.receive('slow', 10).map(({ body }) => body)).toEqual(['b']);
    pass(29);
    expect(queues.receive('slow', 10).map(({ body }) => body)).toEqual(['a']);
  });

  it('keeps a message as long as its retention and no longer', () => {
    queues.send('work', 'old');
    pass(4 * 24 * 3600 - 3600);
    queues.send('work', 'young');
    pass(3600 + 1);
    expect(queues.receive('work', 10).map(({ body }) => body)).toEqual(['young']);
  });

  it('tells of an arrival after the transaction, and not if that is undone', async () => {
    const told: number[] = [];
    queues.onArrival('work', () => told.push(queues.depth('work').visible));
    inTransaction(database, () => ['a', 'b'].map((body) => queues.send('work', body)));
    expect(told).toEqual([]);
    await Promise.resolve();
    expect(told).toEqual([2]);
    const undone = () =>
      inTransaction(database, () => {
        queues.send('work', 'c');
        throw new Error('undone');
      });
    expect(undone).toThrow('undone');
    expect(queues.depth('work').visible).toBe(2);
  });

  it('must exist, and so must its dead-letter queue', () => {
    expect(() => queues.send('absent', 'a')).toThrow('no queue absent');
    const dangling = [{ name: 'work', redrive: { deadLetterQueue: 'absent', maxReceiveCount: 5 } }];
    expect(() => createQueues({ database, queues: dangling })).toThrow('no queue absent');
  });
});

describe('a dead-letter queue', () => {
  it('gets a message after its fifth failure, not before, with what went wrong', () => {
    queues.send('work', 'poison');
    for (let failures = 1; failures <= 4; failures += 1) fail();
    expect(queues.depth('dead').visible).toBe(0);
    fail();
    expect(queues.depth('work')).toEqual({ visible: 0, delayed: 0, inFlight: 0 });
    expect(queues.peek('dead')).toMatchObject([{ body: 'poison', receives: 5, diedIn: 'work', lastError: 'it failed' }]);
  });

  it('gets a message whose consumer fell silent five times', () => {
    queues.send('work', 'deadly');
    for (let silences = 1; silences <= 5; silences += 1) {
      expect(queues.receive('work', 1)).toHaveLength(1);
      pass(60);
    }
    expect(queues.receive('work', 1)).toEqual([]);
    expect(queues.peek('dead')).toMatchObject([{ lastError: 'no answer within the visibility timeout' }]);
  });

  it('is emptied back to where its messages died, and they have five attempts again', () => {
    for (const body of ['a', 'b']) queues.send('work', body);
    for (let failures = 1; failures <= 5; failures += 1) fail();
    expect(queues.redrive('dead')).toBe(2);
    expect(queues.depth('dead').visible).toBe(0);
    expect(queues.receive('work', 10).map(({ body, receives }) => [body, receives])).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
  });

  it('keeps what was sent to it directly when it is emptied', () => {
    queues.send('dead', 'a notice');
    expect(queues.redrive('dead')).toBe(0);
    expect(queues.depth('dead').visible).toBe(1);
  });
});

describe('after a restart', () => {
  it('messages are where they were, and those in flight are given again at once', () => {
    const file = join(folder.path, 'restart.sqlite');
    open(file);
    for (const body of ['in flight', 'waiting', 'backing off']) queues.send('work', body);
    const [inFlight, , backingOff] = queues.receive('work', 3);
    queues.giveBack(queues.receive('work', 1)[0]?.receipt ?? '', 0, '');
    queues.giveBack(backingOff?.receipt ?? '', 30_000, 'failed once');
    expect(inFlight?.body).toBe('in flight');
    database.close();
    open(file);
    expect(queues.depth('work')).toEqual({ visible: 2, delayed: 1, inFlight: 0 });
    expect(queues.receive('work', 10).map(({ body, receives }) => [body, receives])).toEqual([
      ['in flight', 2],
      ['waiting', 2],
    ]);
    database.close();
  });
});
