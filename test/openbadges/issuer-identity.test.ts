import { describe, expect, it } from 'vitest';
import type { IssuerKey } from '#domain/issuer.ts';
import { identityFiles, issuerDidDocument, jwks, keyIdOf, keyUrl } from '#openbadges/issuer-identity.ts';
import { mergedKeySet } from '#openbadges/key-set.ts';
import { publicKeyOfJwk } from '#openbadges/keys/public-jwk.ts';
import { anIssuer, anIssuerKey, NOW } from '../factories.ts';
import { aKey, DID, ISSUER_URL } from './a-badge.ts';
import { ecKey, rsaKey, spkiOfJwk } from './jwt-keys.ts';

const jwtKeyOf = (algorithm: 'RS256' | 'ES256', over: Partial<IssuerKey> = {}): IssuerKey => {
  const spki = spkiOfJwk(algorithm === 'RS256' ? rsaKey.jwk : ecKey.jwk);
  return anIssuerKey({ id: keyIdOf(algorithm, spki), algorithm, publicKey: spki.toString('base64'), ...over });
};
const proofKey = anIssuerKey({ id: aKey().multikey });
const issuer = anIssuer({ keys: [proofKey, jwtKeyOf('RS256'), jwtKeyOf('ES256', { state: 'pending' })] });
const where = { did: DID, issuerUrl: ISSUER_URL };

describe('the identity of an issuer', () => {
  it('shows every key in the DID document, the set, and at an address of its own', () => {
    const ids = issuer.keys.map(({ id }) => id);
    expect(issuerDidDocument(issuer, where).assertionMethod).toEqual(ids.map((id) => `${DID}#${id}`));
    expect(jwks(ISSUER_URL, issuer.keys).keys.map(({ kid }) => kid)).toEqual(ids.map((id) => keyUrl(ISSUER_URL, id)));
    const files = identityFiles(issuer, where);
    expect(files.map(({ suffix }) => suffix)).toEqual([...ids.map((id) => `/keys/${id}.json`), '/jwks.json', '/did.json']);
    for (const { body } of files.slice(0, 3)) expect(publicKeyOfJwk(body)).toBeDefined();
  });

  it('names a JWT key by the thumbprint of its JWK, whatever else the JWK says', () => {
    // RFC 7638, section 3.1: its example key.
    const n =
      '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw';
    expect(keyIdOf('RS256', spkiOfJwk({ kty: 'RSA', n, e: 'AQAB' }))).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
  });

  it('refuses a key that is none for its algorithm', () => {
    expect(() => keyIdOf('ES256', spkiOfJwk(rsaKey.jwk))).toThrow('the key is for RS256, not for ES256');
    expect(() => keyIdOf('EdDSA', spkiOfJwk(rsaKey.jwk))).toThrow('not an Ed25519 key');
  });

  it('keeps showing that a key was given up, and offers it for nothing', () => {
    const given = { ...issuer, keys: issuer.keys.map((key) => ({ ...key, state: 'compromised' as const, compromisedAt: NOW })) };
    const document = issuerDidDocument(given, where);
    expect(document.assertionMethod).toEqual([]);
    expect(document.verificationMethod.map(({ revoked }) => revoked)).toEqual([NOW, NOW, NOW]);
    expect(jwks(ISSUER_URL, given.keys).keys).toEqual([]);
    const [file] = identityFiles(given, where);
    expect(file?.body).toEqual({ kid: keyUrl(ISSUER_URL, proofKey.id), revoked: NOW });
    expect(publicKeyOfJwk(file?.body)).toBeUndefined();
  });
});

describe('the key set of a deployment', () => {
  const mine = { issuerUrl: ISSUER_URL, keys: jwks(ISSUER_URL, issuer.keys).keys };
  const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const other = { kty: 'RSA', kid: `${ISSUER_URL}-two/keys/1.json` };

  it('holds the keys of each issuer once, and leaves those of the others as they stand', () => {
    const first = mergedKeySet(bytes({ keys: [other, { kty: 'RSA', kid: `${ISSUER_URL}/keys/old.json` }] }), mine);
    expect(first.keys).toEqual([other, ...mine.keys]);
    expect(mergedKeySet(bytes(first), mine)).toEqual(first);
  });

  it.each([undefined, bytes([]), bytes({ keys: 'none' }), bytes({ keys: [1, {}] }), new Uint8Array([0xff])])(
    'begins anew where there is none: %j',
    (standing) => {
      expect(mergedKeySet(standing, mine).keys).toEqual(mine.keys);
    },
  );
});
