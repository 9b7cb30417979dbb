/** The sample badge as it is handed on, and what its issuer publishes, in both generations. */
import { assertion, assertionUrl } from '#openbadges/assertion.ts';
import { badgeClass, badgeClassUrl, issuerDocument, issuerDocumentUrl } from '#openbadges/badge-class.ts';
import { bakePng } from '#openbadges/baked-png.ts';
import { didWebDocumentUrl } from '#openbadges/keys/did-web-url.ts';
import { profileOf } from '#openbadges/profile.ts';
import {
  aDefinition,
  aDidDocument,
  aFrozenCredential,
  aSignedBadge,
  aSignedList,
  ISSUER_URL,
  issuer,
  LIST_URL,
} from '../openbadges/a-badge.ts';
import { aPngWith } from '../openbadges/png-images.ts';
import { aVerifier, type Stored } from './a-verifier.ts';

const small = aDefinition('data-communicator');
export const frozen = aFrozenCredential({}, small);
export const badge = await aSignedBadge({}, small);
export const text = JSON.stringify(badge);
export const older = assertion(frozen);
export const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>';

/** What the sample's issuer publishes, in both generations. */
export const FILES: Readonly<Record<string, Stored>> = {
  [didWebDocumentUrl(issuer.did) ?? '']: aDidDocument(),
  [LIST_URL]: await aSignedList(),
  [badge.id]: badge,
  [assertionUrl(frozen.id)]: older,
  [badgeClassUrl(frozen.achievement.id)]: badgeClass(frozen.achievement, { issuerUrl: ISSUER_URL }),
  [issuerDocumentUrl(ISSUER_URL)]: issuerDocument(profileOf(issuer), { issuerUrl: ISSUER_URL }),
};

export const verifier = aVerifier(FILES);
export const png = bakePng(aPngWith(), { credential: text });
export const bytes = (value: string): Uint8Array => new Uint8Array(Buffer.from(value));
export const NAMES = ['schema', 'issuer', 'proof', 'status', 'validity'];
