/** Credential: its life from the claim to the end. What it says is frozen at the claim; only its standing changes. */
import { DomainError } from './errors.ts';
import type { CredentialId, EnrolmentId, Instant, MicroCredentialId, TenantId, Version } from './ids.ts';

/** Reasons that the public page may show. The internal reason is free text and never leaves the programme. */
export const PUBLIC_REASONS = [
  'issued-in-error',
  'requirements-not-met',
  'superseded',
  'holder-request',
  'issuer-policy',
  'key-compromise',
] as const;
export type PublicReason = (typeof PUBLIC_REASONS)[number];

export interface StatusReason {
  readonly publicReason: PublicReason;
  readonly internalReason: string;
  readonly at: Instant;
}

/** Where its bit stands: the list's number and the index in it. */
export interface StatusPlace {
  readonly list: number;
  readonly index: number;
}

interface Base {
  readonly id: CredentialId;
  readonly tenant: TenantId;
  readonly enrolmentId: EnrolmentId;
  readonly learnerSubject: string;
  readonly microCredentialId: MicroCredentialId;
  readonly version: Version;
  readonly status: StatusPlace;
  readonly earnedAt: Instant;
  readonly validUntil?: Instant;
  /** The learner's wish; a credential is public when it is also in a public state. */
  readonly wantsPublic: boolean;
  readonly holderName?: string;
}

/** Which of the issuer's keys signed the forms that stand now; by name, so that a rotation cannot change what signed. */
export interface Signatures {
  /** Key of the embedded proof. */
  readonly proof: string;
  /** Key of the VC-JWT. */
  readonly jwt: string;
}

/** What has been signed at least once. */
interface Issued {
  readonly issuedAt: Instant;
  readonly signedWith: Signatures;
  /** 1 for the first signing; the same badge signed again under another key is the next. */
  readonly edition: number;
}

/** `expired`, `not-yet-valid` and `expiring` are computed at reading, never stored. */
export type Credential = Base &
  (
    | { readonly state: 'preparing' }
    | { readonly state: 'failed'; readonly failure: string }
    | (Issued & { readonly state: 'issued' | 'published' })
    | (Issued & { readonly state: 'suspended' | 'revoked'; readonly reason: StatusReason })
  );

export type CredentialState = Credential['state'];

const illegal = (credential: Credential, event: string): DomainError =>
  new DomainError('credential/illegal-transition', { credentialId: credential.id, state: credential.state, event });

/**
 * Whether there is something to sign under these keys: nothing was signed yet, or other keys did. What is revoked is not
 * signed again, since no signature should say anything else of it.
 */
export const wantsSignature = (credential: Credential, keys: Signatures): boolean => {
  if (credential.state === 'preparing' || credential.state === 'failed') return true;
  if (credential.state === 'revoked') return false;
  return credential.signedWith.proof !== keys.proof || credential.signedWith.jwt !== keys.jwt;
};

/** @returns the same object if these keys signed it already: a repeated event is no news. */
export const signed = (credential: Credential, signedWith: Signatures, at: Instant): Credential => {
  if (!wantsSignature(credential, signedWith)) return credential;
  if (credential.state === 'preparing' || credential.state === 'failed')
    return { ...baseOf(credential), state: 'issued', issuedAt: at, signedWith, edition: 1 };
  return { ...credential, signedWith, edition: credential.edition + 1 };
};

/** Whether a form that stands now was signed by this key. What is revoked bears none that anyone should believe. */
export const bears = (credential: Credential, keyId: string): boolean =>
  'signedWith' in credential && credential.state !== 'revoked' && Object.values(credential.signedWith).includes(keyId);

/** @throws DomainError credential/illegal-transition before the first signing, and for what is revoked */
export const requireReissuable = (credential: Credential): void => {
  if (!('signedWith' in credential) || credential.state === 'revoked') throw illegal(credential, 'Reissue');
};

/** 0 before the first signing. */
export const editionOf = (credential: Credential | undefined): number =>
  credential !== undefined && 'edition' in credential ? credential.edition : 0;

/** A permanent error: the credential says so, and no retry is burnt on it. */
export const failed = (credential: Credential, failure: string): Credential =>
  credential.state === 'preparing' ? { ...baseOf(credential), state: 'failed', failure } : credential;

export const published = (credential: Credential): Credential =>
  credential.state === 'issued' && credential.wantsPublic ? { ...credential, state: 'published' } : credential;

/** The learner shows or hides the public page; hiding a credential on hold does not lift the hold. */
export const withVisibility = (credential: Credential, wantsPublic: boolean): Credential => {
  if (credential.state === 'published' && !wantsPublic) return { ...credential, wantsPublic, state: 'issued' };
  return credential.wantsPublic === wantsPublic ? credential : { ...credential, wantsPublic };
};

/** @throws DomainError credential/illegal-transition unless it is issued or published; suspending twice changes nothing. */
export const suspended = (credential: Credential, reason: StatusReason): Credential => {
  if (credential.state === 'suspended') return credential;
  if (credential.state !== 'issued' && credential.state !== 'published') throw illegal(credential, 'Suspend');
  return { ...baseOf(credential), ...issuedOf(credential), state: 'suspended', reason };
};

/** @throws DomainError credential/illegal-transition unless it is suspended; revocation is for ever. */
export const reinstated = (credential: Credential): Credential => {
  if (credential.state !== 'suspended') throw illegal(credential, 'Reinstate');
  return { ...baseOf(credential), ...issuedOf(credential), state: credential.wantsPublic ? 'published' : 'issued' };
};

/** @throws DomainError credential/illegal-transition before it is issued; revoking twice changes nothing, the first reason stays. */
export const revoked = (credential: Credential, reason: StatusReason): Credential => {
  if (credential.state === 'revoked') return credential;
  if (credential.state === 'preparing' || credential.state === 'failed') throw illegal(credential, 'Revoke');
  return { ...baseOf(credential), ...issuedOf(credential), state: 'revoked', reason };
};

/** Without what belongs to one state only. */
const baseOf = (credential: Credential): Base => {
  const {
    state: _,
    issuedAt: __,
    reason: ___,
    failure: ____,
    signedWith: _____,
    edition: ______,
    ...base
  } = { issuedAt: undefined, reason: undefined, failure: undefined, signedWith: undefined, edition: undefined, ...credential };
  return base;
};

const issuedOf = ({ issuedAt, signedWith, edition }: Issued): Issued => ({ issuedAt, signedWith, edition });

/** Whether the public page and files stand: the learner wishes it, and there is something signed. */
export const isPublic = (credential: Credential): boolean =>
  credential.wantsPublic && credential.state !== 'preparing' && credential.state !== 'failed';
