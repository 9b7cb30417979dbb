/** One-off timers by EventBridge Scheduler. Nothing depends on one for its truth: it only brings a look forward. */
import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  ResourceNotFoundException,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { type AssayEvent, sourceOf } from '#domain/events.ts';
import { EventId, type Instant } from '#domain/ids.ts';
import type { NewId, Timers } from '#shared/ports.ts';
import { environment } from '../environment.ts';

let client: SchedulerClient | undefined;
const scheduler = (): SchedulerClient => {
  client ??= new SchedulerClient({});
  return client;
};

/** The Scheduler's `at()` has no fraction of a second and no offset. Rounded up: who is woken too early finds nothing to do, and is not woken again. */
const atExpression = (at: Instant): string => `at(${new Date(Math.ceil(Date.parse(at) / 1000) * 1000).toISOString().slice(0, 19)})`;

const set =
  (newId: NewId): Timers['set'] =>
  async (name, at, { tenant, type, data }) => {
    const meta = {
      eventId: EventId.parse(newId('evt')),
      tenant,
      aggregateType: 'Timer',
      aggregateId: name,
      aggregateVersion: 1,
      actor: { type: 'system', id: 'timer' },
      occurredAt: at,
      correlationId: name,
      causationId: null,
      schemaVersion: 1,
    } as const;
    const event = { type, meta, data } as AssayEvent;
    try {
      await scheduler().send(
        new CreateScheduleCommand({
          Name: name,
          GroupName: environment('SCHEDULE_GROUP'),
          ScheduleExpression: atExpression(at),
          FlexibleTimeWindow: { Mode: 'OFF' },
          ActionAfterCompletion: 'DELETE',
          Target: {
            Arn: environment('BUS_ARN'),
            RoleArn: environment('SCHEDULE_ROLE_ARN'),
            EventBridgeParameters: { Source: sourceOf(type), DetailType: type },
            Input: JSON.stringify(event),
          },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConflictException)) throw error;
    }
  };

export const schedulerTimers = (newId: NewId): Timers => ({
  set: set(newId),
  clear: async (name) => {
    try {
      await scheduler().send(new DeleteScheduleCommand({ Name: name, GroupName: environment('SCHEDULE_GROUP') }));
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
    }
  },
});
