import { Resvg } from '@resvg/resvg-wasm';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { badgeFiles, type DrawnVersion } from '#web/badge-files.ts';
import { aDefinition, anIssuer, NOW } from '../factories.ts';
import { realRasterizer } from './real-fonts.ts';

const rasterizer = await realRasterizer();
const version = (over: Partial<DrawnVersion> = {}): DrawnVersion => ({
  definition: aDefinition(),
  issuer: anIssuer(),
  achievementUrl: 'https://assay.example/a/harbour-learning-alliance/coaching-and-mentoring/1.0.0',
  publishedAt: NOW,
  ...over,
});
const files = badgeFiles(version(), rasterizer);

/** Elements that draw and do nothing else. */
const DRAWN = new Set(['svg', 'title', 'defs', 'linearGradient', 'stop', 'clipPath', 'path', 'g', 'use']);

describe('the image files of a published version', () => {
  it('are a square of 800 pixels, and a drawing of the same with its title', () => {
    expect(PNG.sync.read(Buffer.from(files.png))).toMatchObject({ width: 800, height: 800 });
    expect(files.svg).toContain('<title>Coaching and Mentoring, Harbour Learning Alliance (sample issuer)</title>');
    expect(files.svg).not.toContain('<text');
  });

  it('are the same, byte by byte, however often they are drawn', () => {
    const again = badgeFiles(version(), rasterizer);
    expect([Buffer.compare(again.png, files.png), again.svg]).toEqual([0, files.svg]);
  });

  it('are small enough to stand on a page and to carry a badge', () => {
    expect([files.png.length < 400_000, files.svg.length < 150_000]).toEqual([true, true]);
  });

  it('hold nothing that a policy for their content would stop: no script, no style, nothing from elsewhere', () => {
    // It is read as XML, in which one unescaped character is an error.
    expect(() => new Resvg(files.svg)).not.toThrow();
    const names = new Set([...files.svg.matchAll(/<([A-Za-z]+)/g)].map(([, name]) => name));
    expect([...names].filter((name) => !DRAWN.has(name ?? ''))).toEqual([]);
    expect(files.svg).not.toMatch(/\s(style|on\w+)=/);
    expect([...files.svg.matchAll(/href="([^"]*)"/g)].filter(([, target]) => !target?.startsWith('#'))).toEqual([]);
  });

  it('are set in the fonts of the house, from Latin to Arabic', () => {
    for (const name of ['Łódź wstęp', 'Εισαγωγή', 'Введение', 'परिचय', 'الإرشاد والتوجيه'])
      expect(badgeFiles(version({ definition: { ...aDefinition(), name } }), rasterizer).svg).not.toContain('<text');
  });

  it('are in the colour that the issuer registered', () => {
    const coloured = (brandColour: string) =>
      badgeFiles(version({ issuer: { profile: { ...anIssuer().profile, brandColour } } }), rasterizer).svg;
    expect(coloured('#0b5c73')).not.toBe(files.svg);
    expect(coloured('#0b5c73')).toBe(coloured('#0B5C73'));
    expect(coloured('#0b5c73')).not.toBe(coloured('#93211d'));
  });
});
