import {
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
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

describe('creating a schedule', () => {
  test('twice with one token is once, with another it is a conflict', async () => {
    await create({ ClientToken: 'token-1' });
    expect(await refused(create({ ClientToken: 'token-1' }))).toBe('accepted');
    expect(await refused(create({ ClientToken: 'token-1', ...target({ Input: '{"receiptId":"r2"}' }) }))).toBe('ConflictException');
    expect(await refused(create({ ClientToken: 'token-2' }))).toBe('ConflictException');
    world.elapsed = hours(72);
    expect(await machine.runDue()).toBe(1);
  });

  test.each<readonly [string, Partial<CreateScheduleCommandInput>, string]>([
    ['a group that is not there', { GroupName: 'nobody' }, 'ResourceNotFoundException'],
    ['a recurring expression', { ScheduleExpression: 'rate(1 hour)' }, 'ValidationException'],
    ['a day that no month has', { ScheduleExpression: 'at(2027-02-30T00:00:00)' }, 'ValidationException'],
    ['an hour that no day has', { ScheduleExpression: 'at(2027-02-20T25:00:00)' }, 'ValidationException'],
    ['a time zone of nowhere', { ScheduleExpressionTimezone: 'Europe/Atlantis' }, 'ValidationException'],
    ['a name that would leave its group', { Name: 'a/b' }, 'ValidationException'],
    ['no window', { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }, 'ValidationException'],
    ['a target that is no bus', target({ Arn: 'arn:aws:lambda:us-east-1:000000000000:function:x' }), 'ValidationException'],
    ['no role', target({ RoleArn: '' }), 'ValidationException'],
    ['an input that is no JSON object', target({ Input: '[]' }), 'ValidationException'],
    ['no detail type', target({ EventBridgeParameters: undefined }), 'ValidationException'],
  ])('is refused with %s', async (_title, over, code) => {
    expect(await refused(create(over))).toBe(code);
  });

  test('takes a window in which it may fire', async () => {
    expect(await refused(create({ FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 } }))).toBe('accepted');
  });
});

describe('a schedule that is there', () => {
  test('can be changed, and fires as changed', async () => {
    await create({ ScheduleExpression: atIn(hours(1)) });
    await client.send(new UpdateScheduleCommand(timer(target({ Input: '{"receiptId":"r2"}' }))));
    world.elapsed = hours(2);
    expect(await machine.runDue()).toBe(0);
    world.elapsed = hours(72);
    expect(await machine.runDue()).toBe(1);
    expect(receiptsOf(world.delivered)).toEqual(['r2']);
    expect(await refused(client.send(new UpdateScheduleCommand(timer())))).toBe('ResourceNotFoundException');
  });

  test('can be deleted, once', async () => {
    await create();
    const remove = () => client.send(new DeleteScheduleCommand({ Name: 'parked-1', GroupName: 'assay' }));
    expect(await refused(remove())).toBe('accepted');
    expect(await refused(remove())).toBe('ResourceNotFoundException');
    world.elapsed = hours(72);
    expect(await machine.runDue()).toBe(0);
  });

  test('is listed with those of its group, page by page', async () => {
    await client.send(new CreateScheduleGroupCommand({ Name: 'other' }));
    for (const Name of ['a-1', 'a-2', 'a-3', 'b-1']) await create({ Name });
    await create({ Name: 'a-4', GroupName: 'other' });
    const list = async (over: object) => client.send(new ListSchedulesCommand({ GroupName: 'assay', NamePrefix: 'a-', ...over }));
    const first = await list({ MaxResults: 2 });
    const second = await list({ MaxResults: 2, NextToken: first.NextToken });
    expect([...(first.Schedules ?? []), ...(second.Schedules ?? [])].map(({ Name }) => Name)).toEqual(['a-1', 'a-2', 'a-3']);
    expect(second.NextToken).toBeUndefined();
    expect((await client.send(new ListSchedulesCommand({}))).Schedules).toHaveLength(5);
    expect((await list({ State: 'DISABLED' })).Schedules).toEqual([]);
  });
});

describe('a group', () => {
  test('is made once', async () => {
    const group = new CreateScheduleGroupCommand({ Name: 'parking', ClientToken: 't' });
    expect((await client.send(group)).ScheduleGroupArn).toBe('arn:aws:scheduler:us-east-1:000000000000:schedule-group/parking');
    expect(await refused(client.send(group))).toBe('accepted');
    expect(await refused(client.send(new CreateScheduleGroupCommand({ Name: 'parking' })))).toBe('ConflictException');
  });

  test('cannot be asked for what is not here', async () => {
    expect(await refused(client.send(new ListScheduleGroupsCommand({})))).toBe('UnknownOperationException');
  });
});

describe('a function', () => {
  const as = (name: string) => machine.as(`function/${name}`);

  test('sets timers of its group with the role for timers, and no others', async () => {
    const setter = as('on-webhook-received');
    machine.ensureGroup('other');
    expect(await refused(create({}, setter))).toBe('accepted');
    expect(await refused(create({ GroupName: 'other' }, setter))).toBe('AccessDeniedException');
    expect(await refused(create(target({ RoleArn: 'arn:aws:iam::000000000000:role/admin' }), setter))).toBe('AccessDeniedException');
    expect(await refused(setter.send(new GetScheduleCommand({ Name: 'parked-1', GroupName: 'assay' })))).toBe('AccessDeniedException');
    expect(await refused(setter.send(new UpdateScheduleCommand(timer())))).toBe('AccessDeniedException');
    expect(await refused(setter.send(new ListSchedulesCommand({})))).toBe('AccessDeniedException');
    expect(await refused(setter.send(new CreateScheduleGroupCommand({ Name: 'mine' })))).toBe('AccessDeniedException');
  });

  test('clears timers only if its row in the path says so', async () => {
    await create();
    const remove = new DeleteScheduleCommand({ Name: 'parked-1', GroupName: 'assay' });
    expect(await refused(as('on-webhook-received').send(remove))).toBe('AccessDeniedException');
    expect(await refused(as('on-parked-mark-due').send(remove))).toBe('accepted');
  });
});
