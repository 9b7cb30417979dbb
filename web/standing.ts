/** Whether a credential may be relied on at an instant, as its public page says it. */
import type { Credential, PublicReason } from '#domain/credential.ts';

export type Standing =
  | { readonly state: 'valid'; readonly until: string | undefined }
  | { readonly state: 'expired'; readonly on: string }
  | { readonly state: 'not-yet-valid'; readonly from: string }
  | { readonly state: 'suspended'; readonly since: string }
  | { readonly state: 'revoked'; readonly on: string; readonly reason: PublicReason };

/** What the issuer did outweighs what the calendar says: a withdrawn badge does not become merely expired. */
export const standingOf = (
  credential: Credential,
  validity: { readonly validFrom: string; readonly validUntil?: string },
  now: string,
): Standing => {
  if (credential.state === 'revoked') return { state: 'revoked', on: credential.reason.at, reason: credential.reason.publicReason };
  if (credential.state === 'suspended') return { state: 'suspended', since: credential.reason.at };
  const { validFrom, validUntil } = validity;
  if (Date.parse(validFrom) > Date.parse(now)) return { state: 'not-yet-valid', from: validFrom };
  if (validUntil !== undefined && Date.parse(validUntil) < Date.parse(now)) return { state: 'expired', on: validUntil };
  return { state: 'valid', until: validUntil };
};
