import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BusEntry } from '#adapters/eventbridge/event-bus.ts';
import { openScripted } from './scripted.ts';
import { openStage, type Stage } from './stage.ts';

type Module = typeof import('#adapters/eventbridge/event-bus.ts');

let stage: Stage;
let module: Module;

const load = () => import('#adapters/eventbridge/event-bus.ts');

beforeAll(async () => {
  stage = await openStage();
  module = await stage.as('relay-events', load);
});
afterAll(() => stage.close());

let put: number;
beforeEach(() => {
  put = stage.busEvents().length;
});
const newEvents = () => stage.busEvents().slice(put);

const anEntry = (n: number, over: Partial<BusEntry> = {}): BusEntry => ({
  source: 'assay.credential',
  detailType: 'credential.earned',
  detail: JSON.stringify({ n }),
  ...over,
});

describe('events of the outbox', () => {
  it('come out on the bus of the path, ten with one call', async () => {
    stage.calls.length = 0;
    await module.putEvents(Array.from({ length: module.ENTRIES_MAX }, (_, n) => anEntry(n)));
    expect(stage.calls).toEqual(['events PutEvents']);
    expect(newEvents()).toMatchObject(
      Array.from({ length: 10 }, (_, n) => ({ source: 'assay.credential', 'detail-type': 'credential.earned', detail: { n } })),
    );
  });

  it('of which one was refused have failed, although the call went well and the others are on the bus', async () => {
    await expect(module.putEvents([anEntry(1), anEntry(2, { detail: 'no JSON' }), anEntry(3)])).rejects.toThrow(
      '1 events refused: MalformedDetail Detail is malformed.',
    );
    expect(newEvents().map(({ detail }) => detail)).toEqual([{ n: 1 }, { n: 3 }]);
  });

  it('more than ten at once, or none, are a mistake', async () => {
    await expect(module.putEvents(Array.from({ length: 11 }, (_, n) => anEntry(n)))).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(module.putEvents([])).rejects.toMatchObject({ name: 'ValidationException' });
    expect(newEvents()).toEqual([]);
  });

  it('may come twice, when an answer is lost', async () => {
    stage.befall('events PutEvents', 'lose');
    await module.putEvents([anEntry(1)]);
    expect(newEvents().map(({ detail }) => detail)).toEqual([{ n: 1 }, { n: 1 }]);
  });
});

describe('what EventBridge may say besides', () => {
  it('an answer that counts no failures is a success, and one that counts them without a reason is not', async () => {
    const scripted = await openScripted();
    const far = await scripted.load(load);
    scripted.answers({ body: {} }, { body: { FailedEntryCount: 0, Entries: [{ EventId: '1' }] } }, { body: { FailedEntryCount: 2 } });
    await expect(far.putEvents([anEntry(1)])).resolves.toBeUndefined();
    await expect(far.putEvents([anEntry(1)])).resolves.toBeUndefined();
    await expect(far.putEvents([anEntry(1)])).rejects.toThrow('2 events refused');
    await scripted.close();
  });
});
