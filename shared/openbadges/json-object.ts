/** Reading JSON that a stranger wrote: every access answers "as expected" or undefined, so that verifying never throws on a shape. */

export type JsonObject = { readonly [key: string]: unknown };

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

export const objectOf = (value: unknown): JsonObject | undefined => (isObject(value) ? value : undefined);

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** JSON-LD lets a single value stand for a set of one; absent is the empty set. */
export const listOf = (value: unknown): readonly unknown[] => {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
};

/** The id of a value that is either an id or an object with one, as `issuer` and `verificationMethod` may be. */
export const idOf = (value: unknown): string | undefined => textOf(isObject(value) ? value.id : value);

/** XML Schema dateTimeStamp, the form of every instant in a credential: seconds and a time zone are compulsory. */
const DATE_TIME_STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Milliseconds since 1970 of a date-time stamp; undefined for any other value. */
export const instantOf = (value: unknown): number | undefined => {
  const parsed = typeof value === 'string' && DATE_TIME_STAMP.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
};
