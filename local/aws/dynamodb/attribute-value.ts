/** Attribute values and items as they travel on the wire (binary as base64), and when two of them are equal. */

export type Scalar = { readonly S: string } | { readonly N: string } | { readonly B: string };

export type AttributeValue =
  | Scalar
  | { readonly BOOL: boolean }
  | { readonly NULL: boolean }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: Item };

export interface Item {
  readonly [name: string]: AttributeValue;
}

const TYPES = ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M'] as const;
export type TypeName = (typeof TYPES)[number];

export const typeOf = (value: AttributeValue): TypeName => {
  const type = TYPES.find((name) => Object.hasOwn(value, name));
  if (type === undefined) throw new TypeError('an attribute value without a type');
  return type;
};

// An attribute may be called `constructor`, which every object seems to have.
export const attributeOf = (item: Item, name: string): AttributeValue | undefined => (Object.hasOwn(item, name) ? item[name] : undefined);

export const isScalar = (value: AttributeValue): value is Scalar => 'S' in value || 'N' in value || 'B' in value;

/** The elements of a set, or undefined for what is no set. */
export const elementsOf = (value: AttributeValue): readonly string[] | undefined => {
  if ('SS' in value) return value.SS;
  if ('NS' in value) return value.NS;
  return 'BS' in value ? value.BS : undefined;
};

/** Deep equality; sets and maps know no order. Numbers and base64 are canonical on the way in, so their text decides. */
export const equal = (a: AttributeValue, b: AttributeValue): boolean => {
  if ('M' in a && 'M' in b) return equalItems(a.M, b.M);
  if ('L' in a && 'L' in b) return a.L.length === b.L.length && a.L.every((value, at) => equal(value, b.L[at] ?? { NULL: false }));
  if (typeOf(a) !== typeOf(b)) return false;
  const [left, right] = [elementsOf(a), elementsOf(b)];
  if (left && right) return left.length === right.length && left.every((element) => right.includes(element));
  return JSON.stringify(a) === JSON.stringify(b);
};

export const equalItems = (a: Item, b: Item): boolean => {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => {
    const [left, right] = [attributeOf(a, name), attributeOf(b, name)];
    return left !== undefined && right !== undefined && equal(left, right);
  });
};
