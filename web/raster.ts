/**
 * The image of a badge as files: PNG by pixels, SVG with its words as outlines, so that both look the same everywhere.
 * The renderer is WebAssembly and is loaded when it is first asked for.
 */
import { type BadgeDrawing, badgeSvg } from './badge-image.ts';
import { SIDE } from './badge-shape.ts';
import type { Typeface } from './badge-text.ts';
import { typefaceOf } from './typeface.ts';

/** Side of a badge's PNG in pixels: sharp at the size at which a page shows it on any screen. */
export const PNG_SIDE_PIXELS = 800;

export interface Font {
  /** As the font calls itself; words are set in it by this name. */
  readonly family: string;
  /** TrueType: compressed fonts are not read. */
  readonly bytes: Uint8Array;
}

export interface Rasterizer {
  /** For drawing with these fonts. */
  readonly faces: readonly Typeface[];
  /** @returns the file of the image without what no font covers */
  png(drawing: BadgeDrawing, sidePixels?: number): Uint8Array;
  /** @returns the file of the whole image; its words stay text if a font lacks one of them */
  svg(drawing: BadgeDrawing): string;
}

/** A module can be started once in a process. */
let started: Promise<void> | undefined;

/**
 * @param wasm `index_bg.wasm` of `@resvg/resvg-wasm`
 * @throws RangeError if a font is none
 */
export const loadRasterizer = async (wasm: Uint8Array<ArrayBuffer>, fonts: readonly Font[]): Promise<Rasterizer> => {
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm');
  started ??= initWasm(wasm);
  await started;
  const font = { fontBuffers: fonts.map(({ bytes }) => bytes) };
  const rendered = (svg: string, sidePixels: number) => new Resvg(svg, { font, fitTo: { mode: 'width', value: sidePixels } });
  return {
    faces: fonts.map(({ family, bytes }) => typefaceOf(family, bytes)),
    png: ({ title, covered }, sidePixels = PNG_SIDE_PIXELS) => {
      const image = rendered(badgeSvg(title, covered.ground + covered.words), sidePixels);
      try {
        return image.render().asPng();
      } finally {
        image.free();
      }
    },
    svg: ({ svg, title, covered, isWhole }) => {
      if (!isWhole) return svg;
      const words = rendered(badgeSvg(title, covered.words), SIDE);
      try {
        return badgeSvg(title, covered.ground + contentOf(words.toString()));
      } finally {
        words.free();
      }
    },
  };
};

/** What stands in the renderer's own frame, with coordinates no finer than a screen shows. */
const contentOf = (svg: string): string =>
  svg
    .replace(/^<svg[^>]*>\s*(<defs\/>)?/, '')
    .replace(/<\/svg>\s*$/, '')
    .replaceAll(/>\s+</g, '><')
    .replaceAll(/-?\d+\.\d{2,}/g, (number) => String(Math.round(Number(number) * 10) / 10))
    .trim();
