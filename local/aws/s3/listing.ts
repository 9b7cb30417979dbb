/** What all listings have in common: a walk over keys in order, rolled up at a delimiter, one page at a time. */
import { KEY_BYTES_MAX } from './address.ts';
import { invalidArgument } from './error-response.ts';
import type { Cursor, KeyRange } from './object-table.ts';
import { element } from './xml.ts';

/** S3 lists at most this many at once, whatever is asked. */
const PAGE_MAX = 1000;

export interface Page<Entry> {
  readonly entries: readonly Entry[];
  readonly commonPrefixes: readonly string[];
  /** Where the next page starts; undefined on the last one. */
  readonly next: Position | undefined;
}

/** What was told last: an entry, or a common prefix with everything under it. */
export type Position = { readonly at: 'entry'; readonly cursor: Cursor } | { readonly at: 'prefix'; readonly prefix: string };

export interface Walk<Entry> {
  readonly prefix: string;
  readonly delimiter: string;
  readonly max: number;
  readonly start: Position | undefined;
  /** The first entry of the keys from `first` to `last`, both included; before them, what `after` has left of its own key. */
  readonly next: (range: KeyRange, after: Cursor | undefined) => Entry | undefined;
}

// No key is longer, so no key under a prefix sorts after the prefix and this much of the highest character.
const HIGHEST = '\u{10ffff}'.repeat(KEY_BYTES_MAX / 4);

export const walk = <Entry extends Cursor>({ prefix, delimiter, max, start, next }: Walk<Entry>): Page<Entry> => {
  const entries: Entry[] = [];
  const commonPrefixes: string[] = [];
  const after = (position: Position | undefined) =>
    next(rangeAfter(position, prefix), position?.at === 'entry' ? position.cursor : undefined);
  let position = start;
  let entry = max === 0 ? undefined : after(position);
  while (entry !== undefined) {
    if (entries.length + commonPrefixes.length === max) return { entries, commonPrefixes, next: position };
    const rolledUp = commonPrefixOf(entry.key, prefix, delimiter);
    if (rolledUp === undefined) {
      entries.push(entry);
      position = { at: 'entry', cursor: { key: entry.key, sequence: entry.sequence } };
    } else {
      commonPrefixes.push(rolledUp);
      position = { at: 'prefix', prefix: rolledUp };
    }
    entry = after(position);
  }
  return { entries, commonPrefixes, next: undefined };
};

const rangeAfter = (position: Position | undefined, prefix: string): KeyRange => {
  const told = position?.at === 'prefix' ? position.prefix + HIGHEST : position?.cursor.key;
  // The next possible key is the same with the lowest character behind it.
  const following = told === undefined ? '' : `${told}\0`;
  return { first: Buffer.compare(Buffer.from(following), Buffer.from(prefix)) > 0 ? following : prefix, last: prefix + HIGHEST };
};

const commonPrefixOf = (key: string, prefix: string, delimiter: string): string | undefined => {
  const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return at === -1 ? undefined : key.slice(0, at + delimiter.length);
};

/** A marker that is itself a common prefix of this listing stands for everything under it. */
export const positionOf = (cursor: Cursor, prefix: string, delimiter: string): Position =>
  commonPrefixOf(cursor.key, prefix, delimiter) === cursor.key && cursor.key.startsWith(prefix)
    ? { at: 'prefix', prefix: cursor.key }
    : { at: 'entry', cursor };

/** @throws AwsError InvalidArgument */
export const pageMaxOf = (query: URLSearchParams, name: 'max-keys' | 'max-uploads' | 'max-parts'): number => {
  const stated = query.get(name) ?? String(PAGE_MAX);
  if (/^\d{1,10}$/.test(stated)) return Math.min(Number(stated), PAGE_MAX);
  throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, stated);
};

export type EncodeKey = (key: string) => string;

/** XML cannot hold every key, so a client may ask for them URL-encoded. @throws AwsError InvalidArgument */
export const keyEncoding = (query: URLSearchParams): EncodeKey => {
  const stated = query.get('encoding-type');
  if (stated === null) return (key) => key;
  if (stated === 'url') return urlEncode;
  throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', stated);
};

/** As S3 writes it: like a form, but the slash and the asterisk stay, and the tilde does not. */
const urlEncode: EncodeKey = (key) =>
  encodeURIComponent(key)
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/')
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

export const prefixElements = (commonPrefixes: readonly string[], encode: EncodeKey): readonly string[] =>
  commonPrefixes.map((prefix) => element('CommonPrefixes', [element('Prefix', encode(prefix))]));
