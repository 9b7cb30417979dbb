/**
 * Text that verifiers written in different languages would read differently, so that the same badge were genuine for one and forged
 * for another; and text that people would read differently from what was signed. @see docs/decisions: what is refused, and why
 */
import { CHARACTER_RULES, codePointName } from './characters.ts';
import { error, type Finding, type LintFamily, warning } from './finding.ts';
import { lintTextOrder } from './text-order.ts';
import { remedyFor, type Text, textsIn } from './texts.ts';

const characters = (text: Text): readonly Finding[] =>
  CHARACTER_RULES.flatMap(({ severity, code, find, say }) => {
    const character = find(text.value);
    if (character === undefined) return [];
    return [(severity === 'error' ? error : warning)(text.path, code, `${say(codePointName(character))}${remedyFor(text)}`)];
  });

// Verifiers do not normalise, but mail, databases and file systems on the way do, and one changed byte breaks the signature.
const normalised = (text: Text): readonly Finding[] => {
  if (text.value === text.value.normalize('NFC')) return [];
  return [
    warning(
      text.path,
      'lint/text-not-normalised',
      `This text spells accented letters in parts (it is not in Unicode's normal form C), so a tool that tidies it up would break the signature. Type it again.${remedyFor(text)}`,
    ),
  ];
};

/** What is wrong with one text, wherever it stands. */
export const textFindings = (text: Text): readonly Finding[] => {
  if (text.value.isWellFormed()) return [...characters(text), ...normalised(text)];
  return [
    error(
      text.path,
      'lint/lone-surrogate',
      `This text holds half a character (a lone surrogate), which cannot be signed. Type the text again.${remedyFor(text)}`,
    ),
  ];
};

export const lintText: LintFamily = (definition, context) => [
  ...textsIn(definition, context).flatMap(textFindings),
  ...lintTextOrder(definition, context),
];
