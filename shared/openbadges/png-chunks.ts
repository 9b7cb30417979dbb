/**
 * A PNG as its chunks, without a look at the picture: enough to put text into it and to read text from it, in time and
 * memory bounded by its length.
 * @see https://www.w3.org/TR/png-3/#5DataRep
 */
import { concat, sameBytes } from './primitives.ts';

/** A badge image has some hundred kilobytes; this leaves room for a large one with much evidence in it. */
export const PNG_BYTES_MAX = 16 * 1024 * 1024;

/** An image of that size has about two thousand chunks of the 8 KiB in which encoders write; more is a flood. */
export const PNG_CHUNKS_MAX = 4096;

/** What keeps bytes from being read as a PNG. */
export type PngFault = 'not-png' | 'too-large' | 'too-many-chunks' | 'truncated' | 'bad-checksum' | 'malformed';

export interface PngChunk {
  /** Four letters, such as `IHDR`. */
  readonly type: string;
  readonly data: Uint8Array;
  /** The chunk as it stands in the file: length, type, data, checksum. */
  readonly bytes: Uint8Array;
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Length and type before the data, checksum after it. */
const HEAD_BYTES = 8;
const TAIL_BYTES = 4;
const TYPE_AT = 4;

const IHDR_BYTES = 13;

/** The chunks from IHDR to IEND; what follows IEND is no part of the image. Each checksum is right. */
export const readPng = (png: Uint8Array): readonly PngChunk[] | PngFault => {
  if (png.length > PNG_BYTES_MAX) return 'too-large';
  if (!sameBytes(png.subarray(0, SIGNATURE.length), SIGNATURE)) return 'not-png';
  const chunks: PngChunk[] = [];
  let at = SIGNATURE.length;
  while (chunks.at(-1)?.type !== 'IEND') {
    if (chunks.length === PNG_CHUNKS_MAX) return 'too-many-chunks';
    const chunk = chunkAt(png, at);
    if (typeof chunk === 'string') return chunk;
    chunks.push(chunk);
    at += chunk.bytes.length;
  }
  return isOrdered(chunks) ? chunks : 'malformed';
};

const chunkAt = (png: Uint8Array, at: number): PngChunk | PngFault => {
  if (at + HEAD_BYTES + TAIL_BYTES > png.length) return 'truncated';
  const view = new DataView(png.buffer, png.byteOffset, png.length);
  const end = at + HEAD_BYTES + view.getUint32(at);
  // Compared before anything is made of that size: the length is a stranger's claim.
  if (end + TAIL_BYTES > png.length) return 'truncated';
  const type = String.fromCharCode(...png.subarray(at + TYPE_AT, at + HEAD_BYTES));
  if (!/^[A-Za-z]{4}$/.test(type)) return 'malformed';
  if (crc32(png.subarray(at + TYPE_AT, end)) !== view.getUint32(end)) return 'bad-checksum';
  return { type, data: png.subarray(at + HEAD_BYTES, end), bytes: png.subarray(at, end + TAIL_BYTES) };
};

/** One header, first; some picture; an empty end. */
const isOrdered = (chunks: readonly PngChunk[]): boolean => {
  const [first] = chunks;
  const headers = chunks.filter(({ type }) => type === 'IHDR');
  return (
    first?.type === 'IHDR' &&
    first.data.length === IHDR_BYTES &&
    headers.length === 1 &&
    chunks.some(({ type }) => type === 'IDAT') &&
    chunks.at(-1)?.data.length === 0
  );
};

/** A chunk with its checksum. */
export const pngChunk = (type: string, data: Uint8Array): PngChunk => {
  const bytes = new Uint8Array(HEAD_BYTES + data.length + TAIL_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), TYPE_AT);
  bytes.set(data, HEAD_BYTES);
  view.setUint32(HEAD_BYTES + data.length, crc32(bytes.subarray(TYPE_AT, HEAD_BYTES + data.length)));
  return { type, data: bytes.subarray(HEAD_BYTES, HEAD_BYTES + data.length), bytes };
};

/** The file of these chunks, each as it stands. */
export const writePng = (chunks: readonly PngChunk[]): Uint8Array => concat(SIGNATURE, ...chunks.map(({ bytes }) => bytes));

/** The checksum's polynomial, its bits turned round. PNG, annex D. */
const POLYNOMIAL = 0xedb88320;

const ofByte = (byte: number): number => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
};

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => ofByte(byte));

const crc32 = (bytes: Uint8Array): number => {
  let value = 0xffffffff;
  for (const byte of bytes) value = (TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
};
