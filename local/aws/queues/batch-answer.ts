/** What a consumer says about a batch: which records failed. Both kinds of event source mapping read it alike. */
import { failure, type Invocation, type Invoke } from '../lambda/invocation.ts';

export type BatchAnswer =
  | { readonly kind: 'done' }
  | { readonly kind: 'all-failed'; readonly error: string }
  | { readonly kind: 'some-failed'; readonly ids: ReadonlySet<string> };

const failed = (error: string): BatchAnswer => ({ kind: 'all-failed', error });

const identifierOf = (item: unknown): string | undefined => {
  if (typeof item !== 'object' || item === null || !('itemIdentifier' in item)) return undefined;
  return typeof item.itemIdentifier === 'string' && item.itemIdentifier !== '' ? item.itemIdentifier : undefined;
};

/** Null, `{}` and an empty list mean success. Everything else that does not name records of the batch means that all failed. */
const readPayload = (payload: unknown, known: ReadonlySet<string>): BatchAnswer => {
  if (payload === null || payload === undefined) return { kind: 'done' };
  if (typeof payload !== 'object') return failed(`malformed batch answer: ${JSON.stringify(payload)}`);
  if (!('batchItemFailures' in payload) || payload.batchItemFailures === null) return { kind: 'done' };
  if (!Array.isArray(payload.batchItemFailures)) return failed('malformed batch answer: batchItemFailures is no list');
  const ids = payload.batchItemFailures.map(identifierOf);
  const real = ids.filter((id) => id !== undefined && known.has(id)).map(String);
  if (real.length < ids.length) return failed('malformed batch answer: an itemIdentifier is no record of the batch');
  return real.length === 0 ? { kind: 'done' } : { kind: 'some-failed', ids: new Set(real) };
};

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting */
export const readBatchAnswer = (invocation: Invocation, ids: readonly string[]): BatchAnswer =>
  invocation.ok ? readPayload(invocation.payload, new Set(ids)) : failed(`${invocation.errorType}: ${invocation.errorMessage}`);

/** A consumer that breaks instead of answering has failed like one that says so: its records must come again. */
export const deliver = (invoke: Invoke, functionName: string, Records: readonly object[]): Promise<Invocation> =>
  invoke(functionName, { Records }).catch((error: unknown) => failure('Unhandled', error instanceof Error ? error.message : String(error)));
