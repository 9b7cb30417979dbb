/** Looks over a document before its schema does, without recursion: a nest of a thousand arrays must end in a fault, not in a full stack. */
import type { Fault } from '../errors.ts';
import { pointerTo } from '../pointer.ts';

/** The deepest place of a definition lies 19 levels down, in a renewal rule. */
const DEPTH_MAX = 32;

/** A definition of 200 KB holds about 8,000 values. */
const VALUES_MAX = 25_000;

/** `fatal`: the document is not to be looked at any further. */
export interface Bounds {
  readonly fatal: readonly Fault[];
  readonly text: readonly Fault[];
}

interface Place {
  readonly value: unknown;
  readonly path: readonly string[];
}

const TOO_MANY: Fault = { pointer: '', code: 'too-many', detail: `The document holds more than ${VALUES_MAX} values.` };

const tooDeep = (path: readonly string[]): Fault => ({
  pointer: pointerTo(path),
  code: 'too-deep',
  detail: `The document is nested more than ${DEPTH_MAX} levels deep here.`,
});

const badText = (path: readonly string[]): Fault => ({
  pointer: pointerTo(path),
  code: 'bad-text',
  detail: 'This text holds half a character (a lone surrogate), which cannot be stored or signed. Type it again.',
});

const sizeOf = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0;
  return Array.isArray(value) ? value.length : Object.keys(value).length;
};

const childrenOf = ({ value, path }: Place): readonly Place[] =>
  typeof value === 'object' && value !== null ? Object.entries(value).map(([key, child]) => ({ value: child, path: [...path, key] })) : [];

/** Depth, number of values, and texts that are not well-formed Unicode. */
export const boundsOf = (document: unknown): Bounds => {
  const text: Fault[] = [];
  const open: Place[] = [{ value: document, path: [] }];
  let values = 0;
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { value, path } = place;
    values += sizeOf(value);
    // Before its children are listed: an array may claim a length of billions.
    if (values > VALUES_MAX) return { fatal: [TOO_MANY], text };
    if (path.length > DEPTH_MAX) return { fatal: [tooDeep(path)], text };
    if (typeof value === 'string' && !value.isWellFormed()) text.push(badText(path));
    open.push(...childrenOf(place));
  }
  return { fatal: [], text };
};
