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
  /** KMS key that signs it: an ARN, never an alias, so that rotation cannot change what signed. */
  readonly keyArn: string;
  readonly verificationMethod: string;
  readonly earnedAt: Instant;
  readonly validUntil?: Instant;
  /** The learner's wish; a credential is public when it is also in a public state. */
  readonly wantsPublic: boolean;
  readonly holderName?: string;
}

/** `expired`, `not-yet-valid` and `expiring` are computed at reading, never stored. */
export type Credential = Base &
  (
    | { readonly state: 'preparing' }
    | { readonly state: 'failed'; readonly failure: string }
    | { readonly state: 'issued' | 'published'; readonly issuedAt: Instant }
    | { readonly state: 'suspended' | 'revoked'; readonly issuedAt: Instant; readonly reason: StatusReason }
  );

export type CredentialState = Credential['state'];

const illegal = (credential: Credential, event: string): DomainError =>
  new DomainError('credential/illegal-transition', { credentialId: credential.id, state: credential.state, event });

/** @returns the same object if it is already signed: a repeated event is no news. */
export const signed = (credential: Credential, at: Instant): Credential =>
  credential.state === 'preparing' || credential.state === 'failed' ? { ...baseOf(credential), state: 'issued', issuedAt: at } : credential;

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
  return { ...baseOf(credential), state: 'suspended', issuedAt: credential.issuedAt, reason };
};

/** @throws DomainError credential/illegal-transition unless it is suspended; revocation is for ever. */
export const reinstated = (credential: Credential): Credential => {
  if (credential.state !== 'suspended') throw illegal(credential, 'Reinstate');
  return { ...baseOf(credential), state: credential.wantsPublic ? 'published' : 'issued', issuedAt: credential.issuedAt };
};

/** @throws DomainError credential/illegal-transition before it is issued; revoking twice changes nothing, the first reason stays. */
export const revoked = (credential: Credential, reason: StatusReason): Credential => {
  if (credential.state === 'revoked') return credential;
  if (credential.state === 'preparing' || credential.state === 'failed') throw illegal(credential, 'Revoke');
  return { ...baseOf(credential), state: 'revoked', issuedAt: credential.issuedAt, reason };
};

/** Without what belongs to one state only. */
const baseOf = (credential: Credential): Base => {
  const {
    state: _,
    issuedAt: __,
    reason: ___,
    failure: ____,
    ...base
  } = { issuedAt: undefined, reason: undefined, failure: undefined, ...credential };
  return base;
};

/** Whether the public page and files stand: the learner wishes it, and there is something signed. */
export const isPublic = (credential: Credential): boolean =>
  credential.wantsPublic && credential.state !== 'preparing' && credential.state !== 'failed';
