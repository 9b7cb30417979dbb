/** Which versions of another micro-credential count: `>=1.0.0`, or several comparisons with a space between, all of which must hold. */
import * as z from 'zod';
import { Version } from '../ids.ts';
import { worded } from './text.ts';

const COMPARISON = /^(>=|<=|>|<|=)?((?:0|[1-9]\d{0,5})\.(?:0|[1-9]\d{0,5})\.(?:0|[1-9]\d{0,5}))$/;
const COMPARISONS_MAX = 4;

const isRange = (text: string): boolean => {
  const parts = text.split(' ');
  return parts.length <= COMPARISONS_MAX && parts.every((part) => COMPARISON.test(part));
};

export const VersionRange = z
  .string()
  .max(100)
  .refine(isRange, { error: 'must be a version range, such as ">=1.0.0" or ">=1.0.0 <2.0.0"' })
  .brand<'VersionRange'>();
export type VersionRange = z.infer<typeof VersionRange>;

/** {@link Version} with a message for people. */
export const VersionText = worded(Version, 'must be a version of three numbers, such as "1.0.0"');

/** Negative if `left` is the older, zero if they are the same; numbers compare as numbers: 1.10.0 is newer than 1.9.0. */
export const compareVersions = (left: string, right: string): number => {
  const [a = 0, b = 0, c = 0] = left.split('.').map(Number);
  const [x = 0, y = 0, z = 0] = right.split('.').map(Number);
  return a - x || b - y || c - z;
};

const HOLDS: Readonly<Record<string, (order: number) => boolean>> = {
  '>=': (order) => order >= 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '<': (order) => order < 0,
  '=': (order) => order === 0,
};

/** Whether the version lies in the range; without a range every version does. */
export const isInRange = (version: string, range: VersionRange | undefined): boolean =>
  (range?.split(' ') ?? []).every((part) => {
    const [, operator = '=', bound = ''] = COMPARISON.exec(part) ?? [];
    return HOLDS[operator]?.(compareVersions(version, bound)) === true;
  });

const nextPatch = (version: string): string => version.replace(/\d+$/, (patch) => String(Number(patch) + 1));

/** Whether no version at all lies in it: if any does, then so does one of its bounds, the one next to a bound, or the lowest of all. */
export const isEmptyRange = (range: VersionRange): boolean => {
  const bounds = range.split(' ').map((part) => COMPARISON.exec(part)?.[2] ?? '0.0.0');
  return !['0.0.0', ...bounds, ...bounds.map(nextPatch)].some((version) => isInRange(version, range));
};
