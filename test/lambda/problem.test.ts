import { describe, expect, it } from 'vitest';
import { DomainError, ERROR_CODES, type ErrorCode, type Fault } from '#domain/errors.ts';
import { internalProblem, problemOf } from '#lambda/problem.ts';

interface Body {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
}

const bodyOf = (code: ErrorCode): Body => problemOf(new DomainError(code)).body as Body;

/** What each status tells a client to do; a refusal is never our fault, so none is 5xx. */
const STATUSES = [400, 401, 403, 404, 409, 413, 415, 422];

describe('a refusal over HTTP', () => {
  it.each(ERROR_CODES)('%s has a status and a sentence', (code) => {
    const { status, body, headers } = problemOf(new DomainError(code));
    expect(STATUSES).toContain(status);
    expect(body).toEqual({
      type: `urn:assay:problem:${code.replace('/', ':')}`,
      title: expect.stringMatching(/^[A-Z].+\.$/),
      status,
      code,
    });
    expect(headers).toEqual({ 'content-type': 'application/problem+json' });
  });

  it('has a sentence of its own for every code', () => {
    expect(new Set(ERROR_CODES.map((code) => bodyOf(code).title)).size).toBe(ERROR_CODES.length);
  });

  it.each<[number, readonly ErrorCode[]]>([
    [401, ['access/unauthenticated', 'webhook/unauthenticated']],
    [403, ['access/forbidden', 'webhook/not-permitted']],
    [404, ['access/not-found', 'request/unknown-route', 'webhook/unknown-connection']],
    [409, ['webhook/idempotency-conflict', 'submission/illegal-transition', 'request/conflict']],
    [413, ['request/too-large']],
    [415, ['request/unsupported-media-type']],
  ])('is %d for what that status means', (status, codes) => {
    expect(codes.map((code) => bodyOf(code).status)).toEqual(codes.map(() => status));
  });

  it('tells the facts of the case and every fault of the body', () => {
    const faults: readonly Fault[] = [{ pointer: '/name', code: 'required', detail: '"name" is missing.' }];
    const problem = problemOf(new DomainError('request/malformed', { bytes: 7 }, faults));
    expect(problem.body).toMatchObject({ facts: { bytes: 7 }, errors: faults });
  });
});

describe('a crash over HTTP', () => {
  it('says that it happened and how to ask about it, and nothing of why', () => {
    expect(internalProblem('request-1')).toEqual({
      status: 500,
      body: { type: 'about:blank', title: expect.stringContaining('try again'), status: 500, requestId: 'request-1' },
      headers: { 'content-type': 'application/problem+json' },
    });
  });
});

describe('an error of the domain', () => {
  it('is its code, with facts and faults where there are any', () => {
    const error = new DomainError('upload/empty');
    expect([error.name, error.message, error.code, error.facts, error.faults]).toEqual([
      'DomainError',
      'upload/empty',
      'upload/empty',
      {},
      [],
    ]);
    expect(error).toBeInstanceOf(Error);
  });
});
