/**
 * The renderer with the fonts that badges are set in, out of pinned packages: what is drawn today is drawn so tomorrow.
 * Its bytes stand in files of their own beside a function's bundle; where nothing is drawn none of them is read. Only the
 * build can take them in, so a step is given a rasterizer and its tests make theirs with {@link loadRasterizer}.
 */
import { type Font, loadRasterizer, type Rasterizer } from './raster.ts';

/** Each by the name that it calls itself; the first that has a letter is the one it is set in. */
const fonts = async (): Promise<readonly Font[]> => {
  const [sans, arabic] = await Promise.all([
    import('@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf'),
    import('@expo-google-fonts/noto-sans-arabic/600SemiBold/NotoSansArabic_600SemiBold.ttf'),
  ]);
  return [
    { family: 'Noto Sans', bytes: sans.default },
    { family: 'Noto Sans Arabic', bytes: arabic.default },
  ];
};

const load = async (): Promise<Rasterizer> => {
  const [wasm, faces] = await Promise.all([import('@resvg/resvg-wasm/index_bg.wasm'), fonts()]);
  return loadRasterizer(wasm.default, faces);
};

let loaded: Promise<Rasterizer> | undefined;

/** Loaded when it is first asked for, once in a process. */
export const rasterizer = (): Promise<Rasterizer> => {
  loaded ??= load();
  return loaded;
};
