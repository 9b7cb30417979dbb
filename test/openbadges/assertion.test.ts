import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { achievementOf } from '#openbadges/achievement.ts';
import { assertion, withdrawnAssertion } from '#openbadges/assertion.ts';
import { badgeClass, issuerDocument, OPEN_BADGES_2 } from '#openbadges/badge-class.ts';
import { profileOf } from '#openbadges/profile.ts';
import { aDefinition, aFrozenCredential, BASE, ISSUED_AT, ISSUER_URL, issuer, SAMPLES } from './a-badge.ts';

const ASSERTION_URL = `${BASE}/c/0123456789abcdefghjkmnpqrs.ob2.json`;

describe('an Open Badges 2.0 Assertion', () => {
  it('says of the badge what its newer form says', () => {
    expect(assertion(aFrozenCredential())).toEqual({
      '@context': OPEN_BADGES_2,
      type: 'Assertion',
      id: ASSERTION_URL,
      recipient: { type: 'email', hashed: true, salt: 'c2FsdCBmb3IgdGVzdHM', identity: expect.stringMatching(/^sha256\$[0-9a-f]{64}$/) },
      badge: `${BASE}/a/sample/1.2.0.ob2.json`,
      image: `${BASE}/c/0123456789abcdefghjkmnpqrs.png`,
      verification: { type: 'HostedBadge' },
      issuedOn: ISSUED_AT,
      expires: '2029-11-22T12:31:00Z',
      evidence: [
        {
          name: 'Recorded data story',
          narrative: 'Reviewed and held privately by the issuer.',
          genre: 'Video',
          description: 'Five minutes, to camera, with slides.',
        },
      ],
    });
  });

  it('lets its holder prove to be meant: the hash is of the address and the salt', () => {
    const { recipient } = assertion(aFrozenCredential());
    expect(recipient.identity).toBe(`sha256$${hash('sha256', `learner@example.org${recipient.salt}`)}`);
  });

  it('about a learner without an address is about a pseudonym, in the same form', () => {
    const { recipient } = assertion(aFrozenCredential({ subject: { id: 'urn:uuid:1' } }));
    expect(recipient).toEqual({ type: 'url', hashed: true, identity: `sha256$${hash('sha256', 'urn:uuid:1')}` });
  });

  it('without an end or evidence has none, and leads to evidence only where there is a page', () => {
    const bare = assertion(aFrozenCredential({ validUntil: undefined, evidence: [] }));
    expect(Object.keys(bare)).not.toEqual(expect.arrayContaining(['expires', 'evidence']));
    const page = { id: 'https://learner.example/story', name: 'Data story' };
    expect(assertion(aFrozenCredential({ evidence: [page] })).evidence).toEqual([page]);
  });

  it('that is withdrawn or on hold answers so, with the published reason if there is one', () => {
    const told = { '@context': OPEN_BADGES_2, type: 'Assertion', id: ASSERTION_URL, revoked: true };
    expect(withdrawnAssertion(aFrozenCredential().id, 'It was issued in error.')).toEqual({
      ...told,
      revocationReason: 'It was issued in error.',
    });
    expect(withdrawnAssertion(aFrozenCredential().id)).toEqual(told);
  });
});

describe('the three documents of Open Badges 2.0', () => {
  /** Every document under its id, as a verifier follows the links. */
  const hostedFor = (sample: (typeof SAMPLES)[number]): ReadonlyMap<string, Record<string, unknown>> => {
    const frozen = aFrozenCredential({}, aDefinition(sample));
    const needs = { issuerUrl: ISSUER_URL };
    const documents = [assertion(frozen), badgeClass(frozen.achievement, needs), issuerDocument(profileOf(frozen.issuer), needs)];
    return new Map(documents.map((document) => [document.id, JSON.parse(JSON.stringify(document))]));
  };

  it.each(SAMPLES)('of %s lead from one to the next, on one origin, under one context', (sample) => {
    const hosted = hostedFor(sample);
    const told = hosted.get(ASSERTION_URL);
    const kind = hosted.get(String(told?.badge));
    const maker = hosted.get(String(kind?.issuer));
    expect([told, kind, maker].map((document) => document?.type)).toEqual(['Assertion', 'BadgeClass', 'Issuer']);
    expect(new Set([...hosted.keys()].map((id) => new URL(id).origin))).toEqual(new Set([BASE]));
    expect(new Set([...hosted.values()].map((document) => document['@context']))).toEqual(new Set([OPEN_BADGES_2]));
  });

  it('hold what the standard wants of each', () => {
    const [told, kind, maker] = [...hostedFor('coaching-and-mentoring').values()];
    expect(Object.keys(told ?? {})).toEqual(expect.arrayContaining(['id', 'type', 'recipient', 'badge', 'verification', 'issuedOn']));
    expect(kind).toMatchObject({
      name: 'Coaching and Mentoring',
      image: `${BASE}/a/sample/1.0.0.png`,
      criteria: { id: `${BASE}/a/sample/1.0.0#criteria`, narrative: expect.stringContaining('Proficient') },
      tags: expect.arrayContaining(['coaching']),
    });
    expect(maker).toMatchObject({ name: issuer.name, url: issuer.url, email: issuer.email, image: issuer.image.id });
  });

  it('keep the skills that the badge aligns to', () => {
    const { alignment = [] } = badgeClass(aFrozenCredential().achievement, { issuerUrl: ISSUER_URL });
    expect(alignment).toContainEqual({
      targetName: 'address an audience',
      targetUrl: 'http://data.europa.eu/esco/skill/609a8ac1-9d29-4237-9886-596dbbe7ca8a',
      targetFramework: 'ESCO',
    });
  });

  it('name an image of the definition’s own, and leave out what nobody said', () => {
    const definition = { ...aDefinition(), image: { id: 'https://a.example/own.png' }, tags: [], competencies: [], level: {} };
    const kind = badgeClass(achievementOf(definition, { achievementUrl: `${BASE}/a/x/1`, issuer }), { issuerUrl: ISSUER_URL });
    expect(kind.image).toBe('https://a.example/own.png');
    expect(kind).not.toHaveProperty('tags');
    expect(issuerDocument({ name: 'A' }, { issuerUrl: ISSUER_URL })).toEqual({
      '@context': OPEN_BADGES_2,
      type: 'Issuer',
      id: `${ISSUER_URL}/issuer.ob2.json`,
      name: 'A',
      url: ISSUER_URL,
    });
  });
});
