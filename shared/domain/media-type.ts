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

/** Names that say the same thing: the left one is what detectors report, the right one what definitions ask for. */
const SAME: Readonly<Record<string, string>> = {
  'audio/x-m4a': 'audio/mp4',
  'video/x-m4v': 'video/mp4',
  'audio/wav': 'audio/wave',
  'audio/x-wav': 'audio/wave',
  'audio/mp3': 'audio/mpeg',
};

const TEXT_HEADS: Readonly<Record<string, RegExp>> = {
  'text/vtt': /^WEBVTT(\s|$)/,
  'text/html': /^\s*(<!doctype html|<html|<head|<body|<!--)/i,
  'application/json': /^\s*[[{"\-0-9tfn]/,
  'application/x-ipynb+json': /^\s*\{/,
};

const PLAIN_TEXT = new Set(['text/plain', 'text/markdown', 'text/csv']);

export const normalMediaType = (mediaType: string): string => {
  const bare = (mediaType.split(';')[0] ?? '').trim().toLowerCase();
  return SAME[bare] ?? bare;
};

/**
 * @returns the announced type where the bytes bear it out, otherwise what they are: the signature's type,
 * `text/plain` for other text, `application/octet-stream` for the rest.
 */
export const mediaTypeOf = (announced: string, facts: ByteFacts): string => {
  const wanted = normalMediaType(announced);
  if (facts.signature !== undefined) return normalMediaType(facts.signature);
  if (!facts.text) return 'application/octet-stream';
  if (PLAIN_TEXT.has(wanted)) return wanted;
  return TEXT_HEADS[wanted]?.test(facts.head) ? wanted : 'text/plain';
};
