/**
 * The colours of a provider's badges: few, and so far apart in lightness that everything written in them can be read.
 * Worked out in OKLCH, in which equal lightness looks equally light whatever the hue.
 * @see https://www.w3.org/TR/css-color-4/#ok-lab
 */
import { choicesFrom } from './seeded-choices.ts';

export interface BadgePalette {
  /** Rim, and what is written on the plate. */
  readonly deep: string;
  /** Ground of the image, from its top to its bottom. */
  readonly field: readonly [top: string, bottom: string];
  /** Fine lines on the ground. */
  readonly line: string;
  /** Plate, mark, and what is written on the ground. */
  readonly tint: string;
  /** The one contrasting colour; differs between offerings of a provider. */
  readonly accent: string;
}

interface Oklch {
  readonly lightness: number;
  readonly chroma: number;
  /** Degrees. */
  readonly hue: number;
}

type Choices<T> = readonly [T, ...T[]];

/** Hues that stay handsome when dark; between red and green lie brown, olive and mud. */
const HUES: Choices<number> = [6, 24, 152, 172, 198, 222, 246, 264, 286, 312, 340];

/** The metals and glazes of seals; each goes with every ground. */
const ACCENTS: Choices<Oklch> = [
  { lightness: 0.85, chroma: 0.115, hue: 88 },
  { lightness: 0.82, chroma: 0.085, hue: 55 },
  { lightness: 0.89, chroma: 0.015, hue: 250 },
  { lightness: 0.88, chroma: 0.08, hue: 170 },
  { lightness: 0.87, chroma: 0.07, hue: 225 },
];

const DEFAULT_CHROMA = 0.1;

const chosen = <T>(choices: Choices<T>, text: string): T => choices[choicesFrom(text)(choices.length)] ?? choices[0];

/**
 * @param provider name of the issuer, from which a hue follows if it has no brand colour
 * @param offering what tells this micro-credential from the provider's others
 * @param brandColour `#rrggbb`; anything else is as good as none
 */
export const badgePalette = (provider: string, offering: string, brandColour?: string | undefined): BadgePalette => {
  const brand = oklchOf(brandColour) ?? { lightness: 0, chroma: DEFAULT_CHROMA, hue: chosen(HUES, provider) };
  const isBright = brand.lightness > BRIGHT;
  const chroma = Math.min(brand.chroma, isBright ? DUSK_CHROMA : CHROMA_MAX);
  const of = (lightness: number, share: number): string => rgb({ lightness, chroma: chroma * share, hue: brand.hue });
  return {
    deep: of(0.25, 0.75),
    field: [of(0.43, 1), of(0.32, 0.95)],
    line: of(0.66, 0.85),
    tint: of(0.97, 0.16),
    accent: rgb(isBright ? { ...brand, lightness: Math.max(brand.lightness, ACCENT_LIGHTNESS_MIN) } : chosen(ACCENTS, offering)),
  };
};

const ACCENT_LIGHTNESS_MIN = 0.82;

/** A colour this light, such as a yellow, cannot be the ground of light letters: it becomes the accent over a dusk of its hue. */
const BRIGHT = 0.74;
const DUSK_CHROMA = 0.035;

/** A screaming brand is taken down a little. */
const CHROMA_MAX = 0.14;

const oklchOf = (colour: string | undefined): Oklch | undefined => {
  const digits = /^#([0-9a-f]{6})$/i.exec(colour ?? '')?.[1];
  if (digits === undefined) return undefined;
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => linear(Number.parseInt(digits.slice(at, at + 2), 16) / 255));
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const medium = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  const lightness = 0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short;
  const a = 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short;
  const b = 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short;
  return { lightness, chroma: Math.hypot(a, b), hue: (Math.atan2(b, a) * 180) / Math.PI };
};

const CHROMA_STEP = 0.004;

/** `#rrggbb`; a colour that no screen shows loses saturation until one does. */
const rgb = ({ lightness, chroma, hue }: Oklch): string => {
  let channels = channelsOf({ lightness, chroma, hue });
  for (let less = chroma; less > 0 && channels.some(isOffScreen); less -= CHROMA_STEP)
    channels = channelsOf({ lightness, chroma: Math.max(0, less - CHROMA_STEP), hue });
  const digits = channels.map((value) => Math.round(Math.min(1, Math.max(0, gamma(value))) * 255));
  return `#${digits.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
};

// Rounding leaves the purest colours a hair outside.
const isOffScreen = (value: number): boolean => value < -0.001 || value > 1.001;

const channelsOf = ({ lightness, chroma, hue }: Oklch): readonly number[] => {
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
};

const linear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

const gamma = (value: number): number => (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055);
