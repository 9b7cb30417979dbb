/** A verification as it is told to whoever asked: the verdict, every check with a sentence, and what the badge says of itself. */
import { measure } from '#openbadges/bounds.ts';
import type { Check, Verdict } from '#openbadges/check.ts';
import { idOf, isObject, type JsonObject, listOf, objectOf, textOf } from '#openbadges/json-object.ts';
import type { Standard } from '#openbadges/verify-badge.ts';
import type { Verification } from '#openbadges/verify-run.ts';
import { explanationOf } from './explanations.ts';

export interface ToldCheck {
  readonly name: Check['name'];
  readonly state: Check['state'];
  /** Stable; absent where the check has passed. */
  readonly code?: string;
  readonly detail: string;
}

export interface Told {
  readonly verdict: Verdict;
  readonly checks: readonly ToldCheck[];
  readonly endorsements?: readonly Told[];
  readonly credentials?: readonly Told[];
}

/** One verification with those of the credentials in it. */
export const told = ({ verdict, checks, endorsements, credentials }: Verification): Told => ({
  verdict,
  checks: checks.map((check) => ({
    name: check.name,
    state: check.state,
    ...(check.state === 'passed' ? {} : { code: check.code }),
    detail: explanationOf(check),
  })),
  ...(endorsements && { endorsements: endorsements.map(told) }),
  ...(credentials && { credentials: credentials.map(told) }),
});

/** What a badge claims of itself: anyone's words unless the verdict is `valid`. */
export interface Claimed {
  readonly id?: string;
  readonly type: readonly string[];
  readonly name?: string;
  readonly issuer?: { readonly id?: string; readonly name?: string };
  readonly validFrom?: string;
  readonly validUntil?: string;
  /** Hashed as in the badge: whoever knows the address can compare, nobody else learns it. */
  readonly recipient?: { readonly id?: string; readonly identityHash?: string };
}

/** Longer words are cut: a summary is no place for a novel. */
const CHARS_MAX = 500;
const TYPES_MAX = 10;

/** The shape of either generation, read as far as it goes; of a document with any shape. */
export const claimedBy = (document: JsonObject): Claimed => {
  const credential = objectOf(document.vc) ?? document;
  const subject = objectOf(credential.credentialSubject);
  const issuer = credential.issuer;
  return {
    ...texts({ id: credential.id }),
    type: listOf(credential.type)
      .filter((type) => typeof type === 'string')
      .slice(0, TYPES_MAX)
      .map(cut),
    ...texts({
      name: objectOf(subject?.achievement)?.name ?? credential.name,
      validFrom: credential.validFrom ?? credential.issuanceDate ?? credential.issuedOn,
      validUntil: credential.validUntil ?? credential.expirationDate ?? credential.expires,
    }),
    ...(issuer === undefined ? {} : { issuer: texts({ id: idOf(issuer), name: objectOf(issuer)?.name }) }),
    ...recipientOf(subject, objectOf(credential.recipient)),
  };
};

const recipientOf = (subject: JsonObject | undefined, older: JsonObject | undefined) => {
  const identifiers = [...listOf(subject?.identifier), older].filter(isObject);
  const hashed = identifiers.find((identifier) => identifier.hashed === true);
  const recipient = texts({ id: subject?.id, identityHash: hashed?.identityHash ?? hashed?.identity });
  return Object.keys(recipient).length === 0 ? {} : { recipient };
};

const cut = (text: string): string => text.slice(0, CHARS_MAX).toWellFormed();

const texts = <Name extends string>(values: Readonly<Record<Name, unknown>>): { readonly [name in Name]?: string } =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const text = textOf(value);
      return text === undefined ? [] : [[name, cut(text)]];
    }),
  ) as { readonly [name in Name]?: string };

export interface Verified {
  readonly verification: Verification;
  readonly standard: Standard | 'verifiable-presentation';
  readonly document: JsonObject | undefined;
}

/** A document is shown whole up to this size; an answer of a function ends at six megabytes. */
const SHOWN_CHARS_MAX = 1_000_000;

/** As {@link told}, with what the badge says; the document itself where it is of a size to be shown. */
export const toldWithDocument = ({ verification, standard, document }: Verified) => {
  const { verdict, ...rest } = told(verification);
  const shown = verification.refreshed ?? document;
  return {
    verdict,
    standard,
    ...rest,
    ...(shown && { badge: claimedBy(shown) }),
    ...(shown && isShown(shown) && { document: shown }),
    ...(verification.refreshed && { refreshed: true }),
  };
};

// Measured first: writing out what is nested without end would end the function.
const isShown = (document: JsonObject): boolean => measure(document) === 'within' && JSON.stringify(document).length <= SHOWN_CHARS_MAX;
