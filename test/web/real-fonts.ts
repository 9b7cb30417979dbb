/** The rasterizer that the functions use, made of the same files as the build takes in. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { loadRasterizer, type Rasterizer } from '#web/raster.ts';

const bytesOf = (file: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(createRequire(import.meta.url).resolve(file)));

export const realRasterizer = (): Promise<Rasterizer> =>
  loadRasterizer(bytesOf('@resvg/resvg-wasm/index_bg.wasm'), [
    { family: 'Noto Sans', bytes: bytesOf('@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf') },
    { family: 'Noto Sans Arabic', bytes: bytesOf('@expo-google-fonts/noto-sans-arabic/600SemiBold/NotoSansArabic_600SemiBold.ttf') },
  ]);
