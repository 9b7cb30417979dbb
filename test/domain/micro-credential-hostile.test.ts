import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lintDefinition } from '#domain/lint.ts';
import { parseDefinition } from '#domain/micro-credential.ts';
import { faultsOfParsing, put, sampleJson } from './definitions.ts';
import { aSpoiltSample } from './spoilt-samples.ts';

const codesAt = (document: unknown, pointer: string): string[] =>
  faultsOfParsing(document)
    .filter((fault) => fault.pointer === pointer)
    .map(({ code }) => code);

describe('a hostile document', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', 'definition'],
    ['a number that is none', Number.NaN],
    ['a list', []],
    ['a function', () => 1],
    ['a symbol', Symbol('definition')],
    ['a big integer', 1n],
  ])('that is %s is refused', (_what, document) => {
    expect(faultsOfParsing(document)).toEqual([{ pointer: '', code: expect.any(String), detail: expect.stringMatching(/^The document /) }]);
  });

  it.each(['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString'])('cannot bring in the key %s', (key) => {
    const document = JSON.parse(`{"${key}": {"polluted": true}, "workload": {"${key}": {"volumeOfLearning": "PT1H"}}}`);
    expect(codesAt(document, `/${key}`)).toEqual(['unknown-field']);
    expect(codesAt(document, `/workload/${key}`)).toEqual(['unknown-field']);
    expect(codesAt(document, '/workload/volumeOfLearning')).toEqual(['required']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each([1000, 100_000])('nested %i deep is refused, not followed', (depth) => {
    const rule = JSON.parse('{"allOf":['.repeat(depth) + ']}'.repeat(depth));
    const faults = faultsOfParsing({ ...sampleJson('data-communicator'), award: { rule } });
    expect(faults.map(({ code }) => code)).toEqual(['too-deep']);
  });

  it('that contains itself is refused', () => {
    const document = sampleJson('data-communicator');
    document.self = document;
    expect(faultsOfParsing(document)).toHaveLength(1);
  });

  it('of too many values is refused as a whole', () => {
    expect(codesAt({ ...sampleJson('data-communicator'), tags: new Array(4_000_000_000) }, '')).toEqual(['too-many']);
    expect(codesAt({ tags: new Array(25_000).fill('t') }, '')).toEqual(['too-many']);
  });

  it('of many faults is answered with the first five hundred and the number of the others', () => {
    const faults = faultsOfParsing({
      ...sampleJson('data-communicator'),
      ...Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`x${n}`, 1])),
    });
    expect(faults).toHaveLength(501);
    expect(faults.at(-1)).toEqual({ pointer: '', code: 'too-many-faults', detail: 'There are 1500 more faults like these.' });
  });

  it('with infinite or undefined numbers is refused where they stand', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(
        codesAt(put(sampleJson('data-communicator'), { '/evidenceRequirements/0/minItems': value }), '/evidenceRequirements/0/minItems'),
      ).toEqual(['wrong-type']);
  });

  it('with half a character in a key gets an answer that is whole', () => {
    const [fault] = faultsOfParsing({ ...sampleJson('data-communicator'), 'x\ud800': 1 });
    expect(fault).toMatchObject({ pointer: '/x\ud800', code: 'unknown-field' });
    expect(fault?.detail.isWellFormed()).toBe(true);
  });
});

describe('a sample that somebody spoilt', () => {
  it('is refused with faults or taken, linted or not, but never crashes anything', () => {
    fc.assert(
      fc.property(aSpoiltSample, (document) => {
        const faults = faultsOfParsing(document);
        for (const { pointer, code, detail } of faults)
          expect([pointer, code, detail].every((text) => typeof text === 'string')).toBe(true);
        if (faults.length > 0) return;
        const definition = parseDefinition(document);
        const { errors, warnings } = lintDefinition(definition, { publishedVersions: ['0.1.0'], knownMicroCredentials: [] });
        for (const { code, detail } of [...errors, ...warnings])
          expect([code.startsWith('lint/'), detail.endsWith('.')]).toEqual([true, true]);
      }),
      { numRuns: 400 },
    );
  });
});
