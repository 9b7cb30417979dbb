import { describe, expect, it } from 'vitest';
import { activeKey, type IssuerKey, withProfile } from '#domain/issuer.ts';
import { IssuerProfile, RegisteredProfile } from '#domain/micro-credential/issuer-profile.ts';
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

  it.each(['#0b5c73', '#0B5C73'])('may register a colour for its badges: %s', (brandColour) => {
    expect(RegisteredProfile.parse({ ...anIssuer().profile, brandColour })).toMatchObject({ brandColour });
  });

  it.each(['teal', '#fff', '#0b5c7', '0b5c73', '#0b5c73ff', '#0b5c73;fill:red', '', null])(
    'registers no colour that is none: %j',
    (brandColour) => {
      expect(RegisteredProfile.safeParse({ ...anIssuer().profile, brandColour }).success).toBe(false);
    },
  );

  it('has its colour from its registration alone: a definition that names one is refused', () => {
    expect(IssuerProfile.safeParse({ ...anIssuer().profile, brandColour: '#0b5c73' }).success).toBe(false);
  });
});
