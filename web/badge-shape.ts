/** Outlines of a badge, by what its kind of learning is: a form that is known before anything on it can be read. */

/** The image is a square of this side, in the units of everything drawn. */
export const SIDE = 800;
const CENTRE = SIDE / 2;

export type BadgeShape = 'hexagon' | 'seal' | 'disc';

export interface Outline {
  /** SVG path data of the rim at this radius. */
  rim(radius: number): string;
  /** Of what lies within the rim. */
  inner(radius: number): string;
  /** Pattern of the line between the two, as SVG writes dashes. */
  readonly groove: string;
  /** From the middle to the inner edge of this radius, at a height. */
  halfWidth(y: number, radius: number): number;
}

const tenth = (value: number): string => String(Math.round(value * 10) / 10);

type Point = readonly [x: number, y: number];

const at = (radius: number, degrees: number): Point => [
  CENTRE + radius * Math.sin((degrees * Math.PI) / 180),
  CENTRE - radius * Math.cos((degrees * Math.PI) / 180),
];

/** Share of a side that the rounding of a corner takes. */
const ROUNDING = 0.13;

const hexagonPath = (radius: number): string => {
  const corners = [0, 60, 120, 180, 240, 300].map((degrees) => at(radius, degrees));
  const along = ([x, y]: Point, [nextX, nextY]: Point, share: number) =>
    `${tenth(x + (nextX - x) * share)} ${tenth(y + (nextY - y) * share)}`;
  const rounded = corners.map((corner, place) => {
    const before = corners.at(place - 1) ?? corner;
    const after = corners[(place + 1) % corners.length] ?? corner;
    return `${along(corner, before, ROUNDING)}Q${corner.map(tenth).join(' ')} ${along(corner, after, ROUNDING)}`;
  });
  return `M${rounded.join('L')}Z`;
};

/** Stands on a corner. */
const hexagon: Outline = {
  rim: hexagonPath,
  inner: hexagonPath,
  groove: 'none',
  halfWidth: (y, radius) => Math.max(0, Math.min((radius * Math.sqrt(3)) / 2, (radius - Math.abs(y - CENTRE)) * Math.sqrt(3))),
};

const discPath = (radius: number): string => {
  const size = tenth(radius);
  const [top, bottom] = [tenth(CENTRE - radius), tenth(CENTRE + radius)];
  return `M${CENTRE} ${top}A${size} ${size} 0 1 1 ${CENTRE} ${bottom}A${size} ${size} 0 1 1 ${CENTRE} ${top}Z`;
};

const discHalfWidth = (y: number, radius: number): number => Math.sqrt(Math.max(0, radius ** 2 - (y - CENTRE) ** 2));

const disc: Outline = { rim: discPath, inner: discPath, groove: '0 15.08', halfWidth: discHalfWidth };

const SCALLOPS = 32;

/** Depth of a scallop as a share of the radius. */
const SCALLOP_DEPTH = 0.035;

/** Arcs on a circle, each of which reaches the radius in its middle. */
const scalloped = (radius: number): string => {
  const inner = radius * (1 - SCALLOP_DEPTH);
  const halfChord = inner * Math.sin(Math.PI / SCALLOPS);
  const depth = radius - inner * Math.cos(Math.PI / SCALLOPS);
  const bend = tenth((depth ** 2 + halfChord ** 2) / (2 * depth));
  const arcs = Array.from(
    { length: SCALLOPS },
    (_, place) =>
      `A${bend} ${bend} 0 0 1 ${at(inner, ((place + 1) * 360) / SCALLOPS)
        .map(tenth)
        .join(' ')}`,
  );
  return `M${at(inner, 0).map(tenth).join(' ')}${arcs.join('')}Z`;
};

/** A disc with a scalloped rim. */
const seal: Outline = {
  rim: scalloped,
  inner: (radius) => discPath(radius * 0.97),
  groove: 'none',
  halfWidth: (y, radius) => discHalfWidth(y, radius * 0.97),
};

export const OUTLINES: Readonly<Record<BadgeShape, Outline>> = { hexagon, seal, disc };
