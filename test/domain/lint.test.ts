import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LintContext } from '#domain/lint/finding.ts';
import { profileFindings } from '#domain/lint/issuer.ts';
import { lintDefinition } from '#domain/lint.ts';
import type { MicroCredentialDefinition } from '#domain/micro-credential.ts';
import { changed, type Json, SAMPLE_NAMES, sample } from './definitions.ts';
import { ATTENDED, CLINIC, COACHING, ERRORS, IN_CONTEXT, STACK, STORY, THREE, WARNINGS } from './lint-cases.ts';

const found = (definition: MicroCredentialDefinition, list: 'errors' | 'warnings', context?: LintContext): string[] =>
  lintDefinition(definition, context)[list].map(({ code, pointer }) => `${code} ${pointer}`);

describe('publication', () => {
  it('finds no error in any sample, and only these points to weigh', () => {
    const weighed = Object.fromEntries(SAMPLE_NAMES.map((name) => [name, found(sample(name), 'warnings')]));
    for (const name of SAMPLE_NAMES) expect(lintDefinition(sample(name)).errors).toEqual([]);
    expect(weighed).toEqual({
      [COACHING]: [
        'lint/placeholder-citation /qualityAssurance/researchBasis/0',
        'lint/competency-not-claimed-here /evidenceRequirements/0/competencies',
        'lint/competency-not-judged-here /evidenceRequirements/2/competencies/0',
        'lint/consent-not-used /evidenceRequirements/0/visibility/learnerMayPublish',
      ],
      [STACK]: [],
      [STORY]: ['lint/placeholder-citation /qualityAssurance/researchBasis/0'],
      [CLINIC]: [
        'lint/competency-not-judged-here /evidenceRequirements/0/competencies/1',
        'lint/competency-not-judged-here /evidenceRequirements/0/competencies/2',
        'lint/competency-not-judged-here /evidenceRequirements/2/competencies/0',
      ],
    });
  });

  it('finds no error in a sample whose surroundings fit', () => {
    for (const name of SAMPLE_NAMES) {
      const definition = sample(name);
      const context = {
        issuerIdentifier: definition.issuer.id,
        publishedVersions: ['0.9.0'],
        knownMicroCredentials: [{ id: STORY, version: '1.2.0' }],
      };
      expect(lintDefinition(definition, context).errors).toEqual([]);
    }
    expect(found(sample(CLINIC), 'warnings', { publishedVersions: ['2.0.0'] })).not.toContain(
      'lint/supersedes-unpublished /supersedes/version',
    );
    expect(found(sample(STACK), 'warnings', { knownMicroCredentials: [{ id: STORY, version: '1.2.0' }] })).not.toContain(
      'lint/stack-component-unknown /stackability/components/0',
    );
  });

  it.each(ERRORS)('refuses %s', (...[, name, changes, code, pointer]) => {
    expect(found(changed(name, changes), 'errors')).toContain(`${code} ${pointer}`);
  });

  it.each(WARNINGS)('points out %s', (...[, name, changes, code, pointer]) => {
    const definition = changed(name, changes);
    expect(found(definition, 'warnings')).toContain(`${code} ${pointer}`);
    expect(found(definition, 'errors')).not.toContain(`${code} ${pointer}`);
  });

  it.each(IN_CONTEXT)('knows %s', (...[, name, context, list, code, pointer]) => {
    expect(found(sample(name), list, context)).toContain(`${code} ${pointer}`);
  });

  it('names all that is wrong at once, each with a place and a sentence', () => {
    const definition = changed(COACHING, {
      '/award/rule/allOf': [{ curriculum: 'm9', outcome: 'completed' }],
      '/achievementType': 'License',
      '/evidenceRequirements/0/rubricId': 'gone',
    });
    const { errors } = lintDefinition(definition);
    expect(new Set(errors.map(({ code }) => code))).toEqual(
      new Set([
        'lint/achievement-type-reserved',
        'lint/attendance-only',
        'lint/competency-not-assessed',
        'lint/required-component-not-in-rule',
        'lint/rubric-unused',
        'lint/unknown-module',
        'lint/unknown-rubric',
      ]),
    );
    for (const { pointer, detail } of errors) expect([pointer.startsWith('/'), /^[A-Z"].+\.$/s.test(detail)]).toEqual([true, true]);
  });

  it('refuses self-assessment and unmade texts even in a definition that no schema has seen', () => {
    const definition = structuredClone(sample(STACK));
    definition.assessmentPolicy.assessorEligibility.forbids = [];
    definition.name = 'Data \ud83d';
    definition.competencies = [];
    const untargeted = structuredClone(sample(STACK));
    for (const { alignment } of untargeted.competencies)
      for (const one of alignment) Object.assign(one, { targetName: ' ', targetUrl: '' });
    expect(found(untargeted, 'errors')).toEqual([
      'lint/alignment-without-target /competencies/0/alignment/0/targetName',
      'lint/alignment-without-target /competencies/0/alignment/0/targetUrl',
    ]);
    expect(found(definition, 'errors')).toEqual(
      expect.arrayContaining([
        'lint/self-assessment /assessmentPolicy/assessorEligibility/forbids',
        'lint/lone-surrogate /name',
        'lint/annex-i /competencies',
      ]),
    );
  });

  it('takes one attempt without asking for time to revise', () => {
    const definition = changed(STACK, { '/assessmentPolicy/attempts/max': 1, '/assessmentPolicy/attempts/coolingOff': 'P90D' });
    expect(lintDefinition(definition).errors).toEqual([]);
  });

  it('takes a level that is stated in words, a single mark, and a workload that the calendar measures', () => {
    const definition = changed(STACK, {
      '/level': { statement: 'Below the first cycle of higher education.' },
      '/assessmentPolicy/marking': { scheme: 'single' },
      '/workload/volumeOfLearning': 'P1M',
      '/workload/breakdown': { guided: 'PT3H' },
    });
    expect(lintDefinition(definition).errors).toEqual([]);
    expect(found(definition, 'warnings')).toEqual(['lint/annex-i-where-applicable /level']);
  });

  it('takes emoji beside full-width characters wherever no two verifiers could sort them differently', () => {
    const texts = { '/tags/0': '📊！', '/tags/1': 'data 📊', '/tags/2': '重要！', '/name': '📊 Data', '/fieldOfStudy': '！Data' };
    expect(lintDefinition(changed(STACK, texts)).errors).toEqual([]);
  });

  it('takes what other scripts and emoji are spelt with', () => {
    const texts = {
      '/name': 'بيانات \u2066data\u2069 \u200Fنص',
      '/fieldOfStudy': 'می\u200Cخواهم 👩\u200D🏫',
      '/specialization': 'England \u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F} ❤\uFE0F',
      '/workload/creditPoint': null,
    };
    expect(lintDefinition(changed(STACK, texts))).toEqual({ errors: [], warnings: [] });
  });

  it('takes the forms in which frameworks name things', () => {
    const uuid = '2b92a5b2-6758-4ee3-9fb4-b6387a55cc8f';
    const targets: readonly Json[] = [
      { targetFramework: 'ESCO', targetUrl: `http://data.europa.eu/esco/occupation/${uuid}` },
      { targetFramework: 'ESCO', targetUrl: 'http://data.europa.eu/esco/skill/S1.8.1' },
      { targetFramework: 'ISCO', targetUrl: 'http://data.europa.eu/esco/isco/C2655' },
      { targetFramework: 'O*NET-SOC', targetUrl: 'https://www.onetonline.org/link/summary/15-2051.01' },
      { targetFramework: 'O*NET', targetCode: '4.A.2.a.4.I09.D03', targetUrl: 'https://www.onetonline.org/search/dwa/x' },
      { targetFramework: 'Maths', targetType: 'CFItem', targetUrl: `https://case.example/ims/case/v1p1/CFItems/${uuid}` },
      { targetFramework: 'CASE', targetType: 'CFRubricCriterion', targetUrl: `https://case.example/ims/case/v1p0/CFRubrics/${uuid}` },
      { targetFramework: 'CASE Network', targetUrl: `https://case.example/uri/${uuid}` },
      { targetFramework: 'CTDL', targetType: 'CTDL', targetUrl: `https://credentialengineregistry.org/resources/ce-${uuid}` },
      { targetFramework: 'Terms', targetUrl: 'https://credreg.net/ctdl/terms/Badge' },
      { targetFramework: 'House framework', targetType: 'ceasn:Competency', targetUrl: 'https://skills.example/7' },
    ].map((target) => ({ targetName: 'a', ...target }));
    expect(found(changed(STACK, { '/competencies/0/alignment': [...targets] }), 'warnings')).toEqual([]);
  });

  it('says of the registered profile that it is the one to mend', () => {
    const registeredProfile = { ...sample(STACK).issuer, name: 'Tab\there' };
    const [fault] = lintDefinition(sample(STACK), { registeredProfile }).errors;
    expect(fault?.detail).toMatch(/register the profile anew\.$/);
    expect(lintDefinition(sample(STACK), { registeredProfile: sample(STACK).issuer })).toEqual(lintDefinition(sample(STACK)));
  });

  it('lets through only texts that JavaScript and a sort by code point put in the same order', () => {
    const aTag = fc.string({ unit: fc.constantFrom('a', '重', '！', '\uE000', '😀', '\u{20000}'), minLength: 1, maxLength: 4 });
    const byCodePoint = (left: string, right: string): number => Buffer.compare(Buffer.from(left), Buffer.from(right));
    fc.assert(
      fc.property(fc.array(aTag, { minLength: 2, maxLength: 5 }), (tags) => {
        const definition = changed(STACK, { '/tags': tags });
        if (lintDefinition(definition).errors.length === 0) expect([...tags].sort()).toEqual([...tags].sort(byCodePoint));
      }),
    );
  });

  it('lets no required component, by any rule, be passed by', () => {
    const aRule = fc.letrec<{ rule: Json }>((tie) => ({
      rule: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(...THREE, ATTENDED, { credential: 'other' }, { attestation: 'a' }),
        fc.record({ allOf: fc.array(tie('rule'), { minLength: 1, maxLength: 3 }) }),
        fc.record({ atLeast: fc.integer({ min: 1, max: 3 }), of: fc.array(tie('rule'), { minLength: 1, maxLength: 3 }) }),
      ),
    })).rule;
    const holds = (rule: Json, passed: ReadonlySet<string>): boolean => {
      const { allOf, of, atLeast, evidence } = rule as { allOf?: Json[]; of?: Json[]; atLeast?: number; evidence?: string };
      if (allOf !== undefined) return allOf.every((part) => holds(part, passed));
      if (of !== undefined) return of.filter((part) => holds(part, passed)).length >= (atLeast ?? 0);
      return evidence === undefined || passed.has(evidence);
    };
    const ids = ['skill-demonstration', 'portfolio', 'reflection'];
    fc.assert(
      fc.property(aRule, (rule) => {
        const errors = found(changed(COACHING, { '/award/rule': rule }), 'errors');
        for (const [index, id] of ids.entries()) {
          const others = ids.filter((other) => other !== id);
          const subsets = [[], [others[0] ?? ''], [others[1] ?? ''], others];
          const dispensable = subsets.some((passed) => holds(rule, new Set(passed)));
          const code = `lint/required-component-not-in-rule /evidenceRequirements/${index}/required`;
          expect(errors.includes(code)).toBe(dispensable);
        }
      }),
    );
  });
});

/** Shown on definitions that no schema has seen. */
const UNPARSED = ['lint/lone-surrogate', 'lint/self-assessment', 'lint/alignment-without-target'];

describe('an issuer’s profile', () => {
  it('is looked at by itself when it is registered, since badges take the profile of their day', () => {
    const { issuer } = sample(STACK);
    expect(profileFindings(issuer)).toEqual([]);
    const address = { ...issuer.address, addressCountryCode: 'ZZ' };
    const faulty = { ...issuer, name: 'Tab\there', url: 'https://10.0.0.1/', description: 'Cafe\u0301', address };
    expect(profileFindings(faulty).map(({ severity, code, pointer }) => `${severity} ${code} ${pointer}`)).toEqual([
      'error lint/control-character /name',
      'error lint/address-private /url',
      'warning lint/text-not-normalised /description',
      'error lint/unknown-country /address/addressCountryCode',
    ]);
  });
});

describe('the rules of publication', () => {
  it('are each shown by a case above', () => {
    const folder = new URL('../../shared/domain/lint/', import.meta.url);
    const written = readdirSync(folder).flatMap(
      (file) => readFileSync(new URL(file, folder), 'utf8').match(/(?<=')lint\/[a-z-]+(?=')/g) ?? [],
    );
    const shown = [...ERRORS, ...WARNINGS].map(([, , , code]) => code).concat(IN_CONTEXT.map(([, , , , code]) => code));
    expect([...new Set(written)].sort()).toEqual([...new Set([...shown, ...UNPARSED])].sort());
  });

  it('are each listed for programmes, with how grave they are', () => {
    const page = readFileSync(new URL('../../docs/publication.md', import.meta.url), 'utf8');
    const shared = new URL('../../shared/', import.meta.url);
    const written = readdirSync(shared, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => readFileSync(new URL(file, shared), 'utf8').match(/(?<=')lint\/[a-z-]+(?=')/g) ?? []);
    const listed = [...page.matchAll(/^\| `(lint\/[a-z-]+)` \| (?:error|warning)/gm)].map(([, code]) => code);
    expect(listed.toSorted()).toEqual([...new Set(written)].sort());
    const graveness = (code: string) => new RegExp(`^\\| \`${code}\` \\| (.+?) \\|`, 'm').exec(page)?.[1] ?? '';
    for (const [, , , code] of ERRORS) expect(graveness(code), code).toContain('error');
    for (const [, , , code] of WARNINGS) expect(graveness(code), code).toContain('warning');
  });
});
