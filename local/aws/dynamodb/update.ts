/** An update expression applied to an item: every value is read from the item as it was, then all actions take effect at once. */
import { type AttributeValue, elementsOf, type Item, typeOf } from './attribute-value.ts';
import { type Path, step, valueAt } from './document-path.ts';
import { arithmetic, validationError } from './dynalite.ts';
import { isPath, type UpdateSection, type UpdateValue } from './expression.ts';

type Assignment = { readonly path: Path; readonly value: AttributeValue };

const wrongType = () => validationError('An operand in the update expression has an incorrect data type');
const wrongPath = () => validationError('The document path provided in the update expression is invalid for update');
const missing = () => validationError('The provided expression refers to an attribute that does not exist in the item');

const numberOf = (value: AttributeValue): string => {
  if (!('N' in value)) throw wrongType();
  return value.N;
};

const listOf = (value: AttributeValue): readonly AttributeValue[] => {
  if (!('L' in value)) throw wrongType();
  return value.L;
};

const resolve = (value: UpdateValue, item: Item): AttributeValue => {
  if (isPath(value)) {
    const found = valueAt(value, item);
    if (!found) throw missing();
    return found;
  }
  if (!('type' in value)) return value;
  const [first, second] = value.args;
  if (value.type === 'function') {
    if (value.name === 'if_not_exists') return valueAt(value.args[0], item) ?? resolve(second, item);
    return { L: [...listOf(resolve(first, item)), ...listOf(resolve(second, item))] };
  }
  return { N: arithmetic(value.type, numberOf(resolve(first, item)), numberOf(resolve(second, item))) };
};

const setOf = (type: 'SS' | 'NS' | 'BS', elements: readonly string[]): AttributeValue => {
  if (type === 'SS') return { SS: elements };
  return type === 'NS' ? { NS: elements } : { BS: elements };
};

const combineSets = (old: AttributeValue | undefined, given: AttributeValue, keep: 'union' | 'difference'): AttributeValue | undefined => {
  const type = typeOf(given);
  const elements = elementsOf(given);
  if (!elements || (type !== 'SS' && type !== 'NS' && type !== 'BS')) throw wrongType();
  if (old && typeOf(old) !== type) throw wrongType();
  const before = (old && elementsOf(old)) ?? [];
  const after = keep === 'union' ? [...new Set([...before, ...elements])] : before.filter((element) => !elements.includes(element));
  return after.length > 0 ? setOf(type, after) : undefined;
};

const added = (old: AttributeValue | undefined, given: AttributeValue): AttributeValue | undefined =>
  'N' in given ? { N: arithmetic('add', old ? numberOf(old) : '0', given.N) } : combineSets(old, given, 'union');

/** The value that an action leaves at its path; undefined where it leaves none. */
const outcome = (section: UpdateSection, item: Item): AttributeValue | undefined => {
  switch (section.type) {
    case 'set':
      return resolve(section.val, item);
    case 'add':
      return added(valueAt(section.path, item), section.val);
    case 'delete':
      return combineSets(valueAt(section.path, item), section.val, 'difference');
    case 'remove':
      return undefined;
  }
};

const requireParent = (path: Path, item: Item): void => {
  const parent = path.slice(0, -1).reduce<AttributeValue | undefined>((value, piece) => value && step(value, piece), { M: item });
  const wanted = typeof path.at(-1) === 'number' ? 'L' : 'M';
  if (!parent || typeOf(parent) !== wanted) throw wrongPath();
};

const withMember = (item: Item, name: string, value: AttributeValue | undefined): Item => {
  if (value) return { ...item, [name]: value };
  const { [name]: _gone, ...rest } = item;
  return rest;
};

const withElement = (list: readonly AttributeValue[], at: number, value: AttributeValue | undefined): readonly AttributeValue[] => {
  if (!value) return list.filter((_, index) => index !== at);
  // Past its end, a list grows by one, whatever the index.
  return at < list.length ? list.with(at, value) : [...list, value];
};

/** A copy with `value` at `path`, or nothing there if it is undefined. */
const assign = (root: AttributeValue, path: Path, value: AttributeValue | undefined): AttributeValue => {
  const [piece, ...rest] = path;
  const inner = piece === undefined ? undefined : step(root, piece);
  const replaced = rest.length > 0 && inner ? assign(inner, rest, value) : value;
  if (typeof piece === 'string' && 'M' in root) return { M: withMember(root.M, piece, replaced) };
  if (typeof piece === 'number' && 'L' in root) return { L: withElement(root.L, piece, replaced) };
  throw wrongPath();
};

const byPiece = (a: string | number, b: string | number): number => {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : Number(a !== b);
};

const byPath = (a: { readonly path: Path }, b: { readonly path: Path }): number => {
  for (const [at, piece] of a.path.entries()) {
    const order = byPiece(piece, b.path[at] ?? '');
    if (order !== 0) return order;
  }
  return 0;
};

/** @throws AwsError ValidationException when a path leads nowhere or an operand has the wrong type */
export const applyUpdate = (sections: readonly UpdateSection[], item: Item): Item => {
  const assignments: Assignment[] = [];
  const removals: { readonly path: Path }[] = [];
  for (const section of sections) {
    const { path } = section;
    const value = outcome(section, item);
    requireParent(path, item);
    if (value) assignments.push({ path, value });
    else removals.push({ path });
  }
  // Indexes mean the list as it was: appended elements keep the order of their indexes, and removals go from the end.
  let root: AttributeValue = { M: item };
  for (const { path, value } of assignments.sort(byPath)) root = assign(root, path, value);
  for (const { path } of removals.sort((a, b) => byPath(b, a))) root = assign(root, path, undefined);
  return 'M' in root ? root.M : item;
};
