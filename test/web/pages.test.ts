import { describe, expect, it } from 'vitest';
import { parseDefinition } from '#domain/micro-credential.ts';
import { achievementOf } from '#openbadges/achievement.ts';
import { achievementPage } from '#web/achievement-page.ts';
import { ENGLISH } from '#web/english.ts';
import { html, render, section } from '#web/html.ts';
import { issuerPage } from '#web/issuer-page.ts';
import { notFoundPage } from '#web/not-found-page.ts';
import { STYLE_SHEET } from '#web/style.ts';
import { aDefinition, ISSUER_URL, issuer, SAMPLES } from '../openbadges/a-badge.ts';
import { tagsIn, wordsIn } from './markup.ts';

const achievementUrl = 'https://assay.example/a/harbour/sample/1.0.0';
const definition = (sample: (typeof SAMPLES)[number]) => parseDefinition(aDefinition(sample));
const pageOf = (sample: (typeof SAMPLES)[number]) => achievementPage({ definition: definition(sample), achievementUrl, issuer });

describe('the page of a micro-credential', () => {
  it.each(SAMPLES)('tells everything that it takes to earn %s', (sample) => {
    const { competencies, evidenceRequirements, rubrics, curriculum } = definition(sample);
    const page = pageOf(sample);
    const words = wordsIn(page);
    const criteria = rubrics.flatMap((rubric) => rubric.criteria);
    const told = [
      ...competencies.map(({ name }) => name),
      ...evidenceRequirements.map(({ name }) => name),
      ...criteria.map(({ name }) => name),
      ...curriculum.modules.map(({ name }) => name),
    ];
    expect(told.filter((name) => !words.includes(name))).toEqual([]);
    expect(tagsIn(page).filter(({ name }) => name === 'h1')).toHaveLength(1);
  });

  it('has the facts that the European recommendation asks for', () => {
    const words = wordsIn(pageOf('coaching-and-mentoring'));
    for (const fact of [
      'Notional workload 45 hours',
      'Level European Qualifications Framework 5',
      'Credit points 1.5 ECTS',
      'Form of participation blended',
      'Type of assessment observed performance, work handed in',
      'Supervision and identity check Unsupervised with ID verification',
      'Validity 3 years',
      'Quality assurance Designed with a panel',
      'Country of the issuer Ireland',
      'Appeals within 30 days of the decision',
    ]) {
      expect(words).toContain(fact);
    }
  });

  it('answers where the badge points: its criteria, competencies, criteria of rubrics and levels', () => {
    const ids = new Set(tagsIn(pageOf('coaching-and-mentoring')).flatMap(({ attributes }) => attributes.id ?? []));
    const { criteria, alignment, resultDescription } = achievementOf(definition('coaching-and-mentoring'), { achievementUrl, issuer });
    const levels = resultDescription.flatMap(({ id, rubricCriterionLevel }) =>
      rubricCriterionLevel === undefined ? [] : [id, ...rubricCriterionLevel.map((level) => level.id)],
    );
    const pointed = [criteria.id, ...alignment.map(({ targetUrl }) => targetUrl), ...levels].filter((url) =>
      url.startsWith(`${achievementUrl}#`),
    );
    expect(pointed.length).toBeGreaterThan(50);
    expect(pointed.filter((url) => !ids.has(url.slice(achievementUrl.length + 1)))).toEqual([]);
  });

  it('shows its image, described in words, and gives its pixels to whoever links to it', () => {
    const tags = tagsIn(pageOf('coaching-and-mentoring'));
    const alt = `Coaching and Mentoring, awarded by ${issuer.name}`;
    expect(tags.filter(({ name }) => name === 'img')).toEqual([
      { name: 'img', attributes: { class: 'badge', src: `${achievementUrl}.svg`, alt, width: '160', height: '160' } },
    ]);
    expect(tags).toContainEqual({ name: 'meta', attributes: { property: 'og:image', content: `${achievementUrl}.png` } });
    expect(tags).toContainEqual({ name: 'meta', attributes: { property: 'og:image:alt', content: alt } });
  });

  it('may be found by search, in its own language, with its other form beside it', () => {
    const tags = tagsIn(pageOf('data-storytelling'));
    expect(tags.filter(({ attributes }) => attributes.name === 'robots')).toEqual([]);
    expect(tags.find(({ name }) => name === 'h1')?.attributes.lang).toBe('en');
    expect(tags).toContainEqual({
      name: 'link',
      attributes: { rel: 'alternate', type: 'application/ld+json', href: `${achievementUrl}.json` },
    });
  });

  it('stands without what a definition may leave out', () => {
    const { prerequisites: _, stackability, level, workload, issuer: __, ...rest } = definition('data-storytelling');
    const bare = {
      ...rest,
      issuer: definition('data-storytelling').issuer,
      level: { statement: 'Introductory' },
      workload: { volumeOfLearning: workload.volumeOfLearning },
      stackability: {
        standalone: stackability.standalone,
        recognisedBy: [{ name: 'A school', recognition: 'as is', url: 'https://school.example/' }],
      },
      curriculum: { required: true, modules: [{ id: 'one', name: 'One', url: 'https://lms.example/', supports: [] }] },
      rubrics: rest.rubrics.map(({ name: ___, ...rubric }) => rubric),
    };
    const words = wordsIn(achievementPage({ definition: bare, achievementUrl, issuer: { did: issuer.did, name: 'A' } }));
    expect(words).toContain('Level Introductory');
    expect(words).toContain('All of it must be completed.');
    expect(words).not.toContain('Country of the issuer');
    const bareLevel = achievementPage({ definition: { ...bare, level: {}, stackability: { standalone: true } }, achievementUrl, issuer });
    expect(wordsIn(bareLevel)).not.toContain('Where it leads');
  });
});

describe('the page of an issuer', () => {
  it('says who it is and where its keys are', () => {
    const page = issuerPage({ facts: issuer, issuerUrl: ISSUER_URL });
    expect(wordsIn(page)).toContain('Harbour Learning Alliance assay.example');
    const links = tagsIn(page).flatMap(({ name, attributes }) => (name === 'a' ? [attributes.href] : []));
    expect(links).toEqual(expect.arrayContaining([`${ISSUER_URL}/did.json`, `${ISSUER_URL}/jwks.json`, `${ISSUER_URL}.json`]));
  });

  it('stands on a name alone', () => {
    expect(wordsIn(issuerPage({ facts: { did: 'did:web:127.0.0.1%3A8443:i:a', name: 'A' }, issuerUrl: ISSUER_URL }))).toContain(
      '127.0.0.1:8443',
    );
  });
});

describe('the page of no record', () => {
  it('is the same for every address and tells nothing', () => {
    expect(wordsIn(notFoundPage())).toContain('No public record at this address Check the link, or ask the holder for a new one.');
    expect(tagsIn(notFoundPage())).toContainEqual({ name: 'meta', attributes: { name: 'robots', content: 'noindex' } });
    expect(notFoundPage()).not.toContain('canonical');
  });
});

describe('a piece of markup', () => {
  it('is made only by our templates: nothing from outside can pose as one', () => {
    const forged = JSON.parse('{"html":"<script>","markup":"<script>"}');
    expect(() => render(html`${forged}`)).toThrow();
    expect(render(html`${'<b>'}${1}${undefined}${false}${[html`<i>`, '&']}`)).toBe('&lt;b&gt;1<i>&amp;');
  });

  it('has no heading over nothing', () => {
    expect(section('Heading', undefined, false)).toBe(false);
  });
});

describe('a duration in words', () => {
  it.each([
    ['PT45H', '45 hours'],
    ['P1Y', '1 year'],
    ['P1Y6M', '1 year 6 months'],
    ['PT1H30M', '1 hour 30 minutes'],
    ['P0D', 'P0D'],
    ['soon', 'soon'],
  ])('%s is %s', (text, words) => {
    expect(ENGLISH.duration(text)).toBe(words);
  });
});

describe('the style sheet', () => {
  /** Colours of the light and of the dark scheme, by name. */
  const schemes = STYLE_SHEET.split('@media (prefers-color-scheme: dark)').map((part) =>
    Object.fromEntries([...part.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name, colour]) => [name, colour])),
  );

  const luminance = (colour: string): number => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5]
      .map((place) => Number.parseInt(colour.slice(place, place + 2), 16) / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one: string, other: string): number => {
    const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };

  const PAIRS = [
    'ink/ground',
    'ink/sheet',
    'faint/ground',
    'faint/sheet',
    'link/ground',
    'link/sheet',
    'good/good-ground',
    'wait/wait-ground',
    'bad/bad-ground',
    'ink/plain-ground',
  ]
    .concat(['good', 'wait', 'bad'].flatMap((name) => [`ink/${name}-ground`, `faint/${name}-ground`]))
    .map((pair) => pair.split('/') as [string, string]);

  it.each(PAIRS)('shows %s on %s with a contrast of at least 4.5 to 1, by day and by night (WCAG 2.2, 1.4.3)', (text, ground) => {
    for (const colours of schemes) expect(contrast(colours[text] ?? '', colours[ground] ?? '')).toBeGreaterThanOrEqual(4.5);
  });

  it('loads nothing', () => {
    expect(STYLE_SHEET).not.toMatch(/url\(|@import/);
  });
});
