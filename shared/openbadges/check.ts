/** The answer of a verification: a list of checks and one verdict. "Could not check" is never a pass. */

export type CheckName =
  | 'schema'
  | 'issuer'
  | 'holder'
  | 'proof'
  | 'refresh'
  | 'status'
  | 'validity'
  | 'recipient'
  | 'endorsements'
  | 'related-resources'
  | 'credentials';

/** What is wrong with the document itself. */
export const FAILURE_CODES = [
  'schema/malformed',
  'schema/too-large',
  'issuer/not-the-key-holder',
  'issuer/other-origin',
  'holder/not-the-key-holder',
  'proof/missing',
  'proof/malformed',
  'proof/not-genuine',
  'proof/expired',
  'proof/not-yet',
  'proof/key-not-published',
  'proof/key-not-for-this',
  'proof/key-revoked',
  'proof/key-expired',
  'proof/wrong-key',
  'proof/wrong-purpose',
  'proof/wrong-challenge',
  'proof/wrong-domain',
  'proof/broken-chain',
  'proof/unsigned-content',
  'proof/hidden-statements',
  'proof/claims-differ',
  'proof/not-as-hosted',
  'status/malformed',
  'status/revoked',
  'status/suspended',
  'status/raised',
  'validity/not-yet',
  'validity/expired',
  'recipient/different',
  'endorsements/not-valid',
  'endorsements/about-another',
  'related-resources/different',
  'credentials/not-valid',
] as const;

export type FailureCode = (typeof FAILURE_CODES)[number];

/** What kept a check from being made; nothing follows about the document. */
export const OBSTACLE_CODES = [
  'issuer/unsupported',
  'issuer/unreachable',
  'issuer/not-confirmed',
  'holder/not-confirmed',
  'proof/unsupported',
  'proof/key-unsupported',
  'proof/key-unreachable',
  'proof/unknown-context',
  'proof/too-complex',
  'proof/hosted-unreachable',
  'refresh/unsupported',
  'refresh/unreachable',
  'refresh/not-genuine',
  'status/unsupported',
  'status/unreachable',
  'status/proof-needed',
  'status/list-not-genuine',
  'status/message',
  'endorsements/not-checked',
  'endorsements/too-many',
  'related-resources/unreachable',
  'related-resources/unsupported',
  'credentials/not-checked',
] as const;

export type ObstacleCode = (typeof OBSTACLE_CODES)[number];

export type Outcome =
  | { readonly state: 'passed' }
  | { readonly state: 'failed'; readonly code: FailureCode }
  | { readonly state: 'not-checked'; readonly code: ObstacleCode };

export type Check = { readonly name: CheckName } & Outcome;

export type Verdict = 'valid' | 'not-valid' | 'could-not-check';

export const PASSED: Outcome = { state: 'passed' };
export const failed = (code: FailureCode): Outcome => ({ state: 'failed', code });
export const notChecked = (code: ObstacleCode): Outcome => ({ state: 'not-checked', code });
export const named = (name: CheckName, outcome: Outcome): Check => ({ name, ...outcome });

/** The first failure, else the first that could not be made, else passed: one failure outweighs any obstacle. */
export const worstOf = (outcomes: readonly Outcome[]): Outcome =>
  outcomes.find(({ state }) => state === 'failed') ?? outcomes.find(({ state }) => state === 'not-checked') ?? PASSED;

/**
 * One failed check outweighs any that could not be made. A refresh that could not be made weighs nothing: the standard
 * then goes on with the badge as it was given.
 * @see https://www.imsglobal.org/spec/ob/v3p0/#verification step 3
 */
export const verdictOf = (checks: readonly (Outcome & { readonly name?: CheckName })[]): Verdict => {
  const { state } = worstOf(checks.filter((check) => check.name !== 'refresh' || check.state === 'failed'));
  switch (state) {
    case 'passed':
      return 'valid';
    case 'failed':
      return 'not-valid';
    case 'not-checked':
      return 'could-not-check';
  }
};
