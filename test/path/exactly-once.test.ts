import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Answer, ApiClient } from '../../local/api-client.ts';
import { createChaos } from '../../local/aws/queues/chaos.ts';
import { verifyIndependently } from '../../local/independent-verifier.ts';
import {
  badgeOf,
  type Connection,
  coachingFiles,
  enrol,
  passingMark,
  publish,
  type Sealing,
  sampleDefinition,
  until,
} from '../../local/main-job.ts';
import { problem } from './answers.ts';
import { enrolledAndHandedIn, handedIn, submissionAs } from './learning.ts';
import { aMachine, type Site } from './machine.ts';
import { offered, reflection } from './offerings.ts';
import { ASSESSOR, SECOND_ASSESSOR, staffed } from './staff.ts';
import { announce, announcementOf } from './storage.ts';
import { deliver, outcomeOf, receipt, receiptIdOf, type Told } from './tool.ts';

/** Every event comes twice and half of them late, an answer in twenty is lost, and nothing keeps its order. */
const STORM = { seed: 20_261_123, duplicate: 1, late: 0.5, loseAnswer: 0.05, lateMsMax: 200 } as const;

const Credential = z.looseObject({
  state: z.string(),
  status: z.object({ list: z.number(), index: z.number() }),
  document: z.looseObject({ id: z.string() }),
});
const Enrolment = z.looseObject({ state: z.string(), credentialId: z.string(), verificationUrl: z.string() });
const Decided = z.looseObject({ state: z.string(), outcome: z.string(), feedback: z.array(z.unknown()) });

let site: Site;
let client: ApiClient;
let connection: Connection;

beforeAll(async () => {
  site = await aMachine({ chaos: createChaos(STORM) });
  client = site.client;
  connection = await staffed(client, ['coaching-and-mentoring', 'ten-at-once', 'two-assessors']);
});
afterAll(() => site.close());

const FIVE = [1, 2, 3, 4, 5] as const;

const statusesOf = (answers: readonly Answer[]): readonly number[] => answers.map(({ status }) => status).toSorted();

const count = (told: readonly Told[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(told, ({ status, code }) => code ?? status)].map(([outcome, of]) => [outcome, of.length]));

const awardedEnrolment = (enrolmentId: string) =>
  until('the enrolment to be awarded', async () => {
    const { body } = await client.call('GET', `/v1/enrolments/${enrolmentId}`, { as: 'maya' });
    return z.looseObject({ state: z.string() }).parse(body).state === 'awarded' ? Enrolment.parse(body) : undefined;
  });

const credential = (id: string) => client.ask('GET', `/v1/credentials/${id}`, { as: 'dana', expect: Credential });
const bytesAt = async (url: string): Promise<string> => (await fetch(`${url}.json`)).text();

describe('when every event is delivered twice, late and in disorder', () => {
  it('one enrolment leads to one badge, with one place in the status list and the same bytes for ever', async () => {
    const definition = sampleDefinition('coaching-and-mentoring');
    await publish(client, definition, 'dana');
    const { enrolmentId, submissions } = await enrol(client, definition.id, 'maya');
    const sealings: Sealing[] = await Promise.all(submissions.map((submission) => handedIn(client, submission, 'maya')));
    const messages = sealings.map((sealing) => passingMark(definition, sealing, ASSESSOR.id));
    const sent = await Promise.all(messages.map((body) => deliver(connection, { id: body.id, body })));
    expect(sent.map(({ status }) => status)).toEqual([202, 202, 202]);
    const { verificationUrl, credentialId } = await badgeOf(client, enrolmentId, 'maya');
    const bytes = await bytesAt(verificationUrl);
    const { status } = await credential(credentialId);

    const again = await Promise.all(messages.map((body) => deliver(connection, { id: body.id, body })));
    expect(again.map((answer) => [answer.status, receiptIdOf(answer)])).toEqual(sent.map((answer) => [200, receiptIdOf(answer)]));
    await site.idle();

    expect(await awardedEnrolment(enrolmentId)).toMatchObject({ credentialId, verificationUrl });
    expect(await credential(credentialId)).toMatchObject({ state: 'published', status, document: JSON.parse(bytes) });
    expect(await bytesAt(verificationUrl)).toBe(bytes);
    expect(JSON.parse(bytes)).toMatchObject({ credentialStatus: { statusListIndex: String(status.index) } });
    expect(await verifyIndependently(JSON.parse(bytes), site.baseUrl)).toEqual({ verified: true });
    for (const { submission } of sealings) {
      const path = `/v1/submissions/${submission.submissionId}`;
      expect((await client.ask('GET', path, { as: 'maya', expect: Decided })).feedback).toHaveLength(1);
    }
    expect(site.deadLetters()).toEqual({});
  });

  it('one webhook sent ten times at once is one message with one receipt', async () => {
    const definition = await offered(client, reflection('ten-at-once'));
    const { enrolmentId, sealing } = await enrolledAndHandedIn(client, definition.id, { learner: 'maya' });
    const body = passingMark(definition, sealing, ASSESSOR.id);
    const answers = await Promise.all(Array.from({ length: 10 }, () => deliver(connection, { id: body.id, body })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(9).fill(200), 202]);
    expect(new Set(answers.map(receiptIdOf)).size).toBe(1);
    const { credentialId } = await badgeOf(client, enrolmentId, 'maya');
    await site.idle();
    expect(await awardedEnrolment(enrolmentId)).toMatchObject({ credentialId });
    expect(await receipt(client.baseUrl, receiptIdOf(answers[0]!))).toMatchObject({ status: 'applied' });
  });

  it('one verdict sent many times at once under different ids, by two assessors, decides once and earns one badge', async () => {
    const definition = await offered(client, reflection('two-assessors'));
    const { enrolmentId, sealing } = await enrolledAndHandedIn(client, definition.id, { learner: 'maya' });
    const copies = [ASSESSOR, SECOND_ASSESSOR].flatMap(({ id }) =>
      Array.from({ length: 4 }, (_, copy) => ({ id: `copy-${copy}-${id}`, body: passingMark(definition, sealing, id) })),
    );
    const answers = await Promise.all(copies.map((copy) => deliver(connection, copy)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(202));
    const told = await Promise.all(answers.map((answer) => outcomeOf(client, receiptIdOf(answer), ['applied', 'refused'])));
    const { applied = 0, duplicate_mark = 0, submission_not_open = 0, ...others } = count(told);
    expect(others).toEqual({});
    // The second assessor's mark stands if it came before the first one's decided.
    expect([1, 2]).toContain(applied);
    expect(applied + duplicate_mark + submission_not_open).toBe(8);

    const { credentialId, verificationUrl } = await badgeOf(client, enrolmentId, 'maya');
    const bytes = await bytesAt(verificationUrl);
    await site.idle();
    expect(await awardedEnrolment(enrolmentId)).toMatchObject({ credentialId });
    expect(await bytesAt(verificationUrl)).toBe(bytes);
    const path = `/v1/submissions/${sealing.submission.submissionId}`;
    expect(await client.ask('GET', path, { as: 'maya', expect: Decided })).toMatchObject({ state: 'passed', feedback: { length: 1 } });
    expect(site.deadLetters()).toEqual({});
  });

  it('an issuer that is registered many times at once has one key of each use', async () => {
    const definition = sampleDefinition('data-storytelling');
    const path = '/v1/issuers/lindqvist-university-extension';
    const answers = await Promise.all(FIVE.map(() => client.call('PUT', path, { as: 'olu', body: definition.issuer })));
    expect(statusesOf(answers)).toEqual([200, 200, 200, 200, 201]);
    expect(await client.call('GET', path, { as: 'astrid' })).toMatchObject({ status: 200, body: { keys: { length: 2 } } });
  });

  it('a version that is published many times at once is published once', async () => {
    const definition = reflection('rushed');
    const path = '/v1/micro-credentials/rushed/versions/1.0.0';
    const drafts = await Promise.all(FIVE.map(() => client.call('PUT', path, { as: 'dana', body: definition })));
    expect(statusesOf(drafts)).toEqual([200, 200, 200, 200, 201]);
    const answers = await Promise.all(FIVE.map(() => client.call('POST', `${path}/publication`, { as: 'dana' })));
    expect(statusesOf(answers)).toEqual([200, 200, 200, 200, 201]);
    const Published = z.looseObject({ publishedAt: z.string() });
    expect(new Set(answers.map(({ body }) => Published.parse(body).publishedAt)).size).toBe(1);
  });

  it('a learner who asks many times at once has one enrolment, and one slot where there is room for one', async () => {
    const enrolments = await Promise.all(FIVE.map(() => client.call('POST', '/v1/micro-credentials/rushed/enrolments', { as: 'tom' })));
    expect(statusesOf(enrolments)).toEqual([201, 409, 409, 409, 409]);
    const Enrolled = z.looseObject({ enrolmentId: z.string(), submissions: z.array(z.looseObject({ submissionId: z.string() })) });
    const { enrolmentId, submissions } = Enrolled.parse(enrolments.find(({ status }) => status === 201)?.body);
    for (const refused of enrolments.filter(({ status }) => status === 409))
      expect(refused).toMatchObject(problem(409, 'enrolment/already-open', { facts: { enrolmentId } }));
    const [essay] = coachingFiles('reflection');
    const { submissionId } = submissions[0]!;
    const slots = await Promise.all(FIVE.map(() => announce(client, submissionId, { as: 'tom', body: announcementOf(essay!) })));
    expect(statusesOf(slots)).toEqual([201, 409, 409, 409, 409]);
    expect(await submissionAs(client, submissionId, 'tom')).toMatchObject({ items: { length: 1 } });
  });

  it('no two badges share a place in a status list', async () => {
    const { enrolments } = await client.ask('GET', '/v1/enrolments', {
      as: 'maya',
      expect: z.object({ enrolments: z.array(z.looseObject({ credentialId: z.string() })) }),
    });
    const places = await Promise.all(enrolments.map(async ({ credentialId }) => (await credential(credentialId)).status));
    expect(new Set(places.map(({ list, index }) => `${list}/${index}`)).size).toBe(3);
    expect(new Set(enrolments.map(({ credentialId }) => credentialId)).size).toBe(3);
  });
});
