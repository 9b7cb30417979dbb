import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEventBridge } from '../../../local/aws/eventbridge/event-bridge.ts';
import { createChaos } from '../../../local/aws/queues/chaos.ts';
import { openDatabase } from '../../../local/aws/queues/database.ts';
import { createQueueMapping } from '../../../local/aws/queues/queue-mapping.ts';
import { createQueues } from '../../../local/aws/queues/queues.ts';
import { createStreamMapping } from '../../../local/aws/queues/stream-mapping.ts';
import { buildFixtures, eventFunction, temporaryFolder } from '../fixtures/bundles.ts';
import { openConsumer, running, says } from '../fixtures/consumer.ts';
import { createStream } from '../fixtures/stream.ts';

const folder = temporaryFolder();
beforeAll(() => buildFixtures(folder.path, [eventFunction('consume')]));
afterAll(folder.remove);

const wild = (seed: number) => createChaos({ seed, duplicate: 0.5, late: 0.5, loseAnswer: 0.3, lateMsMax: 20 });
const backoff = { firstMs: 1, maxMs: 4 };
const COUNT = 60;
const all = Array.from({ length: COUNT }, (_, n) => says(n));

const queueSettings = [{ name: 'dead' }, { name: 'work', redrive: { deadLetterQueue: 'dead', maxReceiveCount: 5 } }];

describe('in chaos', () => {
  it('messages come twice, late and out of order, yet each takes effect once and none dies', async () => {
    const { lambda, seen } = openConsumer(folder.path);
    const chaos = wild(1);
    const queues = createQueues({ database: openDatabase(':memory:'), queues: queueSettings, chaos });
    for (const body of all) queues.send('work', body);
    const sources = running((settled) => [
      createQueueMapping(
        { queue: 'work', functionName: 'consume', batchSize: 10, maxConcurrency: 2 },
        { queues, invoke: lambda.invoke, settled, backoff, chaos },
      ),
    ]);
    await sources.idle();
    await sources.close();
    await lambda.close();
    expect(seen.deliveries().length).toBeGreaterThan(COUNT * 1.2);
    expect(seen.effects()).not.toEqual(all);
    expect(seen.effects().toSorted()).toEqual(all.toSorted());
    expect(queues.depth('dead').visible).toBe(0);
  });

  it('a stream tells again what it has told, but never out of order', async () => {
    const { lambda, seen } = openConsumer(folder.path);
    const database = openDatabase(':memory:');
    const queues = createQueues({ database, queues: queueSettings });
    const source = createStream();
    source.grow(...all);
    const sources = running((settled) => [
      createStreamMapping(
        { functionName: 'consume', batchSize: 5, maxRecordAgeSeconds: 3600, onFailure: 'dead' },
        { database, queues, source, invoke: lambda.invoke, settled, backoff, chaos: wild(2) },
      ),
    ]);
    await sources.idle();
    await sources.close();
    await lambda.close();
    expect(seen.deliveries().length).toBeGreaterThan(COUNT);
    expect(seen.effects()).toEqual(all);
  });

  it('an event put once may come to a queue twice', () => {
    const database = openDatabase(':memory:');
    const queues = createQueues({ database, queues: queueSettings, chaos: wild(3) });
    const rules = [{ name: 'all', bus: 'default', pattern: { source: ['assay.a'] }, targets: [{ queue: 'work' }] }];
    const bridge = createEventBridge({ database, queues, rules });
    for (let n = 0; n < COUNT; n += 1) bridge.put({ source: 'assay.a', detailType: 'x', detail: { n } });
    const ids = queues.peek('work', 1000).map(({ body }) => JSON.parse(body).id);
    expect(new Set(ids).size).toBe(COUNT);
    expect(ids.length).toBeGreaterThan(COUNT);
  });

  it('the same seed gives the same chances, another one others', () => {
    const chances = (seed: number) => {
      const chaos = wild(seed);
      return Array.from({ length: 50 }, () => [chaos.secondCopyMs(), chaos.lateMs(), chaos.losesAnswer(), chaos.shuffled([1, 2, 3, 4])]);
    };
    expect(chances(7)).toEqual(chances(7));
    expect(chances(7)).not.toEqual(chances(8));
    expect(wild(9).shuffled([1, 2, 3, 4, 5]).toSorted()).toEqual([1, 2, 3, 4, 5]);
  });
});
