/**
 * JSON Canonicalization Scheme: one text per JSON value.
 * @see https://www.rfc-editor.org/rfc/rfc8785
 */
import { isObject } from './json-object.ts';

/**
 * Canonical JSON of a value as `JSON.parse` gives it; ECMAScript's own number and text forms are the ones RFC 8785 asks for.
 * @throws RangeError for what JSON cannot say without loss: a lone surrogate, a number that is not finite, undefined
 */
export const jcs = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(jcs).join(',')}]`;
  if (isObject(value)) {
    // The default order of sort() is by UTF-16 code unit, which is what RFC 8785 §3.2.3 prescribes.
    const members = Object.keys(value).sort();
    return `{${members.map((name) => `${jcs(name)}:${jcs(value[name])}`).join(',')}}`;
  }
  return primitive(value);
};

const primitive = (value: unknown): string => {
  const isSayable =
    value === null ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value)) ||
    (typeof value === 'string' && value.isWellFormed());
  if (!isSayable) throw new RangeError(`no canonical JSON for a ${typeof value}`);
  return JSON.stringify(value);
};
