/** Refusals over HTTP: the status of each code, and the body of RFC 9457. */
import type { DomainError, ErrorCode, Fault } from '#domain/errors.ts';

/** What HTTP says of each code; a code without a row does not compile. */
const ANSWERS: Readonly<Record<ErrorCode, { readonly status: number; readonly title: string }>> = {
  'request/malformed': { status: 400, title: 'The request is not what this address takes.' },
  'request/too-large': { status: 413, title: 'The body is larger than this address takes.' },
  'request/unsupported-media-type': {
    status: 415,
    title: 'The body is not of a type that this address takes: application/json unless its documentation says otherwise.',
  },
  'request/unknown-route': { status: 404, title: 'There is nothing at this address.' },
  'request/conflict': { status: 409, title: 'Someone else changed this at the same moment. Ask again.' },
  'access/unauthenticated': { status: 401, title: 'Sign in first.' },
  'access/forbidden': { status: 403, title: 'Your role does not allow this.' },
  'access/not-found': { status: 404, title: 'There is no such thing here, or it is not yours to see.' },
  'access/tenant-ambiguous': { status: 400, title: 'You act for several issuers: name one in the header assay-tenant.' },
  'issuer/identifier-changed': { status: 409, title: 'An issuer keeps its identifier, since definitions name it.' },
  'issuer/key-not-found': { status: 404, title: 'The issuer has no such key.' },
  'issuer/key-in-use': { status: 409, title: 'The key signs, or is about to: its successor must take over first.' },
  'issuer/faulty': { status: 422, title: 'Badges cannot tell this profile as it is. Every fault is listed.' },
  'definition/malformed': { status: 422, title: 'The definition is malformed. Every fault is listed.' },
  'definition/faulty': { status: 422, title: 'The definition cannot be published as it is. Every fault is listed.' },
  'definition/already-published': { status: 409, title: 'A published version never changes. Define a new version.' },
  'definition/address-mismatch': { status: 422, title: 'The id and version in the body must be those of the address.' },
  'enrolment/version-closed': { status: 409, title: 'This version is not open to enrolment.' },
  'enrolment/already-open': {
    status: 409,
    title: 'You have an enrolment in this micro-credential already: open, awarded, or ended for good.',
  },
  'enrolment/closed': { status: 409, title: 'This enrolment is closed.' },
  'upload/unknown-component': { status: 422, title: 'This micro-credential has no such component.' },
  'upload/media-type-not-accepted': { status: 422, title: 'This component does not take files of this type.' },
  'upload/too-large': { status: 422, title: 'The file is larger than this component takes.' },
  'upload/empty': { status: 422, title: 'The file is empty.' },
  'upload/too-many-items': { status: 409, title: 'This component has all the files that it takes.' },
  'upload/unknown-companion': { status: 422, title: 'This component declares no such companion file.' },
  'upload/nothing-expected': { status: 409, title: 'Nothing is uploaded for this component; its result comes from elsewhere.' },
  'evidence/not-removable': { status: 409, title: 'This file can no longer be removed.' },
  'submission/illegal-transition': { status: 409, title: 'This submission is not in a state that allows it.' },
  'submission/evidence-missing': { status: 409, title: 'Required evidence is missing.' },
  'submission/evidence-not-ready': { status: 409, title: 'Some files were not uploaded or are still being checked.' },
  'submission/declaration-missing': { status: 422, title: 'A required declaration is missing.' },
  'submission/cooling-off': { status: 409, title: 'The next attempt opens later.' },
  'webhook/unauthenticated': { status: 401, title: 'The signature of this message could not be confirmed.' },
  'webhook/malformed': { status: 400, title: 'The message is not what this address takes. Every fault is listed.' },
  'webhook/not-permitted': { status: 403, title: 'This connection may not speak for that micro-credential or component.' },
  'webhook/idempotency-conflict': { status: 409, title: 'This webhook-id was used before with another body.' },
  'webhook/unknown-connection': { status: 404, title: 'There is no such connection.' },
  'credential/illegal-transition': { status: 409, title: 'The credential is not in a state that allows it.' },
  'verification/no-badge': { status: 400, title: 'There is no badge in this.' },
  'verification/address-refused': { status: 422, title: 'Badges are fetched from public https addresses only.' },
  'verification/address-unreachable': { status: 422, title: 'The address does not answer with a badge.' },
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
  const { status, title } = ANSWERS[error.code];
  const body: Problem = {
    type: `urn:assay:problem:${error.code.replace('/', ':')}`,
    title,
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
