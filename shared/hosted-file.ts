/** Public files by kind: what they are called to the world, and how long a copy of them may be relied on. */
import type { BadgeFile } from '#openbadges/badge-forms.ts';
import type { HostedFile } from './ports.ts';

/** Pages may change at any moment; nobody should believe an old one for longer than this. */
const PAGE_SECONDS = 60;

/** How long a verifier may rely on its copy of a status list: the HTTP cache is told so, and the signed list says it as its ttl. */
export const STATUS_LIST_SECONDS = 60;

/** The look may be a little old. */
const STYLE_SECONDS = 300;

/**
 * A published version keeps its image, so a day spares nearly every request. Not longer: published again under another name
 * of its issuer or by a better drawing, it is seen so everywhere the day after.
 */
const DRAWN_SECONDS = 86_400;

const cached = (seconds: number): string => `public, max-age=${seconds}`;

export const htmlFile = (key: string, body: string): HostedFile => ({
  key,
  body,
  contentType: 'text/html; charset=utf-8',
  cacheControl: cached(PAGE_SECONDS),
});

export const cssFile = (key: string, body: string): HostedFile => ({
  key,
  body,
  contentType: 'text/css; charset=utf-8',
  cacheControl: cached(STYLE_SECONDS),
});

export const jsonFile = (
  key: string,
  body: object | string,
  { contentType = 'application/json', seconds = PAGE_SECONDS } = {},
): HostedFile => ({
  key,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  contentType,
  cacheControl: cached(seconds),
});

/** A form of a badge. It may be replaced: by the same badge under a newer key, or by the word that it was withdrawn. */
export const credentialFile = (key: string, { bytes, contentType, status }: BadgeFile): HostedFile => ({
  key,
  body: bytes,
  contentType,
  cacheControl: cached(PAGE_SECONDS),
  ...(status === undefined ? {} : { status }),
});

/** PNG as bytes, SVG as text. */
export const imageFile = (key: string, body: Uint8Array | string, { seconds = DRAWN_SECONDS } = {}): HostedFile => ({
  key,
  body,
  contentType: typeof body === 'string' ? 'image/svg+xml' : 'image/png',
  cacheControl: cached(seconds),
});
