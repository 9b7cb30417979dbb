import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Version } from '#domain/ids.ts';
import { latestVersion } from '#domain/version.ts';

const numbersOf = (version: string): readonly number[] => version.split('.').map(Number);
const aVersion = fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20)).map((parts) => Version.parse(parts.join('.')));

describe('the latest version', () => {
  it.each([
    ['2.0.0', '1.99.99'],
    ['10.0.0', '9.0.0'],
    ['1.10.0', '1.9.9'],
    ['1.0.10', '1.0.9'],
    ['0.0.1', '0.0.0'],
  ])('of %s and %s is the first, however they are listed', (latest, other) => {
    const versions = [latest, other].map((version) => Version.parse(version));
    expect(latestVersion(versions)).toBe(latest);
    expect(latestVersion(versions.toReversed())).toBe(latest);
  });

  it('of none is none', () => {
    expect(latestVersion([])).toBeUndefined();
  });

  it('is one of those listed, and no other stands above it in the order of Semantic Versioning', () => {
    fc.assert(
      fc.property(fc.array(aVersion, { minLength: 1, maxLength: 8 }), (versions) => {
        const latest = latestVersion(versions);
        const [highest] = versions.map(numbersOf).sort(([a = 0, b = 0, c = 0], [x = 0, y = 0, z = 0]) => x - a || y - b || z - c);
        expect(latest).toBe(highest?.join('.'));
        expect(versions).toContain(latest);
      }),
    );
  });
});
