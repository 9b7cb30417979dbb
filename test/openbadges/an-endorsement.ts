/** An employers' body that endorses the sample achievement: valid by default, override one thing. */
import type { Achievement } from '#openbadges/achievement.ts';
import { type EndorsementFacts, endorsementCredential } from '#openbadges/endorsement.ts';
import { aDefinition, aFrozenCredential, aKey, BASE, ISSUED_AT, signed } from './a-badge.ts';

export const ENDORSER_DID = 'did:web:employers.example';

const achievement: Achievement = aFrozenCredential().achievement;

export const endorsementFacts = (overrides: Partial<EndorsementFacts> = {}): EndorsementFacts => ({
  id: 'https://employers.example/endorsements/7',
  name: 'Endorsement by the Employers’ Forum',
  description: 'What our members look for when they hire.',
  issuer: { did: ENDORSER_DID, name: 'Employers’ Forum', url: 'https://employers.example/' },
  subject: { id: achievement.id, comment: 'Our members **recognise** this award.' },
  validFrom: ISSUED_AT,
  validUntil: '2028-11-23T00:00:00Z',
  ...overrides,
});

/** Signed by the endorser, with a key of its own. */
export const aSignedEndorsement = (overrides: Partial<EndorsementFacts> = {}) => {
  const { signer, multikey } = aKey(11);
  return signed(endorsementCredential(endorsementFacts(overrides)), {
    signer,
    multikey,
    verificationMethod: `${ENDORSER_DID}#${multikey}`,
  });
};

/** Everything that a badge can say beyond the sample. */
export const aRichCredential = async (definition = aDefinition()) =>
  aFrozenCredential(
    {
      creditsEarned: 2,
      endorsement: [
        await aSignedEndorsement(),
        await aSignedEndorsement({ id: 'https://employers.example/endorsements/8', subject: { id: aFrozenCredential().issuer.did } }),
      ],
      relatedResource: [
        {
          id: 'https://board.example/endorsements/3.json',
          mediaType: 'application/vc+ld+json',
          sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        },
      ],
      refreshUrl: `${BASE}/c/0123456789abcdefghjkmnpqrs/refresh`,
    },
    definition,
  );
