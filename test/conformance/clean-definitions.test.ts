/** What publication lets through makes badges that both flavours of the official schema take, however much or little a definition says. */
import { Ajv2019 } from 'ajv/dist/2019.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lintDefinition } from '#domain/lint.ts';
import { ACHIEVEMENT_TYPES } from '#domain/micro-credential/achievement-type.ts';
import { trialBadge } from '#openbadges/lint/trial-badge.ts';
import { lintBadge } from '#openbadges/lint-badge.ts';
import { SAMPLE_NAMES } from '../domain/definitions.ts';
import { aDefinition, anIssuer, type Changes } from '../factories.ts';
import { BASE, canonize, signed } from '../openbadges/a-badge.ts';
import { hasStandards, standardsJson } from './standards-data.ts';

const validatorOf = (flavour: string) => {
  const ajv = new Ajv2019({ strict: false, allErrors: true });
  formats.default(ajv);
  return ajv.compile(standardsJson(`schemas/${flavour}/ob_v3p0_achievementcredential_schema.json`));
};

const URLS = ['https://programme.example', 'http://programme.example:8080/a?b=c#d', "https://programme.example/%C3%A9(1)'"];
const aUrl = fc.constantFrom(...URLS);
const aText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).map((text) => `a${text.replaceAll(/[\r\n\u2028\u2029]/g, '')}`);
const targetType = fc.constantFrom('CFItem', 'CTDL', 'ceasn:Competency', 'ext:ESCOSkill', undefined);

/** Anything that a definition may say or leave out and that ends up in a badge. */
const someChanges: fc.Arbitrary<Changes> = fc.record(
  {
    '/achievementType': fc.constantFrom(...ACHIEVEMENT_TYPES, 'ext:Micro.Course-1'),
    '/inLanguage': fc.constantFrom('en', 'pt-BR', 'zh-Hant-TW', 'es-419', 'de-1996', 'sr-Latn'),
    '/humanCode': fc.option(aText, { nil: undefined }),
    '/fieldOfStudy': fc.option(aText, { nil: undefined }),
    '/tags': fc.option(fc.array(aText, { maxLength: 3 }), { nil: undefined }),
    '/image': fc.option(fc.record({ id: aUrl, caption: aText }), { nil: undefined }),
    '/criteria/id': fc.option(aUrl, { nil: undefined }),
    '/workload/creditPoint': fc.option(fc.record({ framework: aText, point: fc.double({ min: 0.1, max: 60, noNaN: true }) })),
    '/level': fc.constantFrom({ statement: 'Below.' }, { aqf: { value: '3' } }, { nqf: { value: 'Six', framework: 'Irish NFQ' } }),
    '/competencies/0/alignment/0/targetUrl': aUrl,
    '/competencies/0/alignment/0/targetType': targetType,
    '/competencies/0/alignment/0/targetDescription': fc.option(aText, { nil: undefined }),
    '/award/validity': fc.constantFrom(null, { period: 'P999Y', gracePeriod: 'P0D' }),
    '/award/renewal': fc.constant(null),
    '/qualityAssurance/externalBody': fc.option(fc.record({ name: aText, url: aUrl })),
    '/issuer/email': fc.option(fc.constantFrom('a@b.example', "o'neill+x@b.example"), { nil: undefined }),
    '/issuer/address': fc.constantFrom({ addressCountryCode: 'IE' }, { addressCountryCode: 'IE', addressRegion: 'Leinster' }),
  },
  { requiredKeys: [] },
);

describe.skipIf(!hasStandards)('a definition that lints clean', () => {
  it('makes badges that both official flavours take', { timeout: 120_000 }, async () => {
    const flavours = ['ob3-strict', 'ob3-jsonld-adaptation'].map(validatorOf);
    let clean = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...SAMPLE_NAMES), someChanges, async (name, changes) => {
        const definition = aDefinition(changes, name);
        const needs = { issuer: { ...anIssuer(), profile: definition.issuer }, publicBaseUrl: BASE, canonize };
        const findings = await lintBadge(definition, needs);
        if (lintDefinition(definition).errors.length > 0 || findings.some(({ severity }) => severity === 'error')) return;
        clean += 1;
        const badge = JSON.parse(JSON.stringify(await signed({ ...trialBadge(definition, needs) })));
        for (const validate of flavours) expect([validate(badge), validate.errors ?? []]).toEqual([true, []]);
      }),
      { numRuns: 60 },
    );
    expect(clean).toBeGreaterThan(10);
  });
});
