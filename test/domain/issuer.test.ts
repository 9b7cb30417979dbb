import { describe, expect, it } from 'vitest';
import { activeKey, type IssuerKey, withProfile } from '#domain/issuer.ts';
import { IssuerProfile, RegisteredProfile } from '#domain/micro-credential/issuer-profile.ts';
import { anIssuer, NOW } from '../factories.ts';

const key = (state: IssuerKey['state']): IssuerKey => ({ arn: `arn:${state}`, publicKeyMultibase: 'z6Mk', state, activatedAt: NOW });

describe('an issuer', () => {
  it('signs with its active key, wherever that stands among the old ones', () => {
    expect(activeKey(anIssuer({ keys: [key('retiring'), key('compromised'), key('active')] }))).toEqual(key('active'));
  });

  it.each([[[]], [[key('retiring')]], [[key('compromised'), key('retiring')]]])('without an active key signs nothing: %j', (keys) => {
    expect(() => activeKey(anIssuer({ keys }))).toThrow('has no active signing key');
  });

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
