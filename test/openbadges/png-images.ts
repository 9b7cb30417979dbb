/** Pictures as several encoders write them, and the parts of which hostile ones are made. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { deflateSync } from 'node:zlib';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { PNG } from 'pngjs';
import { type PngChunk, pngChunk, writePng } from '#openbadges/png-chunks.ts';

await initWasm(readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')));

const SIDE = 16;

const painted = (): PNG => {
  const image = new PNG({ width: SIDE, height: SIDE });
  for (let at = 0; at < image.data.length; at += 1) image.data[at] = (at * 7) % 256;
  return image;
};

const header = (colourType: number, bitDepth: number, interlace = 0): PngChunk => {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(SIDE, 0);
  data.writeUInt32BE(SIDE, 4);
  data.set([bitDepth, colourType, 0, 0, interlace], 8);
  return pngChunk('IHDR', data);
};

export const END = pngChunk('IEND', Buffer.alloc(0));

/** Bytes of a picture in the seven passes of Adam7, at three bytes a pixel: width and height of each pass. */
const PASSES = [
  [2, 2],
  [2, 2],
  [4, 2],
  [4, 4],
  [8, 4],
  [8, 8],
  [16, 8],
] as const;
const interlaced = deflateSync(Buffer.alloc(PASSES.reduce((sum, [width, height]) => sum + height * (1 + 3 * width), 0)));

/** Rows of zeroes behind their filter byte. */
const rows = (rowBytes: number): Buffer => deflateSync(Buffer.alloc(SIDE * (1 + rowBytes)));

/** A text chunk of any kind as another program writes it. */
export const foreignText = (type: 'tEXt' | 'zTXt' | 'iTXt', keyword: string, rest: Uint8Array): PngChunk =>
  pngChunk(type, Buffer.concat([Buffer.from(`${keyword}\0`, 'latin1'), rest]));

const software = foreignText('tEXt', 'Software', Buffer.from('Brush 4.2', 'latin1'));
const comment = foreignText('zTXt', 'Comment', Buffer.concat([Buffer.of(0), deflateSync(Buffer.from('Painted by hand'))]));
const title = foreignText('iTXt', 'Title', Buffer.from('\0\0en\0\0Schöne Plakette', 'utf8'));

/** A picture of the smallest kind around some chunks. */
export const aPngWith = (...chunks: readonly PngChunk[]): Uint8Array =>
  writePng([header(0, 8), ...chunks, pngChunk('IDAT', rows(SIDE)), END]);

const halves = (data: Buffer): readonly PngChunk[] => [pngChunk('IDAT', data.subarray(0, 9)), pngChunk('IDAT', data.subarray(9))];

const palette = pngChunk('PLTE', Buffer.from([0, 0, 0, 255, 255, 255, 12, 34, 56, 200, 100, 50]));

export const PICTURES: readonly (readonly [name: string, png: Uint8Array])[] = [
  ['pngjs in grey', PNG.sync.write(painted(), { colorType: 0 })],
  ['pngjs in colour', PNG.sync.write(painted(), { colorType: 2 })],
  ['pngjs in grey with transparency', PNG.sync.write(painted(), { colorType: 4 })],
  ['pngjs in colour with transparency', PNG.sync.write(painted(), { colorType: 6 })],
  [
    'resvg',
    new Resvg('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3" fill="#0b5c73"/></svg>', {
      fitTo: { mode: 'width', value: 96 },
    })
      .render()
      .asPng(),
  ],
  [
    'a painter with a palette and texts of all kinds',
    writePng([header(3, 2), software, palette, comment, pngChunk('IDAT', rows(SIDE / 4)), title, END]),
  ],
  ['a scanner with 16 bits and two pieces of picture', writePng([header(0, 16), ...halves(rows(SIDE * 2)), END])],
  [
    'a browser with interlacing and a private chunk',
    writePng([header(2, 8, 1), pngChunk('prVt', Buffer.from([1, 2, 3])), pngChunk('IDAT', interlaced), END]),
  ],
];
