/**
 * The measures of a font, read from its own tables: which characters it has and how wide they are. The fonts are ours,
 * from pinned packages; nothing a stranger sends is read here.
 * @see https://learn.microsoft.com/typography/opentype/spec/otff
 */
import type { Typeface } from './badge-text.ts';

/** @throws RangeError if it is no TrueType or OpenType font with a Unicode character map */
export const typefaceOf = (family: string, font: Uint8Array): Typeface => {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const glyphOf = characterMap(view, tableAt(view, 'cmap'));
  const unitsPerEm = view.getUint16(tableAt(view, 'head') + 18);
  const metricsCount = view.getUint16(tableAt(view, 'hhea') + 34);
  const metrics = tableAt(view, 'hmtx');
  return {
    family,
    advance: (codePoint) => {
      const glyph = glyphOf(codePoint);
      // Glyphs behind the last measure all have it.
      return glyph === 0 ? undefined : view.getUint16(metrics + 4 * Math.min(glyph, metricsCount - 1)) / unitsPerEm;
    },
  };
};

const tableAt = (view: DataView, tag: string): number => {
  const count = view.byteLength < 12 ? 0 : view.getUint16(4);
  for (let place = 0; place < count; place += 1) {
    const record = 12 + 16 * place;
    const name = String.fromCharCode(...[0, 1, 2, 3].map((offset) => view.getUint8(record + offset)));
    if (name === tag) return view.getUint32(record + 8);
  }
  throw new RangeError(`no ${tag} table`);
};

/** Glyph of a code point; 0 for none. */
type GlyphOf = (codePoint: number) => number;

const characterMap = (view: DataView, cmap: number): GlyphOf => {
  const count = view.getUint16(cmap + 2);
  const subtables = Array.from({ length: count }, (_, place) => {
    const record = cmap + 4 + 8 * place;
    return { platform: view.getUint16(record), at: cmap + view.getUint32(record + 4) };
  });
  // Unicode and Windows speak of code points; 12 knows them all, 4 those of the basic plane.
  const readable = subtables.filter(({ platform }) => platform === 0 || platform === 3);
  const whole = readable.find(({ at }) => view.getUint16(at) === 12);
  const basic = readable.find(({ at }) => view.getUint16(at) === 4);
  if (whole !== undefined) return (codePoint) => inGroups(view, whole.at, codePoint);
  if (basic !== undefined) return (codePoint) => inSegments(view, basic.at, codePoint);
  throw new RangeError('no character map of Unicode');
};

const inGroups = (view: DataView, at: number, codePoint: number): number => {
  const count = view.getUint32(at + 12);
  for (let place = 0; place < count; place += 1) {
    const group = at + 16 + 12 * place;
    if (view.getUint32(group + 4) < codePoint) continue;
    const start = view.getUint32(group);
    return start > codePoint ? 0 : view.getUint32(group + 8) + codePoint - start;
  }
  return 0;
};

const inSegments = (view: DataView, at: number, codePoint: number): number => {
  const doubled = view.getUint16(at + 6);
  for (let place = 0; place < doubled; place += 2) {
    if (view.getUint16(at + 14 + place) < codePoint) continue;
    const start = view.getUint16(at + 16 + doubled + place);
    if (start > codePoint) return 0;
    const delta = view.getUint16(at + 16 + 2 * doubled + place);
    const rangeAt = at + 16 + 3 * doubled + place;
    const range = view.getUint16(rangeAt);
    if (range === 0) return (codePoint + delta) & 0xffff;
    const glyph = view.getUint16(rangeAt + range + 2 * (codePoint - start));
    return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
  }
  return 0;
};
