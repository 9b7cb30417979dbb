/** A scheduler behind a wire of its own, with a clock to be moved by hand and a bus that can fail. */
import { CreateScheduleCommand, type CreateScheduleCommandInput, SchedulerClient } from '@aws-sdk/client-scheduler';
import { assemble } from '../../functions/assembly.ts';
import { policyOf, principalOf } from '../../local/aws/iam.ts';
import { openScheduler, type ScheduledEvent } from '../../local/aws/scheduler.ts';
import { ARNS, aFolder, aMachine } from './machine.ts';

const policies = Object.fromEntries(assemble().map((fn) => [principalOf(fn), policyOf(fn, ARNS)]));

/** The clock stands still unless it is moved. */
const START = Date.now();

export const hours = (count: number): number => count * 60 * 60 * 1000;
export const atIn = (milliseconds: number): string => `at(${new Date(START + milliseconds).toISOString().slice(0, 19)})`;

export const timer = (over: Partial<CreateScheduleCommandInput> = {}): CreateScheduleCommandInput => ({
  Name: 'parked-1',
  GroupName: 'assay',
  ScheduleExpression: atIn(hours(72)),
  FlexibleTimeWindow: { Mode: 'OFF' },
  ActionAfterCompletion: 'DELETE',
  Target: {
    Arn: 'arn:aws:events:us-east-1:000000000000:event-bus/assay',
    RoleArn: 'arn:aws:iam::000000000000:role/schedule',
    EventBridgeParameters: { DetailType: 'parking.elapsed', Source: 'assay' },
    Input: '{"receiptId":"r1"}',
  },
  ...over,
});

export const target = (over: object) => ({ Target: { ...timer().Target!, ...over } });

export const receiptsOf = (events: readonly ScheduledEvent[]) => events.map(({ Detail }) => JSON.parse(Detail).receiptId);

export const refused = (send: Promise<unknown>) => send.then(() => 'accepted').catch((error: Error) => error.name);

export const aTimerMachine = async () => {
  const place = aFolder();
  const world = {
    elapsed: 0,
    delivered: [] as ScheduledEvent[],
    /** How many deliveries are still to fail. */
    failures: 0,
    /** Happens while an event is on its way. */
    meanwhile: async (): Promise<unknown> => undefined,
  };
  const deliver = async (event: ScheduledEvent): Promise<void> => {
    await world.meanwhile();
    if (world.failures > 0) {
      world.failures -= 1;
      throw new Error('the bus is not there');
    }
    world.delivered.push(event);
  };
  const open = () => openScheduler({ folder: place.folder, now: () => START + world.elapsed, log: () => {}, deliver });
  let scheduler = open();
  scheduler.ensureGroup('assay');
  const machine = await aMachine({ policies, rest: { handle: (request) => scheduler.handle(request) } });
  const as = (principal: string) => new SchedulerClient(machine.client(principal));
  const client = as('root');
  return {
    world,
    client,
    as,
    ensureGroup: (name: string) => scheduler.ensureGroup(name),
    runDue: () => scheduler.runDue(),
    create: (over: Partial<CreateScheduleCommandInput> = {}, by = client) => by.send(new CreateScheduleCommand(timer(over))),
    restartAfter: async (milliseconds: number): Promise<void> => {
      await scheduler.close();
      world.elapsed += milliseconds;
      scheduler = open();
    },
    close: async (): Promise<void> => {
      await scheduler.close();
      await machine.close();
      place.remove();
    },
  };
};

export type TimerMachine = Awaited<ReturnType<typeof aTimerMachine>>;
