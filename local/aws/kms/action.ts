/** An operation of KMS: its input parsed, then run. */
import * as z from 'zod';
import { AwsError } from '../service.ts';
import type { Call } from './key-access.ts';

export type Action = (input: unknown, call: Call) => unknown;

/** @throws AwsError ValidationException, if the input does not fit the schema */
export const action =
  <Schema extends z.ZodType>(schema: Schema, run: (input: z.infer<Schema>, call: Call) => unknown): Action =>
  (input, call) => {
    const parsed = schema.safeParse(input);
    if (!parsed.success) throw invalid(parsed.error);
    return run(parsed.data, call);
  };

const invalid = (error: z.ZodError): AwsError => {
  const details = error.issues.map(({ path, message }) => `Value at '${path.join('.')}' failed to satisfy constraint: ${message}`);
  return new AwsError('ValidationException', `${details.length} validation error(s) detected: ${details.join('; ')}`);
};

export const validationError = (message: string): AwsError => new AwsError('ValidationException', message);

export const KeyId = z.string().min(1).max(2048);

/** Bytes as JSON carries them; lengths count bytes, not letters. */
export const blob = (bytesMax: number) =>
  z
    .base64()
    .transform((text) => Buffer.from(text, 'base64'))
    .refine((bytes) => bytes.length >= 1 && bytes.length <= bytesMax, `Member must have length between 1 and ${bytesMax}`);

const LIST_LENGTH = 100;

/** Paging of the listing operations: `Marker` is the last name of the page before. */
export const Page = { Limit: z.int().min(1).max(1000).default(LIST_LENGTH), Marker: z.string().max(1024).default('') };

/** One more than a page is read, to know whether there is another. */
export const pageOf = <Item>(items: readonly Item[], limit: number, nameOf: (item: Item) => string) => {
  const page = items.slice(0, limit);
  const last = page.at(-1);
  const paging = items.length > limit && last !== undefined ? { Truncated: true, NextMarker: nameOf(last) } : { Truncated: false };
  return { page, paging };
};
