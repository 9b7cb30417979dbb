import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { compactVerify, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { achievementCredential } from '#openbadges/achievement-credential.ts';
import { rawSignatureOfDer, signingJwkOfSpki } from '#openbadges/jwt-key.ts';
import { jwtClaims, signedJwt } from '#openbadges/jwt-proof.ts';
import { aDefinition, aFrozenCredential, BASE, DID, ISSUED_AT, ISSUER_URL, NOW_MS } from './a-badge.ts';
import { ecKey, rsaKey, spkiOf } from './jwt-keys.ts';

const badge = achievementCredential(aFrozenCredential());
const KEYS = [
  ['RS256', rsaKey],
  ['ES256', ecKey],
] as const;

describe('a badge as a VC-JWT', () => {
  it.each(KEYS)('with %s is accepted by an independent library, with the key that its kid answers', async (alg, key) => {
    const jwt = await signedJwt(badge, key);
    const { payload, protectedHeader } = await jwtVerify(jwt, await importJWK(key.jwk, alg), {
      algorithms: [alg],
      issuer: DID,
      subject: badge.credentialSubject.id,
      typ: 'JWT',
      currentDate: new Date(NOW_MS),
    });
    expect(protectedHeader).toEqual({ alg, kid: key.jwk.kid, typ: 'JWT' });
    expect(payload).toEqual({ ...JSON.parse(JSON.stringify(badge)), ...jwtClaims(badge) });
  });

  it.each(KEYS)('with %s is refused once any one character of it is changed', async (alg, key) => {
    const jwt = await signedJwt(achievementCredential(aFrozenCredential({}, aDefinition('data-communicator'))), key);
    const publicKey = await importJWK(key.jwk, alg);
    const places = [...Array(60).keys()].map((step) => Math.floor((step * (jwt.length - 2)) / 60));
    for (const place of places.filter((at) => jwt.charAt(at) !== '.')) {
      const changed = `${jwt.slice(0, place)}${jwt.charAt(place) === 'A' ? 'B' : 'A'}${jwt.slice(place + 1)}`;
      await expect(compactVerify(changed, publicKey)).rejects.toThrow();
    }
  });

  it('makes claims that equal its own values, to the second', () => {
    expect(jwtClaims(badge)).toEqual({
      iss: DID,
      jti: `${BASE}/c/0123456789abcdefghjkmnpqrs`,
      sub: 'urn:uuid:2f9d5a52-65b0-4a5c-9d0a-0f5f3b0f6a11',
      nbf: Date.parse(ISSUED_AT) / 1000,
      exp: Date.parse('2029-11-22T12:31:00Z') / 1000,
    });
    const lasting = achievementCredential(aFrozenCredential({ validUntil: undefined, validFrom: '2026-11-23T12:31:00.999Z' }));
    expect(jwtClaims(lasting)).toMatchObject({ nbf: Date.parse(ISSUED_AT) / 1000 });
    expect(jwtClaims(lasting)).not.toHaveProperty('exp');
  });

  it('is not made from a date that is none', () => {
    expect(() => jwtClaims({ ...badge, validFrom: '23 November 2026' })).toThrow(RangeError);
  });

  it('is the same text at every try with RS256, so that a repeated step publishes the same bytes', async () => {
    expect(await signedJwt(badge, rsaKey)).toBe(await signedJwt(badge, rsaKey));
  });

  it.each(KEYS)('with %s is not handed out if another key signed than the header names', async (_, { jwk }) => {
    const other =
      jwk.alg === 'RS256' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const signing = { jwk, sign: async (digest: Uint8Array) => sign('sha256', digest, other.privateKey) };
    await expect(signedJwt(badge, signing)).rejects.toThrow('not genuine');
  });

  it('names its algorithm and key in a header that any reader sees', async () => {
    expect(decodeProtectedHeader(await signedJwt(badge, rsaKey)).kid).toBe(`${ISSUER_URL}/keys/rsa-1.json`);
  });
});

describe('a key of a VC-JWT', () => {
  it('is RSA of 2048 bits or more, or P-256, and nothing else', () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    const wide = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
    const edwards = generateKeyPairSync('ed25519').privateKey;
    for (const key of [weak, wide, edwards]) expect(() => signingJwkOfSpki(spkiOf(key), 'https://a.example/k')).toThrow(RangeError);
    expect(rsaKey.jwk).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig', e: 'AQAB' });
    expect(ecKey.jwk).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' });
  });
});

describe('a P-256 signature', () => {
  const integer = (bytes: Uint8Array): Buffer => {
    const digits = Buffer.from(bytes).subarray(
      Math.max(
        0,
        bytes.findIndex((byte) => byte !== 0),
      ),
    );
    const signed = (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits;
    return Buffer.concat([Buffer.of(0x02, signed.length), signed]);
  };
  const derOf = (r: Uint8Array, s: Uint8Array): Buffer => {
    const body = Buffer.concat([integer(r), integer(s)]);
    return Buffer.concat([Buffer.of(0x30, body.length), body]);
  };

  it('keeps its two numbers whatever their size, in 32 bytes each', () => {
    const number = fc.uint8Array({ minLength: 32, maxLength: 32 }).filter((bytes) => bytes.some((byte) => byte !== 0));
    fc.assert(
      fc.property(number, number, fc.nat(31), (r, s, zeros) => {
        const small = Uint8Array.from(s, (byte, place) => (place < zeros ? 0 : Math.max(byte, 1)));
        expect(Buffer.from(rawSignatureOfDer(derOf(r, small)))).toEqual(Buffer.concat([r, small]));
      }),
    );
  });

  const one = Buffer.of(1);
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['another kind of value', Buffer.of(0x31, 6, 2, 1, 1, 2, 1, 1)],
    ['a length that lies', Buffer.of(0x30, 7, 2, 1, 1, 2, 1, 1)],
    ['one number only', Buffer.of(0x30, 3, 2, 1, 1)],
    ['bytes after the end', Buffer.concat([Buffer.of(0x30, 8), derOf(one, one).subarray(2), Buffer.of(5, 0)])],
    ['no integer', Buffer.of(0x30, 6, 4, 1, 1, 2, 1, 1)],
    ['an integer of no bytes', Buffer.of(0x30, 5, 2, 0, 2, 1, 1)],
    ['an integer cut short', Buffer.of(0x30, 6, 2, 1, 1, 2, 9, 1)],
    ['a negative number', Buffer.of(0x30, 6, 2, 1, 0x80, 2, 1, 1)],
    ['a zero', Buffer.of(0x30, 6, 2, 1, 0, 2, 1, 1)],
    ['a zero too many', Buffer.of(0x30, 7, 2, 2, 0, 1, 2, 1, 1)],
    ['a number of 33 bytes', derOf(Buffer.alloc(33, 0x7f), one)],
  ])('is not read from %s', (_, der) => {
    expect(() => rawSignatureOfDer(der)).toThrow(RangeError);
  });
});
