import { describe, expect, it } from 'vitest';
import { type Credential, PUBLIC_REASONS } from '#domain/credential.ts';
import { CredentialId, EnrolmentId, Instant, MicroCredentialId, TenantId, Version } from '#domain/ids.ts';
import type { FrozenCredential } from '#openbadges/achievement-credential.ts';
import { credentialPage, type SignedBadge } from '#web/credential-page.ts';
import { aDefinition, aSignedBadge } from '../openbadges/a-badge.ts';
import { tagsIn, wordsIn } from './markup.ts';

const at = (text: string) => Instant.parse(text);

const base = {
  id: CredentialId.parse('0123456789abcdefghjkmnpqrs'),
  tenant: TenantId.parse('harbour'),
  enrolmentId: EnrolmentId.parse('enr_0123456789abcdefghjkmnpqrs'),
  learnerSubject: 'subject',
  microCredentialId: MicroCredentialId.parse('data-storytelling'),
  version: Version.parse('1.2.0'),
  status: { list: 1, index: 94_567 },
  earnedAt: at('2026-11-23T12:31:00Z'),
  wantsPublic: true,
} as const;

const issued = { issuedAt: at('2026-11-23T12:31:05Z'), signedWith: { proof: 'z6Mk', jwt: 'thumbprint' }, edition: 1 };

const published: Credential = { ...base, ...issued, state: 'published' };

/** As it is read back from where it was published. */
const aDocument = async (overrides: Partial<FrozenCredential> = {}): Promise<SignedBadge> =>
  JSON.parse(JSON.stringify(await aSignedBadge(overrides)));

const document = await aDocument();
const shown = (overrides: Partial<Parameters<typeof credentialPage>[0]> = {}) =>
  credentialPage({ credential: published, document, url: document.id, now: '2026-11-24T09:00:00.000Z', ...overrides });

const withReason = (state: 'suspended' | 'revoked', publicReason: (typeof PUBLIC_REASONS)[number] = 'issued-in-error'): Credential => ({
  ...base,
  ...issued,
  state,
  reason: { publicReason, internalReason: 'plagiarism found by A. Assessor', at: at('2027-02-01T10:00:00Z') },
});

describe('the page of a credential says first whether to rely on it', () => {
  it.each([
    ['valid', published, '2026-11-24T09:00:00Z', 'Verified and current', 'has not been withdrawn. It is valid until 22 November 2029'],
    [
      'expired',
      published,
      '2029-11-23T09:00:00Z',
      'Genuine, but expired on 22 November 2029',
      'The holder met the requirements on 23 November 2026',
    ],
    ['not-yet-valid', published, '2026-11-22T09:00:00Z', 'Genuine, valid from 23 November 2026', 'Do not rely on it before that date'],
    ['suspended', withReason('suspended'), '2027-03-01T09:00:00Z', 'On hold since 1 February 2027', 'Ask the issuer before relying on it'],
    [
      'revoked',
      withReason('revoked'),
      '2027-03-01T09:00:00Z',
      'Withdrawn by the issuer on 1 February 2027',
      'Do not rely on it. Reason published by the issuer: It was issued in error.',
    ],
  ] as const)('%s', (...[state, credential, now, banner, line]) => {
    const page = shown({ credential, now });
    const words = wordsIn(page).trim().replaceAll(' .', '.');
    expect(words.indexOf(banner)).toBeLessThan(4);
    expect(words).toContain(banner);
    expect(words).toContain(line);
    const first = tagsIn(page).find(({ attributes }) => attributes.role !== undefined);
    expect(first?.attributes).toEqual({ class: `standing standing-${state}`, role: 'status' });
  });

  it('and a withdrawn one stays withdrawn after its last day', () => {
    expect(wordsIn(shown({ credential: withReason('revoked'), now: '2031-01-01T00:00:00Z' }))).toContain('Withdrawn by the issuer');
    expect(wordsIn(shown({ credential: withReason('suspended'), now: '2031-01-01T00:00:00Z' }))).toContain('On hold since');
  });

  it('and when that was so', () => {
    expect(wordsIn(shown())).toContain('Status as published on 24 November 2026 at 09:00 UTC');
  });

  it.each(PUBLIC_REASONS)('with the public reason %s in words, and never the internal one', (reason) => {
    const page = shown({ credential: withReason('revoked', reason) });
    expect(wordsIn(page)).toMatch(/Reason published by the issuer: (It|The) [a-z ]+\./);
    expect(page).not.toMatch(/plagiarism|Assessor\b.*A\./);
  });

  it('and has no end to tell of where there is none', async () => {
    const words = wordsIn(shown({ document: await aDocument({ validUntil: undefined }) }));
    expect(words).not.toContain('It is valid until');
    expect(words).toContain('without end');
  });
});

describe('the page of a credential', () => {
  it('names the holder only where the holder chose so', () => {
    expect(wordsIn(shown())).toContain('The holder of this link earned Data Storytelling');
    const named = shown({ credential: { ...published, holderName: 'Ada Learner' } });
    expect(wordsIn(named)).toContain(
      'Ada Learner earned Data Storytelling , a micro-credential awarded by Harbour Learning Alliance on 23 November 2026',
    );
    expect(named.slice(0, named.indexOf('<body>'))).not.toContain('Ada');
    const late = shown({ credential: { ...published, holderName: 'Ada Learner' }, now: '2030-01-01T00:00:00Z' });
    expect(wordsIn(late)).toContain('Ada Learner met the requirements');
  });

  it('tells what the holder can do, how it was proven, how demanding it was and who stands behind it, in this order', () => {
    const headings = [...shown().matchAll(/<h2>([^<]+)/g)].map(([, heading]) => heading);
    expect(headings).toEqual([
      'What the holder can do',
      'How it was proven',
      'How demanding it was',
      'Who stands behind it',
      'Proof details',
      'Share and correct',
    ]);
  });

  it('shows the levels that were reached only if the badge publishes them', async () => {
    expect(wordsIn(shown())).toContain('Audience and decision Passing Both named and every finding serves the decision.');
    const outcome = shown({ document: await aDocument({ results: { policy: 'outcome-only' }, evidence: [] }) });
    expect(outcome).not.toContain('<table>');
    expect(tagsIn(outcome).length).toBeGreaterThan(20);
  });

  it('names who assessed, be it the issuer or another body', async () => {
    expect(wordsIn(shown())).toContain('Assessed by Independent Assessors Board');
    expect(wordsIn(shown({ document: await aDocument({ source: undefined }) }))).toContain('Assessed by Harbour Learning Alliance');
  });

  it('shows the badge’s image with a text that says what it is', async () => {
    const { achievement } = (await aDocument()).credentialSubject;
    const image = { id: 'https://assay.example/a/sample/1.2.0.png', type: 'Image' } as const;
    const page = shown({ document: await aDocument({ achievement: { ...achievement, image } }) });
    expect(tagsIn(page).find(({ name }) => name === 'img')?.attributes).toMatchObject({
      src: image.id,
      alt: 'Data Storytelling, awarded by Harbour Learning Alliance',
    });
    expect(shown()).not.toContain('<img');
  });

  it('leads to its signed file, its rubric, its issuer’s contact and its status list', () => {
    const links = tagsIn(shown()).flatMap(({ name, attributes }) => (name === 'a' ? [attributes.href] : []));
    expect(links).toEqual(
      expect.arrayContaining([
        `${document.id}.json`,
        'https://assay.example/a/sample/1.2.0',
        'mailto:credentials@harbour-learning.example',
        'https://assay.example/s/harbour/1',
      ]),
    );
  });

  it('stands without an issuer’s address, e-mail or description', async () => {
    const page = shown({ document: await aDocument({ issuer: { did: document.issuer.id, name: 'Harbour' } }) });
    expect(tagsIn(page).length).toBeGreaterThan(20);
    expect(wordsIn(page)).not.toContain('Report a concern');
  });

  it('is plain: one main heading, a language, a viewport, no script, no style of its own, nothing from elsewhere', () => {
    const page = shown();
    const tags = tagsIn(page);
    expect(tags.filter(({ name }) => name === 'h1')).toHaveLength(1);
    expect(tags.find(({ name }) => name === 'html')?.attributes.lang).toBe('en');
    expect(page).not.toMatch(/<script|<style|style=| on[a-z]+=/);
    const loaded = tags.flatMap(({ name, attributes }) =>
      name === 'img' ? [attributes.src] : name === 'link' && attributes.rel === 'stylesheet' ? [attributes.href] : [],
    );
    expect(loaded).toEqual(['/assets/style.css']);
  });

  it('is kept from search engines and offers its other forms', () => {
    const tags = tagsIn(shown());
    expect(tags).toContainEqual({ name: 'meta', attributes: { name: 'robots', content: 'noindex' } });
    expect(tags).toContainEqual({
      name: 'link',
      attributes: { rel: 'alternate', type: 'application/vc+ld+json', href: `${document.id}.json` },
    });
  });
});

describe('hostile text', () => {
  const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(1)>'&amp;\u202e\u0000**b**\n\n</bdi></main>`;

  /** Every text of a document, replaced by a hostile one; dates stay dates, or there would be nothing to show. */
  const poisoned = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string') return /Date$|^valid|^created$/.test(key) ? value : `${value}${HOSTILE}`;
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => poisoned(item, key));
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, poisoned(item, name)]));
  };

  it('in every place of a badge stays text', async () => {
    const { achievement } = document.credentialSubject;
    const image = { id: 'https://assay.example/a.png', type: 'Image', caption: 'x' } as const;
    const evil = poisoned(await aDocument({ achievement: { ...achievement, image } })) as SignedBadge;
    const page = shown({ document: evil, credential: { ...published, holderName: HOSTILE }, url: `https://assay.example/c/1${HOSTILE}` });
    const tags = tagsIn(page);
    expect(tags.flatMap(({ attributes }) => Object.keys(attributes)).filter((name) => name.startsWith('on') || name === 'style')).toEqual(
      [],
    );
    expect(wordsIn(page)).toContain('<script>alert(1)</script>');
    expect(page).not.toContain('\u0000');
  });

  it('that is no web address becomes no link', async () => {
    const { achievement } = document.credentialSubject;
    const alignment = ['javascript:alert(1)', 'data:text/html,x', 'vbscript:x', '//evil.example'].map((targetUrl) => ({
      type: ['Alignment'] as const,
      targetName: 'x',
      targetUrl,
    }));
    const badge = { ...document, credentialSubject: { ...document.credentialSubject, achievement: { ...achievement, alignment } } };
    const links = tagsIn(shown({ document: badge })).flatMap(({ name, attributes }) => (name === 'a' ? [attributes.href ?? ''] : []));
    expect(links.filter((href) => !/^(https?|mailto):/.test(href))).toEqual([]);
  });

  it('cannot turn the words around it, nor the title', () => {
    const badge = { ...document, issuer: { ...document.issuer, name: 'Harbour \u202egnisrever' } };
    const page = shown({ document: badge });
    expect(page).toContain('<bdi>Harbour \u202egnisrever</bdi>');
    expect(page.slice(0, page.indexOf('<body>'))).not.toContain('\u202e');
  });
});

describe('pages of all samples', () => {
  it.each(['coaching-and-mentoring', 'infection-prevention-clinic-staff', 'data-communicator'] as const)(
    '%s are well formed',
    async (sample) => {
      const badge = JSON.parse(JSON.stringify(await aSignedBadge({}, aDefinition(sample))));
      expect(tagsIn(shown({ document: badge })).length).toBeGreaterThan(40);
    },
  );
});
