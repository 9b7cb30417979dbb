import { describe, expect, it } from 'vitest';
import { achievementCredential } from '#openbadges/achievement-credential.ts';
import { verifyProof } from '#openbadges/data-integrity-proof.ts';
import { rawKeyOf } from '#openbadges/ed25519-key.ts';
import { endorsementCredential } from '#openbadges/endorsement.ts';
import { aFrozenCredential, aSignedBadge, BASE, canonize, LIST_URL } from './a-badge.ts';
import { aRichCredential, aSignedEndorsement, ENDORSER_DID, endorsementFacts } from './an-endorsement.ts';

/** Whether the first proof of a secured document is genuine under the key that it names. */
const isGenuine = async (secured: object) => {
  const { proof, ...document } = JSON.parse(JSON.stringify(secured));
  const publicKey = rawKeyOf(String(proof[0].verificationMethod).split('#')[1] ?? '') ?? new Uint8Array();
  return (await verifyProof({ document, proof: proof[0] }, { canonize, publicKey })) === 'genuine';
};

describe('an endorsement', () => {
  it('is somebody’s signed word about an achievement', async () => {
    expect(endorsementCredential(endorsementFacts())).toMatchObject({
      type: ['VerifiableCredential', 'EndorsementCredential'],
      issuer: { id: ENDORSER_DID, type: ['Profile'], name: 'Employers’ Forum' },
      credentialSubject: {
        id: `${BASE}/a/sample/1.2.0`,
        type: ['EndorsementSubject'],
        endorsementComment: 'Our members **recognise** this award.',
      },
    });
    expect(await isGenuine(await aSignedEndorsement())).toBe(true);
  });

  it('says no more than it was told', () => {
    const bare = endorsementCredential({ ...endorsementFacts(), description: undefined, validUntil: undefined, subject: { id: BASE } });
    expect(Object.keys(bare)).not.toEqual(expect.arrayContaining(['description', 'validUntil', 'credentialStatus']));
    expect(bare.credentialSubject).toEqual({ id: BASE, type: ['EndorsementSubject'] });
  });

  it('can be withdrawn like a badge', () => {
    const status = { list: LIST_URL, index: 7, purpose: 'revocation' } as const;
    expect(endorsementCredential(endorsementFacts({ status })).credentialStatus).toMatchObject({ id: `${LIST_URL}#7` });
  });
});

describe('an endorsed badge', () => {
  it('carries endorsements with their own proofs under its own', async () => {
    const badge = await aSignedBadge(await aRichCredential());
    expect(await isGenuine(badge)).toBe(true);
    for (const endorsement of badge.endorsement ?? []) expect(await isGenuine(endorsement)).toBe(true);
    expect(badge.endorsement).toHaveLength(2);
  });

  it('no longer verifies once an endorsement is taken out or reworded', async () => {
    const badge = await aSignedBadge(await aRichCredential());
    const [first] = badge.endorsement ?? [];
    expect(await isGenuine({ ...badge, endorsement: [first] })).toBe(false);
    const reworded = { ...first, credentialSubject: { ...first?.credentialSubject, endorsementComment: 'The only one worth having.' } };
    expect(await isGenuine({ ...badge, endorsement: [reworded, ...(badge.endorsement ?? []).slice(1)] })).toBe(false);
  });

  it('vouches for the bytes of what it only refers to', async () => {
    const [resource] = achievementCredential(await aRichCredential()).relatedResource ?? [];
    expect(resource).toEqual({
      id: 'https://board.example/endorsements/3.json',
      mediaType: 'application/vc+ld+json',
      digestMultibase: expect.stringMatching(/^uEi/),
    });
    const wrong = { id: 'https://board.example/x', mediaType: 'text/plain', sha256: 'none' };
    expect(() => achievementCredential(aFrozenCredential({ relatedResource: [wrong] }))).toThrow(RangeError);
  });

  it('tells the credits that were earned and where its newest form is found', async () => {
    const badge = achievementCredential(await aRichCredential());
    expect(badge.credentialSubject.creditsEarned).toBe(2);
    expect(badge.refreshService).toEqual({ id: `${badge.id}/refresh`, type: '1EdTechCredentialRefresh' });
  });

  it('without any of these has no trace of them', () => {
    const plain = achievementCredential(aFrozenCredential({ endorsement: [], relatedResource: [] }));
    for (const absent of ['endorsement', 'relatedResource', 'refreshService']) expect(plain).not.toHaveProperty(absent);
    expect(plain.credentialSubject).not.toHaveProperty('creditsEarned');
  });
});
