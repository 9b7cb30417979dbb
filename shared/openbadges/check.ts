/** The answer of a verification: a list of checks and one verdict. "Could not check" is never a pass. */

export type CheckName =
  | 'schema'
  | 'issuer'
  | 'proof'
  | 'refresh'
  | 'status'
  | 'validity'
  | 'recipient'
  | 'endorsements'
  | 'related-resources';

/** What is wrong with the credential itself. */
export type FailureCode =
  | 'schema/malformed'
  | 'issuer/not-the-key-holder'
  | 'proof/missing'
  | 'proof/malformed'
  | 'proof/not-genuine'
  | 'proof/expired'
  | 'proof/key-not-published'
  | 'proof/unsigned-content'
  | 'status/malformed'
  | 'status/revoked'
  | 'status/suspended'
  | 'validity/not-yet'
  | 'validity/expired'
  | 'recipient/different';

/** What kept a check from being made; nothing follows about the credential. */
export type ObstacleCode =
  | 'issuer/unsupported'
  | 'issuer/unreachable'
  | 'proof/unsupported'
  | 'proof/unknown-context'
  | 'proof/too-complex'
  | 'refresh/unsupported'
  | 'status/unsupported'
  | 'status/unreachable'
  | 'status/proof-needed'
  | 'status/list-not-genuine'
  | 'endorsements/unsupported'
  | 'related-resources/unsupported';

export type Outcome =
  | { readonly state: 'passed' }
  | { readonly state: 'failed'; readonly code: FailureCode }
  | { readonly state: 'not-checked'; readonly code: ObstacleCode };

export type Check = { readonly name: CheckName } & Outcome;

export type Verdict = 'valid' | 'not-valid' | 'could-not-check';

export const PASSED: Outcome = { state: 'passed' };
export const failed = (code: FailureCode): Outcome => ({ state: 'failed', code });
export const notChecked = (code: ObstacleCode): Outcome => ({ state: 'not-checked', code });

/** One failed check outweighs any that could not be made. */
export const verdictOf = (checks: readonly Outcome[]): Verdict => {
  if (checks.some(({ state }) => state === 'failed')) return 'not-valid';
  return checks.some(({ state }) => state === 'not-checked') ? 'could-not-check' : 'valid';
};
