import { describe, expect, it } from 'vitest';
import { achievementOf } from '#openbadges/achievement.ts';
import { ANNEX_TARGET_TYPES, annexAlignments } from '#openbadges/annex-one.ts';
import { aDefinition, BASE, issuer, SAMPLES } from './a-badge.ts';

const URL_OF = `${BASE}/a/harbour/sample/1.0.0`;
const saidOf = (definition: Parameters<typeof annexAlignments>[0], type: string) =>
  annexAlignments(definition, URL_OF).filter(({ targetType }) => targetType === type);

describe('what the European recommendation asks a micro-credential to state', () => {
  it.each(SAMPLES)('stands in every badge of %s', (sample) => {
    const { alignment } = achievementOf(aDefinition(sample), { achievementUrl: URL_OF, issuer });
    const stated = new Set(alignment.map(({ targetType }) => targetType));
    for (const type of [
      'LearningOutcome',
      'NotionalWorkload',
      'AssessmentType',
      'ParticipationForm',
      'SupervisionVerification',
      'QualityAssurance',
    ])
      expect(stated).toContain(`ext:${type}`);
  });

  it('is said in words that stand alone, with the terms that machines read', () => {
    const facts = annexAlignments(aDefinition('coaching-and-mentoring'), URL_OF).filter(
      ({ targetType }) => targetType !== 'ext:LearningOutcome',
    );
    expect(facts.map(({ targetName, targetCode, targetUrl }) => [targetName, targetCode, targetUrl.replace(URL_OF, '')])).toEqual([
      ['Notional workload: 45 hours', 'PT45H', '#annex/workload'],
      ['1.5 ECTS (indicative)', '1.5', 'http://data.europa.eu/snb/education-credit/6fcec5c5af'],
      ['Type of assessment: performance', 'Performance', '#annex/assessment/performance'],
      ['Type of assessment: artifact', 'Artifact', '#annex/assessment/artifact'],
      ['Form of participation: blended', 'blended', 'http://data.europa.eu/snb/learning-assessment/e92d221e4d'],
      ['Unsupervised with ID verification', undefined, '#annex/supervision'],
      ['Quality assurance: internal', 'internal', '#annex/quality-assurance'],
      ['EQF level 5', '5', 'http://data.europa.eu/snb/eqf/5'],
    ]);
  });

  it('names each learning outcome at a place of its own', () => {
    const outcomes = saidOf(aDefinition('coaching-and-mentoring'), 'ext:LearningOutcome');
    expect(new Set(outcomes.map(({ targetUrl }) => targetUrl)).size).toBe(9);
    expect(outcomes[0]).toMatchObject({
      targetUrl: `${URL_OF}#learning-outcome/c1-agreement/lo1.1`,
      targetName: 'Negotiate a working agreement that names goals, roles, limits of confidentiality and how the relationship will end.',
    });
  });

  it('names the body that assures quality, and levels of other frameworks', () => {
    const definition = {
      ...aDefinition(),
      qualityAssurance: {
        type: 'external',
        statement: 'Accredited.',
        externalBody: { name: 'Quality Board', url: 'https://board.example/' },
      },
      level: { nqf: { framework: 'NFQ', value: '6' }, aqf: { value: '5', id: 'https://aqf.example/5' }, eqf: { value: 4 } },
    };
    expect(saidOf(definition, 'ext:QualityAssurance')).toMatchObject([
      { targetName: 'Quality assurance: Quality Board', targetUrl: 'https://board.example/' },
    ]);
    expect(annexAlignments(definition, URL_OF).slice(-3)).toMatchObject([
      { targetType: 'ext:NQFLevel', targetName: 'NFQ level 6', targetUrl: `${URL_OF}#annex/level` },
      { targetType: 'ext:AQFLevel', targetName: 'AQF level 5', targetUrl: 'https://aqf.example/5' },
      { targetType: 'ext:EQFLevel', targetName: 'EQF level 4', targetUrl: 'http://data.europa.eu/snb/eqf/4' },
    ]);
  });

  it('is left out where the definition says nothing of it, and kept where it says it in words of its own', () => {
    const { learningMode: _, evidenceRequirements: __, assessmentPolicy: ___, qualityAssurance: ____, ...bare } = aDefinition();
    expect(annexAlignments({ ...bare, competencies: [], workload: {}, level: {} }, URL_OF)).toEqual([]);
    const own = {
      ...bare,
      competencies: [],
      level: {},
      learningMode: 'by-post',
      workload: { volumeOfLearning: 'P1W', creditPoint: { point: 3, framework: 'Local points' } },
    };
    expect(annexAlignments(own, URL_OF).map(({ targetName, targetUrl }) => [targetName, targetUrl.replace(URL_OF, '')])).toEqual([
      ['Notional workload: P1W', '#annex/workload'],
      ['3 Local points', '#annex/credits'],
      ['Form of participation: by-post', '#annex/participation'],
    ]);
    expect(annexAlignments({ ...own, workload: { creditPoint: { point: 3 } } }, URL_OF)).toHaveLength(1);
  });

  it('uses only extension types that the standard allows', () => {
    expect(ANNEX_TARGET_TYPES.filter((type) => !/^ext:[A-Za-z]+$/.test(type))).toEqual([]);
  });
});
