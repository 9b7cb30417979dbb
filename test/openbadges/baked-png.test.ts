import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { assertion } from '#openbadges/assertion.ts';
import { bakedInPng, bakePng } from '#openbadges/baked-png.ts';
import { PNG_BYTES_MAX, PNG_CHUNKS_MAX, type PngChunk, pngChunk, readPng, writePng } from '#openbadges/png-chunks.ts';
import { BAKED_BYTES_MAX, keywordOf } from '#openbadges/png-text.ts';
import { aFrozenCredential, aSignedBadge } from './a-badge.ts';
import { aPngWith, END, foreignText, PICTURES } from './png-images.ts';

const credential = JSON.stringify(await aSignedBadge());
const hosted = JSON.stringify(assertion(aFrozenCredential()));
const PLAIN = aPngWith();

const chunksOf = (png: Uint8Array): readonly PngChunk[] => {
  const chunks = readPng(png);
  if (typeof chunks === 'string') throw new Error(chunks);
  return chunks;
};

const spelt = (chunks: readonly PngChunk[]) => chunks.map(({ type, data }) => `${type} ${Buffer.from(data).toString('hex')}`);

/** As another program writes international text. */
const iTXt = (keyword: string, flags: readonly number[], rest: Uint8Array): PngChunk =>
  foreignText('iTXt', keyword, Buffer.concat([Buffer.from(flags), Buffer.from('\0\0'), rest]));

describe('a badge baked into a PNG', () => {
  it.each(PICTURES)('by %s is found again, in both generations, and the picture is what it was', async (_, png) => {
    const baked = bakePng(png, { credential, assertion: hosted });
    expect(await bakedInPng(baked)).toEqual({ credential, assertion: hosted });
    const before = spelt(chunksOf(png));
    expect(spelt(chunksOf(baked)).filter((chunk) => before.includes(chunk))).toEqual(before);
    expect(PNG.sync.read(Buffer.from(baked)).data.equals(PNG.sync.read(Buffer.from(png)).data)).toBe(true);
  });

  it.each(PICTURES)('by %s and baked again stands in it once', async (_, png) => {
    const twice = bakePng(bakePng(png, { credential: 'earlier', assertion: 'earlier' }), { credential });
    expect(await bakedInPng(twice)).toEqual({ credential });
    expect(
      chunksOf(twice)
        .map(keywordOf)
        .filter((keyword) => keyword?.startsWith('openbadge')),
    ).toEqual(['openbadgecredential']);
  });

  it('stands behind the header, uncompressed, as the standard asks', () => {
    const [, first, second] = chunksOf(bakePng(PLAIN, { credential, assertion: hosted }));
    expect([first?.type, second?.type]).toEqual(['iTXt', 'iTXt']);
    expect(Buffer.from(first?.data ?? []).toString('utf8')).toBe(`openbadgecredential\0\0\0\0\0${credential}`);
    expect(Buffer.from(second?.data ?? []).toString('utf8')).toBe(`openbadges\0\0\0\0\0${hosted}`);
  });

  it('survives as any JSON, in any language', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ noUnicodeString: false }), fc.json(), async (one, other) => {
        expect(await bakedInPng(bakePng(PLAIN, { credential: one, assertion: other }))).toEqual({ credential: one, assertion: other });
      }),
    );
  });

  it('is not looked for in an image without one', async () => {
    for (const [, png] of PICTURES) expect(await bakedInPng(png)).toEqual({});
    expect(await bakedInPng(bakePng(PLAIN, {}))).toEqual({});
  });

  it('counts once even where somebody added a second', async () => {
    const [first, second] = ['first', 'second'].map((text) => iTXt('openbadgecredential', [0, 0], Buffer.from(text)));
    expect(await bakedInPng(aPngWith(first ?? END, second ?? END))).toEqual({ credential: 'first' });
  });

  it.each([
    ['half a character', '\ud800'],
    ['a zero byte', 'a\0b'],
  ])('is refused if its text has %s', (_, text) => {
    expect(() => bakePng(PLAIN, { credential: text })).toThrow(RangeError);
  });

  it('is not baked into what is no PNG', () => {
    expect(() => bakePng(Buffer.from('<svg/>'), { credential })).toThrow('not-png');
  });
});

describe('a badge of another issuer', () => {
  const compressed = (text: string) => deflateSync(Buffer.from(text));

  it.each([
    ['as an address in a plain text', foreignText('tEXt', 'openbadges', Buffer.from('https://a.example/assertion'))],
    ['in a compressed text', foreignText('zTXt', 'openbadges', Buffer.concat([Buffer.of(0), compressed('https://a.example/assertion')]))],
    ['in a compressed international text', iTXt('openbadges', [1, 0], compressed('https://a.example/assertion'))],
    [
      'with a language and a translated keyword',
      foreignText('iTXt', 'openbadges', Buffer.from('\0\0de\0Plakette\0https://a.example/assertion')),
    ],
  ])('is read %s', async (_, chunk) => {
    expect(await bakedInPng(aPngWith(chunk))).toEqual({ assertion: 'https://a.example/assertion' });
  });

  it('is read whatever follows the end of the image', async () => {
    expect(await bakedInPng(Buffer.concat([bakePng(PLAIN, { credential }), Buffer.from('trailer')]))).toEqual({ credential });
  });

  it('is read from a view into a larger buffer', async () => {
    const around = Buffer.concat([Buffer.alloc(5), bakePng(PLAIN, { credential }), Buffer.alloc(5)]);
    expect(await bakedInPng(new Uint8Array(around.buffer, around.byteOffset + 5, around.length - 10))).toEqual({ credential });
  });

  it.each([
    ['a broken stream', iTXt('openbadges', [1, 0], Buffer.from('no deflate'))],
    ['an unknown compression', iTXt('openbadges', [1, 7], compressed('x'))],
    ['an unknown compression flag', iTXt('openbadges', [2, 0], compressed('x'))],
    ['an unknown compression of a plain text', foreignText('zTXt', 'openbadges', Buffer.concat([Buffer.of(3), compressed('x')]))],
    ['no end of its language', foreignText('iTXt', 'openbadges', Buffer.from([0, 0, 0x65, 0x6e]))],
    ['no end of its translated keyword', foreignText('iTXt', 'openbadges', Buffer.from([0, 0, 0, 0x65]))],
    ['bytes that are no UTF-8', iTXt('openbadges', [0, 0], Buffer.from([0xff, 0xfe]))],
  ])('with %s is answered as malformed', async (_, chunk) => {
    expect(await bakedInPng(aPngWith(chunk))).toEqual({ fault: 'text-malformed' });
  });

  const bomb = deflateSync(Buffer.alloc(BAKED_BYTES_MAX * 100));

  it.each([
    ['an international text', iTXt('openbadgecredential', [1, 0], bomb)],
    ['a compressed text', foreignText('zTXt', 'openbadgecredential', Buffer.concat([Buffer.of(0), bomb]))],
    ['a long text', iTXt('openbadgecredential', [0, 0], Buffer.alloc(BAKED_BYTES_MAX + 1, 0x20))],
  ])('that is a bomb of %s is not blown up', async (_, chunk) => {
    const memory = process.memoryUsage().arrayBuffers;
    expect(await bakedInPng(aPngWith(chunk))).toEqual({ fault: 'text-too-large' });
    expect(process.memoryUsage().arrayBuffers - memory).toBeLessThan(3 * BAKED_BYTES_MAX);
  });
});

describe('a hostile PNG', () => {
  const baked = Buffer.from(bakePng(PLAIN, { credential: '{}' }));

  it('cut off at any byte is refused', async () => {
    for (let length = 0; length < baked.length; length += 1) {
      expect(await bakedInPng(baked.subarray(0, length))).toEqual({ fault: length < 8 ? 'not-png' : 'truncated' });
    }
  });

  it('with any one bit of any chunk turned is refused', async () => {
    for (let at = 8; at < baked.length; at += 1) {
      const turned = Buffer.from(baked);
      turned[at] = (turned[at] ?? 0) ^ 1;
      expect(await bakedInPng(turned)).toHaveProperty('fault');
    }
  });

  it('that claims a chunk of four gigabytes is refused before anything is set aside for it', async () => {
    const huge = Buffer.from(baked);
    huge.writeUInt32BE(0xffffffff, 8);
    expect(await bakedInPng(huge)).toEqual({ fault: 'truncated' });
  });

  it('with a flood of chunks is refused', async () => {
    const flood = Array<PngChunk>(PNG_CHUNKS_MAX).fill(pngChunk('noOp', Buffer.alloc(0)));
    expect(await bakedInPng(aPngWith(...flood))).toEqual({ fault: 'too-many-chunks' });
    expect(await bakedInPng(aPngWith(...flood.slice(3)))).toEqual({});
  });

  it('over the limit is refused unread', async () => {
    expect(await bakedInPng(Buffer.alloc(PNG_BYTES_MAX + 1))).toEqual({ fault: 'too-large' });
  });

  const [header, picture] = chunksOf(PLAIN);
  const [first, second] = [header ?? END, picture ?? END];
  it.each([
    ['no header', [second, END]],
    ['two headers', [first, first, second, END]],
    ['a header of another length', [pngChunk('IHDR', Buffer.alloc(12)), second, END]],
    ['no picture', [first, END]],
    ['an end that holds something', [first, second, pngChunk('IEND', Buffer.of(1))]],
    ['a chunk without a name', [first, pngChunk('\0\0\0\0', Buffer.alloc(0)), second, END]],
  ])('with %s is refused', async (_, chunks) => {
    expect(await bakedInPng(writePng(chunks))).toEqual({ fault: 'malformed' });
  });

  it('with a text under no keyword, or one that never ends, has no badge', async () => {
    const nameless = pngChunk('iTXt', Buffer.from('\0\0\0\0\0openbadges'));
    const endless = pngChunk('iTXt', Buffer.alloc(200, 0x61));
    expect(await bakedInPng(aPngWith(nameless, endless))).toEqual({});
  });

  it('of random bytes never does more than be refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect(await bakedInPng(Buffer.concat([baked.subarray(0, 8), bytes]))).toHaveProperty('fault');
      }),
    );
  });
});
