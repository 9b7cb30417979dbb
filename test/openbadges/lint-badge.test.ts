/** A badge issued on trial: what only the badge shows, and that a clean definition makes badges which all verifiers read alike. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lintDefinition } from '#domain/lint.ts';
import type { MicroCredentialDefinition } from '#domain/micro-credential.ts';
import { achievementCredential } from '#openbadges/achievement-credential.ts';
import { badgeAnnex } from '#openbadges/lint/badge-annex.ts';
import { badgeCanonical } from '#openbadges/lint/badge-canonical.ts';
import { badgeIds } from '#openbadges/lint/badge-ids.ts';
import { badgeShape } from '#openbadges/lint/badge-shape.ts';
import { blameIn } from '#openbadges/lint/places.ts';
import { trialBadge } from '#openbadges/lint/trial-badge.ts';
import { lintBadge } from '#openbadges/lint-badge.ts';
import { type Json, SAMPLE_NAMES } from '../domain/definitions.ts';
import { aDefinition, anIssuer } from '../factories.ts';
import { aFrozenCredential, BASE, canonize } from './a-badge.ts';

const issuerOf = ({ issuer: profile }: MicroCredentialDefinition) => ({ ...anIssuer(), profile });

const found = async (definition: MicroCredentialDefinition, issuer = issuerOf(definition)): Promise<string[]> =>
  (await lintBadge(definition, { issuer, publicBaseUrl: BASE, canonize })).map(({ code, pointer }) => `${code} ${pointer}`);

/** A definition as no schema would take it. */
const unparsed = (changes: Readonly<Record<string, Json>>): MicroCredentialDefinition => Object.assign(aDefinition(), changes);

const nowhere = blameIn([]);

describe('a badge on trial', () => {
  it.each(SAMPLE_NAMES)('finds nothing in %s', async (name) => {
    expect(await found(aDefinition({}, name))).toEqual([]);
  });

  it('names criteria and image that share one address, at both', async () => {
    const shared = 'https://harbour-learning.example/coaching';
    const definition = aDefinition({ '/criteria/id': shared, '/image': { id: shared, caption: 'Two speech bubbles' } });
    expect(await found(definition)).toEqual(['lint/badge-id-twice /image/id', 'lint/badge-id-twice /criteria/id']);
  });

  it('names criteria that claim the address of the achievement itself', async () => {
    const { id } = issuerOf(aDefinition());
    expect(await found(aDefinition({ '/criteria/id': `${BASE}/a/${id}/coaching-and-mentoring/1.0.0` }))).toEqual([
      'lint/badge-id-twice /criteria/id',
    ]);
  });

  it('names tags that would be sorted differently, and only those', async () => {
    expect(await found(aDefinition({ '/tags': ['重要\\n"📊', '重要\\n"！', '！'] }))).toEqual(['lint/text-order /tags/0']);
  });

  it('finds a tag again whatever in it had to be escaped', async () => {
    expect(await found(aDefinition({ '/tags': ['\u0001\t📊', '\u0001\t！'] }))).toEqual(['lint/text-order /tags/0']);
  });

  it.each([0.1 + 0.2, 1.0000000000000002])('names %d credits, which not every verifier keeps', async (point) => {
    expect(await found(aDefinition({ '/workload/creditPoint/point': point }))).toEqual(['lint/badge-number /workload/creditPoint/point']);
  });

  it('points out a language that badges cannot tell', async () => {
    expect(await found(aDefinition({ '/inLanguage': 'de-1996' }))).toEqual(['lint/language-not-told /inLanguage']);
  });

  it('tells a level in words, and names its absence', async () => {
    expect(await found(aDefinition({ '/level': { statement: 'Below the first cycle of higher education.' } }))).toEqual([]);
    expect(await found(aDefinition({ '/level': {} }))).toEqual(['lint/annex-i /level']);
  });

  it('leaves to the linter what may not be a badge at all', async () => {
    expect(await found(aDefinition({ '/achievementType': 'Certification' }))).toEqual([]);
  });

  it('does not mind a component whose rubric is missing', async () => {
    expect(await found(aDefinition({ '/evidenceRequirements/0/rubricId': 'gone' }))).toEqual([]);
  });

  it('names what no schema has seen: addresses that are none, empty texts and lists', async () => {
    const codes = await found(unparsed({ criteria: { id: 'our criteria', narrative: 'n' }, humanCode: '', description: '' }));
    expect(codes).toEqual(
      expect.arrayContaining([
        'lint/badge-address /criteria/id',
        'lint/badge-empty /humanCode',
        'lint/badge-empty /description',
        'lint/badge-not-canonical /criteria/id',
      ]),
    );
  });

  it('crashes on what is nobody’s fault but ours', async () => {
    const broken = () => Promise.reject(new TypeError('broken'));
    const definition = aDefinition();
    const needs = { issuer: issuerOf(definition), publicBaseUrl: BASE, canonize: broken };
    await expect(lintBadge(definition, needs)).rejects.toThrow('broken');
    expect(() => trialBadge(unparsed({ evidenceRequirements: null }), needs)).toThrow(TypeError);
  });
});

describe('a badge that is looked at by itself', () => {
  const badge = achievementCredential(aFrozenCredential());
  const codesOf = (findings: readonly { readonly code: string; readonly pointer: string; readonly detail: string }[]) =>
    findings.map(({ code, pointer }) => `${code} ${pointer}`);

  it('has no fault', async () => {
    expect([...badgeShape(badge, nowhere), ...badgeIds(badge, nowhere), ...badgeAnnex(badge)]).toEqual([]);
    expect(await badgeCanonical(badge, { canonize, blame: nowhere })).toEqual([]);
  });

  it('is refused with an image that nobody described, at the image’s own place', () => {
    const { caption: _, ...image } = { ...badge.issuer.image, id: 'https://x.example/logo.png', type: 'Image' as const };
    const uncaptioned = { ...badge, issuer: { ...badge.issuer, image } };
    const texts = [{ path: ['issuer', 'image', 'id'], value: 'https://x.example/logo.png' }];
    expect(codesOf(badgeShape(uncaptioned, blameIn(texts)))).toEqual(['lint/image-without-caption /issuer/image/caption']);
    const [fault] = badgeShape(uncaptioned, nowhere);
    expect(fault).toMatchObject({ pointer: '', detail: expect.stringContaining('(in the badge at /issuer/image)') });
  });

  it('is refused if it is no Open Badge, or says nothing that Annex I asks', () => {
    const { credentialSubject } = badge;
    const achievement = { ...credentialSubject.achievement, alignment: [] };
    const { identifier: _, ...subject } = credentialSubject;
    const bare = { ...badge, name: '', validFrom: 'today', awardedDate: '', credentialSubject: { ...subject, achievement } };
    expect(codesOf(badgeShape(bare, nowhere))).toContain('lint/badge-malformed ');
    expect(badgeAnnex({ ...bare, issuer: { id: 'did:web:x', type: ['Profile'], name: '' } }).map(({ pointer }) => pointer)).toEqual(
      ['', '/name', '/issuer/address/addressCountryCode', '/issuer/name', '', '/competencies', '/workload/volumeOfLearning'].concat([
        '/level',
        '/evidenceRequirements',
        '/learningMode',
        '/qualityAssurance',
      ]),
    );
  });

  it('is refused as a whole if nothing tells why it has no canonical form', async () => {
    const strange = { ...badge, '@context': ['https://strange.example/context.json'] };
    expect(codesOf(await badgeCanonical(strange, { canonize, blame: nowhere }))).toEqual(['lint/badge-not-canonical ']);
  });
});

/** By UTF-16 unit, as a naive sort in JavaScript or Java has it. */
const byUnit = (lines: readonly string[]) => [...lines].sort();
/** By code point, as the specification and a sort of UTF-8 bytes in Rust, Go or C have it. */
const byCodePoint = (lines: readonly string[]) => [...lines].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
/** Where the line splitters of some languages cut, and more. */
const ANY_LINE_END = /[\p{Cc}\u2028\u2029]/u;
/** What canonical N-Quads escape in a literal besides quotes and backslashes, and what libraries are known to escape in different ways. */
const ESCAPED_BY_SOME = /[\p{Cc}\p{Noncharacter_Code_Point}]/u;

describe('every badge of a definition that lints clean', () => {
  const unit = fc.oneof(
    { weight: 60, arbitrary: fc.constantFrom(...'aé重！😀', '\u{20000}', '\uE000', '\\', '"', '\n') },
    { weight: 1, arbitrary: fc.constantFrom('\t', '\u2028', '\u202E', '\uFFFE', '\u0085') },
  );
  const aText = fc.string({ unit, minLength: 1, maxLength: 5 });
  const aLine = aText.map((text) => `a${text.replaceAll(/[\n\u2028]/g, '')}`);
  const texts = fc.record({
    '/name': aLine.map((text) => `Name ${text}`),
    '/fieldOfStudy': aLine,
    '/tags': fc.uniqueArray(aLine, { minLength: 2, maxLength: 4 }),
    '/criteria/narrative': aText.map((text) => `${text} and what has to be shown so that the badge is awarded.`),
    '/competencies/0/statement': aText.map((text) => `s${text}`),
    '/competencies/0/alignment/0/targetName': aLine,
    '/competencies/1/alignment/0/targetName': aLine,
    '/rubrics/0/criteria/0/levels/0/description': aText.map((text) => `d${text}`),
    '/evidenceRequirements/0/name': aLine,
    '/issuer/description': aText.map((text) => `i${text}`),
  });

  it('has the same canonical form by code point and by UTF-16 unit, in whole lines, with nothing left to escape', {
    timeout: 120_000,
  }, async () => {
    let clean = 0;
    await fc.assert(
      fc.asyncProperty(texts, async (changes) => {
        const definition = aDefinition(changes);
        const faults = [...lintDefinition(definition).errors, ...(await found(definition))];
        if (faults.length > 0) return;
        clean += 1;
        const canonical = await canonize({ ...trialBadge(definition, { issuer: issuerOf(definition), publicBaseUrl: BASE }) });
        const lines = canonical.trimEnd().split('\n');
        expect(byUnit(lines)).toEqual(lines);
        expect(byCodePoint(lines)).toEqual(lines);
        expect(canonical.trimEnd().split(ANY_LINE_END)).toEqual(lines);
        expect(ESCAPED_BY_SOME.test(lines.join(''))).toBe(false);
      }),
      { numRuns: 80 },
    );
    expect(clean).toBeGreaterThan(10);
  });
});
