/** One field of an event pattern: an array of alternatives, each a plain value or an operator. */

type Refuse = (reason: string) => never;
type Test = (value: unknown) => boolean;
/** Gets undefined if the event does not have the field. */
export type LeafTest = (field: unknown) => boolean;

const isScalar = (value: unknown): boolean => value === null || ['string', 'number', 'boolean'].includes(typeof value);

const onText =
  (test: (value: string) => boolean): Test =>
  (value) =>
    typeof value === 'string' && test(value);

const asText = (operand: unknown, refuse: Refuse): string =>
  typeof operand === 'string' && operand !== '' ? operand : refuse('an operator needs a non-empty string');

/** `prefix` and `suffix` take a string, or `{ "equals-ignore-case": … }`. */
const edgeTest = (operand: unknown, refuse: Refuse, test: (value: string, edge: string) => boolean): Test => {
  if (typeof operand !== 'object' || operand === null) {
    const edge = asText(operand, refuse);
    return onText((value) => test(value, edge));
  }
  const edge =
    'equals-ignore-case' in operand
      ? asText(operand['equals-ignore-case'], refuse).toLowerCase()
      : refuse('prefix and suffix know no such operator');
  return onText((value) => test(value.toLowerCase(), edge));
};

/** `*` stands for any characters, `\*` for itself. Linear: each piece between the stars is taken at its first place. */
const wildcardTest = (operand: unknown, refuse: Refuse): Test => {
  const pattern = asText(operand, refuse);
  if (/(?<!\\)\*\*/.test(pattern)) return refuse('consecutive wildcard characters');
  const pieces = pattern.split(/(?<!\\)\*/).map((piece) => piece.replaceAll('\\*', '*').replaceAll('\\\\', '\\'));
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  const middle = pieces.slice(1, -1);
  if (pieces.length === 1) return (value) => value === first;
  return onText((value) => {
    if (!value.startsWith(first) || !value.endsWith(last) || value.length < first.length + last.length) return false;
    const end = value.length - last.length;
    let at = first.length;
    for (const piece of middle) {
      const found = value.indexOf(piece, at);
      if (found === -1 || found + piece.length > end) return false;
      at = found + piece.length;
    }
    return true;
  });
};

const COMPARISONS: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
  '=': (value, limit) => value === limit,
};

/** `[">", 0, "<=", 5]`: one or two comparisons. */
const numericTest = (operand: unknown, refuse: Refuse): Test => {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) return refuse('numeric needs one or two comparisons');
  const pairs = operand.length === 2 ? [operand] : [operand.slice(0, 2), operand.slice(2)];
  const tests = pairs.map(([sign, limit]) => {
    const compare = COMPARISONS[String(sign)];
    return compare && typeof limit === 'number'
      ? (value: number) => compare(value, limit)
      : refuse('numeric needs comparisons with numbers');
  });
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
};

const listOf = (operand: unknown): readonly unknown[] => (Array.isArray(operand) ? operand : [operand]);

const UNDER_ANYTHING_BUT: readonly string[] = ['prefix', 'suffix', 'wildcard', 'equals-ignore-case'];

const noneOf = (operators: object, refuse: Refuse): Test => {
  const [[name, values] = ['', undefined]] = Object.entries(operators);
  const operator = UNDER_ANYTHING_BUT.includes(name) ? OPERATORS[name] : undefined;
  if (operator === undefined) return refuse('anything-but knows no such operator');
  const tests = listOf(values).map((value) => operator(value, refuse));
  return (value) => !tests.some((test) => test(value));
};

/** Takes a value, a list of them, or one of the text operators over a value or a list. */
const anythingBut = (operand: unknown, refuse: Refuse): Test => {
  if (typeof operand === 'object' && operand !== null && !Array.isArray(operand)) return noneOf(operand, refuse);
  const values = listOf(operand);
  if (values.length === 0 || !values.every((value) => isScalar(value) && value !== null)) {
    return refuse('anything-but needs strings or numbers');
  }
  return (value) => !values.includes(value);
};

const OPERATORS: Readonly<Record<string, (operand: unknown, refuse: Refuse) => Test>> = {
  prefix: (operand, refuse) => edgeTest(operand, refuse, (value, edge) => value.startsWith(edge)),
  suffix: (operand, refuse) => edgeTest(operand, refuse, (value, edge) => value.endsWith(edge)),
  'equals-ignore-case': (operand, refuse) => {
    const wanted = asText(operand, refuse).toLowerCase();
    return onText((value) => value.toLowerCase() === wanted);
  },
  wildcard: wildcardTest,
  numeric: numericTest,
  'anything-but': anythingBut,
};

/** A list in the event matches if one of its values does; an object never does. */
const onValues =
  (test: Test): LeafTest =>
  (field) => {
    if (field === undefined) return false;
    return listOf(field).some((value) => isScalar(value) && test(value));
  };

const existsTest = (wanted: unknown, refuse: Refuse): LeafTest => {
  if (typeof wanted !== 'boolean') return refuse('exists needs true or false');
  return (field) => (field !== undefined) === wanted;
};

const compileAlternative = (alternative: unknown, refuse: Refuse): LeafTest => {
  if (isScalar(alternative)) return onValues((value) => value === alternative);
  const [entry, ...more] = Object.entries(Object(alternative));
  if (entry === undefined || more.length > 0 || Array.isArray(alternative)) return refuse('an alternative is a value or one operator');
  const [name, operand] = entry;
  if (name === 'exists') return existsTest(operand, refuse);
  const operator = OPERATORS[name];
  return operator ? onValues(operator(operand, refuse)) : refuse(`Unrecognized match type ${name}`);
};

export const compileLeaf = (name: string, alternatives: readonly unknown[], refuse: Refuse): LeafTest => {
  if (alternatives.length === 0) return refuse(`Empty arrays are not allowed: "${name}"`);
  const tests = alternatives.map((alternative) => compileAlternative(alternative, refuse));
  return (field) => tests.some((test) => test(field));
};
