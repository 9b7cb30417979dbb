/** From bytes that anyone sent to what may be a badge: JSON, a JSON Web Signature, or what is baked into an image, in both generations. */
import { type Baked, bakedInPng } from '#openbadges/baked-png.ts';
import { bakedInSvg } from '#openbadges/baked-svg.ts';
import { isObject } from '#openbadges/json-object.ts';

/** How a badge is handed on. */
export type BadgeForm = 'json' | 'jwt' | 'png' | 'svg';

export interface Submitted {
  readonly form: BadgeForm;
  /** A JSON object or a compact JWS; nothing is known of either yet. */
  readonly badge: unknown;
  /** The older generation's, where an image carries both; may be an address as well. */
  readonly older?: unknown;
}

export interface NoBadge {
  /** Why there is none: a fault of the image, or `not-json`, `not-jws`, `nothing-baked`, `unknown-form`. */
  readonly fault: string;
}

/** What each media type means here; those of pages and pictures without badges are absent. */
const FORMS: Readonly<Record<string, BadgeForm>> = {
  'application/json': 'json',
  'application/ld+json': 'json',
  'application/vc': 'json',
  'application/vc+ld+json': 'json',
  'application/vp': 'json',
  'application/vp+ld+json': 'json',
  'application/jwt': 'jwt',
  'application/vc+jwt': 'jwt',
  'application/vp+jwt': 'jwt',
  'text/plain': 'jwt',
  'image/png': 'png',
  'image/svg+xml': 'svg',
};

/** The media types that are taken. */
export const BADGE_MEDIA_TYPES = Object.keys(FORMS);

/** The form that a content type names, parameters aside; undefined for any other. */
export const formOf = (contentType: string): BadgeForm | undefined => {
  const mediaType = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  return Object.hasOwn(FORMS, mediaType) ? FORMS[mediaType] : undefined;
};

const PNG_FIRST_BYTE = 0x89;

/** The form that bytes look like: what the web calls them is often wrong, and none looks like another. */
export const formLike = (bytes: Uint8Array): BadgeForm => {
  if (bytes[0] === PNG_FIRST_BYTE) return 'png';
  const [first = ''] = new TextDecoder().decode(bytes.subarray(0, 64)).trimStart();
  if (first === '<') return 'svg';
  return first === '{' || first === '[' ? 'json' : 'jwt';
};

/** What is in bytes of a form. */
export const submittedIn = async (bytes: Uint8Array, form: BadgeForm): Promise<Submitted | NoBadge> => {
  switch (form) {
    case 'png':
      return bakedIn(await bakedInPng(bytes), form);
    case 'svg':
      return bakedIn(bakedInSvg(bytes), form);
    case 'json':
    case 'jwt': {
      const text = textOf(bytes);
      return text === undefined ? { fault: NOT_READ[form] } : submittedAs(text, form);
    }
  }
};

const NOT_READ = { json: 'not-json', jwt: 'not-jws' } as const;

const submittedAs = (text: string, form: 'json' | 'jwt'): Submitted | NoBadge => {
  const badge = form === 'json' ? jsonOf(text) : text.trim();
  return isObject(badge) || isCompactJws(badge) ? { form, badge } : { fault: NOT_READ[form] };
};

/** A badge that came as a JSON value, or as a text that is JSON or a JWS. */
export const submittedValue = (value: unknown): Submitted | NoBadge => {
  if (typeof value !== 'string') return isObject(value) ? { form: 'json', badge: value } : { fault: NOT_READ.json };
  return submittedAs(value, value.trimStart().startsWith('{') ? 'json' : 'jwt');
};

const bakedIn = (found: Baked | { readonly fault: string }, form: BadgeForm): Submitted | NoBadge => {
  if ('fault' in found) return found;
  const { credential, assertion } = found;
  const badge = credential ?? assertion;
  if (badge === undefined) return { fault: 'nothing-baked' };
  const older = credential === undefined ? undefined : assertion;
  return { form, badge: jsonOf(badge) ?? badge.trim(), ...(older === undefined ? {} : { older: jsonOf(older) ?? older.trim() }) };
};

const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]*$/;

const isCompactJws = (value: unknown): boolean => typeof value === 'string' && COMPACT_JWS.test(value);

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const textOf = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};
