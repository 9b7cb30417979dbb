import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HttpStep, PATH, type Role } from '../../functions/path.ts';
import type { Answer, ApiClient } from '../../local/api-client.ts';
import { approve, badgeOf, passingMark, publish, registerIssuer, sampleDefinition } from '../../local/main-job.ts';
import { PEOPLE, type Person } from '../../local/sample-people.ts';
import { leaves, problem } from './answers.ts';
import { enrolledAndHandedIn, type HandedIn } from './learning.ts';
import { aMachine, type Site } from './machine.ts';
import { offered, reflection } from './offerings.ts';
import { ASSESSOR, staffed } from './staff.ts';
import { tokensOf } from './tokens.ts';

const HARBOUR = 'harbour-learning-alliance';
const NORTHVALE = 'northvale-clinics-association';

/** Someone in a role at another issuer, someone who works for two, someone in no role at all. */
const GUESTS: readonly Person[] = [
  { sub: 'nils', name: 'Nils Aune', email: 'nils@northvale-clinics.example', groups: [`${NORTHVALE}:assessor`] },
  { sub: 'ida', name: 'Ida Moreau', email: 'ida@everywhere.example', groups: [`${HARBOUR}:programme`, `${NORTHVALE}:programme`] },
  { sub: 'visitor', name: 'V. Visitor', email: 'visitor@elsewhere.example', groups: ['some-other-application:programme-director'] },
];

/** One of each role at Harbour Learning. */
const IN_ROLE: Readonly<Record<Role, string>> = { operator: 'olu', programme: 'dana', assessor: 'ines', learner: 'maya' };

const GUARDED = PATH.flatMap((step) => ('http' in step && step.roles !== 'open' ? [step] : []));

let site: Site;
let client: ApiClient;
let maya: HandedIn;
let credentialId: string;
let evidenceId: string;
let before: Answer;

/** A row of the path with the ids of things that are really there. */
const requestOf = ({ http }: HttpStep): readonly [method: string, path: string] => {
  const ids: Readonly<Record<string, string>> = {
    issuerId: HARBOUR,
    assessorId: ASSESSOR.id,
    connectionName: 'assessment-tool',
    microCredentialId: 'guarded',
    version: '1.0.0',
    enrolmentId: maya.enrolmentId,
    submissionId: maya.sealing.submission.submissionId,
    evidenceId,
    credentialId,
  };
  const [method = '', path = ''] = http.split(' ');
  return [method, path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? `no-${name}`)];
};

const bodyFor = (method: string): { body?: object } => (method === 'POST' || method === 'PUT' ? { body: { internalReason: 'Nosy.' } } : {});

const withToken = async (path: string, authorization: string | undefined): Promise<Answer> => {
  const response = await fetch(`${site.baseUrl}${path}`, { headers: authorization === undefined ? {} : { authorization } });
  return { status: response.status, body: await response.json() };
};

/** Everything of Maya that a trespasser might have changed. */
const everything = async (): Promise<Answer> => {
  const answers = await Promise.all([
    client.call('GET', `/v1/enrolments/${maya.enrolmentId}`, { as: 'maya' }),
    client.call('GET', `/v1/submissions/${maya.sealing.submission.submissionId}`, { as: 'maya' }),
    client.call('GET', `/v1/credentials/${credentialId}`, { as: 'dana' }),
    client.call('GET', '/v1/micro-credentials/guarded/versions/1.0.0', { as: 'dana' }),
    client.call('GET', `/v1/issuers/${HARBOUR}`, { as: 'olu' }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  return { status: 200, body: answers };
};

beforeAll(async () => {
  site = await aMachine({ people: [...PEOPLE, ...GUESTS] });
  client = site.client;
  const connection = await staffed(client, ['guarded']);
  const definition = await offered(client, reflection('guarded'));
  maya = await enrolledAndHandedIn(client, definition.id, { learner: 'maya' });
  evidenceId = maya.sealing.evidence[0]!.id;
  await approve(client, connection, passingMark(definition, maya.sealing, ASSESSOR.id));
  ({ credentialId } = await badgeOf(client, maya.enrolmentId, 'maya'));
  await site.idle();
  const northvale = sampleDefinition('infection-prevention-clinic-staff');
  await registerIssuer(client, northvale, 'olu');
  await publish(client, northvale, 'priya');
  before = await everything();
});
afterAll(() => site.close());

describe('who is not signed in', () => {
  it.each(GUARDED)('is not heard at $http', async (step) => {
    const [method, path] = requestOf(step);
    const response = await fetch(`${site.baseUrl}${path}`, { method });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ message: 'Unauthorized' });
  });

  it('with a token that was tampered with, made up, or made for something else, is not heard either', async () => {
    const path = `/v1/enrolments/${maya.enrolmentId}`;
    const { access_token: token, id_token: idToken } = await tokensOf(site.baseUrl, 'maya');
    expect(await withToken(path, `Bearer ${token}`)).toMatchObject({ status: 200 });
    const [head = '', claims = '', signature = ''] = token.split('.');
    const reclaimed = (changes: object): string =>
      Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(claims, 'base64url').toString()), ...changes })).toString('base64url');
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
    const forged = [
      `${head}.${reclaimed({ sub: 'tom' })}.${signature}`,
      `${head}.${reclaimed({ 'cognito:groups': ['operator'] })}.${signature}`,
      `${head}.${claims}.${Buffer.from(signature, 'base64url').fill(0, 0, 8).toString('base64url')}`,
      `${unsigned}.${claims}.`,
      `${head}.${claims}`,
      idToken,
      'maya',
      '',
    ];
    for (const one of forged) expect(await withToken(path, `Bearer ${one}`)).toEqual({ status: 401, body: { message: 'Unauthorized' } });
  });
});

describe('who is signed in', () => {
  it.each(GUARDED)('but in no role that $http is for is turned away', async (step) => {
    const [method, path] = requestOf(step);
    const others = Object.entries(IN_ROLE).flatMap(([role, sub]) => (step.roles.includes(role as Role) ? [] : [sub]));
    const answers = await Promise.all([...others, 'visitor'].map((as) => client.call(method, path, { as, ...bodyFor(method) })));
    for (const answer of answers) expect(answer).toEqual(problem(403, 'access/forbidden', { facts: { needs: step.roles } }));
    expect(answers.length).toBeGreaterThan(1);
  });

  it('and was turned away has changed nothing', async () => {
    expect(await everything()).toEqual(before);
  });

  it('for two issuers names the one that is meant', async () => {
    const path = '/v1/micro-credentials/guarded/versions/1.0.0';
    expect(await client.call('GET', path, { as: 'ida' })).toMatchObject(
      problem(400, 'access/tenant-ambiguous', { facts: { tenants: [HARBOUR, NORTHVALE] } }),
    );
    const named = (tenant: string) => client.call('GET', path, { as: 'ida', headers: { 'assay-tenant': tenant } });
    expect(await named(HARBOUR)).toMatchObject({ status: 200, body: { definition: { id: 'guarded' } } });
    expect(await named(NORTHVALE)).toMatchObject(problem(404, 'access/not-found'));
    expect(await named('lindqvist-university-extension')).toMatchObject(problem(403, 'access/forbidden'));
  });
});

describe('what belongs to someone else is answered in the same words as what does not exist', () => {
  const id = '0123456789abcdefghjkmnpqrs';
  const enrolment = () => maya.enrolmentId;
  const submission = () => maya.sealing.submission.submissionId;

  it.each([
    { what: 'an enrolment', as: ['tom', 'sam', 'priya'], path: () => `/v1/enrolments/${enrolment()}`, unknown: `/v1/enrolments/enr_${id}` },
    {
      what: 'a submission',
      as: ['tom', 'sam', 'priya', 'nils'],
      path: () => `/v1/submissions/${submission()}`,
      unknown: `/v1/submissions/sub_${id}_0_1`,
    },
    { what: 'a badge', as: ['tom', 'sam', 'priya'], path: () => `/v1/credentials/${credentialId}`, unknown: `/v1/credentials/${id}` },
    {
      what: 'a definition',
      as: ['sam', 'priya'],
      path: () => '/v1/micro-credentials/guarded/versions/1.0.0',
      unknown: '/v1/micro-credentials/guarded/versions/9.0.0',
    },
    { what: 'an issuer', as: ['priya'], path: () => `/v1/issuers/${HARBOUR}`, unknown: '/v1/issuers/nobody-knows' },
  ])('$what, to read', async ({ as, path, unknown }) => {
    for (const person of as) {
      const answer = await client.call('GET', path(), { as: person });
      expect(answer).toMatchObject(problem(404, 'access/not-found'));
      expect(await client.call('GET', unknown, { as: person })).toEqual(answer);
    }
  });

  it.each([
    {
      as: 'tom',
      call: () => ['POST', `/v1/submissions/${submission()}/submission`],
      unknown: ['POST', `/v1/submissions/sub_${id}_0_1/submission`],
    },
    {
      as: 'tom',
      call: () => ['POST', `/v1/submissions/${submission()}/revision`],
      unknown: ['POST', `/v1/submissions/sub_${id}_0_1/revision`],
    },
    {
      as: 'tom',
      call: () => ['DELETE', `/v1/submissions/${submission()}/evidence/${evidenceId}`],
      unknown: ['DELETE', `/v1/submissions/sub_${id}_0_1/evidence/evi_${id}`],
    },
    {
      as: 'tom',
      call: () => ['DELETE', `/v1/credentials/${credentialId}/publication`],
      unknown: ['DELETE', `/v1/credentials/${id}/publication`],
    },
    {
      as: 'sam',
      call: () => ['POST', '/v1/micro-credentials/guarded/enrolments'],
      unknown: ['POST', '/v1/micro-credentials/unheard-of/enrolments'],
    },
    {
      as: 'priya',
      call: () => ['POST', `/v1/credentials/${credentialId}/revocation`],
      unknown: ['POST', `/v1/credentials/${id}/revocation`],
    },
    {
      as: 'priya',
      call: () => ['POST', `/v1/credentials/${credentialId}/suspension`],
      unknown: ['POST', `/v1/credentials/${id}/suspension`],
    },
    {
      as: 'priya',
      call: () => ['POST', '/v1/webhook-connections/assessment-tool/secret-rotation'],
      unknown: ['POST', '/v1/webhook-connections/no-such-tool/secret-rotation'],
    },
    {
      as: 'priya',
      call: () => ['POST', '/v1/micro-credentials/guarded/versions/1.0.0/publication'],
      unknown: ['POST', '/v1/micro-credentials/unheard-of/versions/1.0.0/publication'],
    },
  ])('to change: $unknown by $as', async ({ as, call, unknown }) => {
    const send = ([method = '', path = '']: readonly string[]) =>
      client.call(method, path, { as, ...(/revocation|suspension/.test(path) ? { body: { internalReason: 'Nosy.' } } : {}) });
    const answer = await leaves(everything, () => send(call()));
    expect(answer).toMatchObject(problem(404, 'access/not-found'));
    expect(withoutFacts(await send(unknown))).toEqual(withoutFacts(answer));
  });

  it('and two issuers may use the same names without meeting', async () => {
    const put = (as: string) =>
      client.call('PUT', `/v1/assessors/${ASSESSOR.id}`, {
        as,
        body: { name: 'Someone of Northvale', emails: ['x@northvale-clinics.example'] },
      });
    expect(await put('priya')).toMatchObject({ status: 201 });
    const tool = await client.call('PUT', '/v1/webhook-connections/assessment-tool', {
      as: 'priya',
      body: { microCredentials: ['guarded'] },
    });
    expect(tool).toMatchObject({ status: 201, body: { connectionId: `${NORTHVALE}.assessment-tool` } });
  });
});

/** The facts of a refusal may repeat what the caller asked for. */
const withoutFacts = ({ status, body }: Answer): Answer => ({ status, body: { ...Object(body), facts: undefined } });

describe('an address that is none', () => {
  it.each([
    ['GET', '/v1/nothing'],
    ['PATCH', '/v1/enrolments'],
    ['GET', '/v1/enrolments/not-an-id'],
    ['GET', '/v1/credentials/..%2f..%2fissuers'],
    ['GET', '/v1/submissions/sub_0123456789abcdefghjkmnpqrs_0_01'],
  ])('%s %s is answered 404, whoever asks', async (method, path) => {
    expect((await client.call(method, path, { as: 'maya' })).status).toBe(404);
  });
});
