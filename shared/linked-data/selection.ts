/**
 * Parts of a JSON-LD document, chosen by JSON Pointers, as a document of its own: on the way to what is chosen, every
 * node keeps its id and type.
 * @see https://www.w3.org/TR/vc-di-ecdsa/#selectjsonld and RFC 6901
 */

type Json = { [key: string]: unknown };

/** A pointer names nothing in the document, or is no pointer. */
export class PointerError extends Error {
  constructor(pointer: string) {
    super(`nothing at ${pointer}`);
    this.name = 'PointerError';
  }
}

/** @returns undefined for no pointers. @throws PointerError */
export const select = (document: object, pointers: readonly string[]): Json | undefined => {
  if (pointers.length === 0) return undefined;
  const selection: Json = { '@context': structuredClone(Reflect.get(document, '@context')), ...stub(document) };
  const sparse: unknown[][] = [];
  for (const pointer of pointers) addPath(document, { pointer, selection, sparse });
  // What was left out of an array would be a hole in it.
  for (const array of sparse) array.splice(0, array.length, ...array.filter(() => true));
  return selection;
};

interface Target {
  readonly pointer: string;
  readonly selection: Json;
  /** Arrays that are being filled at chosen places. */
  readonly sparse: unknown[][];
}

const addPath = (document: object, { pointer, selection, sparse }: Target): void => {
  const path = pathOf(pointer);
  let value: unknown = document;
  let chosen: unknown = selection;
  for (const [place, key] of path.entries()) {
    value = memberOf(value, key, pointer);
    const before: unknown = Reflect.get(Object(chosen), key);
    const next = place === path.length - 1 ? whole(value, before) : (before ?? start(value, sparse));
    Reflect.set(Object(chosen), key, next);
    chosen = next;
  }
  if (path.length === 0) Object.assign(selection, structuredClone(document));
};

const pathOf = (pointer: string): readonly string[] => {
  if (pointer !== '' && !pointer.startsWith('/')) throw new PointerError(pointer);
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
};

const memberOf = (value: unknown, key: string, pointer: string): unknown => {
  const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, key) && !(Array.isArray(value) && !/^\d+$/.test(key));
  if (!isThere || key === '__proto__') throw new PointerError(pointer);
  return Reflect.get(value, key);
};

// What is chosen is chosen whole, also where a pointer before this one had chosen a part of it.
const whole = (value: unknown, before: unknown): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return structuredClone(value);
  return { ...(typeof before === 'object' ? before : {}), ...structuredClone(value) };
};

const start = (value: unknown, sparse: unknown[][]): unknown => {
  if (!Array.isArray(value)) return stub(value);
  const array: unknown[] = [];
  sparse.push(array);
  return array;
};

const stub = (node: unknown): Json => {
  const { id, type } = Object(node);
  return {
    ...(typeof id === 'string' && !id.startsWith('_:') ? { id } : {}),
    ...(type === undefined ? {} : { type: structuredClone(type) }),
  };
};
