/** Issuer: the organisation that awards, which is also the tenant; and the keys that sign in its name. */
import { DomainError } from './errors.ts';
import type { Instant, TenantId } from './ids.ts';
import type { RegisteredProfile } from './micro-credential/issuer-profile.ts';

/** What a key signs: linked-data proofs, or VC-JWTs. An issuer has one active key for each. */
export const KEY_USES = ['data-integrity', 'jwt'] as const;
export type KeyUse = (typeof KEY_USES)[number];

/** RS256 is what every verifier of Open Badges must know; ES256 is shorter. */
export const JWT_ALGORITHMS = ['RS256', 'ES256'] as const;
export type JwtAlgorithm = (typeof JWT_ALGORITHMS)[number];

export type KeyAlgorithm = 'EdDSA' | JwtAlgorithm;

/**
 * `pending`: published, signs from the instant it names. `active`: signs. `retiring`: signs nothing new, verifies
 * everything old. `retired`: its private half is gone. `compromised`: nothing that it signed is believed any more.
 * The public half stays published for ever.
 */
export interface IssuerKey {
  /** Fragment of its verification method, and its name in the key set: Multikey for EdDSA, JWK thumbprint otherwise. */
  readonly id: string;
  readonly arn: string;
  readonly algorithm: KeyAlgorithm;
  /** SubjectPublicKeyInfo, DER in base64: kept, since KMS does not show the public half of a key that waits for deletion. */
  readonly publicKey: string;
  readonly state: 'pending' | 'active' | 'retiring' | 'retired' | 'compromised';
  /** When it began to sign; of a pending key, when it will. */
  readonly signsFrom: Instant;
  /** Of a compromised key: from then on it is published as revoked. */
  readonly compromisedAt?: Instant;
}

export interface Issuer {
  readonly id: TenantId;
  readonly profile: RegisteredProfile;
  readonly keys: readonly IssuerKey[];
  readonly registeredAt: Instant;
}

export const keyUse = ({ algorithm }: Pick<IssuerKey, 'algorithm'>): KeyUse => (algorithm === 'EdDSA' ? 'data-integrity' : 'jwt');

/** @throws Error if the issuer has no key that may sign: registration gives it one of each. */
export const activeKey = (issuer: Issuer, use: KeyUse): IssuerKey => {
  const key = issuer.keys.find((candidate) => candidate.state === 'active' && keyUse(candidate) === use);
  if (key === undefined) throw new Error(`issuer ${issuer.id} has no active signing key for ${use}`);
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
