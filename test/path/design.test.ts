import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { ApiClient } from '../../local/api-client.ts';
import { registerIssuer, SAMPLE_IDS, type SampleDefinition, sampleDefinition, tenantOfSample, until } from '../../local/main-job.ts';
import type { PersonId } from '../../local/sample-people.ts';
import { faultsIn, leaves, problem } from './answers.ts';
import { aMachine, type Site } from './machine.ts';
import { reflection } from './offerings.ts';
import { tokenOf } from './tokens.ts';

/** Who designs and who learns at each issuer of the samples. */
const STAFF: Readonly<Record<string, { programme: PersonId; learner: PersonId }>> = {
  'harbour-learning-alliance': { programme: 'dana', learner: 'maya' },
  'northvale-clinics-association': { programme: 'priya', learner: 'sam' },
  'lindqvist-university-extension': { programme: 'astrid', learner: 'jonas' },
};

let site: Site;
let client: ApiClient;

const addressOf = ({ id, version }: Pick<SampleDefinition, 'id' | 'version'>): string => `/v1/micro-credentials/${id}/versions/${version}`;
const draft = (definition: SampleDefinition, as: PersonId = 'dana') => client.call('PUT', addressOf(definition), { as, body: definition });
const publication = (definition: SampleDefinition, as: PersonId = 'dana') =>
  client.call('POST', `${addressOf(definition)}/publication`, { as });
const read = (definition: SampleDefinition, as: PersonId = 'dana') => client.call('GET', addressOf(definition), { as });
const pageOf = (definition: SampleDefinition): string =>
  `${site.baseUrl}/a/${tenantOfSample(definition)}/${definition.id}/${definition.version}`;

beforeAll(async () => {
  site = await aMachine();
  client = site.client;
  await registerIssuer(client, sampleDefinition('coaching-and-mentoring'), 'olu');
});
afterAll(() => site.close());

/** By suffix and by `Accept`, from the achievement to the bytes, as a viewer finds it. */
const hasItsImage = async (url: string, page: string): Promise<void> => {
  const { image } = z
    .looseObject({ image: z.object({ id: z.string(), type: z.string(), caption: z.string() }) })
    .parse(await (await fetch(`${url}.json`)).json());
  expect(image.id).toBe(`${url}.png`);
  const png = await fetch(image.id);
  expect(Object.fromEntries(png.headers)).toMatchObject({ 'content-type': 'image/png', 'cache-control': 'public, max-age=86400' });
  const pixels = Buffer.from(await png.arrayBuffer());
  expect(PNG.sync.read(pixels)).toMatchObject({ width: 800, height: 800 });
  expect(Buffer.from(await (await fetch(url, { headers: { accept: 'image/png' } })).arrayBuffer()).equals(pixels)).toBe(true);
  const svg = await fetch(url, { headers: { accept: 'image/svg+xml' } });
  expect(Object.fromEntries(svg.headers)).toMatchObject({
    'content-type': 'image/svg+xml',
    'x-content-type-options': 'nosniff',
    'content-security-policy': expect.stringContaining("default-src 'none'"),
  });
  expect(await svg.text()).toContain('<title>');
  expect(page).toContain(`<img class="badge" src="${url}.svg"`);
  const kind = await fetch(`${url}.ob2.json`);
  expect(kind.headers.get('content-type')).toBe('application/ld+json');
  expect(await kind.json()).toMatchObject({ type: 'BadgeClass', id: `${url}.ob2.json`, image: image.id });
};

describe('a programme publishes what it takes', () => {
  it('but not in the name of an issuer that is not registered, since nothing could be signed', async () => {
    const definition = sampleDefinition('data-storytelling');
    const drafted = await draft(definition, 'astrid');
    expect(drafted).toMatchObject({ status: 201, body: { state: 'draft', publishable: false } });
    const answer = await leaves(
      () => read(definition, 'astrid'),
      () => publication(definition, 'astrid'),
    );
    expect(answer).toMatchObject(problem(422, 'definition/faulty'));
    expect(faultsIn(answer)).toEqual(['/issuer/id lint/issuer-unregistered']);
  });

  it.each(SAMPLE_IDS)('%s is drafted, published, and stands at its address as a page and as an Achievement', async (id) => {
    const definition = sampleDefinition(id);
    const { programme, learner } = STAFF[tenantOfSample(definition)]!;
    await registerIssuer(client, definition, 'olu');

    expect(await draft(definition, programme)).toMatchObject({ body: { state: 'draft', publishable: true, errors: [] } });
    expect(await read(definition, learner)).toMatchObject(problem(404, 'access/not-found'));

    const url = pageOf(definition);
    const published = await publication(definition, programme);
    expect(published).toMatchObject({ status: 201, body: { state: 'published', url } });
    expect(await publication(definition, programme)).toMatchObject({
      status: 200,
      body: { state: 'published', url, publishedAt: z.looseObject({ publishedAt: z.string() }).parse(published.body).publishedAt },
    });
    expect(await read(definition, learner)).toEqual({
      status: 200,
      body: { state: 'published', publishedAt: expect.any(String), url, definition },
    });

    const json = await until('the Achievement', async () => {
      const response = await fetch(`${url}.json`);
      return response.ok ? response : undefined;
    });
    expect(json.headers.get('content-type')).toBe('application/ld+json');
    expect(await json.json()).toMatchObject({ id: url, name: definition.name, criteria: { id: `${url}#criteria` } });
    const page = await fetch(url, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type')).toContain('text/html');
    const text = await page.text();
    await hasItsImage(url, text);
    for (const { criteria } of definition.rubrics)
      for (const { name } of z.array(z.looseObject({ name: z.string() })).parse(criteria)) expect(text).toContain(name);
  });

  it('and from then on that version never changes', async () => {
    const definition = sampleDefinition('coaching-and-mentoring');
    const answer = await leaves(
      () => read(definition),
      () => draft({ ...definition, name: 'Coaching, easier' }),
    );
    expect(answer).toMatchObject(problem(409, 'definition/already-published'));
  });

  it('but a later version may be, and only who enrols after it is held to it', async () => {
    const first = reflection('later');
    const second = reflection('later', { version: '1.1.0' });
    await draft(first);
    await publication(first);
    const tom = await client.call('POST', '/v1/micro-credentials/later/enrolments', { as: 'tom' });
    await draft(second);
    expect(await client.call('POST', '/v1/micro-credentials/later/enrolments', { as: 'maya', body: { version: '1.1.0' } })).toMatchObject(
      problem(409, 'enrolment/version-closed'),
    );
    expect(await publication(second)).toMatchObject({ status: 201 });
    expect(tom).toMatchObject({ status: 201, body: { version: '1.0.0' } });
    expect(await client.call('POST', '/v1/micro-credentials/later/enrolments', { as: 'maya' })).toMatchObject({
      status: 201,
      body: { version: '1.1.0' },
    });
    expect(await read(first, 'maya')).toMatchObject({ status: 200, body: { definition: { version: '1.0.0' } } });
    expect(await client.call('GET', '/v1/enrolments', { as: 'tom' })).toMatchObject({ body: { enrolments: [{ version: '1.0.0' }] } });
  });

  it('and a version that is older than a published one is refused', async () => {
    const older = reflection('later', { version: '0.9.0' });
    await draft(older);
    const answer = await publication(older);
    expect(answer).toMatchObject(problem(422, 'definition/faulty'));
    expect(faultsIn(answer)).toContain('/version lint/version-not-newer');
  });
});

describe('a definition with faults', () => {
  it('of form is refused with every fault at once, each with a pointer, and nothing is kept', async () => {
    const { description: _, ...rest } = reflection('malformed');
    const body = { ...rest, colour: 'blue', competencies: 'none', inLanguage: 7, award: { ...Object(rest.award), prize: 1 } };
    const answer = await client.call('PUT', addressOf(rest), { as: 'dana', body });
    expect(answer).toMatchObject(problem(422, 'definition/malformed'));
    expect(faultsIn(answer)).toEqual(
      expect.arrayContaining([
        '/description required',
        '/colour unknown-field',
        '/competencies wrong-type',
        '/inLanguage wrong-type',
        '/award/prize unknown-field',
      ]),
    );
    expect(await client.call('GET', addressOf(rest), { as: 'dana' })).toMatchObject(problem(404, 'access/not-found'));
  });

  it('that would be earned by attendance alone stays a draft', async () => {
    const definition = {
      ...reflection('attendance'),
      award: { ...Object(reflection('attendance').award), rule: { curriculum: '*', outcome: 'completed' } },
    };
    const drafted = await draft(definition);
    expect(drafted).toMatchObject({ status: 201, body: { publishable: false } });
    const answer = await leaves(
      () => read(definition),
      () => publication(definition),
    );
    expect(answer).toMatchObject(problem(422, 'definition/faulty'));
    expect(faultsIn(answer)).toContain('/award/rule lint/attendance-only');
    expect(await client.call('POST', '/v1/micro-credentials/attendance/enrolments', { as: 'maya' })).toMatchObject(
      problem(404, 'access/not-found'),
    );
    expect((await fetch(pageOf(definition))).status).toBe(404);
  });

  it('of sense is told all of them before anyone enrols', async () => {
    const sound = reflection('senseless');
    const definition = {
      ...sound,
      issuer: { ...sound.issuer, id: 'urn:example:issuer:somebody-else' },
      rubrics: sound.rubrics.map((rubric) => ({
        ...rubric,
        criteria: rubric.criteria.map((criterion) => ({ ...criterion, requiredLevel: 'superb' })),
      })),
    };
    expect(await draft(definition)).toMatchObject({ status: 201, body: { publishable: false } });
    const answer = await publication(definition);
    expect(answer).toMatchObject(problem(422, 'definition/faulty'));
    expect(faultsIn(answer)).toEqual(
      expect.arrayContaining([
        '/issuer/id lint/issuer-differs',
        '/rubrics/0/criteria/0/requiredLevel lint/unknown-level',
        '/rubrics/0/criteria/1/requiredLevel lint/unknown-level',
      ]),
    );
  });

  it('is refused at an address that is not its own', async () => {
    const definition = reflection('elsewhere');
    const answer = await client.call('PUT', addressOf({ ...definition, id: 'here' }), { as: 'dana', body: definition });
    expect(answer).toMatchObject(problem(422, 'definition/address-mismatch'));
    expect(await client.call('GET', addressOf({ ...definition, id: 'here' }), { as: 'dana' })).toMatchObject(
      problem(404, 'access/not-found'),
    );
    expect(await read(definition)).toMatchObject(problem(404, 'access/not-found'));
  });
});

describe('a body that is no JSON document', () => {
  const definition = reflection('unreadable');
  const send = async (contentType: string, body: string) => {
    const headers = { authorization: `Bearer ${await tokenOf(site.baseUrl, 'dana')}`, 'content-type': contentType };
    const response = await fetch(`${site.baseUrl}${addressOf(definition)}`, { method: 'PUT', headers, body });
    return { status: response.status, body: await response.json() };
  };

  it.each([
    { what: 'cut off', contentType: 'application/json', text: '{"id":', status: 400, code: 'request/malformed' },
    { what: 'said to be text', contentType: 'text/plain', text: '{}', status: 415, code: 'request/unsupported-media-type' },
    {
      what: 'larger than 256 KiB',
      contentType: 'application/json',
      text: `{}${' '.repeat(262_144)}`,
      status: 413,
      code: 'request/too-large',
    },
  ])('$what is refused, and nothing is kept', async ({ contentType, text, status, code }) => {
    expect(await send(contentType, text)).toMatchObject(problem(status, code));
    expect(await read(definition)).toMatchObject(problem(404, 'access/not-found'));
  });
});

describe('an issuer', () => {
  it('keeps its identifier, since definitions name it', async () => {
    const { issuer } = sampleDefinition('coaching-and-mentoring');
    const path = '/v1/issuers/harbour-learning-alliance';
    const answer = await leaves(
      () => client.call('GET', path, { as: 'olu' }),
      () => client.call('PUT', path, { as: 'olu', body: { ...issuer, id: 'urn:example:issuer:other' } }),
    );
    expect(answer).toMatchObject(problem(409, 'issuer/identifier-changed'));
  });

  it('is not registered with what no badge could say', async () => {
    const { issuer } = sampleDefinition('coaching-and-mentoring');
    const path = '/v1/issuers/harbour-learning-alliance';
    const answer = await leaves(
      () => client.call('GET', path, { as: 'olu' }),
      () => client.call('PUT', path, { as: 'olu', body: { ...issuer, name: 'Harbour\tLearning', url: 'https://localhost/' } }),
    );
    expect(answer).toMatchObject(problem(422, 'issuer/faulty'));
    expect(faultsIn(answer)).toEqual(['/name lint/control-character', '/url lint/address-private']);
  });

  it('is registered twice and keeps its keys', async () => {
    const path = '/v1/issuers/harbour-learning-alliance';
    const answer = await leaves(
      () => client.call('GET', path, { as: 'dana' }),
      () => client.call('PUT', path, { as: 'olu', body: sampleDefinition('coaching-and-mentoring').issuer }),
    );
    expect(answer).toMatchObject({
      status: 200,
      body: { did: expect.stringMatching(/^did:web:127\.0\.0\.1%3A\d+:i:harbour-learning-alliance$/) },
    });
    expect(await client.call('GET', path, { as: 'dana' })).toMatchObject({ body: { keys: [{ state: 'active' }, { state: 'active' }] } });
  });

  it('has a colour for its badges, if it wants one, and no colour that is none', async () => {
    const { issuer } = sampleDefinition('coaching-and-mentoring');
    const path = '/v1/issuers/harbour-learning-alliance';
    const answer = await leaves(
      () => client.call('GET', path, { as: 'olu' }),
      () => client.call('PUT', path, { as: 'olu', body: { ...issuer, brandColour: 'teal' } }),
    );
    expect(answer).toMatchObject(problem(400, 'request/malformed'));
    expect(faultsIn(answer)).toEqual(['/brandColour bad-format']);
    const coloured = { ...issuer, brandColour: '#0b5c73' };
    expect(await client.call('PUT', path, { as: 'olu', body: coloured })).toMatchObject({ status: 200, body: { profile: coloured } });
    expect(await (await fetch(`${site.baseUrl}/i/harbour-learning-alliance.json`)).json()).not.toHaveProperty('brandColour');
  });
});
