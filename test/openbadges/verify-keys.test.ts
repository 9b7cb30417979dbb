import { describe, expect, it } from 'vitest';
import { keyOfMethod } from '#openbadges/keys/controller-document.ts';
import { didKeyDocument } from '#openbadges/keys/did-key.ts';
import { multikeyOfKey, publicKeyOfMultikey } from '#openbadges/keys/multikey.ts';
import { isSameKey, publicKeyOfJwk } from '#openbadges/keys/public-jwk.ts';
import { resolveKey } from '#openbadges/keys/resolve-key.ts';
import { base58btcEncode } from '#openbadges/multibase.ts';
import { jwkOfPem, verifySignature } from '#openbadges/primitives.ts';
import { loaderOf, NOW_MS } from './a-badge.ts';
import { ec, ed25519 } from './signers.ts';

const ISSUER = 'https://issuer.example/profile';
const METHOD = `${ISSUER}#key`;
const terms = { purpose: 'assertionMethod', nowMs: NOW_MS } as const;
const published = (method: object, more: object = {}) => ({
  id: ISSUER,
  verificationMethod: [{ id: METHOD, controller: ISSUER, ...method }],
  assertionMethod: [METHOD],
  ...more,
});

describe('a public key', () => {
  it.each([ed25519(), ec('P-256'), ec('P-384'), ec('P-256', 77), ec('P-384', 78)])(
    'of $kind is the same as Multikey and as JWK',
    ({ key }) => {
      expect(publicKeyOfMultikey(multikeyOfKey(key))).toEqual(key);
      expect(publicKeyOfJwk(key.jwk)).toEqual(key);
      expect(isSameKey(key, ec('P-256', 99).key)).toBe(false);
    },
  );

  it.each([
    ['a point that is not on its curve', base58btcEncode(new Uint8Array([0x80, 0x24, 2, ...new Uint8Array(31), 1]))],
    ['a coordinate that is no number of its field', base58btcEncode(new Uint8Array([0x80, 0x24, 2, ...new Uint8Array(32).fill(255)]))],
    ['a point in another form', base58btcEncode(new Uint8Array([0x80, 0x24, 4, ...new Uint8Array(32)]))],
    ['half a key', 'z6Mk'],
    ['another base', 'uAAAA'],
    ['another kind', 'zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme'],
  ])('is not read from %s', (_, multikey) => expect(publicKeyOfMultikey(multikey)).toBeUndefined());

  const { jwk } = ec('P-256').key;
  it.each([
    ['nothing', undefined],
    ['a shared secret', { kty: 'oct', k: 'AA' }],
    ['an unknown curve', { ...jwk, crv: 'secp256k1' }],
    ['a short coordinate', { ...jwk, x: 'AA' }],
    ['a coordinate that is no text', { ...jwk, y: 7 }],
    ['a key for encryption', { ...jwk, use: 'enc' }],
    ['a key for signing only', { ...jwk, key_ops: ['sign'] }],
    ['a secret key', { ...jwk, d: 'AA' }],
    ['a short RSA key', { kty: 'RSA', n: Buffer.alloc(128, 255).toString('base64url'), e: 'AQAB' }],
    ['an endless RSA key', { kty: 'RSA', n: Buffer.alloc(1025, 255).toString('base64url'), e: 'AQAB' }],
  ])('is not read from %s', (_, value) => expect(publicKeyOfJwk(value)).toBeUndefined());

  it('off its curve verifies nothing, and what is no PEM is no key', async () => {
    const odd = { kind: 'P-256', jwk: { kty: 'EC', crv: 'P-256', x: jwk.y ?? '', y: jwk.x ?? '' } } as const;
    expect(await verifySignature(odd, new Uint8Array(1), new Uint8Array(64))).toBe(false);
    expect(await jwkOfPem('no key')).toBeUndefined();
  });

  it('of RSA or P-521 has no Multikey here', () => {
    expect(() => multikeyOfKey({ kind: 'P-521', jwk: { x: 'AA', y: 'AA' } })).toThrow(RangeError);
  });
});

describe('a controller document', () => {
  const { key, did, verificationMethod } = ed25519();
  const multikey = multikeyOfKey(key);
  it.each([
    ['a Multikey', published({ type: 'Multikey', publicKeyMultibase: multikey })],
    ['an Ed25519VerificationKey2020', published({ type: 'Ed25519VerificationKey2020', publicKeyMultibase: multikey })],
    ['a JsonWebKey', published({ type: 'JsonWebKey', publicKeyJwk: key.jwk })],
    ['a JsonWebKey2020', published({ type: 'JsonWebKey2020', publicKeyJwk: key.jwk })],
    ['a key named relatively', published({ id: '#key', type: 'Multikey', publicKeyMultibase: multikey }, { assertionMethod: ['#key'] })],
    [
      'a key inside its purpose',
      { id: ISSUER, assertionMethod: [{ id: METHOD, controller: ISSUER, type: 'Multikey', publicKeyMultibase: multikey }] },
    ],
  ])('publishes %s', (_, document) => expect(keyOfMethod(document, METHOD, terms)).toEqual({ key }));

  it('does not publish another kind of key under the name of an Ed25519 one', () => {
    const document = published({ type: 'Ed25519VerificationKey2020', publicKeyMultibase: multikeyOfKey(ec('P-256').key) });
    expect(keyOfMethod(document, METHOD, terms)).toMatchObject({ outcome: { code: 'proof/key-not-published' } });
  });

  it('of a did:key is the key itself, for every purpose, and no other method has one here', () => {
    for (const purpose of ['assertionMethod', 'authentication'] as const) {
      expect(keyOfMethod(didKeyDocument(did) ?? {}, verificationMethod, { ...terms, purpose })).toEqual({ key });
    }
    expect(didKeyDocument('did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme')).toBeUndefined();
  });

  const needs = (files: Record<string, unknown>) => ({ ...terms, load: loaderOf(files) });
  it('is found from a method of its own address, which only its controller can vouch for', async () => {
    const address = 'https://issuer.example/keys/1';
    const method = { id: address, type: 'Multikey', controller: ISSUER, publicKeyMultibase: multikey };
    const controller = { id: ISSUER, assertionMethod: [address], verificationMethod: [method] };
    expect(await resolveKey(address, needs({ [address]: method, [ISSUER]: controller }))).toEqual({ controller: ISSUER, finding: { key } });
    expect(await resolveKey(address, needs({ [address]: method, [ISSUER]: { id: ISSUER } }))).toMatchObject({
      finding: { outcome: { code: 'proof/key-not-published' } },
    });
    expect(await resolveKey(address, needs({}))).toMatchObject({ finding: { outcome: { code: 'proof/key-unreachable' } } });
    expect(await resolveKey(address, needs({ [address]: { id: address } }))).toMatchObject({
      controller: address,
      finding: { outcome: { code: 'proof/key-not-published' } },
    });
  });

  it('is not fetched over plain http, except on this machine', async () => {
    const document = published({ type: 'Multikey', publicKeyMultibase: multikey });
    const plain = 'http://issuer.example/profile';
    expect(await resolveKey(`${plain}#key`, needs({ [plain]: { ...document, id: plain } }))).toMatchObject({
      finding: { outcome: { code: 'proof/key-unsupported' } },
    });
    const local = 'http://127.0.0.1:8443/profile';
    const here = {
      id: local,
      assertionMethod: [{ id: `${local}#key`, controller: local, type: 'Multikey', publicKeyMultibase: multikey }],
    };
    expect(await resolveKey(`${local}#key`, needs({ [local]: here }))).toEqual({ controller: local, finding: { key } });
  });
});
