import { describe, expect, it } from 'vitest';
import { DomainError } from '#domain/errors.ts';
import { type Caller, callerOf, type Role, tenantOf } from '#lambda/caller.ts';

const ALL: readonly Role[] = ['operator', 'programme', 'assessor', 'learner'];

interface Asked {
  readonly groups?: unknown;
  readonly claims?: object;
  readonly allowed?: readonly Role[];
  readonly wanted?: string;
}

const asked = ({ groups = '[harbour:programme]', claims = {}, allowed = ALL, wanted }: Asked): Caller =>
  callerOf({ sub: 'dana', groups, ...claims }, allowed, wanted);

const outcomeOf = (one: Asked): string => {
  try {
    const { role, tenant } = asked(one);
    return tenant === undefined ? role : `${tenant}:${role}`;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
};

const LONG = 'a'.repeat(61);

describe('a caller', () => {
  it('is who the token says, in the role and tenant of one group', () => {
    expect(asked({ claims: { name: 'Dana Whelan', email: 'dana@harbour.example' } })).toEqual({
      subject: 'dana',
      role: 'programme',
      roles: ['programme'],
      tenant: 'harbour',
      name: 'Dana Whelan',
      email: 'dana@harbour.example',
    });
    expect(asked({})).toEqual({ subject: 'dana', role: 'programme', roles: ['programme'], tenant: 'harbour' });
  });

  it('holds every role of the route that the token gives for the tenant', () => {
    const both = asked({ claims: { 'cognito:groups': '[harbour:learner harbour:programme harbour:assessor other:programme2]' } });
    expect(both).toMatchObject({ role: 'programme', roles: expect.arrayContaining(['programme']) });
  });

  it('is not bound to an address that the provider says is unproven', () => {
    expect(asked({ claims: { email: 'dana@harbour.example', email_verified: 'false' } })).not.toHaveProperty('email');
    expect(asked({ claims: { email: 'dana@harbour.example', email_verified: 'true' } })).toHaveProperty('email', 'dana@harbour.example');
  });

  it.each<[unknown, string]>([
    ['[harbour:programme]', 'harbour:programme'],
    ['[staff harbour:learner everyone]', 'harbour:learner'],
    ['harbour:assessor', 'harbour:assessor'],
    ['x,operator', 'access/forbidden'],
    ['x operator', 'access/forbidden'],
    ['"operator"', 'access/forbidden'],
    [['x,operator', 'a\u00a0operator', '"operator"'], 'access/forbidden'],
    ['[a\u00a0operator x,operator]', 'access/forbidden'],
    ['["staff","harbour:learner"]', 'harbour:learner'],
    ['["staff", "harbour:learner"]', 'harbour:learner'],
    [['staff', 'harbour:learner'], 'harbour:learner'],
    ['[operator]', 'operator'],
    [['operator'], 'operator'],
    ['', 'access/forbidden'],
    ['[]', 'access/forbidden'],
    [[], 'access/forbidden'],
    ['[operators]', 'access/forbidden'],
    ['[Operator]', 'access/forbidden'],
    ['[harbour:operator]', 'access/forbidden'],
    ['[harbour:owner]', 'access/forbidden'],
    ['[harbour:programme:x]', 'access/forbidden'],
    ['[:programme]', 'access/forbidden'],
    ['[a:programme]', 'access/forbidden'],
    [`[${LONG}:programme]`, 'access/forbidden'],
    ['[Harbour:programme]', 'access/forbidden'],
    [[['harbour:programme']], 'access/unauthenticated'],
    [7, 'access/unauthenticated'],
  ])('in the groups %j is %s', (groups, outcome) => {
    expect(outcomeOf({ groups })).toBe(outcome);
  });

  it('holds the groups of both claims together', () => {
    const claims = { 'cognito:groups': '[harbour:assessor]' };
    expect(outcomeOf({ groups: '[harbour:learner]', claims })).toBe('harbour:assessor');
    expect(outcomeOf({ claims: { ...claims, groups: undefined } })).toBe('harbour:assessor');
  });

  it('keeps a membership of ours beside groups that no tenant of ours could have', () => {
    expect(outcomeOf({ groups: `[a:learner ${LONG}:learner harbour:learner]` })).toBe('harbour:learner');
  });

  it.each<[readonly Role[], string]>([
    [['learner'], 'harbour:learner'],
    [['assessor', 'learner'], 'harbour:assessor'],
    [['learner', 'assessor'], 'harbour:learner'],
    [['programme'], 'access/forbidden'],
    [[], 'access/forbidden'],
  ])('where the route allows %j acts as %s: the first of its roles that they hold', (allowed, outcome) => {
    expect(outcomeOf({ groups: '[harbour:learner harbour:assessor]', allowed })).toBe(outcome);
  });

  it.each<[string | undefined, readonly Role[], string]>([
    [undefined, ALL, 'access/tenant-ambiguous'],
    [undefined, ['assessor'], 'northvale:assessor'],
    ['harbour', ALL, 'harbour:programme'],
    ['northvale', ALL, 'northvale:programme'],
    ['northvale', ['assessor'], 'northvale:assessor'],
    ['harbour', ['assessor'], 'access/forbidden'],
    ['lindqvist', ALL, 'access/forbidden'],
    ['', ALL, 'access/forbidden'],
  ])('of two issuers who asks for %j, where %j may, is %s', (wanted, allowed, outcome) => {
    const groups = '[harbour:programme northvale:programme northvale:assessor]';
    expect(outcomeOf({ groups, allowed, ...(wanted === undefined ? {} : { wanted }) })).toBe(outcome);
  });

  it('hears which issuers to choose from', () => {
    expect(() => asked({ groups: '[harbour:learner northvale:learner]' })).toThrow(
      expect.objectContaining({ code: 'access/tenant-ambiguous', facts: { tenants: ['harbour', 'northvale'] } }),
    );
  });

  it('who runs the deployment does so whatever tenant is named, and has none', () => {
    expect(outcomeOf({ groups: '[operator]', wanted: 'harbour' })).toBe('operator');
    expect(outcomeOf({ groups: '[operator harbour:programme]', allowed: ['programme'] })).toBe('harbour:programme');
    expect(() => tenantOf(asked({ groups: '[operator]' }))).toThrow('access/forbidden');
    expect(tenantOf(asked({}))).toBe('harbour');
  });

  it.each<[string, unknown]>([
    ['no token', undefined],
    ['a token without a subject', { groups: '[operator]' }],
    ['an empty subject', { sub: '', groups: '[operator]' }],
    ['text instead of claims', 'operator'],
  ])('is nobody with %s', (_why, claims) => {
    expect(() => callerOf(claims, ALL, undefined)).toThrow('access/unauthenticated');
  });

  it.each([{ email: 'dana' }, { email: '' }, { name: 'x'.repeat(201) }, { name: '\u0000' }])(
    'is heard without a name or address that is none: %o',
    (claims) => {
      const caller = callerOf({ sub: 'dana', groups: '[operator]', ...claims }, ALL, undefined);
      expect(caller).not.toHaveProperty('email');
      expect(caller).not.toHaveProperty('name');
    },
  );

  it('may have an e-mail address in any alphabet', () => {
    expect(asked({ claims: { email: 'jörg@übung.example' } }).email).toBe('jörg@übung.example');
  });
});
