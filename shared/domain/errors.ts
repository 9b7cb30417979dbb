/** What a caller can do wrong. HTTP knows the status of each code (shared/lambda/problem.ts); the domain does not. */

/** Every refusal by a stable code; the first part says what it is about. */
export const ERROR_CODES = [
  'request/malformed',
  'request/too-large',
  'request/unsupported-media-type',
  'request/unknown-route',
  'request/conflict',
  'access/unauthenticated',
  'access/forbidden',
  'access/not-found',
  'access/tenant-ambiguous',
  'issuer/identifier-changed',
  'issuer/key-not-found',
  'issuer/key-in-use',
  'issuer/faulty',
  'definition/malformed',
  'definition/faulty',
  'definition/already-published',
  'definition/address-mismatch',
  'enrolment/version-closed',
  'enrolment/already-open',
  'enrolment/closed',
  'upload/unknown-component',
  'upload/media-type-not-accepted',
  'upload/too-large',
  'upload/empty',
  'upload/too-many-items',
  'upload/unknown-companion',
  'upload/nothing-expected',
  'evidence/not-removable',
  'submission/illegal-transition',
  'submission/evidence-missing',
  'submission/evidence-not-ready',
  'submission/declaration-missing',
  'submission/cooling-off',
  'webhook/unauthenticated',
  'webhook/malformed',
  'webhook/not-permitted',
  'webhook/idempotency-conflict',
  'webhook/unknown-connection',
  'credential/illegal-transition',
  'verification/no-badge',
  'verification/address-refused',
  'verification/address-unreachable',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** One thing wrong with a body: where (RFC 6901 JSON pointer), a stable code, and a sentence for the person who mends it. */
export interface Fault {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** A refusal: its code, the facts of the case, and the faults of the body if it is about one. Nothing was stored. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly faults: readonly Fault[];

  constructor(code: ErrorCode, facts: Readonly<Record<string, unknown>> = {}, faults: readonly Fault[] = []) {
    super(code);
    this.name = 'DomainError';
    this.code = code;
    this.facts = facts;
    this.faults = faults;
  }
}
