import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, isInRange, VersionRange } from '#domain/micro-credential/version-range.ts';

const aVersion = fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20)).map((numbers) => numbers.join('.'));

describe('a version range', () => {
  it.each([
    ['1.0.0', '>=1.0.0', true],
    ['0.9.9', '>=1.0.0', false],
    ['1.10.0', '>1.9.0', true],
    ['1.9.0', '>1.9.0', false],
    ['1.2.3', '<=1.2.3', true],
    ['1.2.3', '<1.2.3', false],
    ['1.2.3', '1.2.3', true],
    ['1.2.3', '=1.2.4', false],
    ['1.5.0', '>=1.0.0 <2.0.0', true],
    ['2.0.0', '>=1.0.0 <2.0.0', false],
  ])('%s in %s: %s', (version, range, answer) => {
    expect(isInRange(version, VersionRange.parse(range))).toBe(answer);
  });

  it('that is not given takes every version', () => {
    expect(isInRange('0.0.1', undefined)).toBe(true);
  });

  it.each(['', '^1.0.0', '>=1.0', '1.x', '>= 1.0.0', '01.0.0', '>=1.0.0  <2.0.0', '>1.0.0 >1.0.0 >1.0.0 >1.0.0 >1.0.0'])(
    '%j is none',
    (range) => {
      expect(VersionRange.safeParse(range).success).toBe(false);
    },
  );

  it('rests on an order in which any two versions compare the same way round', () => {
    fc.assert(
      fc.property(aVersion, aVersion, aVersion, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        expect(compareVersions(a, b) === 0).toBe(a === b);
        if (compareVersions(a, b) < 0 && compareVersions(b, c) < 0) expect(compareVersions(a, c)).toBeLessThan(0);
      }),
    );
  });
});
