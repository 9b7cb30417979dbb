/** Refusals over HTTP: the status of each code, and the body of RFC 9457. */
import type { DomainError, ErrorCode, Fault } from '#domain/errors.ts';

/** A code without a status does not compile. */
const STATUS: Readonly<Record<ErrorCode, number>> = {
  'request/malformed': 400,
  'request/too-large': 413,
  'request/unsupported-media-type': 415,
  'request/unknown-route': 404,
  'request/conflict': 409,
  'access/unauthenticated': 401,
  'access/forbidden': 403,
  'access/not-found': 404,
  'access/tenant-ambiguous': 400,
  'issuer/identifier-changed': 409,
  'definition/malformed': 422,
  'definition/faulty': 422,
  'definition/already-published': 409,
  'definition/address-mismatch': 422,
  'enrolment/version-closed': 409,
  'enrolment/already-open': 409,
  'enrolment/closed': 409,
  'upload/unknown-component': 422,
  'upload/media-type-not-accepted': 422,
  'upload/too-large': 422,
  'upload/empty': 422,
  'upload/too-many-items': 409,
  'upload/unknown-companion': 422,
  'upload/nothing-expected': 409,
  'evidence/not-removable': 409,
  'submission/illegal-transition': 409,
  'submission/evidence-missing': 409,
  'submission/evidence-not-ready': 409,
  'submission/declaration-missing': 422,
  'submission/cooling-off': 409,
  'webhook/unauthenticated': 401,
  'webhook/malformed': 400,
  'webhook/not-permitted': 403,
  'webhook/idempotency-conflict': 409,
  'webhook/unknown-connection': 404,
  'credential/illegal-transition': 409,
  'verification/no-badge': 400,
  'verification/address-refused': 422,
  'verification/address-unreachable': 422,
};

const TITLE: Readonly<Record<ErrorCode, string>> = {
  'request/malformed': 'The request is not what this address takes.',
  'request/too-large': 'The body is larger than this address takes.',
  'request/unsupported-media-type':
    'The body is not of a type that this address takes: application/json unless its documentation says otherwise.',
  'request/unknown-route': 'There is nothing at this address.',
  'request/conflict': 'Someone else changed this at the same moment. Ask again.',
  'access/unauthenticated': 'Sign in first.',
  'access/forbidden': 'Your role does not allow this.',
  'access/not-found': 'There is no such thing here, or it is not yours to see.',
  'access/tenant-ambiguous': 'You act for several issuers: name one in the header assay-tenant.',
  'issuer/identifier-changed': 'An issuer keeps its identifier, since definitions name it.',
  'definition/malformed': 'The definition is malformed. Every fault is listed.',
  'definition/faulty': 'The definition cannot be published as it is. Every fault is listed.',
  'definition/already-published': 'A published version never changes. Define a new version.',
  'definition/address-mismatch': 'The id and version in the body must be those of the address.',
  'enrolment/version-closed': 'This version is not open to enrolment.',
  'enrolment/already-open': 'You have an enrolment in this micro-credential already: open, awarded, or ended for good.',
  'enrolment/closed': 'This enrolment is closed.',
  'upload/unknown-component': 'This micro-credential has no such component.',
  'upload/media-type-not-accepted': 'This component does not take files of this type.',
  'upload/too-large': 'The file is larger than this component takes.',
  'upload/empty': 'The file is empty.',
  'upload/too-many-items': 'This component has all the files that it takes.',
  'upload/unknown-companion': 'This component declares no such companion file.',
  'upload/nothing-expected': 'Nothing is uploaded for this component; its result comes from elsewhere.',
  'evidence/not-removable': 'This file can no longer be removed.',
  'submission/illegal-transition': 'This submission is not in a state that allows it.',
  'submission/evidence-missing': 'Required evidence is missing.',
  'submission/evidence-not-ready': 'Some files were not uploaded or are still being checked.',
  'submission/declaration-missing': 'A required declaration is missing.',
  'submission/cooling-off': 'The next attempt opens later.',
  'webhook/unauthenticated': 'The signature of this message could not be confirmed.',
  'webhook/malformed': 'The message is not what this address takes. Every fault is listed.',
  'webhook/not-permitted': 'This connection may not speak for that micro-credential or component.',
  'webhook/idempotency-conflict': 'This webhook-id was used before with another body.',
  'webhook/unknown-connection': 'There is no such connection.',
  'credential/illegal-transition': 'The credential is not in a state that allows it.',
  'verification/no-badge': 'There is no badge in this.',
  'verification/address-refused': 'Badges are fetched from public https addresses only.',
  'verification/address-unreachable': 'The address does not answer with a badge.',
};

export interface HttpResult {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly errors?: readonly Fault[];
}

/** The answer to a refusal. `facts` are the domain's own, never a message from below. */
export const problemOf = (error: DomainError): HttpResult => {
  const status = STATUS[error.code];
  const body: Problem = {
    type: `urn:assay:problem:${error.code.replace('/', ':')}`,
    title: TITLE[error.code],
    status,
    code: error.code,
    ...(Object.keys(error.facts).length === 0 ? {} : { facts: error.facts }),
    ...(error.faults.length === 0 ? {} : { errors: error.faults }),
  };
  return { status, body, headers: { 'content-type': 'application/problem+json' } };
};

/** The answer to a crash: that it happened, and nothing of why. */
export const internalProblem = (requestId: string): HttpResult => ({
  status: 500,
  body: { type: 'about:blank', title: 'Something went wrong on our side. Nothing was lost; try again.', status: 500, requestId },
  headers: { 'content-type': 'application/problem+json' },
});
