import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDefinition } from '#domain/micro-credential.ts';
import { badgePalette } from '#web/badge-colours.ts';
import { badgeFacts } from '#web/badge-facts.ts';
import { type BadgeFacts, badgeImage } from '#web/badge-image.ts';
import { lettering } from '#web/badge-lettering.ts';
import { badgeMark, initialsOf } from '#web/badge-mark.ts';
import { rosette } from '#web/badge-rosette.ts';
import { runsOf } from '#web/badge-runs.ts';
import { OUTLINES, SIDE } from '#web/badge-shape.ts';
import { fitText, LINE_HEIGHT, type Typeface, textWidth } from '#web/badge-text.ts';
import { render } from '#web/html.ts';
import { SAMPLES } from '../openbadges/a-badge.ts';

const face = (family: string, script: RegExp): Typeface => ({
  family,
  advance: (codePoint) => (script.test(String.fromCodePoint(codePoint)) ? 0.6 : undefined),
});
const LATIN = face('Latin', /[\p{Script=Latin}\p{Script=Cyrillic}0-9\s\p{P}]/u);
const ARABIC = face('Arabic', /[\p{Script=Arabic}\s]/u);
const HAN = face('Han', /\p{Script=Han}/u);

const facts: BadgeFacts = {
  name: 'Coaching and Mentoring',
  issuer: 'Harbour Learning Alliance',
  notes: ['EQF 5', '2026'],
  shape: 'hexagon',
  seed: 'https://assay.example/a/harbour/coaching/1.0.0',
};

const luminance = (colour: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/** WCAG 2.2, contrast ratio. */
const contrast = (one: string, other: string): number => {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((left, right) => left - right);
  return (high + 0.05) / (low + 0.05);
};

describe('the image of a badge', () => {
  const definitionOf = (sample: string) =>
    parseDefinition(JSON.parse(readFileSync(new URL(`../../local/samples/${sample}.json`, import.meta.url), 'utf8')));

  it.each(SAMPLES)('of %s says its name, its provider and its year', (sample) => {
    const definition = definitionOf(sample);
    const published = {
      issuer: definition.issuer.name,
      achievementUrl: `https://a.example/${sample}`,
      publishedAt: '2026-11-23T12:31:00Z',
    };
    const { svg } = badgeImage(badgeFacts(definition, published), [LATIN]);
    const words = svg.replaceAll(/<\/text>/g, ' ').replaceAll(/<[^>]*>/g, '');
    for (const said of [...definition.name.split(' '), ...definition.issuer.name.split(' '), '2026']) expect(words).toContain(said);
  });

  it('tells the level in the framework that is known best', () => {
    const definition = definitionOf('coaching-and-mentoring');
    const published = { issuer: 'A', achievementUrl: 'https://a.example/1', publishedAt: '2026-11-23T12:31:00Z', brandColour: '#0b5c73' };
    const notesOf = (level: typeof definition.level) => badgeFacts({ ...definition, level }, published).notes;
    expect(notesOf(definition.level)).toEqual(['EQF 5', '2026']);
    expect(notesOf({ aqf: { value: '6' } })).toEqual(['AQF 6', '2026']);
    expect(notesOf({ nqf: { value: '6', framework: 'NFQ' } })).toEqual(['NFQ 6', '2026']);
    expect(notesOf({ statement: 'Introductory' })).toEqual(['2026']);
  });

  it('shows by its shape which kind of learning it stands for', () => {
    const definition = definitionOf('coaching-and-mentoring');
    const shapeOf = (credentialKind: typeof definition.credentialKind) =>
      badgeFacts({ ...definition, credentialKind }, { issuer: 'A', achievementUrl: 'https://a.example', publishedAt: '2026' }).shape;
    expect([shapeOf('application'), shapeOf('knowledge'), shapeOf('recognition')]).toEqual(['hexagon', 'seal', 'disc']);
  });

  it('keeps hostile words as words', () => {
    const { svg } = badgeImage({ ...facts, name: '</text><script>alert(1)</script>', issuer: 'A & B "C"\u202e' }, [LATIN]);
    expect(svg).not.toContain('<script');
    expect(svg).toContain('A &amp; B &quot;C&quot;');
    expect(svg).not.toContain('\u202e');
  });

  it('loads nothing from elsewhere', () => {
    const { svg } = badgeImage(facts, [LATIN]);
    expect(svg.match(/(?:href|src|url)\b[^ >]*/g)?.filter((reference) => !/#/.test(reference))).toEqual([]);
    expect(svg).not.toMatch(/@import|<style|<image|<foreignObject/);
  });

  it('has its mark in the middle and nothing else without words', () => {
    const bare = badgeImage(facts, []);
    expect(bare.isWhole).toBe(false);
    expect(bare.covered.words).not.toContain('<text');
    expect(bare.covered.ground).not.toEqual(badgeImage(facts, [LATIN]).covered.ground);
    expect(bare.svg).toContain('Mentoring');
  });

  it('leaves out an empty line of notes, and the ornament where words need its room', () => {
    const short = badgeImage({ ...facts, name: 'Art', notes: [] }, [LATIN]);
    const long = badgeImage(
      { ...facts, name: 'word '.repeat(24), issuer: 'Academy of Continuing Education and Lifelong Learning at Sea' },
      [LATIN],
    );
    expect(short.svg.split('<text')).toHaveLength(3);
    expect(short.covered.ground).toContain('z" fill=');
    expect(long.covered.ground).not.toContain('z" fill=');
  });

  it('of two badges can stand in one page: no id is used by both', () => {
    const idsIn = (svg: string) => [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    const [one, other] = [facts, { ...facts, seed: 'another' }].map((drawn) => idsIn(badgeImage(drawn, [LATIN]).svg));
    expect(one?.length).toBeGreaterThan(3);
    expect(one?.filter((id) => other?.includes(id))).toEqual([]);
  });
});

describe('the colours of a badge', () => {
  const anyColour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

  it('let everything on it be read, whatever the provider’s own colour is', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.option(anyColour, { nil: undefined }), (provider, offering, brand) => {
        const { deep, tint, field, accent, line } = badgePalette(provider, offering, brand);
        for (const colour of [deep, tint, accent, line, ...field]) expect(colour).toMatch(/^#[0-9a-f]{6}$/);
        expect(contrast(deep, tint)).toBeGreaterThan(10);
        for (const ground of field) {
          expect(contrast(tint, ground)).toBeGreaterThan(7);
          expect(contrast(line, ground)).toBeGreaterThan(1.5);
        }
        expect(contrast(accent, field[1])).toBeGreaterThan(4.5);
      }),
      { numRuns: 400 },
    );
  });

  it('are the provider’s: the same for all its offerings but one accent', () => {
    const [one, other] = ['a', 'b'].map((offering) => badgePalette('Harbour', offering));
    expect({ ...one, accent: '' }).toEqual({ ...other, accent: '' });
    const accents = [...'abcdefghij'].map((offering) => badgePalette('Harbour', offering).accent);
    expect(new Set(accents).size).toBeGreaterThan(2);
  });

  it('follow the brand: a dark one is the ground, a bright one the accent, a grey one stays grey', () => {
    expect(badgePalette('A', 'a', '#c8102e').field[0]).toMatch(/^#[7-9a-f]./);
    expect(badgePalette('A', 'a', '#ffd400').accent).toBe('#ffd400');
    const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(badgePalette('A', 'a', '#777777').field[0].slice(at, at + 2), 16));
    expect([red, green].map((value) => Math.abs((value ?? 0) - (blue ?? 0)))).toEqual([0, 0]);
    expect(badgePalette('A', 'a', 'tomato')).toEqual(badgePalette('A', 'a'));
  });
});

describe('the mark of a badge', () => {
  it.each([
    ['Coaching and Mentoring', 'CM'],
    ['Infection Prevention for Clinic Staff', 'IP'],
    ['Photography', 'P'],
    ['The Art of the Possible', 'AP'],
    ['Of the and', 'Ot'],
    ['Über-Ärzte', 'ÜÄ'],
    ['3D Printing', '3P'],
    ['إدارة المشاريع', 'إ'],
    ['数据叙事', '数'],
    ['Управление проектами', 'Уп'],
    ['…', ''],
  ])('of %s has the letters %s', (name, letters) => {
    expect(initialsOf(name)).toBe(letters);
  });

  it('is drawn from every Latin letter and digit, with or without accents', () => {
    for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789åçñ') expect(lettering(character)?.letters).toHaveLength(1);
    expect(lettering('AV')?.width).toBeLessThan(lettering('HH')?.width ?? 0);
    expect(lettering('Я')).toBeUndefined();
    expect(lettering('')).toBeUndefined();
  });

  const marked = (name: string, faces: readonly Typeface[]) =>
    render(badgeMark(name, 'seed', { place: { x: 0, y: 0, width: 300, height: 200 }, colours: badgePalette('A', 'a'), faces }));

  it('is a letter of a font where none is drawn, and a star where no font has one', () => {
    expect(marked('Управление проектами', [LATIN])).toContain('>Уп</text>');
    expect(marked('数据叙事', [LATIN, HAN])).toContain('>数</text>');
    expect(marked('数据叙事', [LATIN])).toMatch(/^<g fill="none" stroke-linejoin="round"><path/);
    expect(marked('إدارة', [LATIN, ARABIC])).not.toContain('<text');
    expect(marked('', [])).not.toContain('<text');
  });

  it('has no star of five or six points, which are signs of states and faiths', () => {
    const points = [...Array(50).keys()].map((seed) => {
      const mark = render(
        badgeMark('إ', String(seed), { place: { x: 0, y: 0, width: 300, height: 200 }, colours: badgePalette('A', 'a'), faces: [] }),
      );
      return (/d="([^"]+)"/.exec(mark)?.[1]?.split('L').length ?? 0) / 2;
    });
    expect(Math.min(...points)).toBeGreaterThan(8);
  });
});

describe('the fine lines of a badge', () => {
  it('are closed, differ between offerings and stay within their ring', () => {
    const paths = [...Array(40).keys()].map((seed) => rosette(String(seed), 100));
    expect(new Set(paths.map((bands) => JSON.stringify(bands))).size).toBe(40);
    for (const { path } of paths.flat()) {
      expect(path).toMatch(/^M[^MZ]+Z$/);
      const distances = [...path.matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => Math.hypot(Number(x), Number(y)));
      expect(Math.max(...distances)).toBeLessThan(101);
    }
  });
});

describe('the shapes of a badge', () => {
  it.each(Object.entries(OUTLINES))('%s stays within the image, and is as wide as it says', (_, outline) => {
    for (const path of [outline.rim(396), outline.inner(352)]) {
      const numbers = [...path.replaceAll(/A[\d.]+ [\d.]+ 0 \d \d /g, 'L').matchAll(/-?[\d.]+/g)].map(([number]) => Number(number));
      expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...numbers)).toBeLessThanOrEqual(SIDE);
    }
    expect(outline.halfWidth(SIDE / 2, 352)).toBeGreaterThan(290);
    expect(outline.halfWidth(760, 352)).toBe(0);
  });
});

describe('the words of a badge', () => {
  const BOX = { width: 560, height: 152, sizeMax: 56, sizeMin: 26, linesMax: 4 };

  it('are as large as their box allows, in lines of about the same width', () => {
    expect(fitText('Art', BOX, [LATIN])).toEqual({ size: 56, lines: ['Art'] });
    expect(fitText('Coaching and Mentoring', BOX, [LATIN])).toEqual({ size: 56, lines: ['Coaching and', 'Mentoring'] });
  });

  it('may part behind a hyphen or a slash, and never show a soft hyphen', () => {
    expect(fitText('Trainings-/Lernbegleitung', { ...BOX, width: 300, sizeMax: 30 }, [LATIN]).lines).toEqual([
      'Trainings-/',
      'Lernbegleitung',
    ]);
    expect(fitText('Lern\u00adbegleitung', BOX, [LATIN]).lines).toEqual(['Lernbegleitung']);
    expect(fitText('- / -', BOX, [LATIN]).lines.join(' ')).toBe('- / -');
  });

  it('in scripts without spaces part between characters, not before a closing mark', () => {
    const { lines } = fitText('数据叙事，基础与实践方法论', { ...BOX, width: 280, sizeMin: 40 }, [HAN]);
    expect(lines.join('')).toBe('数据叙事，基础与实践方法论');
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.filter((line) => line.startsWith('，'))).toEqual([]);
  });

  it('of one endless word are parted where they must be', () => {
    const { lines, size } = fitText('Donaudampfschifffahrtselektrizitätenhauptbetriebswerk', { ...BOX, width: 300 }, [LATIN]);
    expect(lines.join('')).toBe('Donaudampfschifffahrtselektrizitätenhauptbetriebswerk');
    expect(Math.max(...lines.map((line) => textWidth(line, [LATIN]) * size))).toBeLessThanOrEqual(300);
  });

  it('that fit at no size are cut off', () => {
    const { lines } = fitText('word '.repeat(100), BOX, [LATIN]);
    expect(lines).toHaveLength(4);
    expect(lines.at(-1)).toMatch(/…$/);
    expect(fitText('w'.repeat(400), { ...BOX, width: 20 }, [LATIN]).lines.at(-1)).toBe('…');
  });

  it('never run out of their box, whatever they are', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 120 }), fc.lorem({ maxCount: 15 })), (text) => {
        const { size, lines } = fitText(text, BOX, [LATIN, ARABIC]);
        expect(lines.length * size * LINE_HEIGHT).toBeLessThanOrEqual(BOX.height);
        for (const line of lines) expect(textWidth(line, [LATIN, ARABIC]) * size).toBeLessThanOrEqual(BOX.width + 0.001);
      }),
    );
  });

  it('are divided by the font that covers them, marks and spaces staying with their letters', () => {
    expect(runsOf('Data إدارة 数', [LATIN, ARABIC])).toEqual([
      { text: 'Data ', family: 'Latin' },
      { text: 'إدارة ', family: 'Arabic' },
      { text: '数', family: undefined },
    ]);
    expect(runsOf('', [LATIN])).toEqual([]);
  });

  it('are measured without a font by a generous estimate', () => {
    expect(textWidth('ab', [])).toBeCloseTo(1.24);
    expect(textWidth('数e\u0301', [])).toBeCloseTo(1.62);
  });
});
