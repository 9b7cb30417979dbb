/** Places in a badge, and the places in the definition that they come from. */
import type { Finding, Path } from '#domain/lint/finding.ts';
import type { Text } from '#domain/lint/texts.ts';
import { pointerTo } from '#domain/pointer.ts';

export interface Place {
  readonly path: Path;
  readonly value: unknown;
}

/** Every value of a JSON document, itself first. */
export const placesIn = (value: unknown, path: Path = []): readonly Place[] => {
  if (typeof value !== 'object' || value === null) return [{ path, value }];
  const children = Object.entries(value).flatMap(([key, child]) => placesIn(child, [...path, Array.isArray(value) ? Number(key) : key]));
  return [{ path, value }, ...children];
};

/**
 * A finding at every text of the definition that says what the badge says there. Where the badge's text is in none, since the
 * deployment made it, the finding is about the whole definition and says where in the badge it is.
 */
export type Blame = (place: Place, finding: (path: Path, where: string) => Finding) => readonly Finding[];

export const blameIn =
  (texts: readonly Text[]): Blame =>
  ({ path, value }, finding) => {
    const sources = texts.filter((text) => text.value === value);
    if (sources.length > 0) return sources.map((source) => finding(source.path, ''));
    return [finding([], ` (in the badge at ${pointerTo(path) || '/'})`)];
  };
