/**
 * Text that verifiers written in different languages would read differently, so that the same badge were genuine for one and forged
 * for another.
 */
import type { MicroCredentialDefinition } from '../micro-credential.ts';
import { error, type Finding, type LintFamily, type Path } from './finding.ts';

interface Text {
  readonly path: Path;
  readonly value: string;
}

const textsOf = (value: unknown, path: Path): readonly Text[] => {
  if (typeof value === 'string') return [{ path, value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => textsOf(child, [...path, Array.isArray(value) ? Number(key) : key]));
};

// Signing canonicalises a badge to N-Quads, where libraries disagree about how control characters are escaped.
const CONTROL_BUT_NEWLINE = /(?!\n)\p{Cc}/u;

const BEYOND_BMP = /[\u{10000}-\u{10FFFF}]/u;
const PRIVATE_OR_COMPATIBILITY = /[\uE000-\uFFFF]/u;

const codePointOf = (pattern: RegExp, text: string): string => {
  const [character = ''] = pattern.exec(text) ?? [];
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
};

const wellFormed = ({ path, value }: Text): readonly Finding[] => {
  if (!value.isWellFormed())
    return [
      error(
        path,
        'lint/lone-surrogate',
        'This text holds half a character (a lone surrogate), which cannot be signed. Type the text again.',
      ),
    ];
  if (!CONTROL_BUT_NEWLINE.test(value)) return [];
  const name = codePointOf(CONTROL_BUT_NEWLINE, value);
  return [
    error(
      path,
      'lint/control-character',
      `This text holds the invisible control character ${name}; only line breaks are allowed. Replace a tab by spaces, remove the rest.`,
    ),
  ];
};

/**
 * Canonical N-Quads are sorted by code point; JavaScript sorts by UTF-16 unit, which puts U+10000 and above (emoji, rare ideographs)
 * before U+E000 to U+FFFF (private use, full-width and compatibility forms). Where a definition has both, two of its statements may
 * stand in a different order for different verifiers, and one of them finds the signature wrong.
 */
const orderSafe = (texts: readonly Text[]): readonly Finding[] => {
  const clash = texts.find(({ value }) => PRIVATE_OR_COMPATIBILITY.test(value));
  if (clash === undefined) return [];
  const other = codePointOf(PRIVATE_OR_COMPATIBILITY, clash.value);
  return texts
    .filter(({ value }) => BEYOND_BMP.test(value))
    .map(({ path, value }) =>
      error(
        path,
        'lint/text-order',
        `This text holds ${codePointOf(BEYOND_BMP, value)} (an emoji or a rare character), and the definition elsewhere holds ${other} (a full-width, compatibility or private-use character). Verifiers sort the two differently and would disagree about the signature. Use only one of the two kinds.`,
      ),
    );
};

export const lintText: LintFamily = (definition: MicroCredentialDefinition) => {
  const texts = textsOf(definition, []);
  return [...texts.flatMap(wellFormed), ...orderSafe(texts)];
};
