import { describe, expect, it } from 'vitest';
import { DomainError } from '#domain/errors.ts';
import { parseDefinition } from '#domain/micro-credential.ts';
import { achievementDocument, achievementOf } from '#openbadges/achievement.ts';
import { achievementCredential } from '#openbadges/achievement-credential.ts';
import { achievementTypeOf } from '#openbadges/achievement-type.ts';
import { aDefinition, aFrozenCredential, BASE, DID, issuer, LIST_URL, SAMPLES, scoresOf } from './a-badge.ts';

const URL_OF = `${BASE}/a/harbour/data-storytelling/1.2.0`;
const achievement = achievementOf(aDefinition(), { achievementUrl: URL_OF, issuer });

/** Every object in a document, however deep. */
const objectsIn = (value: unknown): readonly Record<string, unknown>[] => {
  if (typeof value !== 'object' || value === null) return [];
  return [...(Array.isArray(value) ? [] : [value as Record<string, unknown>]), ...Object.values(value).flatMap(objectsIn)];
};

describe('an Achievement', () => {
  it.each(SAMPLES)('of %s is made from the definition as the domain reads it', (sample) => {
    const definition = parseDefinition(aDefinition(sample));
    expect(achievementOf(definition, { achievementUrl: URL_OF, issuer })).toEqual(
      achievementOf(aDefinition(sample), { achievementUrl: URL_OF, issuer }),
    );
  });

  it('has one result description per criterion of every rubric, with levels from low to high', () => {
    const definition = aDefinition();
    const criteria = definition.rubrics.flatMap((rubric) => rubric.criteria.map(({ id }) => `${URL_OF}#${rubric.id}/${id}`));
    const described = achievement.resultDescription.filter(({ resultType }) => resultType === 'RubricCriterionLevel');
    expect(described.map(({ id }) => id)).toEqual(criteria);
    expect(described[0]).toMatchObject({
      name: 'Audience and decision',
      requiredLevel: `${URL_OF}#r-story/st-frame/passing`,
      rubricCriterionLevel: [
        { id: `${URL_OF}#r-story/st-frame/not-yet`, points: '0' },
        { id: `${URL_OF}#r-story/st-frame/basic`, points: '1' },
        { id: `${URL_OF}#r-story/st-frame/passing`, points: '2' },
      ],
      alignment: [{ targetName: 'Frame for an audience and a decision', targetUrl: `${URL_OF}#competency/audience-decision` }],
    });
  });

  it('names its competencies, the skills they align to, and its European level', () => {
    expect(achievement.alignment.filter(({ targetType }) => targetType === 'ceasn:Competency')).toHaveLength(3);
    expect(achievement.alignment.filter(({ targetType }) => targetType === 'ext:ESCOSkill')).toHaveLength(4);
    expect(achievement.alignment.at(-1)).toMatchObject({
      targetType: 'ext:EQFLevel',
      targetUrl: 'http://data.europa.eu/snb/eqf/6',
      targetCode: '6',
    });
  });

  it('states an alignment once, even if two competencies share it', () => {
    const definition = aDefinition();
    const [first, ...others] = definition.competencies;
    const doubled = {
      ...definition,
      competencies: [first, ...others]
        .flatMap((competency) => competency ?? [])
        .map((competency) => ({ ...competency, alignment: first?.alignment ?? [] })),
    };
    const skills = achievementOf(doubled, { achievementUrl: URL_OF, issuer }).alignment.filter(
      ({ targetType }) => targetType === 'ext:ESCOSkill',
    );
    expect(skills).toHaveLength(1);
  });

  it('leaves out what the definition leaves out', () => {
    const { humanCode: _, fieldOfStudy: __, specialization: ___, image: ____, ...bare } = aDefinition();
    const made = achievementOf(
      { ...bare, inLanguage: 'sr-Latn-RS-extra', tags: [], workload: { creditPoint: null }, level: {} },
      { achievementUrl: URL_OF, issuer: { did: DID, name: 'A' } },
    );
    for (const absent of ['humanCode', 'fieldOfStudy', 'specialization', 'image', 'inLanguage', 'tag', 'creditsAvailable'])
      expect(made).not.toHaveProperty(absent);
    expect(made.alignment.every(({ targetType }) => targetType !== 'ext:EQFLevel')).toBe(true);
    expect(made.creator).toEqual({ id: DID, type: ['Profile'], name: 'A' });
  });

  it('shows the definition’s own image in its own words, else the one drawn for it in the words that stand on it', () => {
    const imageOf = (image: object | undefined, imageUrl?: string) =>
      achievementOf({ ...aDefinition(), image }, { achievementUrl: URL_OF, issuer, imageUrl }).image;
    const own = { id: 'https://a.example/own.png', caption: 'A pen' };
    for (const imageUrl of [undefined, `${URL_OF}.png`]) expect(imageOf(own, imageUrl)).toEqual({ ...own, type: 'Image' });
    const drawn = { id: `${URL_OF}.png`, type: 'Image', caption: `${aDefinition().name}, ${issuer.name}` };
    for (const image of [undefined, {}, { caption: 'A pen' }]) expect(imageOf(image, `${URL_OF}.png`)).toEqual(drawn);
    expect(imageOf({ caption: 'A pen' })).toBeUndefined();
  });

  it('keeps its criteria apart from itself, at their own address if they have one', () => {
    expect(achievement.criteria.id).toBe(`${URL_OF}#criteria`);
    const definition = { ...aDefinition(), criteria: { id: 'https://a.example/criteria', narrative: 'As written there.' } };
    expect(achievementOf(definition, { achievementUrl: URL_OF, issuer }).criteria.id).toBe('https://a.example/criteria');
  });

  it('is a document of its own under its address', () => {
    expect(achievementDocument(achievement)).toMatchObject({
      '@context': ['https://www.w3.org/ns/credentials/v2', expect.stringContaining('context-3.0.3.json')],
      id: URL_OF,
    });
  });
});

describe('an achievement type', () => {
  it.each([
    ['MicroCredential', 'MicroCredential'],
    ['Certificate', 'Certificate'],
    ['ext:Apprenticeship2', 'ext:Apprenticeship2'],
    ['Nanodegree', 'ext:Nanodegree'],
  ])('%s is written as %s', (type, written) => {
    expect(achievementTypeOf(type)).toBe(written);
  });

  it.each(['Certification', 'License', 'ext:License', 'ext:Certification'])('%s is never claimed', (type) => {
    expect(() => achievementTypeOf(type)).toThrow(expect.objectContaining({ code: 'definition/faulty' }));
    expect(() => achievementOf({ ...aDefinition(), achievementType: type }, { achievementUrl: URL_OF, issuer })).toThrow(DomainError);
  });
});

describe('a badge', () => {
  it('is the same text whenever it is built again from the same frozen credential', () => {
    const frozen = aFrozenCredential();
    const thawed = JSON.parse(JSON.stringify(frozen));
    expect(JSON.stringify(achievementCredential(thawed))).toBe(JSON.stringify(achievementCredential(frozen)));
  });

  it('writes every type as an array, except where both schema flavours want a text', () => {
    const plain = objectsIn(achievementCredential(aFrozenCredential())).filter(({ type }) => typeof type === 'string');
    expect(new Set(plain.map(({ type }) => type))).toEqual(
      new Set(['Image', 'IdentityObject', 'BitstringStatusListEntry', '1EdTechJsonSchemaValidator2019']),
    );
  });

  it('holds no e-mail address of the learner', () => {
    expect(JSON.stringify(achievementCredential(aFrozenCredential()))).not.toMatch(/learner@example/i);
  });

  it('publishes no result, only that the whole was achieved, or every level, as the policy says', () => {
    const resultOf = (results: Parameters<typeof aFrozenCredential>[0]) =>
      achievementCredential(aFrozenCredential(results)).credentialSubject.result;
    expect(resultOf({ results: { policy: 'none' } })).toBeUndefined();
    expect(resultOf({ results: { policy: 'outcome-only' } })).toEqual([
      { type: ['Result'], resultDescription: `${BASE}/a/sample/1.2.0#outcome`, status: 'Completed' },
    ]);
    const scores = scoresOf(aDefinition());
    const full = resultOf({ results: { policy: 'full', scores } });
    expect(full).toHaveLength(scores.length + 1);
    expect(full?.[1]).toEqual({
      type: ['Result'],
      resultDescription: `${BASE}/a/sample/1.2.0#r-story/st-frame`,
      achievedLevel: `${BASE}/a/sample/1.2.0#r-story/st-frame/passing`,
    });
  });

  it('names results and levels only by ids that its achievement describes', () => {
    const { achievement: told, result = [] } = achievementCredential(aFrozenCredential()).credentialSubject;
    const known = new Set(
      told.resultDescription.flatMap(({ id, rubricCriterionLevel = [] }) => [id, ...rubricCriterionLevel.map((level) => level.id)]),
    );
    const named = result.flatMap(({ resultDescription, achievedLevel }) => [
      resultDescription,
      ...(achievedLevel === undefined ? [] : [achievedLevel]),
    ]);
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });

  it('binds each piece of evidence to the digest of the bytes that were judged', () => {
    const [evidence] = achievementCredential(aFrozenCredential()).evidence ?? [];
    expect(evidence).toMatchObject({ type: ['Evidence'], genre: 'Video', digestMultibase: expect.stringMatching(/^uEi/) });
    const withoutDigest = achievementCredential(aFrozenCredential({ evidence: [{ id: 'urn:uuid:1', name: 'Exam' }] }));
    expect(withoutDigest.evidence).toEqual([{ id: 'urn:uuid:1', type: ['Evidence'], name: 'Exam' }]);
    expect(achievementCredential(aFrozenCredential({ evidence: [] }))).not.toHaveProperty('evidence');
  });

  it('names who assessed, which is the issuer if nobody else did', () => {
    const sourceOf = (frozen: Parameters<typeof aFrozenCredential>[0]) =>
      achievementCredential(aFrozenCredential(frozen)).credentialSubject.source;
    expect(sourceOf({})).toMatchObject({ name: 'Independent Assessors Board' });
    expect(sourceOf({ source: undefined })).toEqual({ id: DID, type: ['Profile'] });
  });

  it('says each thing about its issuer once, since of two copies one could be taken away unnoticed', () => {
    const { credentialSubject, issuer: told } = achievementCredential(aFrozenCredential({ source: undefined }));
    expect([credentialSubject.source, credentialSubject.achievement.creator]).toEqual([
      { id: DID, type: ['Profile'] },
      { id: DID, type: ['Profile'] },
    ]);
    expect(told).toMatchObject({ id: DID, name: issuer.name, url: issuer.url });
    const bought = { ...achievement, creator: { id: 'did:web:maker.example', type: ['Profile'] as const, name: 'Maker' } };
    const { creator } = achievementCredential(aFrozenCredential({ achievement: bought })).credentialSubject.achievement;
    expect(creator).toEqual({ id: 'did:web:maker.example', type: ['Profile'], name: 'Maker' });
  });

  it('without an end has none, and a learner without an address no identifier', () => {
    const badge = achievementCredential(aFrozenCredential({ validUntil: undefined, subject: { id: 'urn:uuid:1' } }));
    expect(badge).not.toHaveProperty('validUntil');
    expect(badge.credentialSubject).not.toHaveProperty('identifier');
  });

  it('has one status entry', () => {
    expect(achievementCredential(aFrozenCredential()).credentialStatus).toMatchObject({
      id: `${LIST_URL}#94567`,
      type: 'BitstringStatusListEntry',
    });
  });
});
