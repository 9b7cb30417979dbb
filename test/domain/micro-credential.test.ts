import { describe, expect, it } from 'vitest';
import type { Fault } from '#domain/errors.ts';
import { parseDefinition } from '#domain/micro-credential.ts';
import {
  changedJson,
  faultsOfParsing,
  type Json,
  parentOf,
  pointersIn,
  read,
  SAMPLE_NAMES,
  sampleFiles,
  sampleJson,
} from './definitions.ts';

const codesAt = (document: unknown, pointer: string): string[] =>
  faultsOfParsing(document)
    .filter((fault) => fault.pointer === pointer)
    .map(({ code }) => code);

describe('a micro-credential definition', () => {
  it('is taken as every sample writes it, with nothing added and nothing lost', () => {
    expect(sampleFiles().sort()).toEqual(SAMPLE_NAMES.map((name) => `${name}.json`));
    for (const name of SAMPLE_NAMES) expect(parseDefinition(sampleJson(name))).toEqual(sampleJson(name));
  });

  it('can be read again from what was read', () => {
    for (const name of SAMPLE_NAMES) expect(parseDefinition(parseDefinition(sampleJson(name)))).toEqual(sampleJson(name));
  });

  it.each<[string, string, Json | undefined, string]>([
    ['an unknown field', '/colour', 'red', 'unknown-field'],
    ['an unknown field deep inside', '/rubrics/0/criteria/0/levels/0/color', 'red', 'unknown-field'],
    ['an unknown field whose name needs escaping', '/a~1b~0c', 1, 'unknown-field'],
    ['a missing field', '/name', undefined, 'required'],
    ['a missing enumeration', '/learningMode', undefined, 'required'],
    ['a missing kind', '/rubrics/0/passRule/type', undefined, 'required'],
    ['text instead of a number', '/evidenceRequirements/0/minItems', '1', 'wrong-type'],
    ['a fraction instead of a whole number', '/evidenceRequirements/0/maxItems', 1.5, 'wrong-type'],
    ['text instead of a list', '/tags', 'coaching', 'wrong-type'],
    ['a list instead of an object', '/award', [], 'wrong-type'],
    ['null where there must be text', '/description', null, 'wrong-type'],
    ['a name that is too short', '/name', 'CM', 'too-short'],
    ['a name that is too long', '/name', 'n'.repeat(121), 'too-long'],
    ['a name in two lines', '/name', 'Coaching\nand Mentoring', 'bad-format'],
    ['a name of spaces', '/name', '     ', 'bad-format'],
    ['a blank statement', '/competencies/0/statement', ' \n ', 'bad-format'],
    ['no competency', '/competencies', [], 'too-few'],
    ['too many tags', '/tags', new Array(31).fill('tag'), 'too-many'],
    ['a level above the framework', '/level/eqf/value', 9, 'too-large'],
    ['a level below the framework', '/level/eqf/value', 0, 'too-small'],
    ['no credit points at all', '/workload/creditPoint/point', 0, 'too-small'],
    ['a form of participation that no one knows', '/learningMode', 'osmosis', 'not-in-enum'],
    ['a schema version to come', '/schemaVersion', '2.0', 'not-in-enum'],
    ['a marking scheme that is not built', '/assessmentPolicy/marking/scheme', 'by-lot', 'not-in-enum'],
    ['an achievement type of nobody', '/achievementType', 'Medal', 'not-in-enum'],
    ['a status of nobody', '/status', 'perfect', 'not-in-enum'],
    ['a version of two numbers', '/version', '1.0', 'bad-format'],
    ['a version with a leading zero', '/version', '01.0.0', 'bad-format'],
    ['an id in capitals', '/id', 'Coaching', 'bad-format'],
    ['a component id with a slash', '/evidenceRequirements/0/id', 'a/b', 'bad-format'],
    ['a duration in words', '/workload/volumeOfLearning', '45 hours', 'bad-format'],
    ['a service time without a number', '/assessmentPolicy/sla/decision', 'soon', 'bad-format'],
    ['a script as web address', '/competencies/0/alignment/0/targetUrl', 'javascript:alert(1)', 'bad-format'],
    ['a web address with a password', '/issuer/url', 'https://u:p@harbour-learning.example/', 'bad-format'],
    ['a web address with a space', '/issuer/url', 'https://harbour learning.example/', 'bad-format'],
    ['a web address without a host', '/issuer/url', 'https://:80', 'bad-format'],
    ['an issuer id that is no URI', '/issuer/id', 'harbour', 'bad-format'],
    ['an e-mail address without a domain', '/issuer/email', 'credentials', 'bad-format'],
    ['a country in words', '/issuer/address/addressCountryCode', 'Ireland', 'bad-format'],
    ['a language in words', '/inLanguage', 'English', 'bad-format'],
    ['a media type with a wildcard', '/evidenceRequirements/0/accepts/0/mediaTypes/0', 'video/*', 'bad-format'],
    ['a date instead of an instant', '/supersedes', { version: '0.9.0', teachOutUntil: '2027-03-31' }, 'none'],
    ['a pass mark above everything', '/rubrics/0/passRule', { type: 'score-at-least', min: 1.1 }, 'none'],
    ['assessors who may be the learner', '/assessmentPolicy/assessorEligibility/forbids', ['declared-relationship'], 'must-contain'],
    ['an empty rule', '/award/rule', {}, 'no-such-form'],
    ['a rule of unknown words', '/award/rule/allOf/0', { unless: 'x' }, 'no-such-form'],
    ['a rule that is text', '/award/rule/allOf/0', 'skill-demonstration', 'wrong-type'],
    ['half a character', '/name', 'Coaching \ud83d', 'bad-text'],
  ])('with %s is refused at %s', (...[, pointer, value, code]) => {
    const faults = faultsOfParsing(changedJson('coaching-and-mentoring', { [pointer]: value }));
    const [fault] = faults;
    expect(faults).toHaveLength(1);
    if (code === 'none') expect(fault?.pointer.startsWith(`${pointer}/`)).toBe(true);
    else expect(fault).toMatchObject({ pointer, code });
    expect(fault?.detail).toMatch(/^.+\.$/s);
  });

  it('is told all that is wrong at once, in sentences', () => {
    const faults = faultsOfParsing(
      changedJson('data-communicator', {
        '/name': undefined,
        '/version': '1',
        '/competencies/0/alignment/0/targetUrl': 'esco',
        '/award/rule/allOf/2': { evidence: 'capstone' },
        '/evidenceRequirements/0/accepts/0/mediaType': 'video/mp4',
      }),
    );
    expect(Object.fromEntries(faults.map(({ pointer, detail }) => [pointer, detail]))).toEqual({
      '/name': '"name" is missing.',
      '/version': '"version" must be a version of three numbers, such as "1.0.0".',
      '/competencies/0/alignment/0/targetUrl':
        '"targetUrl" in item 1 of "alignment" must be a full web address, beginning with https:// or http://, without spaces; letters beyond a to z are percent-encoded.',
      '/award/rule/allOf/2/outcome': '"outcome" in item 3 of "allOf" is missing.',
      '/evidenceRequirements/0/accepts/0/mediaType':
        '"mediaType" is not a field of item 1 of "accepts"; check its spelling, or take it out.',
    });
  });

  it.each([
    [{ curriculum: '*' }, 'outcome'],
    [{ outcome: 'completed' }, 'curriculum'],
    [{ outcome: 'pass' }, 'evidence'],
    [{ of: [{ attestation: 'a' }] }, 'atLeast'],
    [{ atLeast: 1 }, 'of'],
    [{ validAt: 'award' }, 'credential'],
  ])('is told what the rule %j still needs: %s', (rule, field) => {
    expect(codesAt(changedJson('data-communicator', { '/award/rule': rule }), `/award/rule/${field}`)).toEqual(['required']);
  });

  it.each([['MicroCredential'], ['Certification'], ['ext:BoatBuilding']])('may be called %s as far as its form goes', (achievementType) => {
    expect(faultsOfParsing(changedJson('data-communicator', { '/achievementType': achievementType }))).toEqual([]);
  });

  it.each(SAMPLE_NAMES)('without a field is told so at that very field, unless the field is optional: %s', (name) => {
    const fields = pointersIn(sampleJson(name)).filter((pointer) => !Array.isArray(read(sampleJson(name), parentOf(pointer))));
    const silent = fields.filter((pointer) => {
      const faults = faultsOfParsing(changedJson(name, { [pointer]: undefined }));
      // A rule that loses its only field is no rule of any kind.
      const told = ({ pointer: at, code }: Fault): boolean =>
        (at === pointer && code === 'required') || (at === parentOf(pointer) && code === 'no-such-form');
      return faults.length > 0 && !faults.some(told);
    });
    expect(silent).toEqual([]);
  });
});
