import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CriterionScore, type PassRule, Rubric, score } from '#domain/rubric.ts';
import { sample } from './definitions.ts';

const LEVELS = ['none', 'some', 'all'] as const;

/** Criteria c0, c1 … with levels none 0, some 1, all 2 points; `some` is required. */
const rubric = (passRule: PassRule, critical: readonly boolean[], points: readonly number[] = [0, 1, 2]): Rubric =>
  Rubric.parse({
    id: 'r',
    version: '1.0.0',
    scale: [...LEVELS],
    passRule,
    criteria: critical.map((isCritical, index) => ({
      id: `c${index}`,
      name: `Criterion ${index}`,
      competency: 'k',
      critical: isCritical,
      requiredLevel: 'some',
      levels: LEVELS.map((id, place) => ({ id, name: id, points: points[place], description: 'Text.' })),
    })),
  });

const sheet = (...levels: readonly string[]): CriterionScore[] => levels.map((level, index) => ({ id: `c${index}`, level }));

const EVERY: PassRule = { type: 'every-criterion-at-required-level' };

const someLevels = fc.array(fc.constantFrom(...LEVELS), { minLength: 1, maxLength: 6 });
const someCritical = fc.infiniteStream(fc.boolean()).map((stream) => [...stream.take(6)]);

describe('a rubric', () => {
  it.each<[PassRule, string[], 'pass' | 'below']>([
    [EVERY, ['some', 'some', 'all'], 'pass'],
    [EVERY, ['all', 'all', 'none'], 'below'],
    [{ type: 'score-at-least', min: 0.5 }, ['all', 'some', 'none'], 'pass'],
    [{ type: 'score-at-least', min: 0.51 }, ['all', 'some', 'none'], 'below'],
    [{ type: 'score-at-least', min: 1 }, ['all', 'all', 'all'], 'pass'],
    [{ type: 'all-critical-met-and-at-least', minMet: 2 }, ['some', 'some', 'none'], 'pass'],
    [{ type: 'all-critical-met-and-at-least', minMet: 3 }, ['all', 'all', 'none'], 'below'],
    [{ type: 'points-at-least', min: 3 }, ['all', 'some', 'none'], 'pass'],
    [{ type: 'points-at-least', min: 4 }, ['all', 'some', 'none'], 'below'],
  ])('by the rule %j, levels %j are a %s', (passRule, levels, outcome) => {
    expect(score(rubric(passRule, [false, false, false]), sheet(...levels)).outcome).toBe(outcome);
  });

  it('tells for each criterion the level, the points and whether it is met', () => {
    expect(score(rubric(EVERY, [true, false]), sheet('none', 'all'))).toEqual({
      outcome: 'below',
      perCriterion: [
        { criterion: 'c0', level: 'none', points: 0, maxPoints: 2, met: false, critical: true },
        { criterion: 'c1', level: 'all', points: 2, maxPoints: 2, met: true, critical: false },
      ],
      missing: [],
      unknown: [],
      repeated: [],
      criticalBelow: ['c0'],
      points: 2,
      maxPoints: 4,
    });
  });

  it('never passes a score sheet with a gap', () => {
    const result = score(rubric({ type: 'points-at-least', min: 0 }, [false, false]), sheet('all'));
    expect(result).toMatchObject({ outcome: 'below', missing: ['c1'] });
  });

  it('never passes a score sheet that names what the rubric does not have', () => {
    const lenient = rubric({ type: 'points-at-least', min: 0 }, [false]);
    const stranger = { criterion: 'c9', level: 'all' };
    expect(score(lenient, [...sheet('all'), { id: 'c9', level: 'all' }])).toMatchObject({
      outcome: 'below',
      missing: [],
      unknown: [stranger],
    });
    expect(score(lenient, sheet('splendid'))).toMatchObject({
      outcome: 'below',
      missing: ['c0'],
      unknown: [{ criterion: 'c0', level: 'splendid' }],
    });
  });

  it('does not choose between two levels for one criterion', () => {
    const twice = score(rubric(EVERY, [false]), [...sheet('all'), ...sheet('none')]);
    expect(twice).toMatchObject({ outcome: 'below', missing: ['c0'], repeated: ['c0'], points: 0 });
  });

  it('reaches 80 percent of 3 points with 2.4 points, whatever binary fractions make of it', () => {
    const fine = rubric({ type: 'score-at-least', min: 0.8 }, [false], [0, 2.4, 3]);
    expect(score(fine, sheet('some')).outcome).toBe('pass');
  });

  it('whose required level does not exist is never met', () => {
    const broken = { ...rubric(EVERY, [false]) };
    broken.criteria = broken.criteria.map((criterion) => ({ ...criterion, requiredLevel: 'gone' }));
    expect(score(broken, sheet('all'))).toMatchObject({ outcome: 'below', missing: [] });
  });

  it('of the clinic passes ten of twelve steps, if every critical step is among them', () => {
    const practical = sample('infection-prevention-clinic-staff').rubrics.find(({ id }) => id === 'r-practical') as Rubric;
    const steps = (...notMet: string[]): CriterionScore[] =>
      practical.criteria.map(({ id }) => ({ id, level: notMet.includes(id) ? 'not-met' : 'met' }));
    expect(score(practical, steps()).outcome).toBe('pass');
    expect(score(practical, steps('p06', 'p11')).outcome).toBe('pass');
    expect(score(practical, steps('p06', 'p07', 'p11')).outcome).toBe('below');
    expect(score(practical, steps('p10'))).toMatchObject({ outcome: 'below', criticalBelow: ['p10'] });
  });

  it('never lets anything make up for a critical criterion that is not met', () => {
    const aPassRule = fc.constantFrom<PassRule>(
      EVERY,
      { type: 'score-at-least', min: 0 },
      { type: 'all-critical-met-and-at-least', minMet: 0 },
      { type: 'points-at-least', min: 0 },
    );
    fc.assert(
      fc.property(aPassRule, someLevels, someCritical, (passRule, levels, critical) => {
        const result = score(rubric(passRule, critical.slice(0, levels.length)), sheet(...levels));
        const below = levels.flatMap((level, index) => (critical[index] === true && level === 'none' ? [`c${index}`] : []));
        expect(result.criticalBelow).toEqual(below);
        if (below.length > 0) expect(result.outcome).toBe('below');
      }),
    );
  });

  it('passes as counting does: all met, share of points, number met, sum of points', () => {
    fc.assert(
      fc.property(someLevels, fc.nat(12), (levels, bound) => {
        const points = levels.reduce((sum, level) => sum + LEVELS.indexOf(level), 0);
        const met = levels.filter((level) => level !== 'none').length;
        const none = levels.map(() => false);
        const passes = (passRule: PassRule): boolean => score(rubric(passRule, none), sheet(...levels)).outcome === 'pass';
        expect(passes(EVERY)).toBe(met === levels.length);
        expect(passes({ type: 'score-at-least', min: bound / 12 })).toBe(points * 12 >= bound * 2 * levels.length);
        expect(passes({ type: 'all-critical-met-and-at-least', minMet: bound })).toBe(met >= bound);
        expect(passes({ type: 'points-at-least', min: bound })).toBe(points >= bound);
      }),
    );
  });

  it('never turns a pass into a fail because a level was better', () => {
    const aPassRule = fc.oneof(
      fc.constant(EVERY),
      fc.double({ min: 0, max: 1, noNaN: true }).map((min): PassRule => ({ type: 'score-at-least', min })),
      fc.nat(6).map((minMet): PassRule => ({ type: 'all-critical-met-and-at-least', minMet })),
      fc.nat(12).map((min): PassRule => ({ type: 'points-at-least', min })),
    );
    fc.assert(
      fc.property(aPassRule, someLevels, someCritical, (passRule, levels, critical) => {
        const judged = rubric(passRule, critical.slice(0, levels.length));
        if (score(judged, sheet(...levels)).outcome === 'below') return;
        for (const index of levels.keys()) expect(score(judged, sheet(...levels.with(index, 'all'))).outcome).toBe('pass');
      }),
    );
  });
});
