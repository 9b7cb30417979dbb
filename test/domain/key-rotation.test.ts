import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DomainError } from '#domain/errors.ts';
import type { Issuer, IssuerKey } from '#domain/issuer.ts';
import { activeKey, KEY_USES, keyUse } from '#domain/issuer.ts';
import { activated, announced, compromised, keyNamed, needsSuccessor, pendingKey, retired } from '#domain/key-rotation.ts';
import { anIssuer, anIssuerKey, later, NOW, SIGNED_WITH } from '../factories.ts';

const newKey = (id: string, algorithm: IssuerKey['algorithm'] = 'EdDSA') => ({ id, arn: `arn:${id}`, algorithm, publicKey: '' });
const stateOf = (issuer: Issuer, id: string) => keyNamed(issuer, id).state;
const refusal = (code: string) => expect.objectContaining({ code });

const rotated = announced(anIssuer(), newKey('next'), later(300));

describe('a key that is announced', () => {
  it('is known at once and signs nothing before its time', () => {
    expect(pendingKey(rotated, 'data-integrity')).toEqual({ ...newKey('next'), state: 'pending', signsFrom: later(300) });
    expect(pendingKey(rotated, 'jwt')).toBeUndefined();
    expect(activated(rotated, later(299))).toBe(rotated);
    expect(activeKey(rotated, 'data-integrity').id).toBe(SIGNED_WITH.proof);
  });

  it('takes over when its time has come; the one before verifies what it signed and signs nothing more', () => {
    const after = activated(rotated, later(300));
    expect(activeKey(after, 'data-integrity').id).toBe('next');
    expect(stateOf(after, SIGNED_WITH.proof)).toBe('retiring');
    expect(activeKey(after, 'jwt').id).toBe(SIGNED_WITH.jwt);
  });
});

describe('a key that is retired', () => {
  it('has a successor', () => {
    const after = activated(rotated, later(300));
    const done = retired(after, SIGNED_WITH.proof);
    expect(stateOf(done, SIGNED_WITH.proof)).toBe('retired');
    expect(retired(done, SIGNED_WITH.proof)).toBe(done);
  });

  it.each([SIGNED_WITH.proof, 'next'])('is not one that signs, or that is about to: %s', (id) => {
    expect(() => retired(rotated, id)).toThrow(refusal('issuer/key-in-use'));
  });

  it('is a key of this issuer', () => {
    expect(() => retired(rotated, 'another')).toThrow(refusal('issuer/key-not-found'));
    expect(() => retired(rotated, 'another')).toThrow(DomainError);
  });
});

describe('a key that someone else may have', () => {
  it('is followed at once where it signs', () => {
    expect(needsSuccessor(rotated, SIGNED_WITH.proof)).toBe(true);
    const after = compromised(rotated, SIGNED_WITH.proof, { at: later(10), successor: newKey('emergency') });
    expect(keyNamed(after, SIGNED_WITH.proof)).toMatchObject({ state: 'compromised', compromisedAt: later(10) });
    expect(activeKey(after, 'data-integrity')).toMatchObject({ id: 'emergency', signsFrom: later(10) });
  });

  it('needs no successor where it signs no more', () => {
    const after = activated(rotated, later(300));
    expect(needsSuccessor(after, SIGNED_WITH.proof)).toBe(false);
    const given = compromised(after, SIGNED_WITH.proof, { at: later(400) });
    expect(stateOf(given, SIGNED_WITH.proof)).toBe('compromised');
    expect(activeKey(given, 'data-integrity').id).toBe('next');
  });

  it('stays so, since the first moment counts; and is not retired afterwards', () => {
    const first = compromised(rotated, SIGNED_WITH.proof, { at: later(10), successor: newKey('emergency') });
    expect(compromised(first, SIGNED_WITH.proof, { at: later(20), successor: newKey('another') })).toBe(first);
    expect(retired(first, SIGNED_WITH.proof)).toBe(first);
    expect(() => compromised(first, 'unknown', { at: NOW })).toThrow(refusal('issuer/key-not-found'));
  });
});

type Act = (issuer: Issuer, step: number) => Issuer;

const orSame = (issuer: Issuer, act: () => Issuer): Issuer => {
  try {
    return act();
  } catch (error) {
    if (error instanceof DomainError) return issuer;
    throw error;
  }
};

const ACTS: readonly Act[] = [
  (issuer, step) => announced(issuer, newKey(`e${step}`), later(step * 100 + 150)),
  (issuer, step) => announced(issuer, newKey(`j${step}`, step % 2 === 0 ? 'RS256' : 'ES256'), later(step * 100 + 50)),
  (issuer) => orSame(issuer, () => retired(issuer, issuer.keys[0]?.id ?? '')),
  (issuer, step) => orSame(issuer, () => retired(issuer, issuer.keys[step % issuer.keys.length]?.id ?? '')),
  (issuer, step) => {
    const key = issuer.keys[step % issuer.keys.length] ?? anIssuerKey();
    const successor = needsSuccessor(issuer, key.id) ? newKey(`s${step}`, key.algorithm) : undefined;
    return compromised(issuer, key.id, { at: later(step * 100), successor });
  },
];

const GONE: readonly string[] = ['retired', 'compromised'];

const requireSound = (before: Issuer, after: Issuer): void => {
  for (const use of KEY_USES) expect(after.keys.filter((key) => keyUse(key) === use && key.state === 'active')).toHaveLength(1);
  for (const { id, state } of before.keys) {
    const now = stateOf(after, id);
    if (state === 'compromised') expect(now, id).toBe('compromised');
    if (state === 'retired') expect(GONE, id).toContain(now);
  }
};

describe('whatever is done to the keys', () => {
  it('one key of each use signs, none is forgotten, and none that was given up comes back', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(ACTS.length - 1), { maxLength: 20 }), (acts) => {
        acts.reduce((before, act, step) => {
          const after = activated(ACTS[act]?.(before, step) ?? before, later(step * 100));
          requireSound(before, after);
          return after;
        }, anIssuer());
      }),
    );
  });
});
