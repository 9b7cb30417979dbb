/** PutEvents on the wire: the shape of a call, its limits, and what is wrong with a single entry. */
import * as z from 'zod';
import { AwsError, type Caller } from '../service.ts';
import { busArn, busName, DEFAULT_BUS, type EventDraft } from './bus-event.ts';

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const ENTRIES_MAX = 10;
/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-event-size */
const REQUEST_BYTES_MAX = 256 * 1024;
const TIME_BYTES = 14;

const Entry = z.object({
  EventBusName: z.string().min(1).optional(),
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  Resources: z.array(z.string()).optional(),
  /** Seconds since 1970, as JSON 1.1 writes a timestamp. */
  Time: z.number().optional(),
});
export type Entry = z.infer<typeof Entry>;

const Input = z.object({ Entries: z.array(Entry).min(1) });

export interface EntryError {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

const validation = (message: string): AwsError => new AwsError('ValidationException', message);

const bytesOf = ({ Source, DetailType, Detail, Resources, Time }: Entry): number =>
  [Source, DetailType, Detail, ...(Resources ?? [])].reduce(
    (sum, part) => sum + Buffer.byteLength(part ?? ''),
    Time === undefined ? 0 : TIME_BYTES,
  );

export const entryBus = ({ EventBusName = DEFAULT_BUS }: Entry): string => busName(EventBusName);

/**
 * The entries of a call whose caller may put each of them. Permission is looked at before size and number.
 * @throws AwsError AccessDeniedException, ValidationException
 */
export const readPutEvents = (input: unknown, caller: Caller): readonly Entry[] => {
  const parsed = Input.safeParse(input);
  if (!parsed.success)
    throw validation("1 validation error detected: 'entries' failed to satisfy constraint: Member must be a list of entries");
  const { Entries } = parsed.data;
  for (const entry of Entries) {
    const context = { 'events:source': entry.Source ?? '', 'events:detail-type': entry.DetailType ?? '' };
    caller.authorize('events:PutEvents', busArn(entryBus(entry)), context);
  }
  if (Entries.length > ENTRIES_MAX) {
    throw validation(
      `1 validation error detected: 'entries' failed to satisfy constraint: Member must have length less than or equal to ${ENTRIES_MAX}`,
    );
  }
  if (Entries.reduce((sum, entry) => sum + bytesOf(entry), 0) > REQUEST_BYTES_MAX) {
    throw validation('Total size of the entries in the request is over the limit.');
  }
  return Entries;
};

const invalidArgument = (name: string): EntryError => ({
  ErrorCode: 'InvalidArgument',
  ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
});

const objectIn = (text: string): object | undefined => {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
};

/** An entry fails by itself: the others of its call are put. */
export const readEntry = (entry: Entry): EventDraft | EntryError => {
  const { Source = '', DetailType = '', Detail = '', Resources = [], Time } = entry;
  if (Source === '') return invalidArgument('Source');
  if (DetailType === '') return invalidArgument('DetailType');
  if (Detail === '') return invalidArgument('Detail');
  if (Source.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: `Not authorized for the source '${Source}'.` };
  }
  const detail = objectIn(Detail);
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const time = Time === undefined ? {} : { time: new Date(Time * 1000) };
  return { source: Source, detailType: DetailType, detail, resources: Resources, bus: entryBus(entry), ...time };
};
