/** From what a schema has to say to faults that whoever sent the value can mend: a pointer, a stable code, a sentence. */
import type * as z from 'zod';
import type { Fault } from './errors.ts';
import { pointerTo } from './pointer.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** More would not help anyone, and a hostile document must not be answered with one many times its size. */
const FAULTS_MAX = 500;

const QUOTE_MAX = 80;

const quoted = (part: PropertyKey): string => `"${String(part).slice(0, QUOTE_MAX).toWellFormed()}"`;

/** `"name" in item 2 of "competencies"`. */
const nameOf = (path: Path): string => {
  const [last, parent, list] = path.toReversed();
  if (last === undefined) return 'the document';
  if (parent === undefined) return quoted(last);
  if (typeof last === 'number') return `item ${last + 1} of ${quoted(parent)}`;
  return typeof parent === 'number'
    ? `${quoted(last)} in item ${parent + 1} of ${quoted(list ?? '')}`
    : `${quoted(last)} of ${quoted(parent)}`;
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const fault = (path: Path, code: string, says: string): Fault => ({
  pointer: pointerTo(path),
  code,
  detail: `${capital(nameOf(path))} ${says}.`,
});

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object with fields',
};

const wrongType = (path: Path, expected: string): Fault => fault(path, 'wrong-type', `must be ${KINDS[expected] ?? expected}`);

const MEASURES: Readonly<Record<string, { readonly code: readonly [string, string]; readonly unit: string }>> = {
  string: { code: ['too-long', 'too-short'], unit: 'characters long' },
  array: { code: ['too-many', 'too-few'], unit: 'items long' },
};
const AMOUNT = { code: ['too-large', 'too-small'], unit: '' } as const;

const outOfBounds = (path: Path, issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall): Fault => {
  const { code, unit } = MEASURES[issue.origin] ?? AMOUNT;
  const [place, bound, limit] =
    issue.code === 'too_big' ? ([0, 'at most', issue.maximum] as const) : ([1, 'at least', issue.minimum] as const);
  // The only exclusive bounds of a definition are those of `positive()`.
  return fault(path, code[place], `must be ${issue.inclusive === false ? 'more than' : bound} ${limit} ${unit}`.trimEnd());
};

const notInEnum = (path: Path, values: readonly unknown[]): Fault =>
  fault(path, 'not-in-enum', `must be ${values.length === 1 ? '' : 'one of '}${values.map((value) => `"${value}"`).join(', ')}`);

const unknownFields = (path: Path, keys: readonly string[]): Fault[] =>
  keys.map((key) => ({
    pointer: pointerTo([...path, key]),
    code: 'unknown-field',
    detail: `${quoted(key)} is not a field of ${path.length === 0 ? 'the document' : nameOf(path)}; check its spelling, or take it out.`,
  }));

const isMissingField = (issue: Issue): boolean => isMissing(issue) && issue.path.length === 1;

const unknownKeys = (issues: readonly Issue[]): number =>
  issues.reduce((count, issue) => count + (issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys.length : 0), 0);

const distance = (issues: readonly Issue[]): number => unknownKeys(issues) + issues.filter(isMissingField).length;

const fieldsOf = (input: unknown): number => (typeof input === 'object' && input !== null ? Object.keys(input).length : 0);

/** Of the forms that a value may take, the faults of the one that it comes nearest to; the others would only confuse. */
const nearestForm = (issue: z.core.$ZodIssueInvalidUnion, path: Path): Fault[] => {
  const [nearest = []] = [...issue.errors].sort((left, right) => distance(left) - distance(right) || left.length - right.length);
  const isObject = !nearest.some(({ code, path: within }) => code === 'invalid_type' && within.length === 0);
  const hasNoneOfItsFields = fieldsOf(issue.input) === unknownKeys(nearest);
  if (isObject && hasNoneOfItsFields) return [fault(path, 'no-such-form', issue.message)];
  return nearest.flatMap((one) => faultsOfIssue(one, path));
};

/** The field that names the kind of an object (`type`, `scheme`, `kind`) is missing or names none. */
const unknownKind = (issue: z.core.$ZodIssueInvalidUnion, path: Path): Fault => {
  const isNamed = Object.entries(issue.input ?? {}).some(([key, value]) => key === issue.discriminator && value !== undefined);
  return isNamed ? notInEnum(path, 'options' in issue ? (issue.options ?? []) : []) : fault(path, 'required', 'is missing');
};

const customFault = (issue: z.core.$ZodIssueCustom, path: Path): Fault => {
  const code: unknown = issue.params?.code;
  return fault(path, typeof code === 'string' ? code : 'bad-format', issue.message);
};

const isMissing = (issue: Issue): boolean =>
  'input' in issue && issue.input === undefined && ['invalid_type', 'invalid_value'].includes(issue.code);

const faultsOfIssue = (issue: Issue, within: Path): Fault[] => {
  const path = [...within, ...issue.path];
  if (isMissing(issue)) return [fault(path, 'required', 'is missing')];
  switch (issue.code) {
    case 'unrecognized_keys':
      return unknownFields(path, issue.keys);
    case 'invalid_type':
      return [wrongType(path, issue.expected)];
    case 'invalid_value':
      return [notInEnum(path, issue.values)];
    case 'too_big':
    case 'too_small':
      return [outOfBounds(path, issue)];
    case 'invalid_union':
      return issue.discriminator === undefined ? nearestForm(issue, path) : [unknownKind(issue, path)];
    case 'custom':
      return [customFault(issue, path)];
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
      return [fault(path, 'bad-format', issue.message)];
  }
};

/** All faults of a value that was parsed with `reportInput`; at most {@link FAULTS_MAX}. */
export const faultsOf = ({ issues }: z.ZodError): readonly Fault[] => {
  const faults = issues.flatMap((issue) => faultsOfIssue(issue, []));
  if (faults.length <= FAULTS_MAX) return faults;
  const rest: Fault = { pointer: '', code: 'too-many-faults', detail: `There are ${faults.length - FAULTS_MAX} more faults like these.` };
  return [...faults.slice(0, FAULTS_MAX), rest];
};
