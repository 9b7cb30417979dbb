import type { DynamoDBStreamEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { AssayEvent } from '#domain/events.ts';
import { causeOf, onEvent, onReport, onStream, type StreamRecord } from '#lambda/event.ts';
import type { Cause } from '#shared/ports.ts';
import { anEvent, credentialId, enrolmentId, eventId } from '../factories.ts';
import { aBatch, aStreamRecord, logged, onTheBus } from './invocations.ts';

const credential = { credentialId: credentialId(), enrolmentId: enrolmentId() };
const EARNED = anEvent('credential.earned', credential);

/** A step that takes earned and issued credentials, and what it was told; it fails where told to. */
const taking = (fails: (event: AssayEvent) => boolean = () => false) => {
  const told: { event: AssayEvent; cause: Cause }[] = [];
  const handler = onEvent('on-credential', ['credential.earned', 'credential.issued'], () => async (event, cause) => {
    if (fails(event)) throw new Error('not now');
    told.push({ event, cause });
  });
  return { told, handler };
};

describe('a step on events', () => {
  it('is told the event, and that the event is the cause of what it does', async () => {
    logged();
    const { told, handler } = taking();
    expect(await handler(aBatch(onTheBus(EARNED)))).toEqual({ batchItemFailures: [] });
    const cause = { actor: { type: 'system', id: 'on-credential' }, correlationId: 'request-1', causationId: EARNED.meta.eventId };
    expect(told).toEqual([{ event: EARNED, cause }]);
    expect(causeOf('on-credential', EARNED)).toEqual(cause);
  });

  it('does the rest of a batch when one record fails, and names only that one', async () => {
    const lines = logged();
    const events = [1, 2, 3].map((number) => anEvent('credential.earned', credential, { eventId: eventId(number) }));
    const { told, handler } = taking((event) => event.meta.eventId === eventId(2));
    expect(await handler(aBatch(...events.map(onTheBus)))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(told.map(({ event }) => event.meta.eventId)).toEqual([eventId(1), eventId(3)]);
    const outcomes = lines.filter(({ message }) => message === 'step').map(({ outcome }) => outcome);
    expect(outcomes.toSorted()).toEqual(['done', 'done', 'failed']);
  });

  it.each<[string, string]>([
    ['no JSON', '{"detail":'],
    ['nothing', ''],
    ['null', 'null'],
    ['no envelope', JSON.stringify(EARNED)],
    ['no detail', JSON.stringify({ 'detail-type': 'credential.earned' })],
    ['an event of no catalogue', onTheBus({ ...EARNED, type: 'credential.lost' } as never)],
    ['an event that another step takes', onTheBus(anEvent('status_list.dirtied', { statusList: 1 }))],
    ['an event with a payload of another', onTheBus({ ...EARNED, data: { statusList: 1 } } as never)],
  ])('sends a record back that holds %s, without running', async (_what, body) => {
    logged();
    const { told, handler } = taking();
    expect(await handler(aBatch(body, onTheBus(EARNED)))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect(told).toHaveLength(1);
  });

  it('is wired once; what cannot be wired fails every record and is tried again', async () => {
    logged();
    let tries = 0;
    const handler = onEvent('on-credential', ['credential.earned'], () => {
      tries += 1;
      if (tries === 1) throw new Error('environment variable TABLE_NAME');
      return async () => undefined;
    });
    expect(tries).toBe(0);
    expect((await handler(aBatch(onTheBus(EARNED)))).batchItemFailures).toHaveLength(1);
    expect((await handler(aBatch(onTheBus(EARNED)))).batchItemFailures).toEqual([]);
    expect((await handler(aBatch(onTheBus(EARNED)))).batchItemFailures).toEqual([]);
    expect(tries).toBe(2);
  });

  it('leaves a line that leads to the event, done or failed', async () => {
    const lines = logged();
    const { handler } = taking((event) => event.type === 'credential.issued');
    await handler(aBatch(onTheBus(EARNED), onTheBus(anEvent('credential.issued', credential))));
    const steps = lines.filter(({ message }) => message === 'step');
    const about = { type: 'credential.earned', correlationId: 'request-1', eventId: EARNED.meta.eventId, aggregateId: enrolmentId() };
    expect(steps).toContainEqual(expect.objectContaining({ outcome: 'done', about }));
    expect(steps).toContainEqual(
      expect.objectContaining({ outcome: 'failed', about: { messageId: 'm1' }, error: expect.objectContaining({ message: 'not now' }) }),
    );
  });

  it('has nothing to do with an empty batch', async () => {
    expect(await taking().handler(aBatch())).toEqual({ batchItemFailures: [] });
  });
});

describe('a step on what AWS reports', () => {
  const Detail = z.object({ object: z.object({ key: z.string() }) });
  const report = (id: string, detail: unknown): string => JSON.stringify({ version: '0', id, 'detail-type': 'Object Created', detail });

  it('is told the report, and only what it asks for of it', async () => {
    logged();
    const told: unknown[] = [];
    const handler = onReport('on-uploaded', Detail, () => async (one) => {
      told.push(one);
    });
    const body = report('r1', { object: { key: 'k', etag: 'e' }, bucket: { name: 'b' } });
    expect(await handler(aBatch(body, report('r2', {}), report('r3', undefined), '{}'))).toEqual({
      batchItemFailures: ['m1', 'm2', 'm3'].map((itemIdentifier) => ({ itemIdentifier })),
    });
    expect(told).toEqual([{ id: 'r1', detail: { object: { key: 'k' } } }]);
  });

  it('is wired once', async () => {
    logged();
    let wired = 0;
    const handler = onReport('on-uploaded', Detail, () => {
      wired += 1;
      return async () => undefined;
    });
    await handler(aBatch(report('r1', { object: { key: 'k' } }), report('r2', { object: { key: 'k' } })));
    expect(wired).toBe(1);
  });
});

describe('the step on the stream', () => {
  const stream = (...Records: DynamoDBStreamEvent['Records']): DynamoDBStreamEvent => ({ Records });

  it('is told new images in order, with their places', async () => {
    const lines = logged();
    const told: StreamRecord[][] = [];
    const handler = onStream('relay-events', () => async (records) => {
      told.push([...records]);
      return {};
    });
    const removed = { eventName: 'REMOVE', dynamodb: { SequenceNumber: '3' } } as const;
    const placeless = { eventName: 'INSERT', dynamodb: { NewImage: {} } } as const;
    expect(await handler(stream(aStreamRecord('1'), aStreamRecord('2'), removed, placeless, {}))).toEqual({ batchItemFailures: [] });
    expect(told).toEqual([
      [
        { sequence: '1', image: { kind: { S: 'outbox' } } },
        { sequence: '2', image: { kind: { S: 'outbox' } } },
      ],
    ]);
    expect(lines).toContainEqual(expect.objectContaining({ step: 'relay-events', outcome: 'done', about: { records: 2 } }));
  });

  it('resumes from the first record that failed', async () => {
    const lines = logged();
    const handler = onStream('relay-events', () => async () => ({ failedFrom: '2', error: new Error('the bus took none') }));
    expect(await handler(stream(aStreamRecord('1'), aStreamRecord('2')))).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
    expect(lines).toContainEqual(
      expect.objectContaining({ outcome: 'failed', error: expect.objectContaining({ message: 'the bus took none' }) }),
    );
  });

  it('fails as a whole when it crashes, so that the stream brings everything back', async () => {
    logged();
    const handler = onStream('relay-events', () => async () => {
      throw new Error('crash');
    });
    await expect(handler(stream(aStreamRecord('1')))).rejects.toThrow('crash');
  });

  it('is wired once', async () => {
    logged();
    let wired = 0;
    const handler = onStream('relay-events', () => {
      wired += 1;
      return async () => ({});
    });
    await handler(stream());
    await handler(stream());
    expect(wired).toBe(1);
  });
});
