/** The edge of a step on an event: a batch from its queue, each record on its own, so that one bad record holds up no other. */
import type { DynamoDBBatchResponse, DynamoDBStreamEvent, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import { type AssayEvent, type EventName, parseEvent } from '#domain/events.ts';
import type { Cause } from '#shared/ports.ts';
import { logStep } from './log.ts';

/** What a step knows of the event it acts on. */
export type EventOf<Name extends EventName> = Extract<AssayEvent, { type: Name }>;

const Envelope = z.object({ 'detail-type': z.string(), detail: z.unknown() });

/** The cause of whatever a step does because of an event. */
export const causeOf = (step: string, event: AssayEvent): Cause => ({
  actor: { type: 'system', id: step },
  correlationId: event.meta.correlationId,
  causationId: event.meta.eventId,
});

interface Batch {
  readonly step: string;
  readonly event: SQSEvent;
  readonly run: (body: unknown) => Promise<Readonly<Record<string, unknown>>>;
}

/** Runs each record; those that failed are named, so that the queue brings back only them. */
const eachRecord = async ({ step, event, run }: Batch): Promise<SQSBatchResponse> => {
  const failures = await Promise.all(
    event.Records.map(async (record) => {
      const from = performance.now();
      try {
        const about = await run(JSON.parse(record.body));
        logStep({ step, outcome: 'done', durationMs: performance.now() - from, about });
        return [];
      } catch (error) {
        logStep({ step, outcome: 'failed', durationMs: performance.now() - from, about: { messageId: record.messageId }, error });
        return [{ itemIdentifier: record.messageId }];
      }
    }),
  );
  return { batchItemFailures: failures.flat() };
};

/** A step on events of the catalogue. */
export const onEvent = <Name extends EventName>(
  step: string,
  names: readonly Name[],
  wire: () => (event: EventOf<Name>, cause: Cause) => Promise<void>,
) => {
  let wired: ReturnType<typeof wire> | undefined;
  const isWanted = (event: AssayEvent): event is EventOf<Name> => (names as readonly string[]).includes(event.type);
  return (event: SQSEvent): Promise<SQSBatchResponse> =>
    eachRecord({
      step,
      event,
      run: async (body) => {
        const told = parseEvent(Envelope.parse(body).detail);
        if (!isWanted(told)) throw new Error(`${step} does not take ${told.type}`);
        wired ??= wire();
        await wired(told, causeOf(step, told));
        return { type: told.type, correlationId: told.meta.correlationId, eventId: told.meta.eventId, aggregateId: told.meta.aggregateId };
      },
    });
};

/** An AWS service's own report, as it comes from the default bus. */
export interface Report<T> {
  readonly id: string;
  readonly detail: T;
}

/** A step on what AWS itself reports. */
export const onReport = <T>(step: string, schema: z.ZodType<T>, wire: () => (report: Report<T>) => Promise<void>) => {
  let wired: ReturnType<typeof wire> | undefined;
  const Told = z.object({ id: z.string(), detail: schema });
  return (event: SQSEvent): Promise<SQSBatchResponse> =>
    eachRecord({
      step,
      event,
      run: async (body) => {
        const report = Told.parse(body);
        wired ??= wire();
        await wired(report as Report<T>);
        return { reportId: report.id };
      },
    });
};

/** A record of the table's stream: the new image of an item, in DynamoDB's own form, and its place in the stream. */
export interface StreamRecord {
  readonly sequence: string;
  readonly image: Readonly<Record<string, { S?: string }>>;
}

/** A step on the table's stream. Order matters there, so the first failure ends the batch and the stream resumes from it. */
export const onStream = (
  step: string,
  wire: () => (records: readonly StreamRecord[]) => Promise<{ failedFrom?: string; error?: unknown }>,
) => {
  let wired: ReturnType<typeof wire> | undefined;
  return async (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const from = performance.now();
    wired ??= wire();
    const records = event.Records.flatMap(({ dynamodb }): StreamRecord[] =>
      dynamodb?.NewImage === undefined || dynamodb.SequenceNumber === undefined
        ? []
        : [{ sequence: dynamodb.SequenceNumber, image: dynamodb.NewImage as StreamRecord['image'] }],
    );
    const { failedFrom, error } = await wired(records);
    const outcome = failedFrom === undefined ? 'done' : 'failed';
    logStep({
      step,
      outcome,
      durationMs: performance.now() - from,
      about: { records: records.length },
      ...(failedFrom === undefined ? {} : { error }),
    });
    return { batchItemFailures: failedFrom === undefined ? [] : [{ itemIdentifier: failedFrom }] };
  };
};
