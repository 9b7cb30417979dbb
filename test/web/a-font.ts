/** The smallest fonts that a renderer takes: every character is the same upright box, so that what is set in one can be counted. */

const TAG_BYTES = 16;

const bytesOf = (...values: readonly (readonly [size: 1 | 2 | 4, value: number])[]): Buffer =>
  Buffer.concat(
    values.map(([size, value]) => {
      const bytes = Buffer.alloc(size);
      if (value < 0) bytes.writeIntBE(value, 0, size);
      else bytes.writeUIntBE(value, 0, size);
      return bytes;
    }),
  );

const u16 = (...values: readonly number[]): Buffer => bytesOf(...values.map((value) => [2, value] as const));
const u32 = (...values: readonly number[]): Buffer => bytesOf(...values.map((value) => [4, value] as const));

export const UNITS_PER_EM = 1000;
export const ADVANCE = 600;

/** Four corners on the line, 400 wide and 700 high. */
const BOX = Buffer.concat([u16(1, 100, 0, 500, 700, 3, 0), Buffer.of(1, 1, 1, 1), u16(100, 0, 400, 0), u16(0, 700, 0), bytesOf([2, -700])]);

export type CharacterMap = (from: number, to: number) => Buffer;

/** Format 4, of the basic plane: one segment by difference, and the end. */
export const segments: CharacterMap = (from, to) =>
  u16(4, 32, 0, 4, 4, 1, 0, to, 0xffff, 0, from, 0xffff, (1 - from + 0x10000) % 0x10000, 1, 0, 0);

/** Format 4, with a list of glyphs. */
export const listedSegments: CharacterMap = (from, to) => {
  const glyphs = Array.from({ length: to - from + 1 }, (_, place) => (place === 1 ? 0 : place + 1));
  return u16(4, 32 + 2 * glyphs.length, 0, 4, 4, 1, 0, to, 0xffff, 0, from, 0xffff, 0, 1, 4, 0, ...glyphs);
};

/** Format 12, of all planes. */
export const groups: CharacterMap = (from, to) => Buffer.concat([u16(12, 0), u32(28, 0, 1, from, to, 1)]);

const nameTable = (family: string): Buffer => {
  const text = Buffer.from(family, 'utf16le').swap16();
  return Buffer.concat([u16(0, 1, 18, 3, 1, 0x409, 1, text.length, 0), text]);
};

export interface FontFacts {
  readonly family: string;
  readonly from: number;
  readonly to: number;
  readonly map?: CharacterMap;
  /** 3: Windows, whose characters are Unicode's; 1: Macintosh, whose are not. */
  readonly platform?: number;
  readonly without?: string;
}

export const aFont = ({ family, from, to, map = groups, platform = 3, without }: FontFacts): Uint8Array => {
  const glyphs = to - from + 2;
  const head = Buffer.alloc(54);
  head.set(u32(0x10000, 0x10000, 0, 0x5f0f3cf5), 0);
  head.set(u16(0, UNITS_PER_EM), 16);
  head.set(u16(1), 50);
  const hhea = Buffer.alloc(36);
  hhea.set(Buffer.concat([u32(0x10000), u16(800), bytesOf([2, -200])]), 0);
  // One measure for all of them: those behind it share it.
  hhea.set(u16(1), 34);
  const maxp = Buffer.alloc(32);
  maxp.set(Buffer.concat([u32(0x10000), u16(glyphs)]), 0);
  const tables: Record<string, Buffer> = {
    cmap: Buffer.concat([u16(0, 1, platform, 10), u32(12), map(from, to)]),
    glyf: Buffer.concat(Array.from({ length: glyphs }, () => BOX)),
    head,
    hhea,
    hmtx: Buffer.concat([u16(ADVANCE, 100), u16(...Array.from({ length: glyphs - 1 }, () => 100))]),
    loca: u32(...Array.from({ length: glyphs + 1 }, (_, glyph) => glyph * BOX.length)),
    maxp,
    name: nameTable(family),
  };
  const kept = Object.entries(tables).filter(([tag]) => tag !== without);
  let at = 12 + TAG_BYTES * kept.length;
  const records = kept.map(([tag, table]) => {
    const record = Buffer.concat([Buffer.from(tag, 'latin1'), u32(0, at, table.length)]);
    at += padded(table).length;
    return record;
  });
  return new Uint8Array(Buffer.concat([u32(0x10000), u16(kept.length, 0, 0, 0), ...records, ...kept.map(([, table]) => padded(table))]));
};

const padded = (table: Buffer): Buffer => Buffer.concat([table, Buffer.alloc((4 - (table.length % 4)) % 4)]);
