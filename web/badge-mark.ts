/** The mark of a badge: what is left of it at the size of an icon. Letters drawn here, else a letter of a font, else a star. */
import type { BadgePalette } from './badge-colours.ts';
import { LETTER_HEIGHT, type Lettering, lettering, PEN } from './badge-lettering.ts';
import { runsOf } from './badge-runs.ts';
import { type Typeface, textWidth, WIDE } from './badge-text.ts';
import { type Html, html } from './html.ts';
import { choicesFrom } from './seeded-choices.ts';

export interface MarkPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface MarkMeans {
  readonly place: MarkPlace;
  readonly colours: BadgePalette;
  readonly faces: readonly Typeface[];
}

export const badgeMark = (name: string, seed: string, means: MarkMeans): Html => {
  const initials = initialsOf(name);
  const drawn = lettering(initials);
  if (drawn !== undefined) return strokes(drawn, means);
  const [run, ...more] = runsOf(initials, means.faces);
  const isUpright = run?.family !== undefined && more.length === 0 && UPRIGHT.test(run.text);
  return isUpright ? glyphs(run.text, run.family, means) : star(seed, means);
};

/** Scripts whose letters stand on a line and reach no further; others would run out of the mark's place. */
const UPRIGHT =
  /^[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+$/u;

/** Of the pen's width: the dark edge that parts a letter from the lines behind it. */
const EDGE = 7;

const strokes = (drawn: Lettering, { place, colours: { deep, tint } }: MarkMeans): Html => {
  const scale = Math.min(place.width / drawn.width, place.height / drawn.height);
  const x = place.x - (drawn.width * scale) / 2;
  const y = place.y - (LETTER_HEIGHT * scale) / 2;
  const letters = drawn.letters.map((letter) => html`<path transform="translate(${tenth(letter.x)} 0)" d="${letter.strokes}"/>`);
  const drawnWith = (width: number, colour: string) => html`<g stroke="${colour}" stroke-width="${width}">${letters}</g>`;
  return html`<g transform="translate(${tenth(x)} ${tenth(y)}) scale(${Math.round(scale * 1000) / 1000})" fill="none" stroke-linecap="round" stroke-linejoin="round">${drawnWith(PEN + EDGE, deep)}${drawnWith(PEN, tint)}</g>`;
};

/** Height of a letter, and of its middle above the baseline, in em; characters that fill a square hang below the line. */
const CAPITAL = { height: 0.714, middle: 0.357 } as const;
const SQUARE = { height: 0.94, middle: 0.38 } as const;

const glyphs = (text: string, family: string, { place, colours: { deep, tint }, faces }: MarkMeans): Html => {
  const { height, middle } = WIDE.test(text) ? SQUARE : CAPITAL;
  const size = Math.min(place.height / height, place.width / textWidth(text, faces));
  return html`<text x="${place.x}" y="${tenth(place.y + size * middle)}" font-family="${family}, sans-serif" font-size="${tenth(size)}" font-weight="600" text-anchor="middle" fill="${tint}" stroke="${deep}" stroke-width="10" stroke-linejoin="round" paint-order="stroke">${text}</text>`;
};

/** A star for what has no letters that could be drawn; its points and their depth follow from the seed. */
const star = (seed: string, { place, colours: { deep, tint } }: MarkMeans): Html => {
  const choose = choicesFrom(seed);
  const [points, depth] = [STAR_POINTS_MIN + choose(5), 0.6 + choose(4) * 0.06];
  const corners = Array.from({ length: points * 2 }, (_, corner) => {
    const radius = (place.height / 2) * (corner % 2 === 0 ? 1 : depth);
    const angle = (corner * Math.PI) / points;
    return `${tenth(place.x + radius * Math.sin(angle))} ${tenth(place.y - radius * Math.cos(angle))}`;
  });
  const drawnWith = (width: number, colour: string) => html`<path d="M${corners.join('L')}Z" stroke="${colour}" stroke-width="${width}"/>`;
  return html`<g fill="none" stroke-linejoin="round">${drawnWith(36, deep)}${drawnWith(24, tint)}</g>`;
};

/** Stars of fewer points are signs of states and faiths. */
const STAR_POINTS_MIN = 9;

const tenth = (value: number): number => Math.round(value * 10) / 10;

/** Words that say little, in the languages that write them small. */
const SMALL =
  /^(a|an|and|as|at|by|for|from|in|of|on|or|the|to|with|de|del|der|des|di|die|das|du|el|en|et|für|im|la|las|le|les|los|mit|och|og|på|pour|und|van|von|y|zu|zur)$/iu;

/** Scripts whose letters join, or fill a square: one of them is a mark, two are a word. */
const SINGLE =
  /^[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Devanagari}\p{Script=Thai}]/u;

/** One letter of each of the first two words that say something. */
export const initialsOf = (name: string): string => {
  const words = name.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’]*/gu) ?? [];
  const telling = words.filter((word) => !SMALL.test(word));
  const [first = '', second = ''] = telling.length > 0 ? telling : words;
  const letter = (word: string): string => [...word][0] ?? '';
  return SINGLE.test(first) ? letter(first) : letter(first) + letter(second);
};
