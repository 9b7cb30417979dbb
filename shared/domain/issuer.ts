/** Issuer: the organisation that awards, which is also the tenant; and the keys that sign in its name. */
import { DomainError } from './errors.ts';
import type { Instant, TenantId } from './ids.ts';
import type { RegisteredProfile } from './micro-credential/issuer-profile.ts';

/** `active`: signs. `retiring`: signs nothing new, verifies everything old. The public half stays published for ever. */
export interface IssuerKey {
  readonly arn: string;
  /** Multikey form of the public half, `z6Mk…`; also the fragment of its verification method. */
  readonly publicKeyMultibase: string;
  readonly state: 'active' | 'retiring' | 'compromised';
  readonly activatedAt: Instant;
}

export interface Issuer {
  readonly id: TenantId;
  readonly profile: RegisteredProfile;
  readonly keys: readonly IssuerKey[];
  readonly registeredAt: Instant;
}

/** @throws Error if the issuer has no key that may sign: registration gives it one. */
export const activeKey = (issuer: Issuer): IssuerKey => {
  const key = issuer.keys.find(({ state }) => state === 'active');
  if (key === undefined) throw new Error(`issuer ${issuer.id} has no active signing key`);
  return key;
};

/**
 * The issuer with a new profile. Its identifier is what definitions name it by, so that stays.
 * @throws DomainError issuer/identifier-changed
 */
export const withProfile = (issuer: Issuer, profile: RegisteredProfile): Issuer => {
  if (issuer.profile.id !== profile.id) throw new DomainError('issuer/identifier-changed', { was: issuer.profile.id, asked: profile.id });
  return { ...issuer, profile };
};
