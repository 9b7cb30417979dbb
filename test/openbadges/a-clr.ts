/** A record of two badges of which one counts towards the other: valid by default. */
import { achievementOf } from '#openbadges/achievement.ts';
import type { ClrFacts } from '#openbadges/clr-credential.ts';
import { aDefinition, aSignedBadge, BASE, ISSUED_AT, issuer } from './a-badge.ts';

export const clrFacts = async (): Promise<ClrFacts> => {
  const definition = aDefinition('data-communicator');
  const achievement = achievementOf(definition, { achievementUrl: `${BASE}/a/communicator/1.0.0`, issuer });
  const other = await aSignedBadge({ id: `${BASE}/c/1123456789abcdefghjkmnpqrs`, achievement, results: { policy: 'outcome-only' } });
  return {
    id: 'urn:uuid:7c6a2f0e-8a0e-4d55-9f1b-6b7f3a4c2d10',
    name: 'What I can show',
    description: 'Chosen by the learner.',
    publisher: issuer,
    subject: { id: 'urn:uuid:5a9e1d30-3f0b-4a1e-8a53-0c2f6d1b7e44' },
    validFrom: ISSUED_AT,
    validUntil: '2027-11-23T12:31:00Z',
    badges: [await aSignedBadge(), other],
    associations: [{ associationType: 'isPartOf', sourceId: `${BASE}/a/sample/1.2.0`, targetId: `${BASE}/a/communicator/1.0.0` }],
  };
};
