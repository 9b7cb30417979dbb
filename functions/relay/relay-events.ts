/** The only publisher: outbox rows, in the order of the table's stream, to the bus. A row is told at least once, and every listener takes it any number of times. */
import * as z from 'zod';
import { type BusEntry, ENTRIES_MAX, putEvents } from '#adapters/eventbridge/event-bus.ts';
import { onStream, type StreamRecord } from '#lambda/event.ts';
import { OUTBOX_KIND } from '#shared/table-shape.ts';

/** An outbox row as the stream shows it, in DynamoDB's own attribute form. */
const Row = z.object({
  kind: z.object({ S: z.literal(OUTBOX_KIND) }),
  source: z.object({ S: z.string() }),
  detailType: z.object({ S: z.string() }),
  detail: z.object({ S: z.string() }),
});

interface Entry extends BusEntry {
  readonly sequence: string;
}

/** Other items of the table are no news; the stream's filter leaves them out, and this does too. */
const entryOf = ({ sequence, image }: StreamRecord): readonly Entry[] => {
  const row = Row.safeParse(image);
  return row.success ? [{ sequence, source: row.data.source.S, detailType: row.data.detailType.S, detail: row.data.detail.S }] : [];
};

const inTens = (entries: readonly Entry[]): readonly (readonly Entry[])[] =>
  Array.from({ length: Math.ceil(entries.length / ENTRIES_MAX) }, (_, place) =>
    entries.slice(place * ENTRIES_MAX, (place + 1) * ENTRIES_MAX),
  );

/** Stops at the first ten that were not taken: the stream comes back from there. */
export const relayEvents = (put: (entries: readonly BusEntry[]) => Promise<void>) => async (records: readonly StreamRecord[]) => {
  for (const ten of inTens(records.flatMap(entryOf))) {
    try {
      await put(ten);
    } catch (error) {
      return { failedFrom: ten[0]?.sequence ?? '', error };
    }
  }
  return {};
};

export const handler = onStream('relay-events', () => relayEvents(putEvents));
