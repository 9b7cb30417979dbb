import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AwardFacts, AwardRule, credentialsIn, evaluateAward, RULE_DEPTH_MAX } from '#domain/award-rule.ts';
import { sample } from './definitions.ts';

const IDS = ['a', 'b', 'c', 'd'] as const;

/** Facts as a set of names: `evidence:a`, `curriculum:*` … */
const facts = (names: Iterable<string>): AwardFacts => {
  const known = new Set(names);
  return {
    evidence: (id) => known.has(`evidence:${id}`),
    curriculum: (id) => known.has(`curriculum:${id}`),
    credential: ({ credential }) => known.has(`credential:${credential}`),
    attestation: (text) => known.has(`attestation:${text}`),
  };
};

const ALL_NAMES = ['evidence', 'curriculum', 'credential', 'attestation'].flatMap((kind) => IDS.map((id) => `${kind}:${id}`));

const aLeaf = fc
  .constantFrom(...IDS)
  .chain((id) =>
    fc.constantFrom(
      { evidence: id, outcome: 'pass' },
      { curriculum: id, outcome: 'completed' },
      { credential: id, version: '>=1.0.0', validAt: 'award' },
      { attestation: id },
    ),
  );

const { rule: aRule } = fc.letrec<{ rule: unknown }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'rule' },
    aLeaf,
    fc.record({ allOf: fc.array(tie('rule'), { minLength: 1, maxLength: 4 }) }),
    fc.record({ atLeast: fc.integer({ min: 1, max: 4 }), of: fc.array(tie('rule'), { minLength: 1, maxLength: 4 }) }),
  ),
}));
const anAwardRule = aRule.map((rule) => AwardRule.parse(rule));
const someFacts = fc.subarray(ALL_NAMES);

const both = (...rules: unknown[]): AwardRule => AwardRule.parse({ allOf: rules });

describe('the award rule', () => {
  it('of a stacked credential needs the named one, any two of three, and the capstone', () => {
    const { rule } = sample('data-communicator').award;
    const held = ['credential:data-storytelling', 'credential:chart-literacy', 'evidence:capstone'];
    expect(evaluateAward(rule, facts([...held, 'credential:survey-basics']))).toEqual({ satisfied: true, missing: [] });
    expect(evaluateAward(rule, facts(held))).toEqual({
      satisfied: false,
      missing: [
        {
          atLeast: 1,
          of: [
            { credential: 'survey-basics', validAt: 'award' },
            { credential: 'dashboard-design', validAt: 'award' },
          ],
        },
      ],
    });
  });

  it('with a curriculum asks once whether all modules are completed', () => {
    const { rule } = sample('infection-prevention-clinic-staff').award;
    const passed = ['evidence:knowledge-check', 'evidence:practical', 'evidence:workplace-attestation'];
    expect(evaluateAward(rule, facts([...passed, 'curriculum:*'])).satisfied).toBe(true);
    expect(evaluateAward(rule, facts(passed)).missing).toEqual([{ curriculum: '*', outcome: 'completed' }]);
  });

  it('hands the whole condition about another credential to whoever knows the answer', () => {
    const rule = AwardRule.parse({ credential: 'a', version: '>=2.0.0', validAt: 'award' });
    const asked: unknown[] = [];
    evaluateAward(rule, { ...facts([]), credential: (condition) => asked.push(condition) > 0 });
    expect(asked).toEqual([rule]);
  });

  it('names what is missing in an alternative of several parts as one alternative', () => {
    const rule = AwardRule.parse({
      atLeast: 1,
      of: [both({ attestation: 'a' }, { attestation: 'b' }), { evidence: 'c', outcome: 'pass' }],
    });
    expect(evaluateAward(rule, facts([])).missing).toEqual([
      { atLeast: 1, of: [{ allOf: [{ attestation: 'a' }, { attestation: 'b' }] }, { evidence: 'c', outcome: 'pass' }] },
    ]);
  });

  it('that asks for more alternatives than it offers never comes true', () => {
    const rule = AwardRule.parse({ atLeast: 2, of: [{ attestation: 'a' }] });
    expect(evaluateAward(rule, facts(['attestation:a']))).toEqual({ satisfied: false, missing: [{ atLeast: 1, of: [] }] });
  });

  it('lists the other credentials it names, wherever they stand', () => {
    const named = credentialsIn(sample('data-communicator').award.rule).map(({ credential }) => credential);
    expect(named).toEqual(['data-storytelling', 'chart-literacy', 'survey-basics', 'dashboard-design']);
  });

  it('never undoes an award: with more facts true, a satisfied rule stays satisfied', () => {
    fc.assert(
      fc.property(anAwardRule, someFacts, someFacts, (rule, some, more) => {
        if (evaluateAward(rule, facts(some)).satisfied) expect(evaluateAward(rule, facts([...some, ...more])).satisfied).toBe(true);
        expect(evaluateAward(rule, facts(some)).satisfied).toBe(evaluateAward(rule, facts(some)).missing.length === 0);
      }),
    );
  });

  it('"at least k of n" is counting', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...ALL_NAMES), { minLength: 1 }),
        fc.integer({ min: 1, max: 16 }),
        someFacts,
        (names, atLeast, some) => {
          const of = names.map((name) => {
            const [kind = '', id = ''] = name.split(':');
            const outcome = { evidence: { outcome: 'pass' }, curriculum: { outcome: 'completed' } }[kind] ?? {};
            return { [kind]: id, ...outcome };
          });
          const met = names.filter((name) => some.includes(name)).length;
          expect(evaluateAward(AwardRule.parse({ atLeast, of }), facts(some)).satisfied).toBe(met >= atLeast);
          expect(evaluateAward(AwardRule.parse({ allOf: of }), facts(some)).satisfied).toBe(met === names.length);
        },
      ),
    );
  });

  it('is satisfied exactly when what it called missing comes true', () => {
    fc.assert(
      fc.property(anAwardRule, someFacts, someFacts, (rule, some, more) => {
        const { missing } = evaluateAward(rule, facts(some));
        const later = facts([...some, ...more]);
        expect(missing.every((rest) => evaluateAward(rest, later).satisfied)).toBe(evaluateAward(rule, later).satisfied);
      }),
    );
  });

  it('is at most eight rules deep', () => {
    const nested = (depth: number): unknown => (depth === 1 ? { attestation: 'a' } : { allOf: [nested(depth - 1)] });
    expect(AwardRule.safeParse(nested(RULE_DEPTH_MAX)).success).toBe(true);
    expect(AwardRule.safeParse(nested(RULE_DEPTH_MAX + 1)).success).toBe(false);
  });

  it.each([
    [{ allOf: [] }],
    [{ atLeast: 0, of: [{ attestation: 'a' }] }],
    [{ atLeast: 1.5, of: [{ attestation: 'a' }] }],
    [{ atLeast: 1 }],
    [{ evidence: 'a' }],
    [{ evidence: 'a', outcome: 'below' }],
    [{ curriculum: 'A b', outcome: 'completed' }],
    [{ credential: 'a', validAt: 'enrolment' }],
    [{ attestation: ' ' }],
    [{ allOf: [{ attestation: 'a' }], credential: 'a' }],
    [{ not: { attestation: 'a' } }],
  ])('does not take %j', (rule) => {
    expect(AwardRule.safeParse(rule).success).toBe(false);
  });
});
