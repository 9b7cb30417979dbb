/** Which media type a file really has: by its bytes. Text formats have no signature, so they are judged by being text and by their first words. */

/** What an inspection found out about the bytes. */
export interface ByteFacts {
  /** Media type by signature, where the bytes have one. */
  readonly signature?: string;
  /** The whole file is valid UTF-8 without NUL. */
  readonly text: boolean;
  /** Its first characters, without a byte order mark. */
  readonly head: string;
}

/** Names that say the same thing: the left one is what some detector or browser reports, the right one is ours. */
const SAME: ReadonlyMap<string, string> = new Map([
  ['audio/x-m4a', 'audio/mp4'],
  ['video/x-m4v', 'video/mp4'],
  ['audio/wav', 'audio/wave'],
  ['audio/x-wav', 'audio/wave'],
  ['audio/mp3', 'audio/mpeg'],
  ['audio/x-flac', 'audio/flac'],
  ['video/x-matroska', 'video/matroska'],
  ['image/jpg', 'image/jpeg'],
  ['text/x-markdown', 'text/markdown'],
]);

/** Containers hold sound, or sound and pictures, behind one signature: a recording made in a browser as `audio/mp4` begins like a film. */
const SOUND_IN: ReadonlyMap<string, string> = new Map([
  ['audio/mp4', 'video/mp4'],
  ['audio/webm', 'video/webm'],
]);

/** Formats that may be written in plain characters and still are no plain text: programs open them and act on what they say. */
const WRITTEN_IN_TEXT: ReadonlySet<string> = new Set(['application/pdf', 'application/rtf', 'application/postscript', 'application/xml']);

/** How a page or a drawing begins that a browser would run. */
const PAGES: ReadonlyMap<string, RegExp> = new Map([
  ['text/html', /^\s*<(!doctype\s+html|html|head|body|script|iframe)\b/i],
  ['image/svg+xml', /^\s*<(!doctype\s+)?svg\b/i],
]);

const TEXT_HEADS: ReadonlyMap<string, RegExp> = new Map([
  ['text/vtt', /^WEBVTT(\s|$)/],
  ['text/html', /^\s*(<!doctype\s+html|<html|<head|<body|<!--)/i],
  ['application/json', /^\s*([[{"]|-?\d|(true|false|null)\s*$)/],
  ['application/x-ipynb+json', /^\s*\{/],
]);

const PLAIN_TEXT: ReadonlySet<string> = new Set(['text/plain', 'text/markdown', 'text/csv']);

/** One name per type, without parameters and in small letters: types are compared by it. */
export const normalMediaType = (mediaType: string): string => {
  const [name = ''] = mediaType.split(';');
  const bare = name.trim().toLowerCase();
  return SAME.get(bare) ?? bare;
};

const textType = (wanted: string, head: string): string => {
  if (TEXT_HEADS.get(wanted)?.test(head)) return wanted;
  const page = [...PAGES].find(([, begins]) => begins.test(head));
  if (page !== undefined) return page[0];
  return PLAIN_TEXT.has(wanted) ? wanted : 'text/plain';
};

/**
 * @returns the announced type where the bytes bear it out, otherwise what they are: the signature's type, `text/html` or `image/svg+xml`
 * for a page that passes itself off as text, `text/plain` for other text, `application/octet-stream` for the rest. It keeps honest people
 * from mistakes and crude disguises from assessors; what protects a reader is that a file is only ever served as the type found here.
 */
export const mediaTypeOf = (announced: string, { signature, text, head }: ByteFacts): string => {
  const wanted = normalMediaType(announced);
  const found = signature === undefined ? undefined : normalMediaType(signature);
  // An essay that begins "BMW", "FORM" or "solid" has the signature of a picture, a sound or a model, but no binary format is all text.
  if (text && (found === undefined || !WRITTEN_IN_TEXT.has(found))) return textType(wanted, head);
  if (found === undefined || found.startsWith('text/')) return 'application/octet-stream';
  return SOUND_IN.get(wanted) === found ? wanted : found;
};
