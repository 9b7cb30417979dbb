import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Answer, ApiClient } from '../../local/api-client.ts';
import { approve, badgeOf, type Connection, connectTool, passingMark, type SampleDefinition } from '../../local/main-job.ts';
import { faultsIn, problem } from './answers.ts';
import { enrolledAndHandedIn, type HandedIn } from './learning.ts';
import { aMachine, type Site } from './machine.ts';
import { offered, reflection } from './offerings.ts';
import { ASSESSOR, staffed } from './staff.ts';
import { type Delivery, deliver, nowSeconds, outcomeOf, receiptIdOf } from './tool.ts';

/** Standard Webhooks leaves the tolerance to the receiver; docs/api.md promises five minutes either way. */
const TOLERANCE_SECONDS = 300;
const BODY_BYTES_MAX = 262_144;

type Message = ReturnType<typeof passingMark>;

let site: Site;
let client: ApiClient;
let connection: Connection;
let definition: SampleDefinition;
let maya: HandedIn;
let message: Message;
let nextId = 0;

/** Whatever a refused delivery was: its id is still free for a genuine message, so nothing of it was kept. */
const refusedWithoutTrace = async (delivery: Omit<Delivery, 'id'>): Promise<Answer> => {
  nextId += 1;
  const id = `msg-${nextId}`;
  const answer = await deliver(connection, { id, ...delivery });
  // Names a level that no rubric has, so that it is taken and refused as a mark without deciding anything.
  const harmless = {
    ...message,
    data: { ...message.data, result: { ...message.data.result, criteria: [{ id: 'refl-depth', level: 'superb' }] } },
  };
  expect(await deliver(connection, { id, body: harmless })).toMatchObject({ status: 202 });
  return answer;
};

beforeAll(async () => {
  site = await aMachine();
  client = site.client;
  connection = await staffed(client, ['by-webhook']);
  definition = await offered(client, reflection('by-webhook'));
  maya = await enrolledAndHandedIn(client, definition.id, { learner: 'maya' });
  message = passingMark(definition, maya.sealing, ASSESSOR.id);
});
afterAll(() => site.close());

describe('a message is refused, and nothing of it is kept,', () => {
  const forger = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

  it('whether its signature is missing, forged, of another message, stale or early, with the same answer', async () => {
    const told = (extra: Partial<Delivery>) => refusedWithoutTrace({ body: message, ...extra });
    const answers = [
      await told({ headers: { 'webhook-signature': undefined } }),
      await told({ headers: { 'webhook-id': undefined } }),
      await told({ headers: { 'webhook-timestamp': undefined } }),
      await told({ headers: { 'webhook-signature': 'v1,not-base64' } }),
      await told({ headers: { 'webhook-id': 'msg-of-another' } }),
      await told({ headers: { 'webhook-timestamp': String(nowSeconds() - 1) }, timestampSeconds: nowSeconds() - 2 }),
      await told({ secrets: [forger] }),
      await told({ timestampSeconds: nowSeconds() - TOLERANCE_SECONDS - 5 }),
      await told({ timestampSeconds: nowSeconds() + TOLERANCE_SECONDS + 5 }),
    ];
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject(problem(401, 'webhook/unauthenticated'));
  });

  it('if it is not JSON', async () => {
    for (const body of [Buffer.from('{"type":'), Buffer.from('')]) {
      const answer = await refusedWithoutTrace({ body });
      expect(answer).toMatchObject(problem(400, 'webhook/malformed'));
      expect(faultsIn(answer)).toEqual([' not-json']);
    }
  });

  it('if it does not say that it is JSON', async () => {
    for (const contentType of ['text/plain', 'application/x-www-form-urlencoded'])
      expect(await refusedWithoutTrace({ body: message, headers: { 'content-type': contentType } })).toMatchObject(
        problem(415, 'request/unsupported-media-type', { facts: { contentType } }),
      );
  });

  it('if it is larger than 256 KiB, whoever signed it', async () => {
    const body = Buffer.from(JSON.stringify(message).padEnd(BODY_BYTES_MAX + 1));
    expect(await refusedWithoutTrace({ body })).toMatchObject(
      problem(413, 'request/too-large', { facts: { bytes: BODY_BYTES_MAX + 1, bytesMax: BODY_BYTES_MAX } }),
    );
    expect(await refusedWithoutTrace({ body, secrets: [forger] })).toMatchObject(problem(413, 'request/too-large'));
  });

  it('if it says what nobody asked, with a pointer to each thing', async () => {
    const { result, ...rest } = message.data;
    const body = {
      ...message,
      learner: 'Maya',
      data: {
        ...rest,
        award: true,
        result: { outcome: 'excellent', criteria: [{ id: 'refl-depth', level: 3 }] },
        evidence: [{ id: 'evi_1', sha256: 'short' }],
      },
    };
    const answer = await refusedWithoutTrace({ body });
    expect(answer).toMatchObject(problem(400, 'webhook/malformed'));
    expect(faultsIn(answer).toSorted()).toEqual([
      '/data/award unknown-field',
      '/data/evidence/0/sha256 bad-format',
      '/data/result/criteria/0/level wrong-type',
      '/data/result/outcome not-in-enum',
      '/learner unknown-field',
    ]);
  });

  it('if it is of a type that nobody here takes', async () => {
    const answer = await refusedWithoutTrace({ body: { ...message, type: 'credential.issued' } });
    expect(answer).toMatchObject(problem(400, 'webhook/malformed'));
    expect(faultsIn(answer)).toEqual(['/type not-in-enum']);
  });

  it('if the connection may not speak for that micro-credential, component or issuer', async () => {
    const { microCredential } = message.data;
    for (const body of [
      { ...message, data: { ...message.data, microCredential: { ...microCredential, id: 'coaching-and-mentoring' } } },
      { ...message, tenant: 'northvale-clinics-association' },
    ])
      expect(await refusedWithoutTrace({ body })).toMatchObject(problem(403, 'webhook/not-permitted'));
    const narrow = await client.ask('PUT', '/v1/webhook-connections/video-tool', {
      as: 'dana',
      body: { microCredentials: ['by-webhook'], components: ['skill-demonstration'] },
      expect: z.object({ connectionId: z.string(), hookUrl: z.string(), secret: z.string() }).loose(),
    });
    expect(await deliver(narrow, { id: 'narrow', body: message })).toMatchObject(problem(403, 'webhook/not-permitted'));
  });

  it('if there is no such connection', async () => {
    const unknown = problem(404, 'webhook/unknown-connection');
    for (const name of ['harbour-learning-alliance.nobody', 'northvale-clinics-association.assessment-tool', 'not a name', '%2e%2e'])
      expect(
        await deliver(
          { ...connection, hookUrl: `${site.baseUrl}/v1/hooks/${encodeURIComponent(name)}` },
          { id: 'to-nobody', body: message },
        ),
      ).toMatchObject(unknown);
  });

  it('and after all of that the submission still waits for its mark', async () => {
    await site.idle();
    expect(await client.call('GET', `/v1/submissions/${maya.sealing.submission.submissionId}`, { as: 'maya' })).toMatchObject({
      body: { state: 'in-review' },
    });
    expect(site.deadLetters()).toEqual({});
  });
});

describe('a message that was taken', () => {
  it('is answered with its receipt when it is sent again, and with a conflict when it has changed', async () => {
    const first = await deliver(connection, { id: 'once', body: message });
    expect(first).toMatchObject({ status: 202 });
    const later = await deliver(connection, { id: 'once', body: message, timestampSeconds: nowSeconds() + 60 });
    expect(later).toMatchObject({ status: 200, body: { receiptId: receiptIdOf(first) } });
    const changed = { ...message, occurredAt: '2026-01-01T00:00:00Z' };
    expect(await deliver(connection, { id: 'once', body: changed })).toMatchObject(problem(409, 'webhook/idempotency-conflict'));
    expect(await outcomeOf(client, receiptIdOf(first), ['applied', 'refused'])).toMatchObject({ status: 'applied' });
    expect(await deliver(connection, { id: 'once', body: message })).toMatchObject({
      status: 200,
      body: { receiptId: receiptIdOf(first), status: 'applied' },
    });
    await badgeOf(client, maya.enrolmentId, 'maya');
  });

  it('replayed from a recording after five minutes is refused, though the first was taken', async () => {
    expect(await deliver(connection, { id: 'once', body: message, timestampSeconds: nowSeconds() - TOLERANCE_SECONDS - 5 })).toMatchObject(
      problem(401, 'webhook/unauthenticated'),
    );
  });

  it('has a receipt that only its id opens', async () => {
    for (const id of ['rcp_harbour-learning-alliance_0123456789abcdefghjkmnpqrs', 'rcp_x', '..'])
      expect((await fetch(`${site.baseUrl}/v1/receipts/${encodeURIComponent(id)}`)).status).toBe(404);
  });
});

describe('the secret of a connection', () => {
  const Rotated = z.object({ secret: z.string(), previousValidUntil: z.iso.datetime() }).loose();
  const rotate = () => client.ask('POST', '/v1/webhook-connections/rotating/secret-rotation', { as: 'dana', expect: Rotated });
  const unauthenticated = problem(401, 'webhook/unauthenticated');

  let tool: Connection;

  it('is shown once, and a change of scope keeps it', async () => {
    tool = await connectTool(client, 'rotating', { microCredentials: ['by-webhook'], programme: 'dana' });
    const path = '/v1/webhook-connections/rotating';
    const again = await client.call('PUT', path, { as: 'dana', body: { microCredentials: ['by-webhook', 'rotation'] } });
    expect(again).toMatchObject({ status: 200, body: { connectionId: tool.connectionId, hookUrl: tool.hookUrl } });
    expect(again.body).not.toHaveProperty('secret');
  });

  it('works on for a day beside the new one, unless it was rotated away too often; one known signature of two is enough', async () => {
    const rotation = await offered(client, reflection('rotation'));
    const tom = await enrolledAndHandedIn(client, rotation.id, { learner: 'tom' });
    const body = passingMark(rotation, tom.sealing, 'assessor-unknown');
    const { secret: second, previousValidUntil } = await rotate();
    expect(Date.parse(previousValidUntil)).toBeGreaterThan(Date.now() + 23 * 60 * 60 * 1000);
    expect(await deliver(tool, { id: 'by-first', body })).toMatchObject({ status: 202 });
    expect(await deliver(tool, { id: 'by-second', body, secrets: [second] })).toMatchObject({ status: 202 });

    const [third, fourth, newest] = [await rotate(), await rotate(), await rotate()];
    expect(await deliver(tool, { id: 'long-gone', body })).toMatchObject(unauthenticated);
    for (const { secret } of [third, fourth, newest])
      expect(await deliver(tool, { id: `by-${secret.slice(-8)}`, body, secrets: [secret] })).toMatchObject({ status: 202 });
    expect(await deliver(tool, { id: 'both', body, secrets: [tool.secret, newest.secret] })).toMatchObject({ status: 202 });
    expect(await deliver(tool, { id: 'neither', body, secrets: [tool.secret, connection.secret] })).toMatchObject(unauthenticated);

    await approve(client, { ...tool, secret: newest.secret }, passingMark(rotation, tom.sealing, ASSESSOR.id));
    expect(await badgeOf(client, tom.enrolmentId, 'tom')).toMatchObject({ verificationUrl: expect.stringContaining('/c/') });
  });
});
