/**
 * The image of a micro-credential, drawn from what it is: its shape says the kind of learning, its colours the provider,
 * its fine lines and its letters which one it is. At the size of an icon shape, colours and letters remain.
 */
import { type BadgePalette, badgePalette } from './badge-colours.ts';
import { badgeMark, type MarkPlace } from './badge-mark.ts';
import { rosette } from './badge-rosette.ts';
import { runsOf } from './badge-runs.ts';
import { type BadgeShape, OUTLINES, SIDE } from './badge-shape.ts';
import { type FittedText, fitText, LINE_HEIGHT, type TextBox, type Typeface, textWidth } from './badge-text.ts';
import { type Content, type Html, html, plain, render } from './html.ts';
import { choicesFrom } from './seeded-choices.ts';

export interface BadgeFacts {
  readonly name: string;
  /** Name of the provider. */
  readonly issuer: string;
  /** A line of short terms, such as its level and year; each is told in full on the badge's page. */
  readonly notes: readonly string[];
  readonly shape: BadgeShape;
  /** What tells this version from all others: its address. */
  readonly seed: string;
  /** `#rrggbb` of the provider. */
  readonly brandColour?: string | undefined;
}

export interface BadgeDrawing {
  /** The whole image, with its words as text, which a viewer sets in fonts of its own. */
  readonly svg: string;
  /** What is drawn and what is written, apart; only with words that the fonts at hand cover, so that outlines and pixels show no blank box. */
  readonly covered: { readonly ground: string; readonly words: string };
  /** Whether nothing had to be left out of that. */
  readonly isWhole: boolean;
  /** The image in words. */
  readonly title: string;
}

/** @param faces the fonts that words will be set in, best first; without any, the covered image has the mark alone */
export const badgeImage = (facts: BadgeFacts, faces: readonly Typeface[]): BadgeDrawing => {
  const means = { colours: badgePalette(facts.issuer, facts.seed, facts.brandColour), faces, id: idOf(facts.seed) };
  const words = wordsOf(facts, means);
  const covered = words.filter(({ text }) => runsOf(text, faces).every(({ family }) => family !== undefined));
  // Without its name the plate would be an empty label, so the mark takes the whole ground.
  const hasName = covered.some(({ text }) => text === facts.name);
  const whole = drawn(facts, words, { ...means, place: MARK });
  const title = plain(`${facts.name}, ${facts.issuer}`);
  return {
    svg: badgeSvg(title, whole.ground + whole.words),
    covered: hasName ? drawn(facts, covered, { ...means, place: MARK }) : drawn(facts, [], { ...means, place: LONE_MARK }),
    isWhole: covered.length === words.length,
    title,
  };
};

/** The file of an image: its parts in their frame. */
export const badgeSvg = (title: string, markup: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIDE} ${SIDE}" role="img">${render(html`<title>${title}</title>`)}${markup}</svg>`;

interface Means {
  readonly colours: BadgePalette;
  readonly faces: readonly Typeface[];
  /** Stem of the ids in the image. */
  readonly id: string;
}

/** An id that no other badge has, should two stand in one page. */
const idOf = (seed: string): string => `b${choicesFrom(seed)(2 ** 32).toString(36)}`;

type Placed = Means & { readonly place: MarkPlace };

const drawn = (facts: BadgeFacts, words: readonly Words[], means: Placed): BadgeDrawing['covered'] => ({
  ground: render(html`${ground(facts, means)}${words.map(({ under }) => under)}`),
  words: render(html`${badgeMark(facts.name, facts.seed, means)}${words.map(({ markup }) => markup)}`),
});

/** Radii of the outlines, from outside in: a light edge that parts the badge from a dark page, the rim, the ground. */
const RADIUS = { edge: 396, rim: 386, groove: 365, ground: 352 } as const;

const MARK: MarkPlace = { x: SIDE / 2, y: 256, width: 366, height: 196 };

/** The mark where no words stand with it. */
const LONE_MARK: MarkPlace = { x: SIDE / 2, y: SIDE / 2, width: 440, height: 250 };

/** Of the fine lines around the mark: they run out under the rim. */
const ROSETTE_RADIUS = 330;

/** The plate lies across the image; its height follows its words. */
const PLATE = { y: 484, paddingY: 18, heightMin: 104 } as const;

const NAME: TextBox = { width: 560, height: 152, sizeMax: 56, sizeMin: 26, linesMax: 4 };

/** Room between a word and the edge of the image. */
const MARGIN = 26;

const ground = ({ shape, seed }: BadgeFacts, { colours, place, id }: Placed): Html => {
  const outline = OUTLINES[shape];
  const linesEnd = place === MARK ? PLATE.y : SIDE;
  return html`<defs><linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${colours.field[0]}"/><stop offset="1" stop-color="${colours.field[1]}"/></linearGradient>
<clipPath id="${id}c"><path d="${outline.inner(RADIUS.ground)}"/></clipPath><clipPath id="${id}u" clip-path="url(#${id}c)"><path d="M0 0H${SIDE}V${linesEnd}H0Z"/></clipPath></defs>
<path d="${outline.rim(RADIUS.edge)}" fill="${colours.tint}"/><path d="${outline.rim(RADIUS.rim)}" fill="${colours.deep}"/>
<path d="${outline.inner(RADIUS.groove)}" fill="none" stroke="${colours.accent}" stroke-width="4.5" stroke-linecap="round" stroke-dasharray="${outline.groove}"/>
<path d="${outline.inner(RADIUS.ground)}" fill="url(#${id})"/>
<g clip-path="url(#${id}u)"><g transform="translate(${place.x} ${place.y})" fill="none" stroke="${colours.line}" stroke-width="1.4">${fineLines(seed, id)}</g></g>
`;
};

const fineLines = (seed: string, id: string): Content =>
  rosette(seed, ROSETTE_RADIUS).map(
    ({ path, turns, stepDegrees }, band) =>
      html`<path id="${id}r${band}" d="${path}"/>${Array.from(
        { length: turns - 1 },
        (_, turn) => html`<use href="#${id}r${band}" transform="rotate(${hundredth((turn + 1) * stepDegrees)})"/>`,
      )}`,
  );

const hundredth = (value: number): number => Math.round(value * 100) / 100;

/** Something written on the badge, and what lies under it. */
interface Words {
  readonly text: string;
  readonly markup: Html;
  readonly under?: Html;
}

const wordsOf = (facts: BadgeFacts, means: Means): readonly Words[] => {
  const { colours, faces } = means;
  const fitted = fitText(facts.name, NAME, faces);
  const height = Math.max(PLATE.heightMin, fitted.lines.length * fitted.size * LINE_HEIGHT + 2 * PLATE.paddingY);
  const name = { text: facts.name, markup: textLines({ ...fitted, y: PLATE.y }, colours.deep, faces), under: plate(height, means) };
  return [name, ...footWords(facts, PLATE.y + height / 2, means)];
};

const plate = (height: number, { colours: { tint, accent }, id }: Means): Html => {
  const top = PLATE.y - height / 2;
  const rule = (y: number) => html`<path d="M0 ${hundredth(y)}H${SIDE}" stroke="${accent}" stroke-width="4"/>`;
  return html`<g clip-path="url(#${id}c)"><path d="M0 ${hundredth(top)}H${SIDE}v${hundredth(height)}H0Z" fill="${tint}"/>${rule(top + 8)}${rule(top + height - 8)}</g>`;
};

const FOOT_GAP = 14;

/** Below the plate: the provider, then the notes where the image narrows. */
const footWords = ({ shape, issuer, notes }: BadgeFacts, top: number, { colours, faces }: Means): readonly Words[] => {
  const widthAt = (y: number): number => Math.max(0, 2 * (OUTLINES[shape].halfWidth(y, RADIUS.ground) - MARGIN));
  const fitted = fitText(issuer, { width: widthAt(top + 70), height: 78, sizeMax: 30, sizeMin: 18, linesMax: 3 }, faces);
  const height = fitted.lines.length * fitted.size * LINE_HEIGHT;
  const provider = { text: issuer, markup: textLines({ ...fitted, y: top + FOOT_GAP + height / 2 }, colours.tint, faces) };
  const line = notes.join(' · ');
  const y = top + FOOT_GAP + height + FOOT_GAP + 8;
  const size = Math.min(26, widthAt(y + 9) / Math.max(1, textWidth(line, faces)));
  const closing = { text: line, markup: textLines({ lines: [line], size, y }, colours.accent, faces) };
  return [y > ORNAMENT_ROOM ? provider : { ...provider, under: ornament(colours) }, ...(line === '' ? [] : [closing])];
};

/** Words that end above this height leave room for the ornament at the foot. */
const ORNAMENT_ROOM = 676;
const ORNAMENT_Y = 716;

const ornament = ({ accent }: BadgePalette): Html => {
  const diamond = (x: number, size: number) => `M${x} ${ORNAMENT_Y - size}l${size} ${size}l${-size} ${size}l${-size} ${-size}z`;
  return html`<path d="${diamond(SIDE / 2, 9)}${diamond(SIDE / 2 - 24, 5)}${diamond(SIDE / 2 + 24, 5)}" fill="${accent}"/>`;
};

/** The middle of a capital letter lies this far above its baseline, in em. */
const CAPITAL_MIDDLE_EM = 0.357;

/** Lines around a height, in the middle of the image. */
const textLines = ({ lines, size, y }: FittedText & { readonly y: number }, colour: string, faces: readonly Typeface[]): Html => {
  const first = y - ((lines.length - 1) / 2) * size * LINE_HEIGHT + size * CAPITAL_MIDDLE_EM;
  const rows = lines.map(
    (line, place) => html`<text x="${SIDE / 2}" y="${hundredth(first + place * size * LINE_HEIGHT)}">${spans(line, faces)}</text>`,
  );
  return html`<g fill="${colour}" font-size="${hundredth(size)}" font-weight="600" text-anchor="middle" font-family="sans-serif">${rows}</g>`;
};

const spans = (line: string, faces: readonly Typeface[]): Content =>
  runsOf(plain(line), faces).map(({ text, family }) =>
    family === undefined ? text : html`<tspan font-family="${family}, sans-serif">${text}</tspan>`,
  );
