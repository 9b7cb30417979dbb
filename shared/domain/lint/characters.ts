/** Which characters publication does not take, or points out, and why. */

/** One kind of character: how to find the first of it, and what to say about it. */
export interface CharacterRule {
  readonly severity: 'error' | 'warning';
  readonly code: `lint/${string}`;
  readonly find: (text: string) => string | undefined;
  readonly say: (name: string) => string;
}

/** `U+000A` of the first code point. */
export const codePointName = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

const firstOf =
  (pattern: RegExp) =>
  (text: string): string | undefined =>
    pattern.exec(text)?.[0];

const ISOLATE_START = /[\u2066-\u2068]/u;
const ISOLATE = /[\u2066-\u2069]/u;
const ISOLATE_END = '\u2069';

/** The character by which a line opens an isolate and leaves it open, or closes one that it has not opened. */
const strayIsolate = (line: string): string | undefined => {
  const open: string[] = [];
  for (const character of line) {
    if (ISOLATE_START.test(character)) open.push(character);
    if (character === ISOLATE_END && open.pop() === undefined) return character;
  }
  return open.at(-1);
};

/** An isolate ends with its paragraph at the latest, but what a page puts beside the text is in that paragraph, too. @see Unicode Standard Annex 9 */
const unbalancedIsolate = (text: string): string | undefined =>
  ISOLATE.test(text)
    ? text
        .split('\n')
        .map(strayIsolate)
        .find((character) => character !== undefined)
    : undefined;

/** Flags of regions are spelt with tag characters behind a black flag. @see Unicode Technical Standard 51, ED-14a */
const REGION_FLAG = /\u{1F3F4}[\u{E0020}-\u{E007E}]+\u{E007F}/gu;

const UNSEEN = /[\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]/u;

/** Joiners, marks of direction and variation selectors: Persian, Hindi, Arabic and emoji are spelt with them. Bidirectional controls have rules of their own. */
const SPELT_WITH = /\u061C|[\u180B-\u180D]|\u180F|[\u200C-\u200F]|[\u202A-\u202E]|[\u2066-\u2069]|[\uFE00-\uFE0F]|[\u{E0100}-\u{E01EF}]/u;

// Most texts have none, and are not to be taken apart for it.
const unseen = (text: string): string | undefined =>
  UNSEEN.test(text)
    ? [...text.replace(REGION_FLAG, '')].find((character) => UNSEEN.test(character) && !SPELT_WITH.test(character))
    : undefined;

/** From the gravest to the least; the first two make a text that no two verifiers need read alike. */
export const CHARACTER_RULES: readonly CharacterRule[] = [
  {
    severity: 'error',
    code: 'lint/control-character',
    // Canonical N-Quads escape some control characters and not others, older canonical forms none; XML forms of the badge may change or refuse them.
    find: firstOf(/(?!\n)\p{Cc}/u),
    say: (name) =>
      `This text holds the invisible control character ${name}; only line breaks are allowed. Replace a tab by spaces, remove the rest.`,
  },
  {
    severity: 'error',
    code: 'lint/noncharacter',
    // Canonical N-Quads escape what XML 1.1 does not count as a character (U+FFFE, U+FFFF); widespread libraries do not.
    find: firstOf(/\p{Noncharacter_Code_Point}/u),
    say: (name) => `This text holds ${name}, which Unicode keeps free of any meaning and verifiers write in different ways. Remove it.`,
  },
  {
    severity: 'error',
    code: 'lint/line-separator',
    // A reader that splits N-Quads at every line end that Unicode knows cuts a statement in two.
    find: firstOf(/[\u2028\u2029]/u),
    say: (name) =>
      `This text holds the line separator ${name}, at which some verifiers break a signed statement in two. Use an ordinary line break.`,
  },
  {
    severity: 'error',
    code: 'lint/direction-override',
    // What is shown is not what is signed; right-to-left scripts need none of these. CVE-2021-42574.
    find: firstOf(/[\u202A-\u202E]/u),
    say: (name) =>
      `This text holds ${name}, which makes letters appear in another order than they were signed in. Remove it; right-to-left text needs no such mark.`,
  },
  {
    severity: 'error',
    code: 'lint/direction-unbalanced',
    find: unbalancedIsolate,
    say: (name) =>
      `This text holds the directional isolate ${name} without its counterpart in the same line, so it would rearrange whatever stands beside it. Close it, or remove it.`,
  },
  {
    severity: 'warning',
    code: 'lint/invisible-character',
    find: unseen,
    say: (name) =>
      `This text holds ${name}, which nobody sees: two texts may look the same and be signed as different. Remove it unless it is meant.`,
  },
  {
    severity: 'warning',
    code: 'lint/private-use-character',
    find: firstOf(/\p{Co}/u),
    say: (name) =>
      `This text holds ${name}, a private-use character that shows only with one particular font. Use a character that everyone has.`,
  },
  {
    severity: 'warning',
    code: 'lint/replacement-character',
    find: firstOf(/\uFFFD/u),
    say: (name) =>
      `This text holds ${name}, which stands where a character was lost, as by reading a file in the wrong encoding. Type it again.`,
  },
];
