/**
 * Who stands behind an Assertion of Open Badges 2.0: its BadgeClass and Issuer, each believed only from its own
 * address, and the places from which that Issuer lets Assertions be hosted.
 * @see https://www.imsglobal.org/sites/default/files/Badges/OBv2p0Final/index.html#VerificationObject
 */
import { failed, notChecked, type Outcome, PASSED } from './check.ts';
import { idOf, isObject, type JsonObject, listOf, objectOf, textOf } from './json-object.ts';
import { documentUrlOf, type LoadDocument } from './keys/resolve-key.ts';
import type { Assertion } from './verify-assertion-shape.ts';

export type IssuerFinding =
  | { readonly issuer: JsonObject; readonly outcome: Outcome }
  | { readonly issuer?: undefined; readonly outcome: Outcome };

/** A document at its own id, which it must repeat; undefined if there is none. Copies inside others are never believed. */
export const loadAt = async (id: string | undefined, load: LoadDocument): Promise<JsonObject | undefined> => {
  const document = id !== undefined && documentUrlOf(id) === id ? await load(id).catch(() => undefined) : undefined;
  return isObject(document) && document.id === id ? document : undefined;
};

/** Follows Assertion → BadgeClass → Issuer. */
export const findIssuer = async (assertion: Assertion, load: LoadDocument): Promise<IssuerFinding> => {
  const badge = await loadAt(assertion.badge, load);
  const issuer = badge && (await loadAt(idOf(badge.issuer), load));
  if (issuer === undefined) return { outcome: notChecked('issuer/unreachable') };
  const isBadge = listOf(badge?.type).includes('BadgeClass');
  const isIssuer = listOf(issuer.type).some((type) => type === 'Issuer' || type === 'Profile');
  if (!isBadge || !isIssuer) return { issuer, outcome: failed('schema/malformed') };
  const hosted = assertion.kind === 'hosted' ? [assertion.id, assertion.badge] : [assertion.badge];
  return { issuer, outcome: hosted.every((url) => isAllowed(url, issuer)) ? PASSED : failed('issuer/other-origin') };
};

/** By default only the issuer's own origin; its profile may name others, by host or by the beginning of the address. */
const isAllowed = (url: string, issuer: JsonObject): boolean => {
  const verification = objectOf(issuer.verification);
  const prefixes = listOf(verification?.startsWith).map(textOf);
  const hosts = listOf(verification?.allowedOrigins).map((origin) => textOf(origin)?.replace(/^https?:\/\//, ''));
  if (originOf(url) === originOf(textOf(issuer.id) ?? '')) return true;
  const host = URL.canParse(url) ? new URL(url).host : undefined;
  return hosts.some((allowed) => allowed !== undefined && allowed === host) || prefixes.some((prefix) => isBeneath(url, prefix));
};

const originOf = (url: string): string | undefined => (URL.canParse(url) ? new URL(url).origin : undefined);

// A prefix that ends inside a host name would let in another host.
const isBeneath = (url: string, prefix: string | undefined): boolean =>
  prefix !== undefined && originOf(prefix) === originOf(url) && new URL(url).href.startsWith(prefix);
