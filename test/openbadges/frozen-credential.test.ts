import { describe, expect, it } from 'vitest';
import type { EnrolmentRecord } from '#domain/enrolment.ts';
import { achievementCredential } from '#openbadges/achievement-credential.ts';
import { type Earned, frozenCredential } from '#openbadges/frozen-credential.ts';
import {
  aDecision,
  aDefinition,
  aLearner,
  aMark,
  anEnrolment,
  anIssuer,
  anItem,
  aRecord,
  aSubmission,
  credentialId,
  digest,
  NOW,
} from '../factories.ts';
import { aSignedEndorsement } from './an-endorsement.ts';

const BASE = 'https://assay.example';

const passed = (parts: Partial<EnrolmentRecord> = {}): EnrolmentRecord =>
  aRecord({ submissions: [aSubmission('passed')], marks: [aMark()], decisions: [aDecision()], ...parts });

const frozen = (overrides: Partial<Earned> = {}) =>
  frozenCredential({
    record: passed(),
    definition: aDefinition(),
    issuer: anIssuer(),
    credentialId: credentialId(),
    publicBaseUrl: BASE,
    place: { list: 1, index: 7 },
    salt: 'a salt that nobody can guess',
    earnedAt: NOW,
    ...overrides,
  });

describe('a frozen credential', () => {
  it('has all its addresses below the deployment’s', () => {
    const { id, achievement, status, issuer } = frozen();
    expect([id, achievement.id, status.list, issuer.did]).toEqual([
      `${BASE}/c/${credentialId()}`,
      `${BASE}/a/harbour-learning-alliance/coaching-and-mentoring/1.0.0`,
      `${BASE}/s/harbour-learning-alliance/1`,
      'did:web:assay.example:i:harbour-learning-alliance',
    ]);
  });

  it('ends when the offering says, or not at all', () => {
    expect(frozen().validUntil).toBe('2029-11-23T12:00:00.000Z');
    expect(frozen({ definition: aDefinition({ '/award/validity': null }) }).validUntil).toBeUndefined();
  });

  it('is about a pseudonym that the salt alone leads back to, and whoever has the address', () => {
    const { subject } = frozen();
    expect(subject).toMatchObject({ id: expect.stringMatching(/^urn:uuid:/), identifier: { hashed: true } });
    expect(JSON.stringify(frozen())).not.toContain('maya');
    expect(frozen({ salt: 'another salt, as hard to guess' }).subject.id).not.toBe(subject.id);
    const { email: _, ...nameless } = aLearner();
    expect(frozen({ record: passed({ enrolment: anEnrolment({ learner: nameless }) }) }).subject.identifier).toBeUndefined();
  });

  it('names the evidence that was judged, and what went with it, by their digests', () => {
    const evidence = [anItem('sealed'), anItem('sealed', { companion: 'timestamps' }), anItem('rejected')];
    const named = (component: string) =>
      frozen({ record: passed({ submissions: [aSubmission('passed', { component, evidence })] }) }).evidence;
    expect(named('skill-demonstration').map(({ name, genre, sha256 }) => [name, genre, sha256])).toEqual([
      ['Recorded skill demonstration', 'Video', digest('a')],
      ['Two timestamps with one sentence each', undefined, digest('a')],
    ]);
    expect(named('of-an-older-version').map(({ name }) => name)).toEqual(['of-an-older-version', 'of-an-older-version']);
  });

  it('keeps the levels only where the offering publishes them', () => {
    const resultsOf = (policy: string) => frozen({ definition: aDefinition({ '/award/resultsInCredential': policy }) }).results;
    expect(resultsOf('full')).toMatchObject({
      policy: 'full',
      scores: [{ rubric: 'r-reflection', criterion: 'refl-depth' }, { criterion: 'refl-next' }],
    });
    expect(['none', 'outcome-only', 'learner-choice'].map((policy) => resultsOf(policy).policy)).toEqual([
      'none',
      'outcome-only',
      'outcome-only',
    ]);
  });

  it('has one level for each criterion: of several marks the last word counts, and a mark that decided nothing never does', () => {
    const higher = [{ id: 'refl-depth', level: 'exemplary' }];
    const record = passed({
      marks: [
        aMark({ id: 'mrk_3', role: 'adjudicator', criteria: higher }),
        aMark(),
        aMark({ id: 'mrk_2', criteria: [{ id: 'refl-next', level: 'not-yet' }] }),
      ],
      decisions: [aDecision({ markIds: ['mrk_1', 'mrk_3'] })],
    });
    const { results } = frozen({ record, definition: aDefinition({ '/award/resultsInCredential': 'full' }) });
    expect(results).toEqual({
      policy: 'full',
      scores: [
        { rubric: 'r-reflection', criterion: 'refl-depth', level: 'exemplary' },
        { rubric: 'r-reflection', criterion: 'refl-next', level: 'proficient' },
      ],
    });
  });

  it('tells credits as earned only if somebody has confirmed them', () => {
    expect(frozen().creditsEarned).toBeUndefined();
    expect(frozen({ definition: aDefinition({}, 'data-storytelling') }).creditsEarned).toBe(2);
    expect(frozen({ definition: aDefinition({ '/workload/creditPoint': null }) }).creditsEarned).toBeUndefined();
  });

  it('says where its newest form is found only if the offering renews', () => {
    const refreshUrl = `${BASE}/c/1/refresh`;
    expect(frozen({ refreshUrl }).refreshUrl).toBe(refreshUrl);
    expect(frozen({ refreshUrl, definition: aDefinition({ '/award/renewal': null }) }).refreshUrl).toBeUndefined();
  });

  it('keeps the image and the endorsements of that moment', async () => {
    const endorsement = [await aSignedEndorsement()];
    const badge = achievementCredential(frozen({ imageUrl: `${BASE}/a/1.png`, endorsement }));
    expect(badge.credentialSubject.achievement.image).toMatchObject({
      id: `${BASE}/a/1.png`,
      caption: expect.stringMatching(/^Coaching and Mentoring, Harbour/),
    });
    expect(badge.endorsement).toEqual(endorsement);
  });
});
