import { describe, expect, it } from 'vitest';
import { profileDocument, profileOf } from '#openbadges/profile.ts';
import { emailIdentifier, identityHash, isAbout } from '#openbadges/recipient.ts';
import { issuer } from './a-badge.ts';

const SALT = 'a salt of sixteen';

describe('a recipient', () => {
  it('is hashed as the specification’s example is', () => {
    expect(identityHash('a@example.com', 'Kosher')).toBe('sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399');
  });

  it('is known by the address in any usual spelling, and by no other', () => {
    const identifier = emailIdentifier(' Ada.Learner@Example.ORG ', SALT);
    expect(JSON.stringify(identifier)).not.toMatch(/ada/i);
    expect(isAbout(identifier, 'ada.learner@example.org')).toBe(true);
    expect(isAbout(identifier, 'ADA.LEARNER@EXAMPLE.ORG')).toBe(true);
    expect(isAbout(identifier, 'ada@example.org')).toBe(false);
  });

  it('of another issuer is known too, whether it hashed the address as it was typed, in capitals or without salt', () => {
    expect(isAbout({ identityHash: identityHash('Ada@Example.org', 'x'), salt: 'x' }, 'Ada@Example.org')).toBe(true);
    expect(isAbout({ identityHash: identityHash('ada@example.org', 'x').toUpperCase(), salt: 'x' }, 'Ada@Example.org')).toBe(true);
    expect(isAbout({ identityHash: identityHash('ada@example.org', '') }, 'ada@example.org')).toBe(true);
  });

  it('is hashed differently for every badge, and never without a salt', () => {
    expect(emailIdentifier('a@example.org', SALT).identityHash).not.toBe(emailIdentifier('a@example.org', `${SALT}!`).identityHash);
    expect(() => emailIdentifier('a@example.org', '')).toThrow(RangeError);
    expect(() => emailIdentifier('a@example.org', 'fifteen letters')).toThrow(RangeError);
  });
});

describe('an issuer profile', () => {
  it('says what is known and leaves out the rest', () => {
    expect(profileOf({ did: 'did:web:a.example', name: 'A' })).toEqual({ id: 'did:web:a.example', type: ['Profile'], name: 'A' });
    expect(
      Object.keys(profileOf({ did: 'did:web:a.example', name: 'A', url: undefined, image: { id: 'https://a.example/x.png' } })),
    ).toEqual(['id', 'type', 'name', 'image']);
  });

  it('stands alone with its contexts', () => {
    expect(profileDocument(issuer)).toMatchObject({
      '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
      id: issuer.did,
      image: { type: 'Image', caption: 'A lighthouse' },
      address: { type: ['Address'], addressCountryCode: 'IE' },
    });
  });
});
