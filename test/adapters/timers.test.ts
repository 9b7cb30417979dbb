import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomId } from '#adapters/system.ts';
import { parseEvent } from '#domain/events.ts';
import { Instant } from '#domain/ids.ts';
import type { Timers } from '#shared/ports.ts';
import { aReceipt, receiptId, TENANT } from '../factories.ts';
import { openScripted, refusal } from './scripted.ts';
import { BUS_ARN, openStage, type Stage } from './stage.ts';

let stage: Stage;

const load = async () => (await import('#adapters/scheduler/timers.ts')).schedulerTimers(randomId);

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const setter = (): Promise<Timers> => stage.as('on-webhook-received', load);
const clearer = (): Promise<Timers> => stage.as('on-parked-mark-due', load);

const { connectionId, message } = aReceipt();
const ELAPSED = {
  type: 'parking.elapsed',
  data: { receiptId: receiptId(), connectionId, submissionId: message.data.submission.id },
  tenant: TENANT,
} as const;

const AT = Instant.parse('2027-01-01T12:00:00.250Z');
const at = Date.parse(AT);

const aName = (): string => `parked-${randomId('')}`;

describe('a timer', () => {
  it('tells the bus its event at its time, once', async () => {
    const name = aName();
    await (await setter()).set(name, AT, ELAPSED);
    expect(await stage.fireTimers(at - 60_000)).toEqual([]);
    const [fired, ...others] = await stage.fireTimers(at + 1000);
    expect(others).toEqual([]);
    expect(fired).toMatchObject({ EventBusName: BUS_ARN, Source: 'assay.parking', DetailType: 'parking.elapsed' });
    expect(parseEvent(JSON.parse(fired?.Detail ?? ''))).toEqual({
      type: 'parking.elapsed',
      data: ELAPSED.data,
      meta: {
        eventId: expect.stringMatching(/^evt_/),
        tenant: TENANT,
        aggregateType: 'Timer',
        aggregateId: name,
        aggregateVersion: 1,
        actor: { type: 'system', id: 'timer' },
        occurredAt: AT,
        correlationId: name,
        causationId: null,
        schemaVersion: 1,
      },
    });
    expect(await stage.fireTimers(at + 3_600_000)).toEqual([]);
  });

  it.each([
    ['2027-02-01T12:00:00.000Z', '2027-02-01T12:00:00.000Z'],
    ['2027-02-01T12:00:00.001Z', '2027-02-01T12:00:01.000Z'],
    ['2027-02-01T12:00:59.999Z', '2027-02-01T12:01:00.000Z'],
    ['2027-12-31T23:59:59.500Z', '2028-01-01T00:00:00.000Z'],
    ['2028-02-01T12:00:00Z', '2028-02-01T12:00:00.000Z'],
  ])('for %s is never early: the Scheduler knows whole seconds, so it comes at %s', async (wanted, due) => {
    await (await setter()).set(aName(), Instant.parse(wanted), ELAPSED);
    expect(await stage.fireTimers(Date.parse(due) - 1)).toEqual([]);
    expect(await stage.fireTimers(Date.parse(due))).toHaveLength(1);
  });

  it('set again under its name stays as it was', async () => {
    const timers = await setter();
    const name = aName();
    await timers.set(name, Instant.parse('2029-01-01T00:00:00.000Z'), ELAPSED);
    await timers.set(name, Instant.parse('2029-06-01T00:00:00.000Z'), ELAPSED);
    expect(await stage.fireTimers(Date.parse('2029-01-01T00:00:00Z'))).toHaveLength(1);
    expect(await stage.fireTimers(Date.parse('2029-06-01T00:00:00Z'))).toEqual([]);
  });

  it('is set once, even if the answer was lost', async () => {
    stage.befall('scheduler POST', 'lose');
    await (await setter()).set(aName(), Instant.parse('2030-01-01T00:00:00.000Z'), ELAPSED);
    expect(await stage.fireTimers(Date.parse('2030-01-01T00:00:00Z'))).toHaveLength(1);
  });

  it('that was cleared tells nothing; clearing it twice, or after it told, is harmless', async () => {
    const name = aName();
    await (await setter()).set(name, Instant.parse('2031-01-01T00:00:00.000Z'), ELAPSED);
    const timers = await clearer();
    await timers.clear(name);
    await timers.clear(name);
    await timers.clear(aName());
    expect(await stage.fireTimers(Date.parse('2031-01-01T00:00:00Z'))).toEqual([]);
  });
});

describe('what the Scheduler may say besides', () => {
  it('is a failure of setting or clearing, not "already so"', async () => {
    const scripted = await openScripted();
    const far = await scripted.load(load);
    scripted.answers({ ...refusal('ValidationException'), headers: { 'x-amzn-errortype': 'ValidationException' } });
    await expect(far.set(aName(), AT, ELAPSED)).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(far.clear(aName())).rejects.toMatchObject({ name: 'ValidationException' });
    await scripted.close();
  });
});
