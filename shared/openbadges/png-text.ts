/**
 * Text in a PNG under a keyword: written as iTXt without compression, read from any of the three kinds of text chunk.
 * @see https://www.w3.org/TR/png-3/#11textinfo
 */
import { type PngChunk, pngChunk } from './png-chunks.ts';
import { inflated } from './png-inflate.ts';
import { concat, textOfUtf8, utf8 } from './primitives.ts';

/** A badge has some tens of kilobytes, one with a full rubric a few hundred; inflating stops here, whatever a bomb promises. */
export const BAKED_BYTES_MAX = 4 * 1024 * 1024;

/** What keeps a text from being read. */
export type BakedFault = 'text-too-large' | 'text-malformed';

type ReadText = { readonly text: string } | BakedFault;

const KEYWORD_CHARS_MAX = 79;

const DEFLATE = 0;

/** @throws RangeError for a text that the chunk cannot hold as it is: half a character, or a zero byte, which ends a text for many readers */
export const textChunk = (keyword: string, text: string): PngChunk => {
  if (!text.isWellFormed() || text.includes('\0')) throw new RangeError('a text in a PNG is whole characters without zero bytes');
  // Keyword; not compressed, method 0; no language; no translated keyword; the text.
  return pngChunk('iTXt', concat(utf8(keyword), Uint8Array.of(0, 0, DEFLATE, 0, 0), utf8(text)));
};

const TEXT_TYPES: ReadonlySet<string> = new Set(['iTXt', 'tEXt', 'zTXt']);

/** Both kinds of older text, and every keyword, are in Latin-1. */
const LATIN_1 = new TextDecoder('latin1');

/** The keyword of a text chunk; undefined for any other chunk. */
export const keywordOf = ({ type, data }: PngChunk): string | undefined => {
  if (!TEXT_TYPES.has(type)) return undefined;
  const end = data.subarray(0, KEYWORD_CHARS_MAX + 1).indexOf(0);
  return end < 1 ? undefined : LATIN_1.decode(data.subarray(0, end));
};

/** The text of a chunk that has a keyword. */
export const textOfChunk = async ({ type, data }: PngChunk): Promise<ReadText> => {
  const rest = data.subarray(data.indexOf(0) + 1);
  switch (type) {
    case 'tEXt':
      return decoded(rest, latin1);
    case 'zTXt':
      return rest[0] === DEFLATE ? inflatedText(rest.subarray(1), latin1) : 'text-malformed';
    default:
      return internationalText(rest);
  }
};

const internationalText = async (rest: Uint8Array): Promise<ReadText> => {
  const [isCompressed, method] = rest;
  const language = rest.indexOf(0, 2);
  const translated = language === -1 ? -1 : rest.indexOf(0, language + 1);
  if (translated === -1) return 'text-malformed';
  const text = rest.subarray(translated + 1);
  if (isCompressed === 0) return decoded(text, textOfUtf8);
  return isCompressed === 1 && method === DEFLATE ? inflatedText(text, textOfUtf8) : 'text-malformed';
};

type Decode = (bytes: Uint8Array) => string | undefined;

const latin1: Decode = (bytes) => LATIN_1.decode(bytes);

const inflatedText = async (bytes: Uint8Array, decode: Decode): Promise<ReadText> => {
  const whole = await inflated(bytes, BAKED_BYTES_MAX);
  return typeof whole === 'string' ? `text-${whole}` : decoded(whole, decode);
};

const decoded = (bytes: Uint8Array, decode: Decode): ReadText => {
  if (bytes.length > BAKED_BYTES_MAX) return 'text-too-large';
  const text = decode(bytes);
  return text === undefined ? 'text-malformed' : { text };
};
