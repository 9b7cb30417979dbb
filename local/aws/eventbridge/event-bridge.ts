/** EventBridge on one machine: an event is durable, and on the queues of every matching rule, before PutEvents answers. */
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { Queues } from '../queues/queues.ts';
import { AwsError, type Caller, type JsonService } from '../service.ts';
import { inTransaction } from '../sqlite-file.ts';
import { busArn, busEventOf, busName, DEFAULT_BUS, type EventDraft } from './bus-event.ts';
import { createDelivery, type RetryPolicy, type Rule } from './delivery.ts';
import { eventArchive, type Period } from './event-archive.ts';
import { readEntry, readPutEvents } from './put-events.ts';

export interface EventBridge extends JsonService {
  /** Puts an event that is not asked for over the wire: a report of a storage stand-in, or a schedule that came due. Returns its id. */
  put(draft: EventDraft): string;
  /** Delivers again what was put within the period. Returns how many events. */
  replay(period: Partial<Period>): number;
  isPending(): boolean;
  close(): void;
}

export interface EventBridgeOptions {
  /** The one that `queues` write to: event and messages are then one transaction. */
  readonly database: DatabaseSync;
  readonly queues: Pick<Queues, 'send' | 'arn'>;
  /** Names of the buses beside `default`. */
  readonly buses?: readonly string[];
  readonly rules: readonly Rule[];
  readonly retry?: RetryPolicy;
  readonly now?: () => number;
}

const BusInput = z.object({ Name: z.string().min(1).optional() });

const readBus = (input: unknown): string => busName(BusInput.parse(input ?? {}).Name ?? DEFAULT_BUS);

export const createEventBridge = ({
  database,
  queues,
  buses: named = [],
  rules,
  retry,
  now = Date.now,
}: EventBridgeOptions): EventBridge => {
  const buses = new Set([DEFAULT_BUS, ...named]);
  const archive = eventArchive(database);
  const delivery = createDelivery({ database, queues, rules, now, ...(retry && { retry }) });

  const put = ({ bus = DEFAULT_BUS, ...draft }: EventDraft): string => {
    const name = busName(bus);
    if (!buses.has(name)) throw new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
    const event = busEventOf(draft, now());
    inTransaction(database, () => {
      archive.add(name, JSON.stringify(event), now());
      delivery.deliver(name, event);
    });
    return event.id;
  };

  const tryPut = (draft: EventDraft): { EventId: string } | { ErrorCode: string; ErrorMessage: string } => {
    try {
      return { EventId: put(draft) };
    } catch (error) {
      if (error instanceof AwsError) return { ErrorCode: error.code, ErrorMessage: error.message };
      return { ErrorCode: 'InternalFailure', ErrorMessage: 'Unexpected internal failure.' };
    }
  };

  const putEvents = (input: unknown, caller: Caller) => {
    const entries = readPutEvents(input, caller).map(readEntry);
    const Entries = inTransaction(database, () => entries.map((entry) => ('ErrorCode' in entry ? entry : tryPut(entry))));
    return { Entries, FailedEntryCount: Entries.filter((entry) => 'ErrorCode' in entry).length };
  };

  const describeBus = (input: unknown, caller: Caller) => {
    const Name = readBus(input);
    caller.authorize('events:DescribeEventBus', busArn(Name));
    if (!buses.has(Name)) throw new AwsError('ResourceNotFoundException', `Event bus ${Name} does not exist.`);
    return { Name, Arn: busArn(Name) };
  };

  const createBus = (input: unknown, caller: Caller) => {
    const name = readBus(input);
    caller.authorize('events:CreateEventBus', busArn(name));
    if (buses.has(name)) throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
    buses.add(name);
    return { EventBusArn: busArn(name) };
  };

  const actions: Readonly<Record<string, (input: unknown, caller: Caller) => unknown>> = {
    PutEvents: putEvents,
    DescribeEventBus: describeBus,
    CreateEventBus: createBus,
  };

  return {
    put,
    handle: async (action, input, caller) => {
      const act = actions[action];
      if (act === undefined) throw new AwsError('UnknownOperationException', `EventBridge on this machine does not know ${action}.`);
      return act(input, caller);
    },
    replay: ({ from = new Date(0), to = new Date(now()), bus = DEFAULT_BUS }) => {
      const bodies = archive.between({ from, to, bus });
      inTransaction(database, () => {
        for (const body of bodies) {
          const event: object = JSON.parse(body);
          delivery.deliver(bus, { ...event, 'replay-name': 'replay' });
        }
      });
      return bodies.length;
    },
    isPending: delivery.isPending,
    close: delivery.close,
  };
};
