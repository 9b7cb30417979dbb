/** A line of words, divided by the font that covers them: renderers that outline text do not look for a second font themselves. */
import { faceFor, type Typeface } from './badge-text.ts';

export interface Run {
  readonly text: string;
  /** Undefined where no font at hand covers it. */
  readonly family: string | undefined;
}

/** Marks, spaces and signs stay with the letters before them, as long as their font has them. */
export const runsOf = (text: string, faces: readonly Typeface[]): readonly Run[] => {
  const runs: Run[] = [];
  for (const { segment } of new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text)) {
    const last = runs.at(-1);
    const current = faces.find(({ family }) => family === last?.family);
    const family = current !== undefined && covers(current, segment) ? current.family : faces.find((face) => covers(face, segment))?.family;
    if (last !== undefined && last.family === family) runs.splice(-1, 1, { text: last.text + segment, family });
    else runs.push({ text: segment, family });
  }
  return runs;
};

const covers = (face: Typeface, segment: string): boolean => [...segment].every((character) => faceFor(character, [face]) !== undefined);
