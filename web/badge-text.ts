/**
 * Names on a badge: broken into lines that fit, in any script. Widths come from the fonts at hand; what no font covers is
 * estimated, so that it fits in whatever font a viewer has.
 */

/** A font as far as lines need it. */
export interface Typeface {
  readonly family: string;
  /** Advance width in em; undefined if the font has no glyph for the character. */
  advance(codePoint: number): number | undefined;
}

export interface TextBox {
  readonly width: number;
  readonly height: number;
  readonly sizeMax: number;
  /** Reached only by the longest texts; what does not fit even then is cut off. */
  readonly sizeMin: number;
  readonly linesMax: number;
}

export interface FittedText {
  readonly size: number;
  readonly lines: readonly string[];
}

/** Of the font size, from one baseline to the next. */
export const LINE_HEIGHT = 1.18;

const SIZE_STEP = 2;

/** Generous: covers bold faces, and letters as wide as an M. */
const LATIN_EM = 0.62;
const WIDE_EM = 1;

/** Scripts whose characters fill a square and may be parted anywhere. */
export const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]/u;

/** Marks that join the character before them. */
const MARKS = /^\p{M}|\u200d/u;

const estimated = (character: string): number => {
  if (MARKS.test(character)) return 0;
  return WIDE.test(character) ? WIDE_EM : LATIN_EM;
};

/** Width of a text in em, set in the first font that covers each character. */
export const textWidth = (text: string, faces: readonly Typeface[]): number => {
  let width = 0;
  for (const character of text) {
    const face = faceFor(character, faces);
    width += face?.advance(character.codePointAt(0) ?? 0) ?? estimated(character);
  }
  return width;
};

/** The first font that covers a character; undefined if none does. */
export const faceFor = (character: string, faces: readonly Typeface[]): Typeface | undefined =>
  faces.find((face) => face.advance(character.codePointAt(0) ?? 0) !== undefined);

/** The text as large as the box allows, in lines of about the same width. */
export const fitText = (text: string, box: TextBox, faces: readonly Typeface[]): FittedText => {
  const words = wordsOf(text);
  for (let size = box.sizeMax; size > box.sizeMin; size -= SIZE_STEP) {
    const fitted = linesAt(words, { ...box, size }, faces);
    if (fitted !== undefined) return { size, lines: fitted };
  }
  const lines = wrapped(broken(words, box.width / box.sizeMin, faces), box.width / box.sizeMin, faces);
  return { size: box.sizeMin, lines: cut(lines, box, faces) };
};

const linesAt = (
  words: readonly Word[],
  box: TextBox & { readonly size: number },
  faces: readonly Typeface[],
): readonly string[] | undefined => {
  const widthEm = box.width / box.size;
  const linesMax = Math.min(box.linesMax, Math.floor(box.height / (box.size * LINE_HEIGHT)));
  if (words.some(({ text }) => textWidth(text, faces) > widthEm)) return undefined;
  const { length } = wrapped(words, widthEm, faces);
  if (length > linesMax) return undefined;
  return balanced(words, { widthEm, length }, faces);
};

interface Word {
  readonly text: string;
  /** What parts it from the word before on the same line. */
  readonly glue: '' | ' ';
}

/** Pieces between which a line may end: at spaces, behind hyphens and slashes, at soft hyphens, around wide characters. */
const wordsOf = (text: string): readonly Word[] =>
  text
    .trim()
    .split(/\s+/)
    .flatMap((word) => piecesOf(word).map((piece, place): Word => ({ text: piece, glue: place === 0 ? ' ' : '' })));

const piecesOf = (word: string): readonly string[] =>
  word
    .replaceAll('\u00ad', '')
    .match(/[^\-–/]*[-–/]+|[^\-–/]+/g)
    ?.flatMap(wideParted) ?? [];

const wideParted = (piece: string): readonly string[] =>
  WIDE.test(piece) ? (piece.match(new RegExp(`${WIDE.source}[、。，．・：；？！」』）〉》】々ー]*|[^\\s]`, 'gu')) ?? [piece]) : [piece];

/** Greedy: as many words in a line as fit. */
const wrapped = (words: readonly Word[], widthEm: number, faces: readonly Typeface[]): readonly string[] => {
  const lines: string[] = [];
  for (const { text, glue } of words) {
    const longer = lines.length === 0 ? text : `${lines.at(-1)}${glue}${text}`;
    if (lines.length > 0 && textWidth(longer, faces) > widthEm) lines.push(text);
    else lines.splice(Math.max(0, lines.length - 1), 1, longer);
  }
  return lines;
};

/** The narrowest lines of which there are no more. */
const balanced = (words: readonly Word[], { widthEm, length }: { widthEm: number; length: number }, faces: readonly Typeface[]) => {
  let [low, high] = [0, widthEm];
  while (high - low > 0.1) {
    const middle = (low + high) / 2;
    const lines = wrapped(words, middle, faces);
    const fits = lines.length <= length && lines.every((line) => textWidth(line, faces) <= middle);
    if (fits) high = middle;
    else low = middle;
  }
  return wrapped(words, high, faces);
};

/** Words that are wider than a line, in pieces that are not. */
const broken = (words: readonly Word[], widthEm: number, faces: readonly Typeface[]): readonly Word[] =>
  words.flatMap((word) => {
    if (textWidth(word.text, faces) <= widthEm) return [word];
    const characters = [...new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(word.text)];
    return characters.map(({ segment }, place): Word => ({ text: segment, glue: place === 0 ? word.glue : '' }));
  });

const ELLIPSIS = '…';

const cut = (lines: readonly string[], { width, height, sizeMin, linesMax }: TextBox, faces: readonly Typeface[]): readonly string[] => {
  const count = Math.min(linesMax, Math.floor(height / (sizeMin * LINE_HEIGHT)));
  if (lines.length <= count) return lines;
  const kept = lines.slice(0, count);
  let last = kept.pop() ?? '';
  while (last !== '' && textWidth(last + ELLIPSIS, faces) > width / sizeMin) last = last.slice(0, -1);
  return [...kept, `${last.trimEnd()}${ELLIPSIS}`];
};
