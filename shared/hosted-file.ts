/** Public files by kind: what they are called to the world, and how long a copy of them may be relied on. */
import type { HostedFile } from './ports.ts';

/** Pages and status may change at any moment; nobody should believe an old one for longer than this. */
const CHANGING_SECONDS = 60;

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
  cacheControl: cached(CHANGING_SECONDS),
});

export const jsonFile = (
  key: string,
  body: object | string,
  { contentType = 'application/json', seconds = CHANGING_SECONDS } = {},
): HostedFile => ({
  key,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  contentType,
  cacheControl: cached(seconds),
});

/** PNG as bytes, SVG as text. */
export const imageFile = (key: string, body: Uint8Array | string, { seconds = DRAWN_SECONDS } = {}): HostedFile => ({
  key,
  body,
  contentType: typeof body === 'string' ? 'image/svg+xml' : 'image/png',
  cacheControl: cached(seconds),
});
