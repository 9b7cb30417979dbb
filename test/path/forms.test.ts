/** Every form of a published badge, read back from its public address and believed by readers that are not ours. */
import { createLocalJWKSet, createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { bakedInPng } from '#openbadges/baked-png.ts';
import { bakedInSvg } from '#openbadges/baked-svg.ts';
import type { ApiClient } from '../../local/api-client.ts';
import { verifyIndependently } from '../../local/independent-verifier.ts';
import { approve, badgeOf, passingMark, until } from '../../local/main-job.ts';
import { enrolledAndHandedIn } from './learning.ts';
import { aMachine, type Site } from './machine.ts';
import { offered, reflection } from './offerings.ts';
import { ASSESSOR, staffed } from './staff.ts';

let site: Site;
let client: ApiClient;
let verificationUrl: string;
let credentialId: string;

const FORMS = ['.html', '.json', '.jwt', '.ob2.json', '.png', '.svg'] as const;

const answer = async (suffix: string, accept?: string) =>
  fetch(`${verificationUrl}${suffix}`, accept === undefined ? {} : { headers: { accept } });
const text = async (suffix: string) => (await answer(suffix)).text();
const statuses = () => Promise.all(FORMS.map(async (suffix) => (await answer(suffix)).status));
const untilStatuses = (wanted: readonly number[]) =>
  until(`the forms to answer ${wanted}`, async () => ((await statuses()).join() === wanted.join() ? true : undefined));
const json = async (url: string): Promise<unknown> => (await fetch(url)).json();

const Assertion = z.looseObject({
  id: z.string(),
  badge: z.string(),
  image: z.string(),
  recipient: z.looseObject({ hashed: z.literal(true) }),
});
const BadgeClass = z.looseObject({ id: z.string(), issuer: z.string(), image: z.string() });
const Header = z.object({ alg: z.literal('RS256'), kid: z.string(), typ: z.literal('JWT') });

beforeAll(async () => {
  site = await aMachine();
  client = site.client;
  const connection = await staffed(client, ['forms']);
  const definition = await offered(client, reflection('forms'));
  const { enrolmentId, sealing } = await enrolledAndHandedIn(client, definition.id, { learner: 'maya' });
  await approve(client, connection, passingMark(definition, sealing, ASSESSOR.id));
  ({ verificationUrl, credentialId } = await badgeOf(client, enrolmentId, 'maya'));
});
afterAll(() => site.close());

describe('a published badge', () => {
  it('stands in every form, each with the type that readers of it expect', async () => {
    const types = await Promise.all(FORMS.map(async (suffix) => (await answer(suffix)).headers.get('content-type')));
    expect(types).toEqual([
      'text/html; charset=utf-8',
      'application/vc+ld+json',
      'text/plain; charset=utf-8',
      'application/ld+json',
      'image/png',
      'image/svg+xml',
    ]);
  });

  it.each([
    ['application/vc+ld+json', '.json'],
    ['application/jwt', '.jwt'],
    ['image/png', '.png'],
    ['image/svg+xml', '.svg'],
  ])('answers its own address with the form that is asked for: %s', async (accept, suffix) => {
    const bytes = async (response: Response) => Buffer.from(await response.arrayBuffer());
    expect((await bytes(await answer('', accept))).equals(await bytes(await answer(suffix)))).toBe(true);
  });

  it('as a JWT is believed by a library that knows its key by address alone, and says the same as the JSON', async () => {
    const jwt = await text('.jwt');
    const { kid } = Header.parse(JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString()));
    const jwk = z.looseObject({ kty: z.literal('RSA'), kid: z.literal(kid) }).parse(await json(kid));
    const { payload } = await jwtVerify(jwt, createLocalJWKSet({ keys: [jwk] }));
    const { proof, ...document } = z.looseObject({ proof: z.array(z.unknown()) }).parse(JSON.parse(await text('.json')));
    const { iss, jti, sub, nbf, exp, ...credential } = payload;
    expect(credential).toEqual(document);
    expect(proof).toHaveLength(1);
    const seconds = (date: string) => Math.floor(Date.parse(date) / 1000);
    const { validFrom, validUntil } = z.object({ validFrom: z.string(), validUntil: z.string() }).parse(document);
    expect({ iss, jti, sub, nbf, exp }).toEqual({
      iss: expect.stringMatching(/^did:web:/),
      jti: verificationUrl,
      sub: expect.stringMatching(/^urn:uuid:/),
      nbf: seconds(validFrom),
      exp: seconds(validUntil),
    });
    const everyones = createRemoteJWKSet(new URL('/.well-known/jwks.json', site.baseUrl));
    expect((await jwtVerify(jwt, everyones)).payload.jti).toBe(verificationUrl);
  });

  it('in an image carries both generations, each exactly as it is published beside it', async () => {
    const [document, older] = [await text('.json'), await text('.ob2.json')];
    expect(await bakedInPng(new Uint8Array(await (await answer('.png')).arrayBuffer()))).toEqual({
      credential: document,
      assertion: older,
    });
    expect(bakedInSvg(new TextEncoder().encode(await text('.svg')))).toMatchObject({ credential: document, assertion: older });
  });

  it('in its older generation links three documents of one origin, each answering at its own id', async () => {
    const assertion = Assertion.parse(JSON.parse(await text('.ob2.json')));
    expect(assertion).toMatchObject({
      id: `${verificationUrl}.ob2.json`,
      image: `${verificationUrl}.png`,
      verification: { type: 'HostedBadge' },
    });
    const badgeClass = BadgeClass.parse(await json(assertion.badge));
    const issuer = z.looseObject({ id: z.string(), type: z.literal('Issuer'), url: z.url() }).parse(await json(badgeClass.issuer));
    expect([badgeClass.id, issuer.id]).toEqual([assertion.badge, badgeClass.issuer]);
    for (const url of [assertion.badge, badgeClass.issuer, badgeClass.image]) expect(new URL(url).origin).toBe(site.baseUrl);
    expect((await fetch(badgeClass.image)).headers.get('content-type')).toBe('image/png');
  });

  it('is withdrawn in every generation while it is on hold, and stands again in all of them afterwards', async () => {
    const change = (what: string) =>
      client.call('POST', `/v1/credentials/${credentialId}/${what}`, { as: 'dana', body: { internalReason: 'To see what happens.' } });
    await change('suspension');
    await untilStatuses([200, 200, 200, 410, 200, 200]);
    expect(JSON.parse(await text('.ob2.json'))).toMatchObject({ id: `${verificationUrl}.ob2.json`, revoked: true });
    await until('the status list to say so', async () =>
      (await verifyIndependently(JSON.parse(await text('.json')), site.baseUrl)).verified ? undefined : true,
    );
    await change('reinstatement');
    await untilStatuses([200, 200, 200, 200, 200, 200]);
  });

  it('that its holder hides stands in no form at all', async () => {
    await client.call('DELETE', `/v1/credentials/${credentialId}/publication`, { as: 'maya' });
    await untilStatuses([404, 404, 404, 404, 404, 404]);
    await client.call('POST', `/v1/credentials/${credentialId}/publication`, { as: 'maya' });
    await untilStatuses([200, 200, 200, 200, 200, 200]);
  });
});
