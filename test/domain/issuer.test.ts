import { describe, expect, it } from 'vitest';
import { activeKey, type IssuerKey, withProfile } from '#domain/issuer.ts';
import { anIssuer, anIssuerKey } from '../factories.ts';

const key = (state: IssuerKey['state'], algorithm: IssuerKey['algorithm'] = 'EdDSA'): IssuerKey => anIssuerKey({ state, algorithm });

describe('an issuer', () => {
  it('signs with its active key for that use, wherever it stands among the old ones', () => {
    const issuer = anIssuer({ keys: [key('retiring'), key('compromised'), key('active', 'ES256'), key('active'), key('pending')] });
    expect(activeKey(issuer, 'data-integrity')).toEqual(key('active'));
    expect(activeKey(issuer, 'jwt')).toEqual(key('active', 'ES256'));
  });

  it.each([[[]], [[key('retiring')]], [[key('compromised'), key('retired'), key('pending')]], [[key('active', 'RS256')]]])(
    'without an active key for linked data signs none: %j',
    (keys) => {
      expect(() => activeKey(anIssuer({ keys }), 'data-integrity')).toThrow('has no active signing key for data-integrity');
    },
  );

  it('may change its profile, not its identifier', () => {
    const issuer = anIssuer();
    const renamed = { ...issuer.profile, name: 'Harbour Learning' };
    expect(withProfile(issuer, renamed)).toEqual({ ...issuer, profile: renamed });
    expect(() => withProfile(issuer, { ...renamed, id: 'harbour' })).toThrow(
      expect.objectContaining({ code: 'issuer/identifier-changed', facts: { was: issuer.profile.id, asked: 'harbour' } }),
    );
  });
});
