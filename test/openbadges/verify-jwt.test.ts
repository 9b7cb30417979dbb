import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { achievementCredential } from '#openbadges/achievement-credential.ts';
import { bitstring, statusEntry, statusListCredential } from '#openbadges/bitstring-status-list.ts';
import type { JsonObject } from '#openbadges/json-object.ts';
import { multikeyOfKey } from '#openbadges/keys/multikey.ts';
import { publicKeyOfJwk } from '#openbadges/keys/public-jwk.ts';
import { jwkSigner, type KeyKind, toBase64url, utf8 } from '#openbadges/primitives.ts';
import { verifyCredential } from '#openbadges/verify.ts';
import type { VerificationNeeds } from '#openbadges/verify-run.ts';
import { aDefinition, aDidDocument, aFrozenCredential, DID, ISSUER_URL, LIST_URL, loaderOf, NOW_MS } from './a-badge.ts';
import { aBadgeIn, canonize, ec, ONE_STEP } from './signers.ts';

const KEYS = {
  RS256: { kind: 'RSA', pair: generateKeyPairSync('rsa', { modulusLength: 2048 }) },
  ES256: { kind: 'P-256', pair: generateKeyPairSync('ec', { namedCurve: 'P-256' }) },
  ES384: { kind: 'P-384', pair: generateKeyPairSync('ec', { namedCurve: 'P-384' }) },
  ES512: { kind: 'P-521', pair: generateKeyPairSync('ec', { namedCurve: 'P-521' }) },
  EdDSA: { kind: 'Ed25519', pair: generateKeyPairSync('ed25519') },
} as const satisfies Record<string, { kind: KeyKind; pair: unknown }>;

type Algorithm = keyof typeof KEYS;
const ALGORITHMS: readonly Algorithm[] = ['RS256', 'ES256', 'ES384', 'ES512', 'EdDSA'];

const jwkOf = (alg: Algorithm) => KEYS[alg].pair.publicKey.export({ format: 'jwk' });
const KID = `${ISSUER_URL}/keys/1.json`;
const DID_URL = `${ISSUER_URL}/did.json`;

const { credentialStatus: _, ...plain } = achievementCredential(aFrozenCredential({}, aDefinition('data-communicator')));
const credential: JsonObject = JSON.parse(JSON.stringify(plain));
const subject = Object(credential.credentialSubject);
const seconds = (date: unknown) => Math.floor(Date.parse(String(date)) / 1000);
const claims = { iss: DID, jti: credential.id, sub: subject.id, nbf: seconds(credential.validFrom), exp: seconds(credential.validUntil) };
const payload = { ...credential, ...claims };

const segment = (value: unknown) => toBase64url(utf8(JSON.stringify(value)));

const jwt = async (body: object, header: object = {}, alg: Algorithm = 'ES256') => {
  const text = `${segment({ alg, kid: KID, typ: 'JWT', ...header })}.${segment(body)}`;
  const { d, ...rest } = KEYS[alg].pair.privateKey.export({ format: 'jwk' });
  const secret = Object.fromEntries(Object.entries({ ...rest, d }).map(([name, value]) => [name, String(value)]));
  return `${text}.${toBase64url(await jwkSigner(KEYS[alg].kind, secret)(utf8(text)))}`;
};

const files = (alg: Algorithm = 'ES256') => ({ [KID]: { ...jwkOf(alg), kid: KID, alg }, [DID_URL]: aDidDocument() });

const findings = async (text: unknown, published: Record<string, unknown> = files(), needs: Partial<VerificationNeeds> = {}) => {
  const { verdict, checks } = await verifyCredential(text, { canonize, load: loaderOf(published), nowMs: NOW_MS, ...needs });
  return [verdict, ...checks.flatMap((check) => (check.state === 'passed' ? [] : [check.code]))];
};

describe('a badge as a VC-JWT', () => {
  it.each(ALGORITHMS)('is valid under %s, its key served at the address in the header', async (alg) => {
    expect(await findings(await jwt(payload, {}, alg), files(alg))).toEqual(['valid']);
  });

  it('is valid with the credential under `vc`, whose gaps the claims fill', async () => {
    expect(await findings(await jwt({ vc: credential, ...claims }))).toEqual(['valid']);
    const { id, issuer, validFrom, validUntil, credentialSubject, ...rest } = credential;
    const { id: __, ...nameless } = subject;
    expect(await findings(await jwt({ vc: { ...rest, issuer, credentialSubject: nameless }, ...claims }))).toEqual(['valid']);
  });

  it('is valid in the older data model, whose dates the claims also hold', async () => {
    const { '@context': contexts, validFrom, validUntil, ...rest } = credential;
    const older = { ...rest, '@context': ['https://www.w3.org/2018/credentials/v1', ...Object(contexts).slice(1)] };
    expect(await findings(await jwt({ vc: older, ...claims }))).toEqual(['valid']);
    expect(await findings(await jwt({ vc: { ...older, issuanceDate: validFrom, expirationDate: validUntil }, ...claims }))).toEqual([
      'valid',
    ]);
    expect(await findings(await jwt({ vc: older, ...claims }), files(), { nowMs: Date.parse('2031-01-01T00:00:00Z') })).toEqual([
      'not-valid',
      'validity/expired',
    ]);
    expect(await findings(await jwt({ vc: older, ...claims, nbf: 'once' }))).toEqual(['not-valid', 'schema/malformed']);
  });

  it('ends when its claims say so if it says nothing itself', async () => {
    const endless = { ...payload, validUntil: undefined };
    expect(await findings(await jwt({ ...endless, exp: NOW_MS / 1000 - 1 }))).toEqual(['not-valid', 'proof/expired']);
    expect(await findings(await jwt({ ...endless, exp: NOW_MS / 1000 + 1 }))).toEqual(['valid']);
  });

  it('is valid as VC-JOSE-COSE has it, with nothing but the credential inside', async () => {
    expect(await findings(await jwt(credential, { typ: 'vc+jwt', cty: 'vc' }))).toEqual(['valid']);
    const enveloped = { '@context': 'https://www.w3.org/ns/credentials/v2', type: 'EnvelopedVerifiableCredential' };
    const text = await jwt(credential, { typ: 'application/vc+jwt' });
    expect(await findings({ ...enveloped, id: `data:application/vc+jwt,${text}` })).toEqual(['valid']);
    expect(await findings({ ...enveloped, id: 'data:application/vc+sd-jwt,x' })).toEqual(['could-not-check', 'proof/unsupported']);
    expect(await findings({ ...enveloped, id: 'https://example.org/' })).toEqual(['not-valid', 'schema/malformed']);
  });

  it('counts an embedded proof as well', async () => {
    const identity = ec('P-256');
    const own = ONE_STEP.find(({ name }) => name === 'ecdsa-rdfc-2019 (P-256)');
    const badge = own && (await aBadgeIn(own));
    const kid = identity.verificationMethod;
    const text = `${segment({ alg: 'ES256', kid })}.${segment({ ...badge, ...claims, iss: identity.did })}`;
    expect(await findings(`${text}.${toBase64url(await identity.signer(utf8(text)))}`, {})).toEqual(['valid']);
    const changed = `${segment({ alg: 'ES256', kid })}.${segment({ ...badge, ...claims, iss: identity.did, name: 'Another' })}`;
    expect(await findings(`${changed}.${toBase64url(await identity.signer(utf8(changed)))}`, {})).toEqual([
      'not-valid',
      'proof/not-genuine',
    ]);
  });

  it('may have its status in a list that is a VC-JWT itself', async () => {
    const place = { list: LIST_URL, index: 7, purpose: 'revocation' } as const;
    const listed = await jwt({ ...payload, credentialStatus: statusEntry(place) });
    const listOf = async (raised: readonly number[], issuer = DID) => {
      const facts = { id: LIST_URL, issuer, purpose: 'revocation', bytes: bitstring(raised), validFrom: '2026-11-23T12:31:00Z' } as const;
      return { ...files(), [LIST_URL]: await jwt(statusListCredential(facts), { typ: 'vc+jwt' }) };
    };
    expect(await findings(listed, await listOf([8]))).toEqual(['valid']);
    expect(await findings(listed, await listOf([7]))).toEqual(['not-valid', 'status/revoked']);
    expect(await findings(listed, await listOf([8], 'did:web:other.example'))).toEqual(['could-not-check', 'status/list-not-genuine']);
    expect(await findings(listed)).toEqual(['could-not-check', 'status/unreachable']);
  });

  it('may hold endorsements as VC-JWTs, which no context of Open Badges has a term for', async () => {
    const endorser = ec('P-256', 17);
    const { '@context': contexts, validFrom } = credential;
    const about = { id: subject.achievement.id, type: ['EndorsementSubject'] };
    const type = ['VerifiableCredential', 'EndorsementCredential'];
    const body = {
      '@context': contexts,
      id: 'urn:uuid:5',
      type,
      issuer: { id: endorser.did, type: ['Profile'] },
      validFrom,
      credentialSubject: about,
    };
    const text = `${segment({ alg: 'ES256', kid: endorser.verificationMethod, typ: 'vc+jwt' })}.${segment(body)}`;
    const endorsement = `${text}.${toBase64url(await endorser.signer(utf8(text)))}`;
    const endorsed = (endorsementJwt: readonly string[]) => ({
      ...payload,
      credentialSubject: { ...subject, achievement: { ...subject.achievement, endorsementJwt } },
    });
    expect(await findings(await jwt(endorsed([endorsement])))).toEqual(['valid']);
    expect(await findings(await jwt(endorsed([`${endorsement.slice(0, -4)}AAAA`])))).toEqual(['not-valid', 'endorsements/not-valid']);
    expect(await findings(await jwt(endorsed(['a.b.c'])))).toEqual(['not-valid', 'endorsements/not-valid']);
  });

  it.each([
    ['another issuer', { iss: 'did:web:other.example' }],
    ['another id', { jti: 'urn:uuid:1' }],
    ['another subject', { sub: 'urn:uuid:1' }],
    ['another begin', { nbf: 1 }],
    ['another end', { exp: 9_999_999_999 }],
    ['no begin', { nbf: undefined }],
    ['no id', { jti: undefined }],
  ])('is not valid if its claims tell of %s', async (_title, changes) => {
    expect(await findings(await jwt({ ...payload, ...changes }))).toEqual(['not-valid', 'issuer/not-confirmed', 'proof/claims-differ']);
  });

  it.each([
    ['a header that is not allowed', payload, { x5u: 'https://example.org/' }],
    ['another type', payload, { typ: 'bad+typ' }],
    ['a type that is no text', payload, { typ: 7 }],
    ['another content type', credential, { typ: 'vc+jwt', cty: 'jpeg' }],
    ['both forms at once', { ...credential, vc: {} }, { typ: 'vc+jwt' }],
    ['a name of a key that is no text', payload, { kid: 7 }],
    ['a key that shows its secret', payload, { jwk: KEYS.ES256.pair.privateKey.export({ format: 'jwk' }) }],
    ['neither key nor name of one', payload, { kid: undefined }],
  ])('is not valid with %s', async (_title, body, header) => {
    expect(await findings(await jwt(body, header))).toEqual(['not-valid', expect.stringContaining('issuer/'), 'proof/malformed']);
  });

  it.each([{ alg: 'none' }, { alg: 'HS256' }, { alg: 7 }])('with %j is beyond us', async (header) => {
    expect(await findings(await jwt(payload, header))).toEqual(['could-not-check', 'issuer/not-confirmed', 'proof/unsupported']);
  });

  it('is beyond us if it asks for what changes the meaning of a signature', async () => {
    const odd = await jwt(credential, { typ: 'vc+jwt', alg: 'ES256', crit: ['b64'], b64: false });
    expect(await findings(odd)).toEqual(['not-valid', 'issuer/not-confirmed', 'proof/malformed']);
  });

  it('is not valid if the key is of another kind, or the signature another’s', async () => {
    const text = await jwt(payload);
    expect(await findings(text, files('ES384'))).toEqual(['not-valid', 'proof/wrong-key']);
    const [head, body] = text.split('.');
    expect(await findings(`${head}.${body}.${'A'.repeat(86)}`)).toEqual(['not-valid', 'proof/not-genuine']);
    expect(await findings(`${head}.${segment({ ...payload, name: 'Another' })}.${text.split('.')[2]}`)).toEqual([
      'not-valid',
      'proof/not-genuine',
    ]);
  });

  it.each(['', 'a.b', 'a.b.c', `${segment([])}.${segment({})}.AA`, 'x'.repeat(2_000_001)])('is not %.20s', async (text) => {
    expect(await findings(text)).toEqual(['not-valid', 'schema/malformed']);
  });

  it('has times of its own, which may be narrower than the badge’s', async () => {
    const early = await jwt({ ...credential, nbf: NOW_MS / 1000 + 1 }, { typ: 'vc+jwt' });
    expect(await findings(early)).toEqual(['not-valid', 'proof/not-yet']);
    const late = await jwt({ ...credential, exp: NOW_MS / 1000 }, { typ: 'vc+jwt' });
    expect(await findings(late)).toEqual(['not-valid', 'proof/expired']);
  });
});

describe('the key of a VC-JWT is the issuer’s', () => {
  const method = (id: string) => ({ id, type: 'JsonWebKey', controller: DID, publicKeyJwk: { ...jwkOf('ES256'), kid: 'thumbprint' } });
  const listed = { ...aDidDocument(), verificationMethod: [method(`${DID}#key-1`)], assertionMethod: [`${DID}#key-1`] };

  it.each([`${DID}#key-1`, 'key-1', '#key-1', 'thumbprint'])('if the header names it %s and the DID document lists it', async (kid) => {
    expect(await findings(await jwt(payload, { kid }), { [DID_URL]: listed })).toEqual(['valid']);
  });

  it('if it came along and the DID document lists it', async () => {
    const text = await jwt(payload, { kid: undefined, jwk: jwkOf('ES256') });
    expect(await findings(text, { [DID_URL]: listed })).toEqual(['valid']);
    expect(await findings(text, { [DID_URL]: aDidDocument() })).toEqual(['not-valid', 'issuer/not-the-key-holder']);
    expect(await findings(text, {})).toEqual(['could-not-check', 'issuer/unreachable']);
    expect(await findings(text, {}, { issuerBinding: 'not-required' })).toEqual(['valid']);
  });

  it('if it lies in a set beneath the issuer’s own address', async () => {
    const set = {
      keys: [
        { ...jwkOf('ES384'), kid: 'other' },
        { ...jwkOf('ES256'), kid: 'mine' },
      ],
    };
    expect(await findings(await jwt(payload, { kid: `${ISSUER_URL}/jwks.json#mine` }), { [`${ISSUER_URL}/jwks.json`]: set })).toEqual([
      'valid',
    ]);
    expect(await findings(await jwt(payload, { kid: `${ISSUER_URL}/jwks.json#none` }), { [`${ISSUER_URL}/jwks.json`]: set })).toEqual([
      'not-valid',
      'issuer/not-confirmed',
      'proof/key-not-published',
    ]);
  });

  it('is not, if it came along with the name of another', async () => {
    const text = await jwt(payload, { jwk: jwkOf('ES256') });
    expect(
      await findings(text, { ...files(), [KID]: generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }) }),
    ).toEqual(['not-valid', 'issuer/not-confirmed', 'proof/wrong-key']);
    expect(await findings(text)).toEqual(['valid']);
  });

  it('is not confirmed, if it lies elsewhere on the issuer’s host, where others may have put it', async () => {
    for (const kid of ['https://assay.example/i/other/key.json', `${ISSUER_URL}/../other/key.json`, `${ISSUER_URL}-other/key.json`]) {
      const published = { [kid]: jwkOf('ES256'), [DID_URL]: aDidDocument() };
      expect(await findings(await jwt(payload, { kid }), published)).toEqual(['could-not-check', 'issuer/not-confirmed']);
    }
  });

  it('is not, if it lies on another host, or is someone’s did:key', async () => {
    const kid = 'https://other.example/key.json';
    const published = { [kid]: jwkOf('ES256'), [DID_URL]: aDidDocument() };
    expect(await findings(await jwt(payload, { kid }), published)).toEqual(['not-valid', 'issuer/not-the-key-holder']);
    const key = publicKeyOfJwk(jwkOf('ES256'));
    const multikey = key === undefined ? '' : multikeyOfKey(key);
    expect(await findings(await jwt(payload, { kid: `did:key:${multikey}#${multikey}` }), published)).toEqual([
      'not-valid',
      'issuer/not-the-key-holder',
    ]);
  });

  it('cannot be known, if nothing answers', async () => {
    expect(await findings(await jwt(payload), {})).toEqual(['could-not-check', 'issuer/not-confirmed', 'proof/key-unreachable']);
    expect(await findings(await jwt(payload, { kid: 'key-1' }), {})).toEqual([
      'could-not-check',
      'issuer/unreachable',
      'proof/key-unreachable',
    ]);
    expect(await findings(await jwt(payload, { kid: 'key-9' }), { [DID_URL]: listed })).toEqual(['not-valid', 'proof/key-not-published']);
    expect(await findings(await jwt(payload, { kid: 'key-1' }), { [DID_URL]: { ...listed, id: 'did:web:other.example' } })).toEqual([
      'not-valid',
      'issuer/not-the-key-holder',
      'proof/key-not-published',
    ]);
    const foreign = await jwt({ ...payload, iss: 'did:example:1', issuer: { id: 'did:example:1', type: ['Profile'] } }, { kid: 'key-1' });
    expect(await findings(foreign, {})).toEqual(['could-not-check', 'issuer/unsupported', 'proof/key-unsupported']);
  });
});
