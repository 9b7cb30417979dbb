/**
 * Letters of the mark on a badge: drawn here as the strokes of a pen, so that the mark needs no font, is the same on
 * every screen, and carries at the size of an icon. Latin letters and digits.
 */

/** Height of a letter between the middle of its top and of its bottom stroke; the unit of the coordinates below. */
export const LETTER_HEIGHT = 100;

/** Width of the pen in the same unit. */
export const PEN = 18;

interface Letter {
  /** Between the middles of the outermost strokes. */
  readonly width: number;
  /** SVG path data. */
  readonly strokes: string;
}

const letter = (width: number, strokes: string): Letter => ({ width, strokes });

const LETTERS: Readonly<Record<string, Letter>> = {
  A: letter(84, 'M0 100L42 0L84 100M15 68H69'),
  B: letter(66, 'M0 48H36A24 24 0 0 0 36 0H0V100H40A26 26 0 0 0 40 48'),
  C: letter(84, 'M84 19A48 50 0 1 0 84 81'),
  D: letter(80, 'M0 0H30A50 50 0 0 1 30 100H0Z'),
  E: letter(60, 'M60 0H0V100H60M0 49H51'),
  F: letter(60, 'M60 0H0V100M0 51H51'),
  G: letter(94, 'M84 19A48 50 0 1 0 94 58H56'),
  H: letter(74, 'M0 0V100M74 0V100M0 49H74'),
  I: letter(0, 'M0 0V100'),
  J: letter(50, 'M50 0V72A25 28 0 0 1 0 72'),
  K: letter(74, 'M0 0V100M70 0L2 60M26 40L74 100'),
  L: letter(56, 'M0 0V100H56'),
  M: letter(92, 'M0 100V0L46 66L92 0V100'),
  N: letter(76, 'M0 100V0L76 100V0'),
  O: letter(96, 'M48 0A48 50 0 1 1 47.9 0Z'),
  P: letter(66, 'M0 100V0H38A28 28 0 0 1 38 56H0'),
  Q: letter(96, 'M48 0A48 50 0 1 1 47.9 0ZM58 68L92 106'),
  R: letter(68, 'M0 100V0H38A27 27 0 0 1 38 54H0M36 54L68 100'),
  S: letter(66, 'M62 19C53 5 41 0 32 0C17 0 4 8 4 25C4 58 66 42 66 74C66 91 51 100 34 100C20 100 8 94 0 81'),
  T: letter(76, 'M0 0H76M38 0V100'),
  U: letter(74, 'M0 0V63A37 37 0 0 0 74 63V0'),
  V: letter(84, 'M0 0L42 100L84 0'),
  W: letter(118, 'M0 0L30 100L59 12L88 100L118 0'),
  X: letter(78, 'M0 0L78 100M78 0L0 100'),
  Y: letter(80, 'M0 0L40 52L80 0M40 52V100'),
  Z: letter(72, 'M2 0H70L0 100H72'),
  0: letter(72, 'M36 0A36 50 0 1 1 35.9 0Z'),
  1: letter(28, 'M0 20L28 0V100'),
  2: letter(66, 'M2 30C2 10 16 0 33 0C51 0 64 11 64 29C64 52 22 66 0 100H66'),
  3: letter(64, 'M4 10C12 3 22 0 31 0C48 0 60 9 60 24C60 39 48 47 26 47C50 47 64 56 64 73C64 90 50 100 32 100C20 100 8 96 0 86'),
  4: letter(74, 'M54 100V0L0 70H74'),
  5: letter(64, 'M58 0H10L5 46C14 40 23 38 32 38C51 38 64 51 64 69C64 88 50 100 31 100C19 100 8 96 0 86'),
  6: letter(68, 'M56 2C22 16 0 42 0 67A34 33 0 1 0 68 67A34 33 0 0 0 4 54'),
  7: letter(66, 'M0 0H66L22 100'),
  8: letter(68, 'M34 0A27 24 0 1 1 33.9 0ZM34 48A34 26 0 1 1 33.9 48Z'),
  9: letter(68, 'M12 98C46 84 68 58 68 33A34 33 0 1 0 0 33A34 33 0 0 0 64 46'),
};

/** Between the edges of two letters that stand beside each other. */
const SPACING = 20;

/** Letters that lean away from each other stand too far apart otherwise. */
const CLOSER: Readonly<Record<string, number>> = {
  AV: 22,
  VA: 22,
  AT: 18,
  TA: 18,
  AY: 22,
  YA: 22,
  LT: 18,
  LY: 20,
  LV: 18,
  AW: 18,
  WA: 18,
  PA: 14,
  FA: 14,
  TJ: 10,
};

export interface Lettering {
  /** With the pen's width on all sides. */
  readonly width: number;
  readonly height: number;
  /** One path per letter and its place from the left, for a pen of {@link PEN}. */
  readonly letters: readonly { readonly strokes: string; readonly x: number }[];
}

/** The text in these letters; undefined if one of its characters is not among them. Accents are left out: they are lost at this size. */
export const lettering = (text: string): Lettering | undefined => {
  const characters = [...text.normalize('NFD').replaceAll(/\p{M}/gu, '').toUpperCase()];
  const drawn: { strokes: string; x: number }[] = [];
  let x = PEN / 2;
  for (const [place, character] of characters.entries()) {
    const found = LETTERS[character];
    if (found === undefined) return undefined;
    if (place > 0) x += SPACING + PEN - (CLOSER[`${characters[place - 1]}${character}`] ?? 0);
    drawn.push({ strokes: found.strokes, x });
    x += found.width;
  }
  return drawn.length === 0 ? undefined : { width: x + PEN / 2, height: LETTER_HEIGHT + PEN, letters: drawn };
};
