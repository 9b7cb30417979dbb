/**
 * Open Badges 2.0 as it is read from strangers: which documents are Assertions, and what they say. Older spellings of
 * the same (1.1) are read, too.
 * @see https://www.imsglobal.org/sites/default/files/Badges/OBv2p0Final/index.html#Assertion
 */
import { isObject, type JsonObject, listOf, objectOf, textOf } from './json-object.ts';
import { isIri } from './verify-data-model.ts';

const CONTEXT = /^https:\/\/w3id\.org\/openbadges\/v[12]$/;

/** Whether a document is meant as an Assertion, well-formed or not. */
export const isOpenBadges2 = (document: JsonObject): boolean =>
  listOf(document['@context']).some((context) => CONTEXT.test(textOf(context) ?? '')) ||
  (listOf(document.type).includes('Assertion') && document.credentialSubject === undefined);

export interface Assertion {
  readonly document: JsonObject;
  readonly id: string;
  /** Address of the BadgeClass. */
  readonly badge: string;
  readonly kind: 'hosted' | 'signed';
  /** Of a signed Assertion: the address of its key. */
  readonly creator: string | undefined;
}

/** @returns undefined for what lacks a compulsory part. */
export const assertionOf = (document: JsonObject): Assertion | undefined => {
  const [id, badge] = [textOf(document.id), badgeOf(document)];
  const verification = objectOf(document.verification ?? document.verify);
  const kind = kindOf(verification?.type);
  const isWhole = isIri(id) && isIri(badge) && isObject(document.recipient) && dateOf(document.issuedOn) !== undefined;
  if (!isWhole || id === undefined || badge === undefined || kind === undefined) return undefined;
  if (document.expires !== undefined && dateOf(document.expires) === undefined) return undefined;
  return { document, id, badge, kind, creator: textOf(verification?.creator ?? verification?.url) };
};

const badgeOf = ({ badge }: JsonObject): string | undefined => textOf(isObject(badge) ? badge.id : badge);

const kindOf = (type: unknown): Assertion['kind'] | undefined => {
  const names = listOf(type);
  if (names.includes('HostedBadge') || names.includes('hosted')) return 'hosted';
  return names.includes('SignedBadge') || names.includes('signed') ? 'signed' : undefined;
};

const ISO_8601 = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/** Milliseconds since 1970 of a date of this generation, which may lack seconds and zone; without one it is UTC. */
export const dateOf = (value: unknown): number | undefined => {
  const text = textOf(value) ?? '';
  if (!ISO_8601.test(text)) return undefined;
  const parsed = Date.parse(text.includes('T') && !/(Z|[+-]\d\d:?\d\d)$/.test(text) ? `${text}Z` : text);
  return Number.isNaN(parsed) ? undefined : parsed;
};
