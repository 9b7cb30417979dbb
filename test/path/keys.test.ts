/** The life of an issuer's keys, as an operator and a verifier see it. */
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { ApiClient } from '../../local/api-client.ts';
import { verifyIndependently } from '../../local/independent-verifier.ts';
import { approve, badgeOf, type Connection, passingMark, type SampleDefinition, until } from '../../local/main-job.ts';
import { problem } from './answers.ts';
import { enrolledAndHandedIn } from './learning.ts';
import { aMachine, type Site } from './machine.ts';
import { offered, reflection } from './offerings.ts';
import { ASSESSOR, staffed } from './staff.ts';

const ISSUER = 'harbour-learning-alliance';

const Issuer = z.object({
  did: z.string(),
  keys: z.array(z.object({ id: z.string(), use: z.string(), algorithm: z.string(), state: z.string(), signsFrom: z.string() })),
});
const Announced = z.object({ keyId: z.string(), algorithm: z.string(), signsFrom: z.string() });
const Badge = z.looseObject({ proof: z.array(z.looseObject({ verificationMethod: z.string() })) });

let site: Site;
let client: ApiClient;
let connection: Connection;
let definition: SampleDefinition;

const operator = (method: string, path: string, body?: object) =>
  client.call(method, `/v1/issuers/${ISSUER}${path}`, { as: 'olu', ...(body && { body }) });
const keys = async () => Issuer.parse((await operator('GET', '')).body).keys;
const keyIn = async (state: string, use: string) => (await keys()).find((key) => key.state === state && key.use === use)?.id;

const earned = async (learner: 'maya' | 'tom') => {
  const { enrolmentId, sealing } = await enrolledAndHandedIn(client, definition.id, { learner });
  await approve(client, connection, passingMark(definition, sealing, ASSESSOR.id));
  return badgeOf(client, enrolmentId, learner);
};
const formsAt = async (url: string) => {
  const [json, jwt] = await Promise.all(['.json', '.jwt'].map(async (suffix) => (await fetch(`${url}${suffix}`)).text()));
  const badge: unknown = JSON.parse(json ?? '');
  const header = z.object({ kid: z.string() }).parse(JSON.parse(Buffer.from((jwt ?? '').split('.')[0] ?? '', 'base64url').toString()));
  return { badge, jwt: jwt ?? '', proofKey: Badge.parse(badge).proof[0]?.verificationMethod.split('#')[1], kid: header.kid };
};
const isBelieved = async (badge: unknown) => (await verifyIndependently(badge, site.baseUrl)).verified;
const isJwtBelieved = (jwt: string) =>
  jwtVerify(jwt, createRemoteJWKSet(new URL(`/i/${ISSUER}/jwks.json`, site.baseUrl))).then(
    () => true,
    () => false,
  );

beforeAll(async () => {
  site = await aMachine();
  client = site.client;
  connection = await staffed(client, ['keys']);
  definition = await offered(client, reflection('keys'));
});
afterAll(() => site.close());

describe('the keys of an issuer', () => {
  it('are one for proofs and one for JWTs from the day it is registered', async () => {
    expect(await keys()).toMatchObject([
      { use: 'data-integrity', algorithm: 'EdDSA', state: 'active' },
      { use: 'jwt', algorithm: 'RS256', state: 'active' },
    ]);
  });

  it('are for the operator alone to change', async () => {
    expect(await client.call('POST', `/v1/issuers/${ISSUER}/keys`, { as: 'dana', body: { use: 'jwt' } })).toMatchObject(
      problem(403, 'access/forbidden'),
    );
    expect(await operator('POST', '/keys', { use: 'data-integrity', algorithm: 'RS256' })).toMatchObject(problem(400, 'request/malformed'));
    expect(await client.call('POST', '/v1/issuers/nobody/keys', { as: 'olu', body: { use: 'jwt' } })).toMatchObject(
      problem(404, 'access/not-found'),
    );
  });
});

describe('a rotation', () => {
  let old: { badge: unknown; jwt: string; proofKey: string | undefined };
  let successor: string;

  it('publishes the successor before it signs, and makes one only however often it is asked for', async () => {
    old = await formsAt((await earned('maya')).verificationUrl);
    const answers = await Promise.all([0, 1, 2].map(() => operator('POST', '/keys', { use: 'data-integrity' })));
    const [first, ...others] = answers.map(({ status, body }) => ({ status, ...Announced.parse(body) }));
    expect(others).toEqual([first, first]);
    successor = first?.keyId ?? '';
    expect(await operator('POST', `/keys/${successor}/retirement`)).toMatchObject(problem(409, 'issuer/key-in-use'));
    await until('the DID document to show it', async () => {
      const document = await (await fetch(`${site.baseUrl}/i/${ISSUER}/did.json`)).text();
      return document.includes(successor) || undefined;
    });
    const jwt = Announced.parse((await operator('POST', '/keys', { use: 'jwt', algorithm: 'ES256' })).body);
    expect(jwt.algorithm).toBe('ES256');
    await until('both to sign', async () => ((await keyIn('active', 'jwt')) === jwt.keyId ? true : undefined));
    expect(await keyIn('active', 'data-integrity')).toBe(successor);
  });

  it('leaves badges under the old key and under the new one both verifiable', async () => {
    const young = await formsAt((await earned('tom')).verificationUrl);
    expect([old.proofKey === successor, young.proofKey]).toEqual([false, successor]);
    expect(await Promise.all([isBelieved(old.badge), isBelieved(young.badge)])).toEqual([true, true]);
    expect(await Promise.all([isJwtBelieved(old.jwt), isJwtBelieved(young.jwt)])).toEqual([true, true]);
  });

  it('ends with the old key giving up its private half: it signs nothing, and what it signed still verifies', async () => {
    const retiring = (await keyIn('retiring', 'data-integrity')) ?? '';
    for (const _ of ['once', 'twice'])
      expect(await operator('POST', `/keys/${retiring}/retirement`)).toMatchObject({ status: 200, body: { state: 'retired' } });
    expect(await operator('POST', '/keys/another/retirement')).toMatchObject(problem(404, 'issuer/key-not-found'));
    await site.idle();
    expect(await isBelieved(old.badge)).toBe(true);
  });
});

describe('a key that someone else may have', () => {
  it('is published as revoked: what it signed is believed no more, and stands signed again under a new key', async () => {
    const before = await badgeOfMaya();
    const stolen = (await keyIn('active', 'data-integrity')) ?? '';
    const reissued = await client.call('POST', `/v1/credentials/${before.id}/reissue`, { as: 'dana' });
    expect(reissued).toMatchObject({ status: 202 });
    const underStolen = await until('the badge under the key that signs', async () => {
      const forms = await formsAt(before.url);
      return forms.proofKey === stolen ? forms : undefined;
    });
    expect(await operator('POST', `/keys/${stolen}/compromise`)).toMatchObject({ status: 202, body: { state: 'compromised' } });
    const again = await until('the badge under its successor', async () => {
      const forms = await formsAt(before.url);
      return forms.proofKey === stolen ? undefined : forms;
    });
    expect(await isBelieved(underStolen.badge)).toBe(false);
    await until('the new form to be believed', async () => (await isBelieved(again.badge)) || undefined);
    expect(withoutProof(again.badge)).toEqual(withoutProof(underStolen.badge));
    expect(await keyIn('active', 'data-integrity')).not.toBe(stolen);
    await site.idle();
    expect(Object.values(site.deadLetters()).reduce((sum, count) => sum + count, 0)).toBe(0);
  });

  it('may be named again, which finds every badge signed anew already', async () => {
    const { url } = await badgeOfMaya();
    const { jwt } = await formsAt(url);
    const stolen = (await keyIn('compromised', 'data-integrity')) ?? '';
    expect(await operator('POST', `/keys/${stolen}/compromise`)).toMatchObject({ status: 202, body: { state: 'compromised' } });
    await site.idle();
    expect((await formsAt(url)).jwt).toBe(jwt);
  });
});

const withoutProof = (badge: unknown) => ({ ...Badge.parse(badge), proof: undefined });

const badgeOfMaya = async () => {
  const { body } = await client.call('GET', '/v1/enrolments', { as: 'maya' });
  const [enrolment] = z.object({ enrolments: z.array(z.object({ enrolmentId: z.string() })) }).parse(body).enrolments;
  const { verificationUrl: url, credentialId: id } = await badgeOf(client, enrolment?.enrolmentId ?? '', 'maya');
  return { url, id };
};
