/**
 * What a stranger's document may cost: canonicalising and hashing take time that grows with it, so that it is measured
 * before anything else is done with it.
 */
import { isObject, listOf } from './json-object.ts';

/** Nesting of objects and arrays; badges with embedded endorsements of endorsements stay under 20. */
const DEPTH_MAX = 40;

/** Values of any kind; a badge with a long rubric has nine hundred, and a learner's record some thirty badges. Canonicalising this many takes seconds. */
const VALUES_MAX = 30_000;

/** Characters of all texts and names; a status list of random bits needs 1.4 million. */
export const CHARS_MAX = 2_000_000;

/** Contexts that are named anywhere in a document. Each costs a hundred times what another value costs; an endorsement or a badge in a record brings three. */
const CONTEXTS_MAX = 300;

/** `ill-formed`: a text that is no Unicode, which hashes as if it were another; or a name that JavaScript loses. */
export type Measure = 'within' | 'too-large' | 'ill-formed';

/** Measures a JSON value without recursion, and stops at the first bound that it passes. */
export const measure = (value: unknown): Measure => {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  let [values, chars, contexts] = [0, 0, 0];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const texts = textsOf(next.value);
    if (!texts.every((text) => text.isWellFormed()) || isLossy(next.value)) return 'ill-formed';
    values += 1;
    chars += texts.reduce((sum, text) => sum + text.length, 0);
    contexts += contextsIn(next.value);
    if (values > VALUES_MAX || chars > CHARS_MAX || contexts > CONTEXTS_MAX || next.depth > DEPTH_MAX) return 'too-large';
    for (const member of membersOf(next.value)) open.push({ value: member, depth: next.depth + 1 });
  }
  return 'within';
};

const textsOf = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
};

// Copied member by member, as libraries do, it becomes the copy's prototype: seen by other readers and signed by nobody.
const isLossy = (value: unknown): boolean => isObject(value) && Object.hasOwn(value, '__proto__');

const contextsIn = (value: unknown): number => (isObject(value) ? listOf(value['@context']).length : 0);

const membersOf = (value: unknown): readonly unknown[] => (typeof value === 'object' && value !== null ? Object.values(value) : []);
