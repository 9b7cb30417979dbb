/** What stands at the addresses of a published version, with ports in place of table and bucket. */
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { MicroCredentialId, Version } from '#domain/ids.ts';
import type { MicroCredentialDefinition } from '#domain/micro-credential.ts';
import type { EventOf } from '#lambda/event.ts';
import type { HostedFile } from '#shared/ports.ts';
import { onMicroCredentialPublished } from '../../functions/publication/on-micro-credential-published.ts';
import { aDefinition, anEvent, anIssuer, NOW, TENANT } from '../factories.ts';
import { realRasterizer } from '../web/real-fonts.ts';

const rasterizer = await realRasterizer();
const BASE = 'https://assay.example';
const STEM = 'a/harbour-learning-alliance/coaching-and-mentoring/1.0.0';
const ADDRESS = `${BASE}/${STEM}`;

const event = anEvent('microcredential.published', {
  microCredentialId: MicroCredentialId.parse('coaching-and-mentoring'),
  version: Version.parse('1.0.0'),
}) as EventOf<'microcredential.published'>;

/** Files in the order in which they were written. */
const published = async ({ definition = aDefinition(), state = 'published', registered = true } = {}) => {
  const files: HostedFile[] = [];
  const loaded = <T>(value: T) => ({ value, revision: 1, chain: '' });
  const needs = {
    definitions: { load: async () => loaded({ tenant: TENANT, definition, state, ...(state === 'published' && { publishedAt: NOW }) }) },
    issuers: { load: async () => (registered ? loaded(anIssuer()) : undefined) },
    hosted: { replace: async (file: HostedFile) => void files.push(file) },
    publicBaseUrl: BASE,
    rasterizer: async () => rasterizer,
  } as unknown as Parameters<typeof onMicroCredentialPublished>[0];
  await onMicroCredentialPublished(needs)(event);
  return files;
};

const textOf = (files: readonly HostedFile[], suffix: string): string => String(files.find(({ key }) => key === `${STEM}${suffix}`)?.body);
const jsonOf = (files: readonly HostedFile[], suffix: string): unknown => JSON.parse(textOf(files, suffix));

const files = await published();

describe('a published version', () => {
  it('has its image first, which all the rest names, and its Achievement last, the sign that all of it stands', () => {
    expect(files.map(({ key }) => key)).toEqual(['.png', '.svg', '.html', '.ob2.json', '.json'].map((suffix) => `${STEM}${suffix}`));
    expect(PNG.sync.read(Buffer.from(files[0]?.body ?? ''))).toMatchObject({ width: 800, height: 800 });
    expect(textOf(files, '.svg')).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  });

  it('has its image kept for a day, and everything that may change for a minute', () => {
    expect(files.map(({ contentType, cacheControl }) => [contentType, cacheControl])).toEqual([
      ['image/png', 'public, max-age=86400'],
      ['image/svg+xml', 'public, max-age=86400'],
      ['text/html; charset=utf-8', 'public, max-age=60'],
      ['application/ld+json', 'public, max-age=60'],
      ['application/ld+json', 'public, max-age=60'],
    ]);
  });

  it('names its image in words, which are those that stand on it', () => {
    const caption = 'Coaching and Mentoring, Harbour Learning Alliance (sample issuer)';
    expect(jsonOf(files, '.json')).toMatchObject({ id: ADDRESS, image: { id: `${ADDRESS}.png`, type: 'Image', caption } });
    expect(textOf(files, '.svg')).toContain(`<title>${caption}</title>`);
  });

  it('is a BadgeClass to readers of the older generation', () => {
    expect(jsonOf(files, '.ob2.json')).toMatchObject({
      '@context': 'https://w3id.org/openbadges/v2',
      type: 'BadgeClass',
      id: `${ADDRESS}.ob2.json`,
      name: 'Coaching and Mentoring',
      description: expect.any(String),
      image: `${ADDRESS}.png`,
      criteria: { id: `${ADDRESS}#criteria`, narrative: expect.any(String) },
      issuer: `${BASE}/i/harbour-learning-alliance/issuer.ob2.json`,
    });
  });

  it('published twice is the same, byte by byte', async () => {
    const bytes = (of: readonly HostedFile[]) => of.map(({ key, body }) => [key, Buffer.from(body).toString('base64')]);
    expect(bytes(await published())).toEqual(bytes(files));
  });

  it('names an image of the programme’s own in its place, and has the drawn one on its page, which loads nothing from elsewhere', async () => {
    const image = { id: 'https://programme.example/badge.png', caption: 'A lighthouse' };
    const definition: MicroCredentialDefinition = { ...aDefinition(), image };
    const own = await published({ definition });
    expect(jsonOf(own, '.json')).toMatchObject({ image: { ...image, type: 'Image' } });
    expect(jsonOf(own, '.ob2.json')).toMatchObject({ image: image.id });
    expect(textOf(own, '.html')).toContain(`<img class="badge" src="${ADDRESS}.svg"`);
    expect(textOf(own, '.html')).not.toContain('programme.example');
  });

  it('is not published by halves: without its issuer or the moment of its publication nothing is written', async () => {
    await expect(published({ registered: false })).rejects.toThrow('is gone');
    await expect(published({ state: 'draft' })).rejects.toThrow('is gone');
  });
});
