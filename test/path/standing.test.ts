import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { ApiClient } from '../../local/api-client.ts';
import { verifyIndependently } from '../../local/independent-verifier.ts';
import { approve, badgeOf, type Connection, passingMark, until } from '../../local/main-job.ts';
import { leaves, problem } from './answers.ts';
import { enrolledAndHandedIn } from './learning.ts';
import { aMachine, type Site } from './machine.ts';
import { offered, reflection } from './offerings.ts';
import { ASSESSOR, staffed } from './staff.ts';

const INTERNAL = 'A colleague reported that the recording shows somebody else.';

let site: Site;
let client: ApiClient;
let connection: Connection;
let verificationUrl: string;
let credentialId: string;
let signed: string;

const text = async (url: string, accept = 'text/html'): Promise<string> => (await fetch(url, { headers: { accept } })).text();
const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;
const verdict = async () => verifyIndependently(JSON.parse(signed), site.baseUrl);
const change = (what: string, body: object = { internalReason: INTERNAL }) =>
  client.call('POST', `/v1/credentials/${credentialId}/${what}`, { as: 'dana', body });
const standing = () => client.call('GET', `/v1/credentials/${credentialId}`, { as: 'dana' });

/** The page and the status list are written by two steps: a reader may see one before the other. */
const untilPublic = (says: string, verified: boolean) =>
  until(`the page to say ${says}`, async () => {
    const page = await text(verificationUrl);
    return page.includes(says) && (await verdict()).verified === verified ? page : undefined;
  });

const untilStatus = (url: string, status: number) =>
  until(`${url} to answer ${status}`, async () => ((await statusOf(url)) === status ? true : undefined));

beforeAll(async () => {
  site = await aMachine();
  client = site.client;
  connection = await staffed(client, ['standing', 'on-request']);
  const definition = await offered(client, reflection('standing'));
  const { enrolmentId, sealing } = await enrolledAndHandedIn(client, definition.id, { learner: 'maya', showName: true });
  await approve(client, connection, passingMark(definition, sealing, ASSESSOR.id));
  ({ verificationUrl, credentialId } = await badgeOf(client, enrolmentId, 'maya'));
  signed = await text(`${verificationUrl}.json`);
});
afterAll(() => site.close());

describe('an issued badge', () => {
  it('cannot be reinstated unless it is on hold', async () => {
    expect(await leaves(standing, () => change('reinstatement'))).toMatchObject(problem(409, 'credential/illegal-transition'));
  });

  it('is not put on hold without a reason, nor for a reason that the public would not understand', async () => {
    for (const body of [{}, { internalReason: '  ' }, { internalReason: INTERNAL, publicReason: 'because' }])
      expect(await leaves(standing, () => change('suspension', body))).toMatchObject(problem(400, 'request/malformed'));
  });

  it('on hold says so on its page, and no verifier accepts it', async () => {
    expect(await verdict()).toEqual({ verified: true });
    expect(await change('suspension')).toEqual({ status: 200, body: { credentialId, state: 'suspended' } });
    const page = await untilPublic('On hold', false);
    expect(page).not.toContain(INTERNAL);
    expect(await text(`${verificationUrl}.json`)).toBe(signed);
    expect(await standing()).toMatchObject({
      body: { state: 'suspended', reason: { publicReason: 'issuer-policy', internalReason: INTERNAL } },
    });
    const { body } = await client.call('GET', `/v1/credentials/${credentialId}`, { as: 'maya' });
    expect(body).toMatchObject({ state: 'suspended', reason: { publicReason: 'issuer-policy' } });
    expect(JSON.stringify(body)).not.toContain(INTERNAL);
    expect(await leaves(standing, () => change('suspension', { internalReason: 'Again.' }))).toEqual({
      status: 200,
      body: { credentialId, state: 'suspended' },
    });
  });

  it('reinstated is accepted again, and the very same file', async () => {
    expect(await change('reinstatement')).toEqual({ status: 200, body: { credentialId, state: 'published' } });
    await untilPublic('Verified and current', true);
    expect(await text(`${verificationUrl}.json`)).toBe(signed);
  });

  it('hidden by its holder is like one that never was, and shown again it is the same', async () => {
    const visibility = (method: 'POST' | 'DELETE') => client.call(method, `/v1/credentials/${credentialId}/publication`, { as: 'maya' });
    const unknown = `${site.baseUrl}/c/0123456789abcdefghjkmnpqrs`;
    expect(await visibility('DELETE')).toMatchObject({ status: 202, body: { wantsPublic: false } });
    await untilStatus(`${verificationUrl}.json`, 404);
    await untilStatus(verificationUrl, 404);
    expect(await text(verificationUrl)).toBe(await text(unknown));
    expect(await text(`${verificationUrl}.json`, '*/*')).toBe(await text(`${unknown}.json`, '*/*'));
    // Whoever was given the file can still check it; hiding withdraws a page, not an award.
    expect(await verdict()).toEqual({ verified: true });
    expect(await visibility('DELETE')).toMatchObject({ status: 202 });

    expect(await visibility('POST')).toMatchObject({ status: 202, body: { wantsPublic: true } });
    await untilStatus(`${verificationUrl}.json`, 200);
    expect(await text(`${verificationUrl}.json`)).toBe(signed);
    expect(await text(verificationUrl)).toContain('Verified and current');
  });

  it('changed many times at once ends in one standing, the same on its page, in the list and in the record', async () => {
    await Promise.all(
      ['suspension', 'suspension', 'reinstatement', 'suspension', 'reinstatement', 'suspension'].map((what) => change(what)),
    );
    await site.idle();
    const { state } = z.looseObject({ state: z.enum(['suspended', 'published']) }).parse((await standing()).body);
    expect((await text(verificationUrl)).includes('On hold')).toBe(state === 'suspended');
    expect((await verdict()).verified).toBe(state === 'published');
  });

  it('revoked is refused for ever, and says why', async () => {
    const revocation = { internalReason: INTERNAL, publicReason: 'requirements-not-met' };
    expect(await change('revocation', revocation)).toEqual({ status: 200, body: { credentialId, state: 'revoked' } });
    const page = await untilPublic('Withdrawn by the issuer', false);
    expect(page).not.toContain(INTERNAL);
    for (const what of ['reinstatement', 'suspension'])
      expect(await leaves(standing, () => change(what))).toMatchObject(problem(409, 'credential/illegal-transition'));
    const again = { internalReason: 'Another.', publicReason: 'holder-request' };
    expect(await leaves(standing, () => change('revocation', again))).toMatchObject({ status: 200 });
    expect(await standing()).toMatchObject({ body: { reason: { publicReason: 'requirements-not-met', internalReason: INTERNAL } } });
    await site.idle();
    expect(await verdict()).toMatchObject({ verified: false });
    expect(site.deadLetters()).toEqual({});
  });
});

describe('a badge that is published on request', () => {
  it('is earned and signed, and stands nowhere until its holder asks', async () => {
    const definition = await offered(client, reflection('on-request'));
    const tom = await enrolledAndHandedIn(client, definition.id, { learner: 'tom', publication: 'on-request' });
    await approve(client, connection, passingMark(definition, tom.sealing, ASSESSOR.id));
    const enrolment = await until('the award', async () => {
      const answer = await client.call('GET', `/v1/enrolments/${tom.enrolmentId}`, { as: 'tom' });
      return z.looseObject({ state: z.string() }).parse(answer.body).state === 'awarded' ? answer : undefined;
    });
    const { credentialId: id, verificationUrl: url } = z
      .looseObject({ credentialId: z.string(), verificationUrl: z.string() })
      .parse(enrolment.body);
    await site.idle();
    expect(await statusOf(url)).toBe(404);
    expect(await statusOf(`${url}.json`)).toBe(404);
    const mine = await client.call('GET', `/v1/credentials/${id}`, { as: 'tom' });
    expect(mine).toMatchObject({ status: 200, body: { state: 'issued', wantsPublic: false, document: { id: url } } });

    expect(await client.call('POST', `/v1/credentials/${id}/publication`, { as: 'tom' })).toMatchObject({ status: 202 });
    await untilStatus(`${url}.json`, 200);
    const shown: unknown = await (await fetch(`${url}.json`)).json();
    expect(mine).toMatchObject({ body: { document: shown } });
    expect(await verifyIndependently(shown, site.baseUrl)).toEqual({ verified: true });
  });
});
