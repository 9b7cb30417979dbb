import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { ApiClient } from '../../local/api-client.ts';
import { verifyIndependently } from '../../local/independent-verifier.ts';
import {
  approve,
  badgeOf,
  type Connection,
  coachingFiles,
  passingMark,
  publish,
  type SampleDefinition,
  type Submission,
  sampleDefinition,
  until,
} from '../../local/main-job.ts';
import { enrolledAndHandedIn } from './learning.ts';
import { aMachine, type Site } from './machine.ts';
import { offered, reflection } from './offerings.ts';
import { ASSESSOR, SECOND_ASSESSOR, staffed } from './staff.ts';
import { deliver, outcomeOf, receiptIdOf } from './tool.ts';

const COMPONENTS = ['skill-demonstration', 'portfolio', 'reflection'];
const FEEDBACK = 'Meets the standard that the rubric describes for this level.';
const OVERALL = 'A clear piece of work that meets every criterion.';

const Enrolled = z.object({
  enrolmentId: z.string(),
  submissions: z.array(z.object({ submissionId: z.string(), component: z.string(), attempt: z.number(), state: z.string() })),
});
const Evidence = z.object({ evidence: z.array(z.object({ id: z.string(), sha256: z.string() })) });
const Badge = z.looseObject({ id: z.string(), credentialStatus: z.looseObject({ statusListCredential: z.string() }) });
const Imaged = z.looseObject({
  credentialSubject: z.looseObject({
    achievement: z.looseObject({ id: z.string(), image: z.object({ id: z.string(), type: z.string(), caption: z.string() }) }),
  }),
});

let site: Site;
let client: ApiClient;
let connection: Connection;
let definition: SampleDefinition;
let enrolmentId: string;
let submissions: readonly Submission[];
let verificationUrl: string;

const text = async (url: string, accept = '*/*') => {
  const response = await fetch(url, { headers: { accept } });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};

beforeAll(async () => {
  site = await aMachine();
  client = site.client;
  definition = sampleDefinition('coaching-and-mentoring');
  connection = await staffed(client, [definition.id, 'nameless']);
  await publish(client, definition, 'dana');
});
afterAll(() => site.close());

describe('Coaching and Mentoring, from enrolment to a badge', () => {
  it('a learner enrols, and is told what to hand in', async () => {
    const answer = await client.call('POST', `/v1/micro-credentials/${definition.id}/enrolments`, { as: 'maya', body: { showName: true } });
    expect(answer).toMatchObject({ status: 201, body: { microCredentialId: definition.id, version: '1.0.0', state: 'enrolled' } });
    ({ enrolmentId, submissions } = Enrolled.parse(answer.body));
    expect(submissions).toEqual(COMPONENTS.map((component) => expect.objectContaining({ component, attempt: 1, state: 'draft' })));
    expect(await client.call('POST', `/v1/micro-credentials/${definition.id}/enrolments`, { as: 'maya' })).toMatchObject({
      status: 409,
      body: { code: 'enrolment/already-open', facts: { enrolmentId } },
    });
  });

  it('files go straight to storage and are taken once their bytes are what was announced and harmless', async () => {
    for (const { submissionId, component } of submissions) {
      for (const file of coachingFiles(component)) await client.upload(submissionId, file, 'maya');
      await until(`the files of ${component}`, async () => {
        const { body } = await client.call('GET', `/v1/submissions/${submissionId}`, { as: 'maya' });
        const { items } = z.object({ items: z.array(z.object({ state: z.string() })) }).parse(body);
        return items.every(({ state }) => state === 'clean') || undefined;
      });
      expect(await client.call('GET', `/v1/submissions/${submissionId}`, { as: 'maya' })).toMatchObject({
        body: { state: 'draft', missing: { itemsToAdd: 0, itemsToRemove: 0, companions: [], notReady: [] } },
      });
    }
  });

  it('what is handed in is sealed, and its assessor sees the sealed set and nothing of the learner', async () => {
    for (const { submissionId, component } of submissions) {
      const path = `/v1/submissions/${submissionId}`;
      const answer = await client.call('POST', `${path}/submission`, {
        as: 'maya',
        body: { declarations: { authenticity: true, consent: true } },
      });
      expect(answer).toMatchObject({ status: 200, body: { submissionId, component, attempt: 1, state: 'in-review' } });
      const { evidence } = Evidence.parse(answer.body);
      expect(evidence).toHaveLength(coachingFiles(component).length);
      expect(await client.call('GET', path, { as: 'ines' })).toEqual({
        status: 200,
        body: {
          submissionId,
          microCredential: { id: definition.id, version: '1.0.0' },
          component,
          attempt: 1,
          state: 'in-review',
          submittedAt: expect.any(String),
          evidence,
        },
      });
    }
  });

  it('one approved component is not enough, and what the award still needs is said', async () => {
    await approveComponent('reflection');
    const answer = await client.call('GET', `/v1/enrolments/${enrolmentId}`, { as: 'maya' });
    expect(answer).toMatchObject({ status: 200, body: { state: 'in-progress', award: { satisfied: false } } });
    expect(answer.body).not.toHaveProperty('credentialId');
    expect(JSON.stringify(answer.body)).toContain('portfolio');
  });

  it('after the last approval the badge stands at its address, and the enrolment says awarded', async () => {
    await approveComponent('skill-demonstration');
    await approveComponent('portfolio');
    ({ verificationUrl } = await badgeOf(client, enrolmentId, 'maya'));
    const enrolment = await until('the enrolment to be awarded', async () => {
      const answer = await client.call('GET', `/v1/enrolments/${enrolmentId}`, { as: 'maya' });
      return z.looseObject({ state: z.string() }).parse(answer.body).state === 'awarded' ? answer : undefined;
    });
    expect(enrolment).toMatchObject({ body: { award: { satisfied: true }, verificationUrl } });
    expect(await client.call('GET', '/v1/enrolments', { as: 'maya' })).toMatchObject({
      body: { enrolments: [{ enrolmentId, state: 'awarded' }] },
    });
    expect(await client.call('GET', `/v1/submissions/${submissions[0]?.submissionId}`, { as: 'maya' })).toMatchObject({
      body: { state: 'passed', outcome: 'pass', feedback: [{ overallFeedback: OVERALL }] },
    });
  });
});

/** Sends a passing mark as the tool would, from what the assessor can read, and waits for its receipt. */
const approveComponent = async (component: string): Promise<void> => {
  const submission = submissions.find((one) => one.component === component)!;
  const { evidence } = await client.ask('GET', `/v1/submissions/${submission.submissionId}`, { as: 'ines', expect: Evidence.loose() });
  const message = passingMark(definition, { submission, evidence }, ASSESSOR.id);
  const answer = await deliver(connection, { id: `msg-${component}`, body: message });
  expect(answer).toMatchObject({ status: 202, body: { status: 'accepted', receiptUrl: `/v1/receipts/${receiptIdOf(answer)}` } });
  expect(await outcomeOf(client, receiptIdOf(answer), ['applied', 'refused'])).toMatchObject({ status: 'applied' });
};

describe('anyone can verify the badge', () => {
  it('as JSON for a program, by Accept or by suffix, and as a page for a person', async () => {
    const byAccept = await text(verificationUrl, 'application/vc+ld+json');
    expect(byAccept).toMatchObject({ status: 200, type: 'application/vc+ld+json' });
    expect(await text(`${verificationUrl}.json`)).toEqual(byAccept);
    expect(Badge.parse(JSON.parse(byAccept.text)).id).toBe(verificationUrl);
    const page = await text(verificationUrl, 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8');
    expect(page).toMatchObject({ status: 200, type: 'text/html; charset=utf-8' });
    expect(page.text).toContain('Verified and current');
  });

  it('with a verifier that is not ours, from nothing but what is public', async () => {
    const badge: unknown = await (await fetch(`${verificationUrl}.json`)).json();
    expect(await verifyIndependently(badge, site.baseUrl)).toEqual({ verified: true });
    expect(await verifyIndependently({ ...Object(badge), name: 'Nuclear Physics' }, site.baseUrl)).toMatchObject({ verified: false });
  });

  it('and sees its image, which says in words what stands on it', async () => {
    const badge = Imaged.parse(await (await fetch(`${verificationUrl}.json`)).json());
    const { id, image } = badge.credentialSubject.achievement;
    expect(image).toEqual({ id: `${id}.png`, type: 'Image', caption: expect.stringMatching(/^Coaching and Mentoring, Harbour/) });
    expect(await text(image.id)).toMatchObject({ status: 200, type: 'image/png' });
    expect((await text(verificationUrl, 'text/html')).text).toContain(`<img class="badge" src="${image.id}"`);
  });

  it('and finds the issuer, its keys and its status list at their addresses', async () => {
    const issuer = `${site.baseUrl}/i/harbour-learning-alliance`;
    const did = z
      .looseObject({ id: z.string(), verificationMethod: z.array(z.looseObject({ id: z.string() })) })
      .parse(await (await fetch(`${issuer}/did.json`)).json());
    const { keys } = z
      .object({ keys: z.array(z.looseObject({ kid: z.string() })) })
      .parse(await (await fetch(`${issuer}/jwks.json`)).json());
    expect(keys).toEqual(['OKP', 'RSA'].map((kty) => expect.objectContaining({ kty, kid: expect.stringContaining(`${issuer}/keys/`) })));
    for (const key of keys) {
      expect(key).not.toHaveProperty('d');
      expect(await (await fetch(key.kid)).json()).toEqual(key);
    }
    const badge = await (await fetch(`${verificationUrl}.json`)).json();
    expect(badge).toMatchObject({ issuer: { id: did.id }, proof: [{ verificationMethod: did.verificationMethod[0]?.id }] });
    const { credentialStatus } = Badge.parse(badge);
    expect(await (await fetch(credentialStatus.statusListCredential)).json()).toMatchObject({
      type: expect.arrayContaining(['BitstringStatusListCredential']),
      issuer: did.id,
    });
    expect(await text(issuer, 'text/html')).toMatchObject({ status: 200, type: 'text/html; charset=utf-8' });
  });

  it('and learns no e-mail, no score, no feedback, no assessor and no file from anything public', async () => {
    const badge = await text(`${verificationUrl}.json`);
    const { credentialStatus } = Badge.parse(JSON.parse(badge.text));
    const issuer = `${site.baseUrl}/i/harbour-learning-alliance`;
    const pages = [
      verificationUrl,
      `${issuer}.json`,
      issuer,
      `${issuer}/did.json`,
      `${issuer}/jwks.json`,
      credentialStatus.statusListCredential,
    ];
    const all = [badge.text, ...(await Promise.all(pages.map(async (url) => (await text(url, 'text/html, */*;q=0.5')).text)))].join('\n');
    const secrets = [
      'maya@members.example',
      'members.example',
      '"maya"',
      ...[ASSESSOR, SECOND_ASSESSOR].flatMap(({ id, name, email }) => [id, name, email]),
    ];
    for (const secret of [...secrets, FEEDBACK, OVERALL, 'skill-demonstration.mp4', enrolmentId, 'sub_', 'evi_', 'enr_'])
      expect(all).not.toContain(secret);
    expect(badge.text).not.toContain('Maya');
    expect(JSON.parse(badge.text).credentialSubject.result).toEqual([
      { type: ['Result'], resultDescription: expect.stringMatching(/#outcome$/), status: 'Completed' },
    ]);
  });

  it('and learns the holder’s name from the page only if the holder chose so', async () => {
    const nameless = await offered(client, reflection('nameless'));
    const tom = await enrolledAndHandedIn(client, nameless.id, { learner: 'tom', showName: false });
    await approve(client, connection, passingMark(nameless, tom.sealing, ASSESSOR.id));
    const badge = await badgeOf(client, tom.enrolmentId, 'tom');
    expect((await text(verificationUrl, 'text/html')).text).toContain('Maya Okafor');
    const page = await text(badge.verificationUrl, 'text/html');
    expect(page).toMatchObject({ status: 200 });
    expect(page.text).not.toContain('Tom');
  });
});
