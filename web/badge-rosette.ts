/**
 * The fine lines behind the mark, as on a banknote: waves around a ring, each turned a little further than the last,
 * whose crossings make the pattern. Drawn from a seed, so that no two offerings have the same.
 */
import { choicesFrom } from './seeded-choices.ts';

export interface RosetteBand {
  /** SVG path data around the origin; to be drawn `turns` times, each turned by `stepDegrees`. */
  readonly path: string;
  readonly turns: number;
  readonly stepDegrees: number;
}

interface Wave {
  readonly radius: number;
  readonly amplitude: number;
  /** Waves around the ring. */
  readonly lobes: number;
  /** Of a second, slower wave that swells the first. */
  readonly swells: number;
  readonly swell: number;
}

/** Enough for a wave to look round at the size of a screen. */
const POINTS_PER_LOBE = 10;

/** @param seed what tells one offering from all others @param radius of the outermost line */
export const rosette = (seed: string, radius: number): readonly RosetteBand[] => {
  const choose = choicesFrom(seed);
  const between = (low: number, high: number): number => low + choose(high - low + 1);
  const swells = between(3, 7);
  const outer = { radius: radius * 0.84, amplitude: radius * 0.11, lobes: swells * between(4, 6), swells, swell: radius * 0.05 };
  const inner = { radius: radius * 0.58, amplitude: radius * 0.1, lobes: between(9, 16), swells: between(2, 6), swell: radius * 0.03 };
  return [band(outer, between(6, 9)), band(inner, between(6, 9))];
};

const band = (wave: Wave, turns: number): RosetteBand => ({ path: closedCurve(wave), turns, stepDegrees: 360 / wave.lobes / turns });

const closedCurve = ({ radius, amplitude, lobes, swells, swell }: Wave): string => {
  const count = lobes * POINTS_PER_LOBE;
  const points = Array.from({ length: count }, (_, place) => {
    const angle = (place / count) * 2 * Math.PI;
    const distance = radius + (amplitude + swell * Math.sin(swells * angle)) * Math.sin(lobes * angle);
    return [distance * Math.cos(angle), distance * Math.sin(angle)] as const;
  });
  return smoothPath(points);
};

type Point = readonly [x: number, y: number];

const tenth = (value: number): string => String(Math.round(value * 10) / 10);

/** A closed line through all points, as quadratic curves between their midpoints: smooth, and short to write. */
const smoothPath = (points: readonly Point[]): string => {
  const [first = [0, 0], ...others] = points;
  const middle = ([ax, ay]: Point, [bx, by]: Point): Point => [(ax + bx) / 2, (ay + by) / 2];
  const last = points.at(-1) ?? first;
  const start = middle(last, first);
  const knots = [first, ...others];
  const curves = knots.map((point, place) => {
    const end = middle(point, knots[place + 1] ?? first);
    return `Q${point.map(tenth).join(' ')} ${end.map(tenth).join(' ')}`;
  });
  return `M${start.map(tenth).join(' ')}${curves.join('')}Z`;
};
