import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-wasm';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { bakedInPng, bakePng } from '#openbadges/baked-png.ts';
import { bakedInSvg, bakeSvg } from '#openbadges/baked-svg.ts';
import { badgeImage } from '#web/badge-image.ts';
import { loadRasterizer, PNG_SIDE_PIXELS } from '#web/raster.ts';
import { typefaceOf } from '#web/typeface.ts';
import { ADVANCE, aFont, type FontFacts, groups, listedSegments, segments, UNITS_PER_EM } from './a-font.ts';

const wasm = readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm'));
const LATIN = { family: 'Box Latin', from: 0x20, to: 0x17f };
const fonts = [LATIN, { family: 'Box Arabic', from: 0x600, to: 0x6ff }].map((facts) => ({ family: facts.family, bytes: aFont(facts) }));
const rasterizer = await loadRasterizer(wasm, fonts);
const wordless = await loadRasterizer(wasm, []);

const facts = {
  name: 'Data Storytelling',
  issuer: 'Lindqvist University',
  notes: ['EQF 6', '2026'],
  shape: 'hexagon',
  seed: 'https://assay.example/a/l/data-storytelling/1.2.0',
} as const;
const drawing = badgeImage(facts, rasterizer.faces);

/** Share of the pixels that are see-through, and of those that are nearly white. */
const sharesIn = (png: Uint8Array) => {
  const { data, width, height } = PNG.sync.read(Buffer.from(png));
  const pixels = Array.from({ length: width * height }, (_, at) => data.subarray(4 * at, 4 * at + 4));
  const share = (holds: (pixel: Buffer) => boolean) => pixels.filter(holds).length / pixels.length;
  return {
    clear: share(([, , , alpha = 0]) => alpha === 0),
    light: share(([red = 0, green = 0, blue = 0]) => Math.min(red, green, blue) > 235),
  };
};

describe('the image of a badge as pixels', () => {
  it('is a square of the size that is asked for, clear around the badge', () => {
    const { width, height } = PNG.sync.read(Buffer.from(rasterizer.png(drawing)));
    expect([width, height]).toEqual([PNG_SIDE_PIXELS, PNG_SIDE_PIXELS]);
    const { clear } = sharesIn(rasterizer.png(drawing, 64));
    expect(clear).toBeGreaterThan(0.15);
    expect(clear).toBeLessThan(0.35);
  });

  it('shows a mark that is still seen at the size of an icon', () => {
    expect(sharesIn(wordless.png(badgeImage(facts, []), 64)).light).toBeGreaterThan(0.03);
  });

  it('is the same at every try', () => {
    expect(Buffer.compare(rasterizer.png(drawing, 64), rasterizer.png(badgeImage(facts, rasterizer.faces), 64))).toBe(0);
  });

  it('of another offering is another', () => {
    const other = badgeImage({ ...facts, seed: 'https://assay.example/a/l/data-storytelling/1.3.0' }, rasterizer.faces);
    expect(Buffer.compare(rasterizer.png(drawing, 64), rasterizer.png(other, 64))).not.toBe(0);
  });
});

describe('the image of a badge as a drawing', () => {
  it('has its words as outlines, so that no font is needed to see it', () => {
    const svg = rasterizer.svg(drawing);
    expect(svg).toContain('<title>Data Storytelling, Lindqvist University</title>');
    expect(svg).not.toMatch(/<text|font-family/);
    expect(svg.length).toBeLessThan(150_000);
    expect(svg).not.toMatch(/\d\.\d{3,}/);
  });

  it('sets each word in the font that has its letters', () => {
    const arabic = badgeImage({ ...facts, name: 'إدارة Data' }, rasterizer.faces);
    expect(arabic.covered.words).toContain('<tspan font-family="Box Arabic, sans-serif">');
    expect(arabic.isWhole).toBe(true);
    expect(rasterizer.svg(arabic)).not.toContain('<text');
  });

  it('keeps its words as text where no font covers them, and leaves no blank boxes among the pixels', () => {
    const drawn = badgeImage({ ...facts, name: '数据叙事' }, rasterizer.faces);
    expect(drawn.isWhole).toBe(false);
    expect(rasterizer.svg(drawn)).toContain('数据叙事');
    expect(drawn.covered.words).not.toContain('<text');
    const partly = badgeImage({ ...facts, issuer: '大学' }, rasterizer.faces);
    expect(partly.covered.words).toContain('>Storytelling</tspan>');
    expect(partly.covered.words).not.toContain('大学');
    expect(partly.svg).toContain('大学');
  });
});

describe('the image of a badge', () => {
  it('looks as before once a badge is baked into it, and gives the badge back', async () => {
    const baked = { credential: '{"id":"urn:uuid:1"}', assertion: '{"id":"https://a.example/1.ob2.json"}' };
    const [png, svg] = [bakePng(rasterizer.png(drawing), baked), bakeSvg(rasterizer.svg(drawing), baked)];
    expect([await bakedInPng(png), bakedInSvg(Buffer.from(svg))]).toEqual([baked, baked]);
    const pixels = (bytes: Uint8Array) => PNG.sync.read(Buffer.from(bytes)).data;
    expect(pixels(png).equals(pixels(rasterizer.png(drawing)))).toBe(true);
    const rendered = (text: string) => new Resvg(text, { fitTo: { mode: 'width', value: 100 } }).render().asPng();
    expect(pixels(rendered(svg)).equals(pixels(rendered(rasterizer.svg(drawing))))).toBe(true);
  });
});

describe('the measures of a font', () => {
  const aFace = (overrides: Partial<FontFacts>) => typefaceOf('Box', aFont({ family: 'Box', from: 0x41, to: 0x45, ...overrides }));

  it.each([
    ['of all planes', groups],
    ['of the basic plane', segments],
  ])('are read through a map %s', (_, map) => {
    const { advance } = aFace({ map });
    expect([0x41, 0x43, 0x45].map(advance)).toEqual(Array(3).fill(ADVANCE / UNITS_PER_EM));
    expect([0x40, 0x46, 0xffff, 0x1f600].map(advance)).toEqual(Array(4).fill(undefined));
  });

  it('are read through a map with a list of glyphs, of which one is none', () => {
    const { advance } = aFace({ map: listedSegments });
    expect([0x41, 0x42, 0x43].map(advance)).toEqual([0.6, undefined, 0.6]);
  });

  it('are found in every font that is one, and in nothing else', () => {
    expect(() => typefaceOf('Box', new Uint8Array(4))).toThrow(RangeError);
    for (const without of ['cmap', 'head', 'hhea', 'hmtx']) expect(() => aFace({ without })).toThrow(`no ${without} table`);
    expect(() => aFace({ platform: 1 })).toThrow('no character map of Unicode');
  });
});
