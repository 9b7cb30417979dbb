/**
 * Event patterns: which events a rule, or the filter of an event source mapping, lets pass.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
import { AwsError } from '../service.ts';
import { compileLeaf } from './pattern-leaf.ts';

export type Matches = (event: unknown) => boolean;

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

const invalid = (reason: string): never => {
  throw new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
};

/** What a nested pattern looks into: of a list, each object in it. An absent object has no fields, so that `exists: false` can hold. */
const objectsIn = (value: unknown): readonly Fields[] => {
  if (Array.isArray(value)) return value.filter(isFields);
  return [isFields(value) ? value : {}];
};

const compileField = (name: string, pattern: unknown): ((fields: Fields) => boolean) => {
  if (Array.isArray(pattern)) {
    const matches = compileLeaf(name, pattern, invalid);
    return (fields) => matches(Object.hasOwn(fields, name) ? fields[name] : undefined);
  }
  if (!isFields(pattern)) return invalid(`"${name}" must be an object or an array`);
  const matches = compileFields(pattern);
  return (fields) => objectsIn(fields[name]).some(matches);
};

const compileOr = (alternatives: unknown): ((fields: Fields) => boolean) => {
  if (!Array.isArray(alternatives) || alternatives.length < 2 || !alternatives.every(isFields))
    return invalid('"$or" must be an array of two or more objects');
  const all = alternatives.map(compileFields);
  return (fields) => all.some((matches) => matches(fields));
};

const compileFields = (pattern: Fields): ((fields: Fields) => boolean) => {
  const entries = Object.entries(pattern);
  if (entries.length === 0) return invalid('Empty objects are not allowed');
  const all = entries.map(([name, value]) => (name === '$or' ? compileOr(value) : compileField(name, value)));
  return (fields) => all.every((matches) => matches(fields));
};

/** @throws AwsError InvalidEventPatternException, as PutRule would. */
export const compilePattern = (pattern: unknown): Matches => {
  if (!isFields(pattern)) return invalid('Filter is not an object');
  const matches = compileFields(pattern);
  return (event) => isFields(event) && matches(event);
};
