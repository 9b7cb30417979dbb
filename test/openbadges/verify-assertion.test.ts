import { generateKeyPairSync, hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { jwkSigner, toBase64url, utf8 } from '#openbadges/primitives.ts';
import { verifyBadge } from '#openbadges/verify-badge.ts';
import type { VerificationNeeds } from '#openbadges/verify-run.ts';
import { canonize, loaderOf, NOW_MS } from './a-badge.ts';
import { badge as newer } from './verified.ts';

const SITE = 'https://issuer.example';
const context = 'https://w3id.org/openbadges/v2';
const issuer = { '@context': context, type: 'Issuer', id: `${SITE}/issuer`, name: 'An Issuer', url: SITE, email: 'a@issuer.example' };
const badge = {
  '@context': context,
  type: 'BadgeClass',
  id: `${SITE}/badge`,
  name: 'A Badge',
  issuer: issuer.id,
  criteria: { narrative: 'Do it.' },
};
const assertion = {
  '@context': context,
  type: 'Assertion',
  id: `${SITE}/assertions/1`,
  recipient: { type: 'email', hashed: true, salt: 'deadsea', identity: `sha256$${hash('sha256', 'learner@example.orgdeadsea')}` },
  badge: badge.id,
  verification: { type: 'HostedBadge' },
  issuedOn: '2026-10-01T12:00:00+00:00',
  expires: '2027-10-01T12:00:00Z',
};
const files: Record<string, unknown> = { [issuer.id]: issuer, [badge.id]: badge, [assertion.id]: assertion };

const verified = (submitted: unknown, published: object = {}, needs: Partial<VerificationNeeds> = {}) =>
  verifyBadge(submitted, { canonize, load: loaderOf({ ...files, ...published }), nowMs: NOW_MS, ...needs });

const findings = async (...[submitted, published, needs]: Parameters<typeof verified>) => {
  const { verdict, checks } = await verified(submitted, published, needs);
  return [verdict, ...checks.flatMap((check) => (check.state === 'passed' ? [] : [check.code]))];
};

describe('a hosted badge of Open Badges 2.0', () => {
  it('is valid if its own address answers the same, and its issuer’s origin vouches for it', async () => {
    const { verdict, standard, checks } = await verified(assertion, {}, { recipientEmail: 'Learner@example.org' });
    expect([verdict, standard, checks.map(({ name }) => name)]).toEqual([
      'valid',
      'open-badges-2',
      ['schema', 'issuer', 'proof', 'status', 'validity', 'recipient'],
    ]);
    expect(await findings({ ...assertion, badge })).toEqual(['valid']);
    const { verification, ...older } = assertion;
    expect(await findings({ ...older, verify: { type: 'hosted' } }, { [assertion.id]: { ...older, verify: { type: 'hosted' } } })).toEqual([
      'valid',
    ]);
  });

  it('is told apart from one of today', async () => {
    expect((await verified(newer)).standard).toBe('open-badges-3');
    expect(await verified(7)).toMatchObject({ verdict: 'not-valid', standard: 'open-badges-3' });
  });

  it('is not, if the copy says anything else', async () => {
    expect(await findings({ ...assertion, expires: '2099-10-01T12:00:00Z' })).toEqual(['not-valid', 'proof/not-as-hosted']);
    expect(await findings({ ...assertion, evidence: 'https://elsewhere.example' })).toEqual(['not-valid', 'proof/not-as-hosted']);
  });

  it('is withdrawn if its address says so, with or without words', async () => {
    const gone = async (url: string) => {
      if (url === assertion.id) throw Object.assign(new Error('Gone'), { status: 410 });
      return files[url];
    };
    expect(await findings(assertion, {}, { load: gone })).toEqual(['not-valid', 'proof/hosted-unreachable', 'status/revoked']);
    const withdrawn = { id: assertion.id, revoked: true };
    expect(await findings(assertion, { [assertion.id]: withdrawn })).toEqual(['not-valid', 'proof/hosted-unreachable', 'status/revoked']);
    expect(await findings({ ...withdrawn, '@context': context })).toEqual(['not-valid', 'status/revoked']);
  });

  it('cannot be checked if its address, its badge or its issuer does not answer', async () => {
    expect(await findings(assertion, { [assertion.id]: undefined })).toEqual([
      'could-not-check',
      'proof/hosted-unreachable',
      'status/unreachable',
    ]);
    expect(await findings(assertion, { [badge.id]: undefined })).toEqual(['could-not-check', 'issuer/unreachable']);
    expect(await findings(assertion, { [issuer.id]: { ...issuer, id: `${SITE}/other` } })).toEqual([
      'could-not-check',
      'issuer/unreachable',
    ]);
    const plain = { ...assertion, id: 'http://issuer.example/assertions/1' };
    expect(await findings(plain, { [plain.id]: plain })).toEqual([
      'not-valid',
      'issuer/other-origin',
      'proof/hosted-unreachable',
      'status/unreachable',
    ]);
  });

  it('elsewhere than at its issuer’s needs its issuer’s word', async () => {
    const away = { ...assertion, id: 'https://host.example/issuer/1' };
    const at = (verification?: object) => findings(away, { [away.id]: away, [issuer.id]: { ...issuer, verification } });
    expect(await at()).toEqual(['not-valid', 'issuer/other-origin']);
    expect(await at({ allowedOrigins: ['host.example'] })).toEqual(['valid']);
    expect(await at({ startsWith: 'https://host.example/issuer/' })).toEqual(['valid']);
    expect(await at({ startsWith: 'https://host.example/other/' })).toEqual(['not-valid', 'issuer/other-origin']);
    expect(await at({ startsWith: 'https://host.exam' })).toEqual(['not-valid', 'issuer/other-origin']);
    const forged = { ...away, badge: { ...badge, issuer: { ...issuer, verification: { allowedOrigins: ['host.example'] } } } };
    expect(await findings(forged, { [away.id]: forged })).toEqual(['not-valid', 'issuer/other-origin']);
  });

  it.each([
    ['no id', { id: undefined }],
    ['no recipient', { recipient: undefined }],
    ['no badge', { badge: undefined }],
    ['no verification', { verification: undefined }],
    ['another verification', { verification: { type: 'Trust' } }],
    ['no date', { issuedOn: 'once' }],
    ['an end that is no date', { expires: 'never' }],
    ['a claim to be signed', { verification: { type: 'SignedBadge' } }],
  ])('is not valid with %s', async (_, changes) => {
    expect(await findings({ ...assertion, ...changes })).toEqual(['not-valid', 'schema/malformed']);
  });

  it.each([
    ['badge', badge.id, { ...badge, type: 'Assertion' }],
    ['issuer', issuer.id, { ...issuer, type: 'Person' }],
  ])('is not valid if what it calls its %s is none', async (_, url, document) => {
    expect(await findings(assertion, { [url]: document })).toEqual(['not-valid', 'schema/malformed']);
  });

  it('has its days, and its recipient', async () => {
    expect(await findings(assertion, {}, { nowMs: Date.parse('2026-09-30T00:00:00Z') })).toEqual(['not-valid', 'validity/not-yet']);
    expect(await findings(assertion, {}, { nowMs: Date.parse('2027-10-02T00:00:00Z') })).toEqual(['not-valid', 'validity/expired']);
    expect(await findings(assertion, {}, { recipientEmail: 'other@example.org' })).toEqual(['not-valid', 'recipient/different']);
    const dated = { ...assertion, issuedOn: '2026-10-01', expires: undefined };
    expect(await findings(dated, { [assertion.id]: JSON.parse(JSON.stringify(dated)) })).toEqual(['valid']);
    const { verification: _, ...bare } = assertion;
    expect(await findings(assertion, { [assertion.id]: bare })).toEqual(['not-valid', 'proof/not-as-hosted']);
  });
});

describe('a signed badge of Open Badges 2.0', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = {
    type: 'CryptographicKey',
    id: `${SITE}/key`,
    owner: issuer.id,
    publicKeyPem: String(publicKey.export({ format: 'pem', type: 'spki' })),
  };
  const revocations = {
    id: `${SITE}/revocations`,
    type: 'RevocationList',
    issuer: issuer.id,
    revokedAssertions: ['urn:uuid:2', { id: 'urn:uuid:3' }],
  };
  const profile = { ...issuer, publicKey: key.id, revocationList: revocations.id };
  const published = { [issuer.id]: profile, [key.id]: key, [revocations.id]: revocations };
  const jws = async (changes: object = {}) => {
    const body = { ...assertion, id: 'urn:uuid:1', verification: { type: 'SignedBadge', creator: key.id }, ...changes };
    const text = [{ alg: 'RS256' }, body].map((part) => toBase64url(utf8(JSON.stringify(part)))).join('.');
    const secret = Object.fromEntries(Object.entries(privateKey.export({ format: 'jwk' })).map(([name, value]) => [name, String(value)]));
    return `${text}.${toBase64url(await jwkSigner('RSA', secret)(utf8(text)))}`;
  };

  it('is valid under a key that its issuer names, from beside the profile or within it', async () => {
    expect(await findings(await jws(), published)).toEqual(['valid']);
    expect(
      await findings(await jws({ verification: { type: 'signed' } }), { ...published, [issuer.id]: { ...profile, publicKey: [key] } }),
    ).toEqual(['valid']);
    expect(await findings(await jws(), { ...published, [issuer.id]: { ...profile, revocationList: undefined } })).toEqual(['valid']);
  });

  it('is withdrawn if the issuer’s list says so', async () => {
    for (const id of ['urn:uuid:2', 'urn:uuid:3'])
      expect(await findings(await jws({ id }), published)).toEqual(['not-valid', 'status/revoked']);
    expect(await findings(await jws(), { ...published, [revocations.id]: undefined })).toEqual(['could-not-check', 'status/unreachable']);
  });

  it('is not valid if changed, or under a key that the issuer does not name or own', async () => {
    const [head, , tail] = (await jws()).split('.');
    const changed = (await jws({ expires: '2099-01-01T00:00:00Z' })).split('.')[1];
    expect(await findings([head, changed, tail].join('.'), published)).toEqual(['not-valid', 'proof/not-genuine']);
    expect(await findings(await jws(), { ...published, [issuer.id]: { ...profile, publicKey: `${SITE}/another` } })).toEqual([
      'not-valid',
      'proof/key-not-published',
    ]);
    expect(await findings(await jws(), { ...published, [key.id]: { ...key, owner: `${SITE}/another` } })).toEqual([
      'not-valid',
      'proof/key-not-published',
    ]);
    expect(await findings(await jws(), { ...published, [key.id]: undefined })).toEqual(['could-not-check', 'proof/key-unreachable']);
    expect(await findings(await jws(), { ...published, [badge.id]: undefined })).toEqual([
      'could-not-check',
      'issuer/unreachable',
      'proof/key-unreachable',
    ]);
  });
});
