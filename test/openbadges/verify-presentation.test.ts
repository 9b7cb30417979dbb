import { describe, expect, it } from 'vitest';
import { CREDENTIALS_V1, CREDENTIALS_V2 } from '#openbadges/contexts.ts';
import { createProof } from '#openbadges/data-integrity-proof.ts';
import type { JsonObject } from '#openbadges/json-object.ts';
import { toBase64url, utf8 } from '#openbadges/primitives.ts';
import { eddsaRdfc2022 } from '#openbadges/suites/eddsa-rdfc-2022.ts';
import { type PresentationNeeds, verifyPresentation } from '#openbadges/verify-presentation.ts';
import { loaderOf, NOW_MS } from './a-badge.ts';
import { aBadgeIn, canonize, ec, ed25519, proofOptions } from './signers.ts';

const holder = ed25519(41);
const issuer = { suite: eddsaRdfc2022, identity: ed25519(42) };
const badge = await aBadgeIn(issuer);
const TERMS = { challenge: 'b3c1', domain: 'https://employer.example' };

const presented = async (changes: object = {}, options: object = { ...TERMS, proofPurpose: 'authentication' }): Promise<JsonObject> => {
  const document = {
    '@context': [CREDENTIALS_V2],
    type: ['VerifiablePresentation'],
    holder: holder.did,
    verifiableCredential: [badge],
    ...changes,
  };
  const needs = { canonize, suite: eddsaRdfc2022, kind: holder.kind, signer: holder.signer };
  return JSON.parse(JSON.stringify({ ...document, proof: await createProof(document, proofOptions(holder, options), needs) }));
};

const findings = async (presentation: unknown, needs: Partial<PresentationNeeds> = {}) => {
  const { verdict, checks } = await verifyPresentation(presentation, { canonize, load: loaderOf({}), nowMs: NOW_MS, ...needs });
  return [verdict, ...checks.flatMap((check) => (check.state === 'passed' ? [] : [check.code]))];
};

describe('a presentation', () => {
  it('is valid if its holder made it for this verifier and time, and each credential in it is valid', async () => {
    const { verdict, checks, credentials } = await verifyPresentation(await presented(), {
      canonize,
      load: loaderOf({}),
      nowMs: NOW_MS,
      ...TERMS,
    });
    expect([verdict, checks.map(({ name }) => name), credentials?.map((one) => one.verdict)]).toEqual([
      'valid',
      ['schema', 'holder', 'proof', 'credentials'],
      ['valid'],
    ]);
  });

  it.each([
    ['another time', { challenge: 'other' }, 'proof/wrong-challenge'],
    ['another verifier', { domain: 'https://other.example' }, 'proof/wrong-domain'],
  ])('made for %s is not', async (_, terms, code) => {
    expect(await findings(await presented(), { ...TERMS, ...terms })).toEqual(['not-valid', code]);
  });

  it('is valid for several verifiers if it names them', async () => {
    const several = await presented({}, { ...TERMS, domain: ['https://other.example', TERMS.domain], proofPurpose: 'authentication' });
    expect(await findings(several, TERMS)).toEqual(['valid']);
  });

  it('is not valid for another purpose, or by someone else than its holder', async () => {
    expect(await findings(await presented({}, { proofPurpose: 'keyAgreement' }))).toEqual(['not-valid', 'proof/wrong-purpose']);
    expect(await findings(await presented({ holder: 'did:example:1' }))).toEqual(['not-valid', 'holder/not-the-key-holder']);
    expect(await findings(await presented({ holder: 'did:example:1' }), { issuerBinding: 'not-required' })).toEqual(['valid']);
    expect(await findings(await presented({ holder: undefined }))).toEqual(['valid']);
  });

  it('whose credential is not valid is not, and whose cannot be checked cannot', async () => {
    expect(await findings(await presented({ verifiableCredential: [badge, { ...badge, name: 'Changed' }] }))).toEqual([
      'not-valid',
      'credentials/not-valid',
    ]);
    const enveloped = { '@context': CREDENTIALS_V2, type: 'EnvelopedVerifiableCredential', id: 'data:application/vc+sd-jwt,abc' };
    expect(await findings(await presented({ verifiableCredential: [enveloped] }))).toEqual(['could-not-check', 'credentials/not-checked']);
    const broken = { ...enveloped, id: 'not-a-credential:' };
    expect(await findings(await presented({ verifiableCredential: [broken] }))).toEqual(['not-valid', 'credentials/not-valid']);
    const many = await presented({
      verifiableCredential: Array.from({ length: 80 }, (_, index) => ({ ...badge, id: `${badge.id}/${index}` })),
    });
    expect((await findings(many)).slice(1)).toEqual(['credentials/not-valid']);
    const doubtful = await aBadgeIn(issuer, { credentialStatus: { id: 'https://assay.example/x', type: '1EdTechRevocationList' } });
    expect(await findings(await presented({ verifiableCredential: doubtful }))).toEqual(['could-not-check', 'credentials/not-checked']);
  });

  it('without a proof is a folder, and only taken as one if that is asked for', async () => {
    const { proof: _, holder: __, ...folder } = await presented();
    expect(await findings(folder)).toEqual(['not-valid', 'proof/missing']);
    expect(await findings(folder, { presentationProof: 'not-required' })).toEqual(['valid']);
    expect(await findings({ ...folder, holder: holder.did })).toEqual(['not-valid', 'holder/not-confirmed', 'proof/missing']);
  });

  it('of the older data model, or of nothing at all, may be', async () => {
    expect(
      await findings(
        await presented({ '@context': [CREDENTIALS_V1, 'https://w3id.org/security/data-integrity/v2'], verifiableCredential: undefined }),
      ),
    ).toEqual(['valid']);
  });

  it.each([
    null,
    'a.b.c',
    {},
    { type: ['VerifiablePresentation'] },
    { '@context': [CREDENTIALS_V2], type: 'Presentation' },
    { '@context': [CREDENTIALS_V2], type: 'VerifiablePresentation', verifiableCredential: 7 },
  ])('is not %j', async (value) => expect(await findings(value)).toEqual(['not-valid', 'schema/malformed']));

  it('of any size is not looked at', async () => {
    expect(await findings({ '@context': [CREDENTIALS_V2], type: 'VerifiablePresentation', x: Array(40_000).fill(1) })).toEqual([
      'not-valid',
      'schema/too-large',
    ]);
  });
});

describe('a presentation as a JWT', () => {
  const signer = ec('P-256');
  const jwt = async (body: object, header: object = {}) => {
    const head = { alg: 'ES256', kid: signer.verificationMethod, typ: 'vp+jwt', ...header };
    const text = [head, body].map((part) => toBase64url(utf8(JSON.stringify(part)))).join('.');
    return `${text}.${toBase64url(await signer.signer(utf8(text)))}`;
  };
  const body = {
    '@context': [CREDENTIALS_V2],
    type: 'VerifiablePresentation',
    holder: signer.did,
    verifiableCredential: [badge],
    nonce: 'b3c1',
    aud: TERMS.domain,
  };

  it('is valid under the same terms', async () => {
    expect(await findings(await jwt(body), TERMS)).toEqual(['valid']);
    expect(await findings(await jwt(body), { challenge: 'other' })).toEqual(['not-valid', 'proof/wrong-challenge']);
    expect(await findings(await jwt(body), { domain: 'https://other.example' })).toEqual(['not-valid', 'proof/wrong-domain']);
    expect(await findings(await jwt({ ...body, holder: holder.did }))).toEqual(['not-valid', 'holder/not-the-key-holder']);
    expect(await findings(await jwt({ ...body, iss: holder.did }))).toEqual(['not-valid', 'holder/not-confirmed', 'proof/claims-differ']);
  });

  it('may be in an envelope, and is not a credential', async () => {
    const text = await jwt(body);
    expect(
      await findings({ '@context': CREDENTIALS_V2, type: 'EnvelopedVerifiablePresentation', id: `data:application/vp+jwt,${text}` }),
    ).toEqual(['valid']);
    expect(await findings(await jwt(badge, { typ: 'vc+jwt' }))).toEqual(['not-valid', 'schema/malformed']);
  });
});
