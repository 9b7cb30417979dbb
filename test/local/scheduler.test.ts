import { DeleteScheduleCommand, GetScheduleCommand } from '@aws-sdk/client-scheduler';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aTimerMachine, atIn, hours, receiptsOf, refused, type TimerMachine, target, timer } from './timer-machine.ts';

let machine: TimerMachine;
let client: TimerMachine['client'];
let create: TimerMachine['create'];
let world: TimerMachine['world'];

beforeEach(async () => {
  machine = await aTimerMachine();
  ({ client, create, world } = machine);
});
afterEach(() => machine.close());

const get = (Name = 'parked-1') => client.send(new GetScheduleCommand({ Name, GroupName: 'assay' }));

describe('a schedule', () => {
  test('is what was asked for', async () => {
    const { ScheduleArn } = await create({ Description: 'a mark that came early', ScheduleExpressionTimezone: 'Europe/Berlin' });
    expect(ScheduleArn).toBe('arn:aws:scheduler:us-east-1:000000000000:schedule/assay/parked-1');
    const { Name, GroupName, ...asked } = timer();
    expect(await get()).toMatchObject({
      ...asked,
      Name,
      GroupName,
      Arn: ScheduleArn,
      State: 'ENABLED',
      ScheduleExpressionTimezone: 'Europe/Berlin',
    });
    expect((await get()).CreationDate).toBeInstanceOf(Date);
  });

  test('puts its event on the bus when it is due, once, and is gone', async () => {
    await create();
    world.elapsed = hours(71);
    expect(await machine.runDue()).toBe(0);
    world.elapsed = hours(72);
    expect(await machine.runDue()).toBe(1);
    expect(await machine.runDue()).toBe(0);
    expect(world.delivered).toEqual([
      {
        EventBusName: 'arn:aws:events:us-east-1:000000000000:event-bus/assay',
        Source: 'assay',
        DetailType: 'parking.elapsed',
        Detail: '{"receiptId":"r1"}',
        Resources: ['arn:aws:scheduler:us-east-1:000000000000:schedule/assay/parked-1'],
      },
    ]);
    expect(await refused(get())).toBe('ResourceNotFoundException');
  });

  test('fires by itself, without being asked', async () => {
    const taken = Promise.withResolvers<void>();
    world.meanwhile = async () => taken.resolve();
    await create({ ScheduleExpression: atIn(0) });
    await taken.promise;
    await machine.runDue();
    expect(world.delivered).toHaveLength(1);
  });

  test('of the past is due at once, so that a step which runs again does not fail for it', async () => {
    await create({ ScheduleExpression: 'at(2020-01-01T00:00:00)' });
    await machine.runDue();
    expect(world.delivered).toHaveLength(1);
  });

  test('that is to be kept stays, and does not fire again', async () => {
    await create({ ActionAfterCompletion: 'NONE' });
    world.elapsed = hours(73);
    expect(await machine.runDue()).toBe(1);
    expect((await get()).Name).toBe('parked-1');
    expect(await machine.runDue()).toBe(0);
  });

  test('that is disabled does not fire', async () => {
    await create({ State: 'DISABLED' });
    world.elapsed = hours(73);
    expect(await machine.runDue()).toBe(0);
  });

  test('fills in when and by what it was fired', async () => {
    const Input = '{"at":"<aws.scheduler.scheduled-time>","by":"<aws.scheduler.schedule-arn>","try":"<aws.scheduler.attempt-number>"}';
    await create({ ScheduleExpression: 'at(2020-01-01T10:00:00)', ScheduleExpressionTimezone: 'Europe/Berlin', ...target({ Input }) });
    await machine.runDue();
    expect(JSON.parse(world.delivered[0]?.Detail ?? '')).toEqual({
      at: '2020-01-01T09:00:00Z',
      by: 'arn:aws:scheduler:us-east-1:000000000000:schedule/assay/parked-1',
      try: '1',
    });
  });

  test('that the bus does not take is tried again, later each time, until it does', async () => {
    await create();
    world.failures = 2;
    world.elapsed = hours(72);
    expect(await machine.runDue()).toBe(0);
    expect((await get()).Name).toBe('parked-1');
    world.elapsed += 1_500;
    expect(await machine.runDue()).toBe(0);
    world.elapsed += 1_500;
    expect(await machine.runDue()).toBe(0);
    world.elapsed += 1_000;
    expect(await machine.runDue()).toBe(1);
    expect(await refused(get())).toBe('ResourceNotFoundException');
  });

  test('does not hold up the others when the bus does not take it', async () => {
    await create({ ScheduleExpression: atIn(hours(1)) });
    await create({ Name: 'parked-2', ScheduleExpression: atIn(hours(2)), ...target({ Input: '{"receiptId":"r2"}' }) });
    world.failures = 1;
    world.elapsed = hours(3);
    expect(await machine.runDue()).toBe(1);
    expect(receiptsOf(world.delivered)).toEqual(['r2']);
  });

  test('whose hour passed while nothing ran is fired at the next start', async () => {
    await create();
    await machine.restartAfter(hours(100));
    await machine.runDue();
    expect(receiptsOf(world.delivered)).toEqual(['r1']);
  });

  test('that was replaced while its event was on its way is not lost', async () => {
    await create({ ScheduleExpression: atIn(hours(1)) });
    world.meanwhile = async () => {
      world.meanwhile = async () => {};
      await client.send(new DeleteScheduleCommand({ Name: 'parked-1', GroupName: 'assay' }));
      await create({ ...target({ Input: '{"receiptId":"r9"}' }) });
    };
    world.elapsed = hours(1);
    expect(await machine.runDue()).toBe(1);
    world.elapsed = hours(72);
    expect(await machine.runDue()).toBe(1);
    expect(receiptsOf(world.delivered)).toEqual(['r1', 'r9']);
  });

  test('that was deleted while another was on its way does not fire', async () => {
    await create({ ScheduleExpression: atIn(hours(1)) });
    await create({ Name: 'parked-2', ScheduleExpression: atIn(hours(2)) });
    world.meanwhile = () => client.send(new DeleteScheduleCommand({ Name: 'parked-2', GroupName: 'assay' }));
    world.elapsed = hours(3);
    expect(await machine.runDue()).toBe(1);
  });
});
