import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bears,
  type Credential,
  type CredentialState,
  editionOf,
  failed,
  isPublic,
  published,
  reinstated,
  requireReissuable,
  revoked,
  signed,
  suspended,
  withVisibility,
} from '#domain/credential.ts';
import { DomainError } from '#domain/errors.ts';
import { aCredential, aReason, later, SIGNED_WITH } from '../factories.ts';

const STATES = ['preparing', 'failed', 'issued', 'published', 'suspended', 'revoked'] as const satisfies readonly CredentialState[];
const REFUSED = 'credential/illegal-transition';

const ACTS = {
  sign: (credential) => signed(credential, SIGNED_WITH, later(60)),
  'sign under another key': (credential) => signed(credential, { ...SIGNED_WITH, proof: 'z6Mk2' }, later(60)),
  fail: (credential) => failed(credential, 'DisabledException'),
  publish: published,
  show: (credential) => withVisibility(credential, true),
  hide: (credential) => withVisibility(credential, false),
  suspend: (credential) => suspended(credential, aReason({ internalReason: 'suspended', at: later(60) })),
  reinstate: reinstated,
  revoke: (credential) => revoked(credential, aReason({ internalReason: 'revoked', at: later(60) })),
} satisfies Record<string, (credential: Credential) => Credential>;
type Act = keyof typeof ACTS;

const outcomeOf = (act: Act, credential: Credential): string => {
  try {
    return ACTS[act](credential).state;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
};

type Row = readonly [act: Act, wantsPublic: boolean, outcomes: readonly string[]];

/** What each act makes of a credential in each state, in the order of STATES; the learner's wish is as it was before the act. */
const TABLE: readonly Row[] = [
  ['sign', true, ['issued', 'issued', 'issued', 'published', 'suspended', 'revoked']],
  ['sign under another key', true, ['issued', 'issued', 'issued', 'published', 'suspended', 'revoked']],
  ['fail', true, ['failed', 'failed', 'issued', 'published', 'suspended', 'revoked']],
  ['publish', true, ['preparing', 'failed', 'published', 'published', 'suspended', 'revoked']],
  ['publish', false, ['preparing', 'failed', 'issued', 'published', 'suspended', 'revoked']],
  ['show', false, ['preparing', 'failed', 'issued', 'published', 'suspended', 'revoked']],
  ['hide', true, ['preparing', 'failed', 'issued', 'issued', 'suspended', 'revoked']],
  ['suspend', true, [REFUSED, REFUSED, 'suspended', 'suspended', 'suspended', REFUSED]],
  ['reinstate', true, [REFUSED, REFUSED, REFUSED, REFUSED, 'published', REFUSED]],
  ['reinstate', false, [REFUSED, REFUSED, REFUSED, REFUSED, 'issued', REFUSED]],
  ['revoke', true, [REFUSED, REFUSED, 'revoked', 'revoked', 'revoked', 'revoked']],
];

describe('a credential', () => {
  it.each(TABLE)('by "%s" (wish to be public: %s) moves only as its life allows', (act, wantsPublic, outcomes) => {
    expect(STATES.map((state) => outcomeOf(act, aCredential(state, { wantsPublic })))).toEqual(outcomes);
  });

  it('says which change was refused in which state', () => {
    expect(() => ACTS.reinstate(aCredential('revoked'))).toThrow(
      expect.objectContaining({ code: REFUSED, facts: { credentialId: aCredential().id, state: 'revoked', event: 'Reinstate' } }),
    );
  });

  it.each<[Act, CredentialState]>([
    ['sign', 'issued'],
    ['sign', 'revoked'],
    ['fail', 'issued'],
    ['fail', 'failed'],
    ['publish', 'published'],
    ['show', 'published'],
    ['suspend', 'suspended'],
    ['revoke', 'revoked'],
  ])('asked to "%s" again while %s stays the very same, its first reason included', (act, state) => {
    const credential = aCredential(state);
    expect(ACTS[act](credential)).toBe(credential);
  });

  it('signed again under another key is the next edition of the same badge, in every standing but revoked', () => {
    const again = ACTS['sign under another key'];
    for (const state of ['issued', 'published', 'suspended'] as const) {
      const before = aCredential(state);
      expect(again(before)).toEqual({ ...before, signedWith: { ...SIGNED_WITH, proof: 'z6Mk2' }, edition: 2 });
      expect([bears(before, 'z6Mk'), bears(again(before), 'z6Mk'), bears(again(before), SIGNED_WITH.jwt)]).toEqual([true, false, true]);
    }
    const revokedBefore = aCredential('revoked');
    expect(again(revokedBefore)).toBe(revokedBefore);
    expect(bears(revokedBefore, 'z6Mk')).toBe(false);
    expect(['preparing', 'issued'].map((state) => editionOf(aCredential(state as CredentialState)))).toEqual([0, 1]);
    expect(() => requireReissuable(aCredential('preparing'))).toThrow(REFUSED);
    expect(() => requireReissuable(revokedBefore)).toThrow(REFUSED);
    expect(requireReissuable(aCredential('suspended'))).toBeUndefined();
  });

  it('keeps what it says through its whole life', () => {
    const start = aCredential('preparing', { validUntil: later(1000), holderName: 'Maya Okafor' });
    const { state: _, ...says } = start;
    const path = [start];
    for (const act of ['fail', 'sign', 'publish', 'suspend', 'reinstate', 'suspend', 'revoke'] as const)
      path.push(ACTS[act](path.at(-1) ?? start));
    expect(path.map(({ state }) => state)).toEqual([
      'preparing',
      'failed',
      'issued',
      'published',
      'suspended',
      'published',
      'suspended',
      'revoked',
    ]);
    for (const credential of path) expect(credential).toMatchObject(says);
    expect(path[2]).not.toHaveProperty('failure');
    expect(path[5]).not.toHaveProperty('reason');
    expect(path[7]).toMatchObject({ issuedAt: later(60), reason: { internalReason: 'revoked' } });
  });

  it('leaves out what it never had', () => {
    expect(ACTS.sign(aCredential('preparing'))).not.toHaveProperty('validUntil');
    expect(ACTS.sign(aCredential('preparing'))).not.toHaveProperty('holderName');
  });

  it('stays revoked whatever is asked before and after it, with the first reason', () => {
    const acts = fc.array(fc.constantFrom(...(Object.keys(ACTS) as Act[])), { maxLength: 10 });
    const lived = (credential: Credential, asked: readonly Act[]): Credential =>
      asked.reduce((one, act) => (outcomeOf(act, one) === REFUSED ? one : ACTS[act](one)), credential);
    fc.assert(
      fc.property(fc.constantFrom(...STATES), acts, acts, (from, before, after) => {
        const revokedOnce = lived(aCredential(from), [...before, 'sign', 'revoke']);
        const { state, ...rest } = lived(revokedOnce, after);
        expect([revokedOnce.state, state]).toEqual(['revoked', 'revoked']);
        expect({ ...rest, wantsPublic: revokedOnce.wantsPublic, state }).toEqual(revokedOnce);
      }),
      { numRuns: 500 },
    );
  });

  it('is public once it is signed, as long as its holder wishes; on hold or revoked it says so in public', () => {
    expect(STATES.map((state) => isPublic(aCredential(state)))).toEqual([false, false, true, true, true, true]);
    expect(STATES.map((state) => isPublic(aCredential(state, { wantsPublic: false })))).toEqual(STATES.map(() => false));
  });

  it('is hidden and shown by its holder, and hiding does not lift a hold', () => {
    expect(ACTS.hide(aCredential('suspended'))).toEqual({ ...aCredential('suspended'), wantsPublic: false });
    expect(ACTS.show(aCredential('issued', { wantsPublic: false }))).toEqual(aCredential('issued'));
    expect(ACTS.reinstate(ACTS.hide(aCredential('suspended'))).state).toBe('issued');
  });
});
