import { describe, expect, it } from 'vitest';
import { achievementCredential } from '#openbadges/achievement-credential.ts';
import { assertion } from '#openbadges/assertion.ts';
import { badgeForms } from '#openbadges/badge-forms.ts';
import { bakedInPng } from '#openbadges/baked-png.ts';
import { bakedInSvg } from '#openbadges/baked-svg.ts';
import { signedJwt } from '#openbadges/jwt-proof.ts';
import { aFrozenCredential, aSignedBadge, BASE } from './a-badge.ts';
import { rsaKey } from './jwt-keys.ts';
import { aPngWith } from './png-images.ts';

const frozen = aFrozenCredential();
const json = JSON.stringify(await aSignedBadge());
const jwt = await signedJwt(achievementCredential(frozen), rsaKey);
const image = { png: aPngWith(), svg: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>' };
const older = JSON.stringify(assertion(frozen));
const forms = () => badgeForms({ frozen, json, jwt, image });
const textOf = (suffix: string) => Buffer.from(forms().find((file) => file.suffix === suffix)?.bytes ?? []).toString('utf8');

describe('the forms of a badge', () => {
  it('are five, each under the media type that readers ask for, and the JSON comes last', () => {
    expect(forms().map(({ suffix, contentType }) => [suffix, contentType])).toEqual([
      ['.jwt', 'text/plain; charset=utf-8'],
      ['.ob2.json', 'application/ld+json'],
      ['.png', 'image/png'],
      ['.svg', 'image/svg+xml'],
      ['.json', 'application/vc+ld+json'],
    ]);
  });

  it('say the same: text by text, and inside both images', async () => {
    expect([textOf('.json'), textOf('.jwt'), textOf('.ob2.json')]).toEqual([json, jwt, older]);
    const [png, svg] = ['.png', '.svg'].map((suffix) => forms().find((file) => file.suffix === suffix)?.bytes ?? new Uint8Array());
    expect(await bakedInPng(png ?? new Uint8Array())).toEqual({ credential: json, assertion: older });
    expect(bakedInSvg(svg ?? new Uint8Array())).toEqual({ credential: json, assertion: older });
  });

  it('are the same bytes at every try', () => {
    expect(forms()).toEqual(forms());
  });

  it.each([
    ['an image that is none', { image: { ...image, png: Buffer.from('GIF89a') } }],
    ['a drawing that is none', { image: { ...image, svg: '<html/>' } }],
    ['the JSON of another badge', { json: json.replaceAll('0123456789abcdefghjkmnpqrs', '9123456789abcdefghjkmnpqrs') }],
    ['a JSON that is none', { json: 'null' }],
    ['a JWT that is none', { jwt: 'a.b.c' }],
    ['no JWT', { jwt: '' }],
  ])('are not made at all from %s', (_, wrong) => {
    expect(() => badgeForms({ frozen, json, jwt, image, ...wrong })).toThrow(RangeError);
  });

  it('are not made from the JWT of another badge', async () => {
    const other = achievementCredential(aFrozenCredential({ id: `${BASE}/c/9123456789abcdefghjkmnpqrs` }));
    const foreign = await signedJwt(other, rsaKey);
    expect(() => badgeForms({ frozen, json, jwt: foreign, image })).toThrow('another badge');
  });
});
