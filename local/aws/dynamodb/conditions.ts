/** Whether a condition or filter holds for an item; an item that is not there is the empty item. */
import { type AttributeValue, elementsOf, equal, type Item, typeOf } from './attribute-value.ts';
import { valueAt } from './document-path.ts';
import { type Comparison, type Condition, type ConditionFunction, isPath, type Operand, type SizeOf } from './expression.ts';
import { compareScalars } from './key-order.ts';

type Value = AttributeValue | undefined;

const isSizeOf = (operand: Operand): operand is SizeOf => 'type' in operand;

// Strings count in UTF-16 units in AWS, not in the bytes that the item is charged for.
const sizeOf = (value: AttributeValue): number | undefined => {
  if ('S' in value) return value.S.length;
  if ('B' in value) return Buffer.byteLength(value.B, 'base64');
  if ('M' in value) return Object.keys(value.M).length;
  return 'L' in value ? value.L.length : elementsOf(value)?.length;
};

const resolve = (operand: Operand, item: Item): Value => {
  if (isPath(operand)) return valueAt(operand, item);
  if (!isSizeOf(operand)) return operand;
  const value = resolve(operand.args[0], item);
  const size = value && sizeOf(value);
  return size === undefined ? undefined : { N: String(size) };
};

const ORDERED: Readonly<Record<'<' | '<=' | '>' | '>=', (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

const same = (a: Value, b: Value): boolean => a !== undefined && b !== undefined && equal(a, b);

const compares = (type: Comparison['type'], a: Value, b: Value): boolean => {
  if (type === '=') return same(a, b);
  // What is missing equals nothing, so it is unequal to everything.
  if (type === '<>') return !same(a, b);
  const order = a && b && compareScalars(a, b);
  return order !== undefined && ORDERED[type](order);
};

const beginsWith = (value: AttributeValue, prefix: AttributeValue): boolean => {
  if ('S' in value && 'S' in prefix) return value.S.startsWith(prefix.S);
  if (!('B' in value && 'B' in prefix)) return false;
  const bytes = Buffer.from(prefix.B, 'base64');
  return Buffer.from(value.B, 'base64').subarray(0, bytes.length).equals(bytes);
};

const ELEMENT_TYPE = { SS: 'S', NS: 'N', BS: 'B' } as const;

const isElement = (set: AttributeValue, wanted: AttributeValue): boolean => {
  const type = typeOf(set);
  if (type !== 'SS' && type !== 'NS' && type !== 'BS') return false;
  const element = ELEMENT_TYPE[type];
  return typeOf(wanted) === element && (elementsOf(set) ?? []).some((text) => equal(wanted, elementOf(element, text)));
};

const elementOf = (type: 'S' | 'N' | 'B', text: string): AttributeValue => {
  if (type === 'S') return { S: text };
  return type === 'N' ? { N: text } : { B: text };
};

const contains = (value: AttributeValue, wanted: AttributeValue): boolean => {
  if ('S' in value && 'S' in wanted) return value.S.includes(wanted.S);
  if ('B' in value && 'B' in wanted) return Buffer.from(value.B, 'base64').includes(Buffer.from(wanted.B, 'base64'));
  return 'L' in value ? value.L.some((member) => equal(member, wanted)) : isElement(value, wanted);
};

const functionHolds = (call: ConditionFunction, item: Item): boolean => {
  const [value, argument] = call.args.map((operand) => operand && resolve(operand, item));
  switch (call.name) {
    case 'attribute_exists':
      return value !== undefined;
    case 'attribute_not_exists':
      return value === undefined;
    case 'attribute_type':
      return value !== undefined && argument !== undefined && 'S' in argument && typeOf(value) === argument.S;
    case 'begins_with':
      return value !== undefined && argument !== undefined && beginsWith(value, argument);
    case 'contains':
      return value !== undefined && argument !== undefined && contains(value, argument);
  }
};

const between = (value: Value, low: Value, high: Value): boolean => compares('>=', value, low) && compares('<=', value, high);

export const holds = (condition: Condition, item: Item): boolean => {
  switch (condition.type) {
    case 'and':
      return holds(condition.args[0], item) && holds(condition.args[1], item);
    case 'or':
      return holds(condition.args[0], item) || holds(condition.args[1], item);
    case 'not':
      return !holds(condition.args[0], item);
    case 'function':
      return functionHolds(condition, item);
    case 'between':
      return between(resolve(condition.args[0], item), resolve(condition.args[1], item), resolve(condition.args[2], item));
    case 'in': {
      const [value, ...candidates] = condition.args.map((operand) => resolve(operand, item));
      return candidates.some((candidate) => same(value, candidate));
    }
    case '=':
    case '<>':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compares(condition.type, resolve(condition.args[0], item), resolve(condition.args[1], item));
  }
};
