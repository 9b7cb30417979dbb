/** In every suite: each text of a signed document, one letter changed, and no document that still verifies. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#openbadges/json-object.ts';
import { toBase64url, utf8 } from '#openbadges/primitives.ts';
import { verifyCredential } from '#openbadges/verify.ts';
import { verifyJose } from '#openbadges/verify-jose.ts';
import { loaderOf, NOW_MS } from '../openbadges/a-badge.ts';
import { aBadgeIn, aBadgeOf, aDisclosableBadge, canonize, disclosed, ec, ONE_STEP } from '../openbadges/signers.ts';
import { ecKey } from './vector-keys.ts';

type Path = readonly (string | number)[];

const leavesOf = (value: unknown, path: Path = []): readonly { readonly path: Path; readonly text: string }[] => {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  const keys: Path = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return keys.flatMap((key) => leavesOf(Reflect.get(value, key), [...path, key]));
};

const changedAt = (document: object, path: Path, text: string): object => {
  const copy = structuredClone(document);
  const holder = path.slice(0, -1).reduce<object>((inside, key) => Reflect.get(inside, key), copy);
  Reflect.set(holder, path.at(-1) ?? '', text);
  return copy;
};

/** Another character of the same kind, so that the text keeps its form. */
const flipped = (text: string, place: number): string => {
  const character = text.charAt(place);
  const digit = String((Number(character) + 1) % 10);
  return text.slice(0, place) + (/\d/.test(character) ? digit : character === 'x' ? 'y' : 'x') + text.slice(place + 1);
};

const survivorsOf = async (document: JsonObject): Promise<readonly string[]> => {
  const survivors: string[] = [];
  for (const [number, { path, text }] of leavesOf(document).entries()) {
    // A place in each text, not always the same one; proofs are changed in every quarter.
    const places = path[0] === 'proof' ? [0, text.length >> 2, text.length >> 1, text.length - 1] : [(number * 7) % text.length];
    for (const place of new Set(places)) {
      const changed = changedAt(document, path, flipped(text, place));
      const { verdict } = await verifyCredential(changed, { canonize, load: loaderOf({}), nowMs: NOW_MS });
      if (verdict === 'valid') survivors.push(`${path.join('.')}[${place}]`);
    }
  }
  return survivors;
};

describe('no text of a badge can be changed', () => {
  it.each(ONE_STEP)(
    'in $name',
    async (signer) => {
      const badge = await aBadgeIn(signer);
      expect(leavesOf(badge).length).toBeGreaterThan(100);
      expect(await survivorsOf(badge)).toEqual([]);
    },
    120_000,
  );

  it('in ecdsa-sd-2023, as it is shown', async () => {
    const pointers = [
      '/id',
      '/name',
      '/credentialSubject/id',
      '/credentialSubject/achievement/description',
      '/credentialSubject/achievement/id',
      '/evidence',
    ];
    expect(await survivorsOf(await disclosed(await aDisclosableBadge(), pointers))).toEqual([]);
  }, 120_000);

  it('as a VC-JWT, letter by letter', async () => {
    const { key, signer } = ecKey('P-256', 12);
    const badge = aBadgeOf(ec('P-256', 12));
    const text = [{ alg: 'ES256', typ: 'vc+jwt' }, badge].map((part) => toBase64url(utf8(JSON.stringify(part)))).join('.');
    const token = `${text}.${toBase64url(await signer(utf8(text)))}`;
    expect((await verifyJose(token, key)).verdict).toBe('valid');
    const survivors: number[] = [];
    for (const place of Array.from(token, (_, index) => index)) {
      if ((await verifyJose(flipped(token, place), key)).verdict === 'valid') survivors.push(place);
    }
    expect(survivors).toEqual([]);
  }, 120_000);
});
