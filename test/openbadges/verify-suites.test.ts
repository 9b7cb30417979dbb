import { decode, encode } from 'cborg';
import { describe, expect, it } from 'vitest';
import { base64urlDecode, base64urlEncode } from '#openbadges/multibase.ts';
import { derive } from '#openbadges/suites/ecdsa-sd-2023-derive.ts';
import { eddsaRdfc2022 } from '#openbadges/suites/eddsa-rdfc-2022.ts';
import { verifyCredential } from '#openbadges/verify.ts';
import { loaderOf, NOW_MS } from './a-badge.ts';
import {
  aBadgeIn,
  aBadgeOf,
  aDisclosableBadge,
  canonize,
  disclosed,
  ec,
  ed25519,
  group,
  MANDATORY,
  ONE_STEP,
  signedIn,
} from './signers.ts';

const findings = async (document: unknown) => {
  const { verdict, checks } = await verifyCredential(document, { canonize, load: loaderOf({}), nowMs: NOW_MS });
  return [verdict, ...checks.flatMap((check) => (check.state === 'passed' ? [] : [check.code]))];
};

describe('a badge of an issuer that is its own key', () => {
  it.each(ONE_STEP)('is valid in $name', async (signer) => {
    expect(await findings(await aBadgeIn(signer))).toEqual(['valid']);
  });

  it.each(ONE_STEP)('is not in $name if another key of the same kind signed', async ({ suite, identity }) => {
    const { kind } = identity;
    const other = kind === 'Ed25519' ? ed25519(22) : ec(kind === 'P-384' ? 'P-384' : 'P-256', 6);
    const forged = await aBadgeIn({ suite, identity: { ...other, did: identity.did, verificationMethod: identity.verificationMethod } });
    expect(await findings(forged)).toEqual(['not-valid', 'proof/not-genuine']);
  });

  it('of another method of DID is beyond us', async () => {
    const identity = { ...ed25519(), did: 'did:example:1', verificationMethod: 'did:example:1#key' };
    expect(await findings(await signedIn(aBadgeOf(identity), eddsaRdfc2022, identity))).toEqual([
      'could-not-check',
      'issuer/unsupported',
      'proof/key-unsupported',
    ]);
  });

  it('is not signed by a suite that does not go with the key', async () => {
    await expect(signedIn(aBadgeOf(ec('P-256')), eddsaRdfc2022, ec('P-256'))).rejects.toThrow('does not sign with P-256');
  });
});

describe('a proof over JSON text', () => {
  const signer = ONE_STEP.find(({ name }) => name === 'eddsa-jcs-2022');
  const signedBadge = () => (signer === undefined ? Promise.reject(new Error('no suite')) : aBadgeIn(signer));

  it('still holds once a later context was added behind those that it repeats, and not with any other before', async () => {
    const badge = await signedBadge();
    const contexts: readonly unknown[] = Object(badge['@context']);
    const added = 'https://w3id.org/security/data-integrity/v2';
    expect(await findings({ ...badge, '@context': [...contexts, added] })).toEqual(['valid']);
    expect(await findings({ ...badge, '@context': [contexts[0], added, ...contexts.slice(1)] })).toEqual([
      'not-valid',
      'proof/not-genuine',
    ]);
  });
});

describe('a value of a selective proof', () => {
  const value = async () => {
    const shown = await disclosed(await aDisclosableBadge(), ['/evidence']);
    return { shown, text: String(Object(shown.proof).proofValue) };
  };
  const partsOf = (text: string): unknown[] => decode((base64urlDecode(text) ?? new Uint8Array()).subarray(3), { useMaps: true });
  const textOf = (parts: readonly unknown[], tag = [0xd9, 0x5d, 0x01]) => base64urlEncode(new Uint8Array([...tag, ...encode(parts)]));

  it.each<readonly [string, (parts: unknown[]) => readonly unknown[]]>([
    ['a part too many', (parts) => [...parts, 1]],
    ['a part too few', (parts) => parts.slice(0, 4)],
    ['half a signature', ([_, ...rest]) => [new Uint8Array(32), ...rest]],
    ['half a key', ([base, _, ...rest]) => [base, new Uint8Array(20), ...rest]],
    ['a key that is none', ([base, _, ...rest]) => [base, new Uint8Array(35), ...rest]],
    ['signatures that are none', ([base, key, _, ...rest]) => [base, key, [1], ...rest]],
    ['labels that are none', ([base, key, signatures, _, places]) => [base, key, signatures, new Map([['a', 1]]), places]],
    ['places that are none', ([base, key, signatures, labels]) => [base, key, signatures, labels, [-1]]],
  ])('with %s is malformed', async (_, change) => {
    const { shown, text } = await value();
    const proof = { ...Object(shown.proof), proofValue: textOf(change(partsOf(text))) };
    expect(await findings({ ...shown, proof })).toEqual(['not-valid', 'proof/malformed']);
  });

  it.each<readonly [string, (parts: unknown[]) => readonly unknown[]]>([
    ['no labels', ([base, key, signatures, _, places]) => [base, key, signatures, new Map(), places]],
    ['a place twice', ([base, key, signatures, labels, places]) => [base, key, signatures, labels, [...Object(places), Object(places)[0]]]],
    ['a place outside', ([base, key, signatures, labels, places]) => [base, key, signatures, labels, [...Object(places), 999]]],
    ['a signature too few', ([base, key, signatures, labels, places]) => [base, key, Object(signatures).slice(1), labels, places]],
    [
      'two signatures changed about',
      ([base, key, signatures, labels, places]) => [base, key, Object(signatures).toReversed(), labels, places],
    ],
  ])('with %s is not genuine', async (_, change) => {
    const { shown, text } = await value();
    const proof = { ...Object(shown.proof), proofValue: textOf(change(partsOf(text))) };
    expect(await findings({ ...shown, proof })).toEqual(['not-valid', 'proof/not-genuine']);
  });

  it('that is no CBOR, or not in base64url, is malformed', async () => {
    const { shown } = await value();
    for (const proofValue of ['u2V0B_w', 'zAAAA', 'u2V0BoA']) {
      expect(await findings({ ...shown, proof: { ...Object(shown.proof), proofValue } })).toEqual(['not-valid', 'proof/malformed']);
    }
  });
});

describe('a badge that its holder shows in part', () => {
  it('is valid, says what was chosen and what is mandatory, and not the rest', async () => {
    const whole = await aDisclosableBadge();
    const shown = await disclosed(whole, [
      '/credentialSubject/achievement/description',
      '/credentialSubject/achievement/id',
      '/id',
      '/credentialSubject/id',
    ]);
    expect(await findings(shown)).toEqual(['valid']);
    const { credentialSubject, name, evidence } = shown;
    expect(Object.keys(Object(credentialSubject).achievement).sort()).toEqual(['criteria', 'description', 'id', 'name', 'type']);
    expect([name, evidence]).toEqual([undefined, undefined]);
  });

  it('may show ordered levels of a rubric, which have no names of their own', async () => {
    const shown = await disclosed(await aDisclosableBadge(), [
      '/credentialSubject/achievement/resultDescription',
      '/credentialSubject/result',
    ]);
    expect(JSON.stringify(shown)).toContain('rubricCriterionLevel');
    expect(await findings(shown)).toEqual(['valid']);
  });

  it('shows nothing that was changed, added, or taken from another badge', async () => {
    const shown = await disclosed(await aDisclosableBadge(), ['/credentialSubject/achievement/description']);
    const subject = Object(shown.credentialSubject);
    const { achievement } = subject;
    const rewritten = { ...shown, credentialSubject: { ...subject, achievement: { ...achievement, description: 'Better' } } };
    expect(await findings(rewritten)).toEqual(['not-valid', 'proof/not-genuine']);
    expect(await findings({ ...shown, description: 'Added' })).toEqual(['not-valid', 'proof/not-genuine']);
    const { validUntil: _, ...endless } = shown;
    expect(await findings(endless)).toEqual(['not-valid', 'proof/not-genuine']);
  });

  it('is no proof as long as it still holds the key to everything', async () => {
    expect(await findings(await aDisclosableBadge())).toEqual(['not-valid', 'proof/malformed']);
  });

  it('cannot be made from a badge with another proof, from a place that is not there, or from nothing', async () => {
    const plain = await aBadgeIn({ suite: eddsaRdfc2022, identity: ed25519() });
    const { proof, ...document } = plain;
    expect(await derive({ document, proof: Object(proof)[0] }, { group, selectivePointers: ['/id'] })).toBeUndefined();
    await expect(disclosed(await aDisclosableBadge(), ['/nothing'])).rejects.toThrow('nothing at /nothing');
    await expect(disclosed(await aDisclosableBadge(), ['id'])).rejects.toThrow('nothing at id');
    await expect(disclosed(await aDisclosableBadge(ec('P-256'), []), [])).rejects.toThrow('nothing was chosen');
  });

  it('shows the mandatory parts alone if nothing else is chosen', async () => {
    const shown = await disclosed(await aDisclosableBadge(ec('P-256'), [...MANDATORY, '/credentialSubject/achievement/id']), []);
    expect(await findings(shown)).toEqual(['valid']);
  });
});
