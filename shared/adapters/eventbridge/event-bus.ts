/** Puts outbox rows on the bus. Only the relay uses it. */
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { environment } from '../environment.ts';

/** PutEvents takes this many entries. */
export const ENTRIES_MAX = 10;

export interface BusEntry {
  readonly source: string;
  readonly detailType: string;
  readonly detail: string;
}

let client: EventBridgeClient | undefined;

/** @throws Error if any entry was refused: the call itself succeeds even then. */
export const putEvents = async (entries: readonly BusEntry[]): Promise<void> => {
  client ??= new EventBridgeClient({});
  const EventBusName = environment('BUS_NAME');
  const answer = await client.send(
    new PutEventsCommand({
      Entries: entries.map(({ source, detailType, detail }) => ({ EventBusName, Source: source, DetailType: detailType, Detail: detail })),
    }),
  );
  const refused = answer.Entries?.find(({ ErrorCode }) => ErrorCode !== undefined);
  if ((answer.FailedEntryCount ?? 0) > 0)
    throw new Error(`${answer.FailedEntryCount} events refused: ${refused?.ErrorCode} ${refused?.ErrorMessage}`);
};
