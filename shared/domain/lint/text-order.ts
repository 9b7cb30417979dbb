/**
 * Values that verifiers would sort differently. Canonical N-Quads are sorted by code point; what sorts by UTF-16 unit instead, as
 * JavaScript does, puts U+10000 and above (emoji, rare ideographs) before U+E000 to U+FFFF (private use, compatibility, full-width
 * forms). Two statements are told apart by their values only if they say the same of the same thing, and tags are all that a badge
 * says more than once of one thing. What else might come to be is found by issuing on trial (openbadges/lint).
 */
import { codePointName } from './characters.ts';
import { error, type LintFamily } from './finding.ts';

const FIRST_SURROGATE = 0xd800;
const LAST_SURROGATE = 0xdfff;

/** Whether one order puts the left text first and the other the right: the first unit in which they differ is half of a pair in one and beyond all halves in the other. */
export const sortsDifferently = (left: string, right: string): boolean => {
  const length = Math.min(left.length, right.length);
  let place = 0;
  while (place < length && left.charCodeAt(place) === right.charCodeAt(place)) place += 1;
  if (place === length) return false;
  const units = [left.charCodeAt(place), right.charCodeAt(place)];
  return units.some((unit) => unit >= FIRST_SURROGATE && unit <= LAST_SURROGATE) && units.some((unit) => unit > LAST_SURROGATE);
};

const BEYOND_BMP = /[\u{10000}-\u{10FFFF}]/u;

/** One sentence for the linter and for the trial issue. */
export const textOrderDetail = (text: string, other: string): string =>
  `This text holds ${codePointName(BEYOND_BMP.exec(text)?.[0] ?? text)} where "${other}" holds a full-width, compatibility or private-use character. Verifiers sort the two differently and would disagree about the signature. Begin them differently, or use only one of the two kinds.`;

export const lintTextOrder: LintFamily = ({ tags = [] }) =>
  tags.flatMap((tag, index) => {
    const other = tags.find((candidate) => sortsDifferently(tag, candidate) && BEYOND_BMP.test(tag) && tag < candidate);
    return other === undefined ? [] : [error(['tags', index], 'lint/text-order', textOrderDetail(tag, other))];
  });
