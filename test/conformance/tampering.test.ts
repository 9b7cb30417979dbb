/** Nothing in a signed badge can be changed without a verifier noticing: tried on every value there is. */
import { describe, expect, it } from 'vitest';
import { verifyCredential } from '#openbadges/verify.ts';
import { aDefinition, aSignedBadge, canonize, loaderOf, NOW_MS, published } from '../openbadges/a-badge.ts';

type Path = readonly (string | number)[];

const badge = JSON.parse(JSON.stringify(await aSignedBadge({}, aDefinition('data-communicator'))));
const load = loaderOf(await published());

const verdictOn = async (document: unknown) => (await verifyCredential(document, { canonize, load, nowMs: NOW_MS })).verdict;

const pathsIn = (value: unknown, path: Path = []): readonly Path[] => {
  if (typeof value !== 'object' || value === null) return [path];
  const keys: Path = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return keys.flatMap((key) => pathsIn(Reflect.get(value, key), [...path, key]));
};

const valueAt = (path: Path): unknown => path.reduce<unknown>((value, key) => Reflect.get(Object(value), key), badge);

const changedAt = (path: Path, value: unknown): unknown => {
  const copy = structuredClone(badge);
  const holder = path.slice(0, -1).reduce<object>((inside, key) => Reflect.get(inside, key), copy);
  if (value === undefined) Reflect.deleteProperty(holder, path.at(-1) ?? '');
  else Reflect.set(holder, path.at(-1) ?? '', value);
  return copy;
};

/** Another character of the same kind, so that the text keeps its form: a date stays a date, an address an address. */
const flipped = (text: string, place: number): string => {
  const other = (character: string) => {
    if (/\d/.test(character)) return String((Number(character) + 1) % 10);
    return character === 'x' ? 'y' : 'x';
  };
  return text.slice(0, place) + other(text.charAt(place)) + text.slice(place + 1);
};

const leaves = pathsIn(badge);
const texts = leaves.flatMap((path) => {
  const value = valueAt(path);
  return typeof value === 'string' ? [{ path, value }] : [];
});

describe('a badge', () => {
  it('verifies as it was signed', async () => {
    expect(await verdictOn(badge)).toBe('valid');
  });

  it('no longer verifies once one character is changed in any of its texts, at the start, in the middle or at the end', async () => {
    expect(texts.length).toBeGreaterThan(100);
    const survivors: string[] = [];
    for (const { path, value } of texts) {
      for (const place of new Set([0, value.length >> 1, value.length - 1])) {
        if ((await verdictOn(changedAt(path, flipped(value, place)))) === 'valid') survivors.push(`${path.join('.')}[${place}]`);
      }
    }
    expect(survivors).toEqual([]);
  });

  it('no longer verifies once any value is taken out', async () => {
    const survivors: string[] = [];
    for (const path of leaves.filter((candidate) => typeof candidate.at(-1) === 'string')) {
      if ((await verdictOn(changedAt(path, undefined))) === 'valid') survivors.push(path.join('.'));
    }
    expect(survivors).toEqual([]);
  });

  it('no longer verifies once a number or a yes is changed', async () => {
    const others = leaves.filter((path) => typeof valueAt(path) !== 'string');
    expect(others.map((path) => path.at(-1)).sort()).toEqual(['creditsAvailable', 'hashed']);
    for (const path of others) expect(await verdictOn(changedAt(path, valueAt(path) === true ? false : 7))).not.toBe('valid');
  });

  it.each([
    ['a term that is defined', { description: 'Added later' }],
    ['a term that is not', { endorsedBy: 'Someone' }],
    ['a second evidence', { evidence: [...badge.evidence, { id: 'urn:uuid:added', type: ['Evidence'], name: 'Added' }] }],
    ['a second, forged proof', { proof: [...badge.proof, { ...badge.proof[0], created: '2026-11-23T12:31:01Z' }] }],
    ['a context that redefines a term', { '@context': [...badge['@context'], { name: 'https://example.org/name' }] }],
  ])('no longer verifies once it is given %s', async (_, added) => {
    expect(await verdictOn({ ...badge, ...added })).not.toBe('valid');
  });
});
