import { describe, expect, it } from 'vitest';
import { verifyCredential } from '#openbadges/verify.ts';
import { loaderOf, NOW_MS } from './a-badge.ts';
import { aBadgeIn, aBadgeOf, aDisclosableBadge, canonize, disclosed, ec, ed25519, group, MANDATORY, ONE_STEP, signedIn } from './signers.ts';
import { derive } from '#openbadges/suites/ecdsa-sd-2023-derive.ts';
import { eddsaRdfc2022 } from '#openbadges/suites/eddsa-rdfc-2022.ts';

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

describe('a badge that its holder shows in part', () => {
  it('is valid, says what was chosen and what is mandatory, and not the rest', async () => {
    const whole = await aDisclosableBadge();
    const shown = await disclosed(whole, ['/credentialSubject/achievement/description', '/credentialSubject/achievement/id', '/id', '/credentialSubject/id']);
    expect(await findings(shown)).toEqual(['valid']);
    const { credentialSubject, name, evidence } = shown;
    expect(Object.keys(Object(credentialSubject).achievement).sort()).toEqual(['criteria', 'description', 'id', 'name', 'type']);
    expect([name, evidence]).toEqual([undefined, undefined]);
  });

  it('may show ordered levels of a rubric, which have no names of their own', async () => {
    const shown = await disclosed(await aDisclosableBadge(), ['/credentialSubject/achievement/resultDescription', '/credentialSubject/result']);
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
