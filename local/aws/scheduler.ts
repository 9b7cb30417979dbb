/**
 * EventBridge Scheduler on one machine: puts an event on a bus at a time, once. What is due is in its file, so a schedule
 * whose hour passed while nothing ran is fired at the next start; it is done only when the bus has taken the event.
 */
import { randomUUID } from 'node:crypto';
import { answerCall, scheduleArn } from './schedule-calls.ts';
import { openScheduleStore, type StoredSchedule } from './schedule-store.ts';
import type { RestService } from './wire-routes.ts';

/** An entry for PutEvents. */
export interface ScheduledEvent {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  /** A JSON object. */
  readonly Detail: string;
  readonly Resources: readonly string[];
}

export interface SchedulerOptions {
  /** `aws/` under ASSAY_HOME, or `:memory:`. */
  readonly folder: string;
  /** Resolves once the bus has taken the event for good; if it throws, the event comes again. */
  readonly deliver: (event: ScheduledEvent) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly log?: (failure: { readonly schedule: string; readonly attempts: number; readonly error: unknown }) => void;
}

export interface Scheduler extends RestService {
  /** Made, if there is none of this name. */
  ensureGroup(name: string): void;
  /** Fires what is due by `now()`. @returns how many events the bus took */
  runDue(): Promise<number>;
  /** After the delivery that is under way. */
  close(): Promise<void>;
}

/** A timer looks again at least this often, since `now` may be moved by hand and a laptop sleeps. */
const LOOK_AGAIN_MS = 60_000;

const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 60_000;

export const openScheduler = ({ folder, deliver, now = Date.now, log = toConsole }: SchedulerOptions): Scheduler => {
  const store = openScheduleStore(folder, now);
  let running: Promise<number> = Promise.resolve(0);
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const fire = async (schedule: StoredSchedule): Promise<number> => {
    try {
      await deliver(eventOf(schedule));
      store.complete(schedule);
      return 1;
    } catch (error) {
      log({ schedule: scheduleArn(schedule), attempts: schedule.attempts + 1, error });
      store.retryAt(schedule.generation, now() + Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** schedule.attempts));
      return 0;
    }
  };
  const fireDue = async (): Promise<number> => {
    let taken = 0;
    for (const schedule of closed ? [] : store.due()) {
      // Somebody may have deleted or changed it while the one before was on its way.
      if (!closed && store.find(schedule)?.generation === schedule.generation) taken += await fire(schedule);
    }
    arm();
    return taken;
  };
  const runDue = (): Promise<number> => {
    // One run at a time: two would fire the same schedule twice.
    running = running.then(fireDue, fireDue);
    return running;
  };
  const arm = (): void => {
    clearTimeout(timer);
    const nextAt = closed ? undefined : store.nextAt();
    if (nextAt === undefined) return;
    const wait = Math.max(0, Math.min(LOOK_AGAIN_MS, nextAt - now()));
    timer = setTimeout(() => runDue().catch((error: unknown) => log({ schedule: '*', attempts: 0, error })), wait);
    timer.unref();
  };
  const shutDown = async (): Promise<void> => {
    closed = true;
    clearTimeout(timer);
    await running.catch(() => 0);
    store.close();
  };

  arm();
  return {
    handle: async (request) => {
      const answer = await answerCall(request, store);
      arm();
      return answer;
    },
    ensureGroup: (name) => store.putGroup(name),
    runDue,
    close: shutDown,
  };
};

const eventOf = (schedule: StoredSchedule): ScheduledEvent => {
  const { Target: target } = schedule.definition;
  return {
    EventBusName: target.Arn,
    Source: target.EventBridgeParameters.Source,
    DetailType: target.EventBridgeParameters.DetailType,
    Detail: withAttributes(target.Input, schedule),
    Resources: [scheduleArn(schedule)],
  };
};

/** EventBridge Scheduler User Guide, "Context attributes". */
const withAttributes = (input: string, schedule: StoredSchedule): string =>
  input
    .replaceAll('<aws.scheduler.schedule-arn>', scheduleArn(schedule))
    .replaceAll('<aws.scheduler.scheduled-time>', new Date(schedule.dueAt).toISOString().replace('.000Z', 'Z'))
    .replaceAll('<aws.scheduler.execution-id>', randomUUID())
    .replaceAll('<aws.scheduler.attempt-number>', String(schedule.attempts + 1));

const toConsole: NonNullable<SchedulerOptions['log']> = ({ error, ...failure }) =>
  console.error(JSON.stringify({ service: 'scheduler', ...failure, error: error instanceof Error ? error.message : String(error) }));
