import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { didDocument, didWebOf, multikeyMethod, verificationMethodId } from '#openbadges/did-web.ts';
import { jwkOf, keyObjectOf, multikeyOf, multikeyOfSpki, rawKeyOf } from '#openbadges/ed25519-key.ts';
import { didWebDocumentUrl } from '#openbadges/keys/did-web-url.ts';
import { aKey } from './a-badge.ts';

describe('an issuer’s did:web', () => {
  it.each([
    ['https://assay.example', 'did:web:assay.example', 'https://assay.example/.well-known/did.json'],
    ['https://assay.example/', 'did:web:assay.example', 'https://assay.example/.well-known/did.json'],
    ['https://assay.example/i/harbour', 'did:web:assay.example:i:harbour', 'https://assay.example/i/harbour/did.json'],
    ['https://127.0.0.1:8443/i/harbour', 'did:web:127.0.0.1%3A8443:i:harbour', 'https://127.0.0.1:8443/i/harbour/did.json'],
    ['http://127.0.0.1:8080', 'did:web:127.0.0.1%3A8080', 'https://127.0.0.1:8080/.well-known/did.json'],
    ['https://assay.example/a%20b/c:d', 'did:web:assay.example:a%20b:c%3Ad', 'https://assay.example/a%20b/c%3Ad/did.json'],
  ])('for %s is %s, which is resolved at %s', (base, did, document) => {
    expect(didWebOf(base)).toBe(did);
    expect(didWebDocumentUrl(did)).toBe(document);
  });

  it.each(['https://assay.example/?x=1', 'https://assay.example/#x', 'https://user@assay.example/'])('cannot be made from %s', (base) => {
    expect(() => didWebOf(base)).toThrow(RangeError);
  });

  it.each([
    '',
    'did:web:',
    'did:key:z6Mk',
    'https://assay.example',
    'did:web:a/b',
    'did:web:a?b',
    'did:web:a::b',
    'did:web:a:b#c',
    'did:web:user@a',
    'did:web:a%2Fb',
    'did:web:a%3Ab',
    'did:web:a b',
  ])('is not what %j is', (text) => {
    expect(didWebDocumentUrl(text)).toBeUndefined();
  });
});

describe('a DID document', () => {
  const old = aKey(1).multikey;
  const young = aKey(2).multikey;
  const document = didDocument({ did: 'did:web:a.example', keys: [old, young].map(multikeyMethod), profileUrl: 'https://a.example/i' });

  it('publishes every key that ever signed, for assertions and authentication', () => {
    expect(document.verificationMethod).toEqual(
      [old, young].map((key) => ({
        id: `did:web:a.example#${key}`,
        type: 'Multikey',
        controller: 'did:web:a.example',
        publicKeyMultibase: key,
      })),
    );
    expect(document.assertionMethod).toEqual([
      verificationMethodId('did:web:a.example', old),
      verificationMethodId('did:web:a.example', young),
    ]);
    expect(document.authentication).toEqual(document.assertionMethod);
  });

  it('leads to the profile', () => {
    expect(document.service).toEqual([
      { id: 'did:web:a.example#profile', type: 'OpenBadgesProfile', serviceEndpoint: 'https://a.example/i' },
    ]);
  });

  it('keeps a key that was given up, with the instant, and lets it be used for nothing', () => {
    const keys = [{ ...multikeyMethod(old), revoked: '2026-11-23T12:00:00Z' }, multikeyMethod(young)];
    const given = didDocument({ did: 'did:web:a.example', keys, profileUrl: 'https://a.example/i' });
    expect(given.verificationMethod[0]).toMatchObject({ publicKeyMultibase: old, revoked: '2026-11-23T12:00:00Z' });
    expect(given.assertionMethod).toEqual([verificationMethodId('did:web:a.example', young)]);
    expect(given.authentication).toEqual(given.assertionMethod);
  });
});

describe('an Ed25519 key', () => {
  it('is the Multikey of the W3C vectors', () => {
    const multikey = 'z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2';
    expect(multikeyOf(rawKeyOf(multikey) ?? new Uint8Array())).toBe(multikey);
  });

  it('is the same key in every form', async () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const multikey = multikeyOfSpki(publicKey.export({ format: 'der', type: 'spki' }));
    const { x } = jwkOf(multikey, 'https://a.example/key');
    expect(publicKey.export({ format: 'jwk' }).x).toBe(x);
    const { signer, multikey: own } = aKey();
    const message = Buffer.from('message');
    expect(verify(null, message, keyObjectOf(rawKeyOf(own) ?? new Uint8Array()), await signer(message))).toBe(true);
    expect(createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }).asymmetricKeyType).toBe('ed25519');
  });

  it('is not what another kind of key is', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(() => multikeyOfSpki(publicKey.export({ format: 'der', type: 'spki' }))).toThrow('not an Ed25519 key');
    const x25519 = generateKeyPairSync('x25519').publicKey.export({ format: 'der', type: 'spki' });
    expect(() => multikeyOfSpki(x25519)).toThrow('not an Ed25519 key');
    expect(() => multikeyOf(new Uint8Array(31))).toThrow(RangeError);
    expect(() => jwkOf('zDnaegE6RR3atJtHKwTRTWHsJ3kNHqFwv7n9YjTgmU7TyfU76', 'x')).toThrow(RangeError);
    expect(rawKeyOf('zDnaegE6RR3atJtHKwTRTWHsJ3kNHqFwv7n9YjTgmU7TyfU76')).toBeUndefined();
    expect(rawKeyOf('no multibase')).toBeUndefined();
  });
});
