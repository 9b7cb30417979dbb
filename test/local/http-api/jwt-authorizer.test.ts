import { createHmac } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authorizer, jwtAuthorizer } from '../../../local/aws/http-api/jwt-authorizer.ts';
import { aStep, type Gateway, openGateway } from './gateway.ts';

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;

const ISSUER = 'http://127.0.0.1:4747/oidc';
const AUDIENCE = 'assay';

let own: Keys;
let foreign: Keys;
let elliptic: Keys;
let authorize: Authorizer;
let gateway: Gateway;

const jwkOf = async ({ publicKey }: Keys, kid: string, alg: string) => ({ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' });

beforeAll(async () => {
  [own, foreign, elliptic] = await Promise.all([
    generateKeyPair('RS256', { extractable: true }),
    generateKeyPair('RS256'),
    generateKeyPair('ES256'),
  ]);
  const keys = [await jwkOf(own, 'own', 'RS256'), await jwkOf(elliptic, 'elliptic', 'ES256')];
  authorize = jwtAuthorizer({ issuer: ISSUER, audience: AUDIENCE, jwks: () => ({ keys }) });
  gateway = await openGateway({ steps: [aStep('GET /v1/mine', { roles: ['learner'] }), aStep('GET /v1/open')], authorize });
});
afterAll(() => gateway.close());

const seconds = (fromNow: number): number => Math.floor(Date.now() / 1000) + fromNow;

const claims = (over: JWTPayload = {}): JWTPayload => ({
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'maya',
  iat: seconds(-10),
  exp: seconds(600),
  ...over,
});

const token = (payload: JWTPayload, { keys = own, kid = 'own', alg = 'RS256' }: { keys?: Keys; kid?: string; alg?: string } = {}) =>
  new SignJWT(payload).setProtectedHeader({ alg, kid }).sign(keys.privateKey);

const without = (name: string): JWTPayload => Object.fromEntries(Object.entries(claims()).filter(([key]) => key !== name));

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a token', () => {
  it('of the provider, for this API and in its time, is trusted; its claims are handed on as text', async () => {
    const payload = claims({
      'cognito:groups': ['harbour:learner', 'operator'],
      email_verified: true,
      address: { country: 'PT' },
      nbf: seconds(-5),
      empty: [],
    });
    const found = await authorize(`Bearer ${await token(payload)}`);
    expect(found).toEqual({
      claims: {
        iss: ISSUER,
        aud: AUDIENCE,
        sub: 'maya',
        iat: String(payload.iat),
        exp: String(payload.exp),
        nbf: String(payload.nbf),
        'cognito:groups': '[harbour:learner operator]',
        email_verified: 'true',
        address: '{"country":"PT"}',
        empty: '[]',
      },
      scopes: null,
    });
  });

  it('may come without the word Bearer, and with it in any letters', async () => {
    const text = await token(claims());
    for (const header of [text, `Bearer ${text}`, `bearer ${text}`]) expect((await authorize(header))?.claims.sub).toBe('maya');
  });

  it('may be for several audiences, or name its client where it has no audience', async () => {
    expect(await authorize(await token(claims({ aud: ['other', AUDIENCE] })))).toBeDefined();
    expect(await authorize(await token({ ...without('aud'), client_id: AUDIENCE }))).toBeDefined();
  });

  it('has its scopes listed', async () => {
    expect((await authorize(await token(claims({ scope: 'openid profile' }))))?.scopes).toEqual(['openid', 'profile']);
  });

  it.each<[string, () => Promise<string> | string]>([
    ['was signed by someone else', () => token(claims(), { keys: foreign })],
    ['names a key that there is not', () => token(claims(), { kid: 'other' })],
    ['is for another audience', () => token(claims({ aud: 'other' }))],
    ['is for another audience, though its client is ours', () => token(claims({ aud: 'other', client_id: AUDIENCE }))],
    ['is for nobody', () => token(without('aud'))],
    ['comes from another issuer', () => token(claims({ iss: 'https://evil.example' }))],
    ['comes from no issuer', () => token(without('iss'))],
    ['has expired', () => token(claims({ exp: seconds(-1) }))],
    ['never expires', () => token(without('exp'))],
    ['is not valid yet', () => token(claims({ nbf: seconds(60) }))],
    ['was issued in the future', () => token(claims({ iat: seconds(60) }))],
    ['has a time that is no number', () => token(claims({ exp: 'tomorrow' as never }))],
    [
      'is signed with an algorithm that the authorizer does not take',
      () => token(claims(), { keys: elliptic, kid: 'elliptic', alg: 'ES256' }),
    ],
    ['says that it needs no signature', () => `${part({ alg: 'none', typ: 'JWT' })}.${part(claims())}.`],
    ['says that it needs no signature and brings one', () => `${part({ alg: 'none', kid: 'own' })}.${part(claims())}.AAAA`],
    ['is two tokens', async () => `${await token(claims())} ${await token(claims())}`],
    ['is no token', () => 'maya:password'],
    ['is empty', () => ''],
  ])('that %s is not', async (_title, made) => {
    const text = await made();
    expect(await authorize(`Bearer ${text}`)).toBeUndefined();
    expect((await gateway.send('/v1/mine', { headers: ['authorization', `Bearer ${text}`] })).status).toBe(401);
  });

  it('that was signed with the public key as if it were a shared secret is not', async () => {
    const pem = await exportSPKI(own.publicKey);
    const jwk = JSON.stringify(await exportJWK(own.publicKey));
    const input = `${part({ alg: 'HS256', kid: 'own' })}.${part(claims())}`;
    for (const secret of [pem, pem.trim(), jwk])
      expect(await authorize(`${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`)).toBeUndefined();
  });

  it('of which any part was changed is not', async () => {
    const [header = '', payload = '', signature = ''] = (await token(claims())).split('.');
    const altered = [
      [part({ alg: 'RS256', kid: 'own', typ: 'x' }), payload, signature],
      [header, part(claims({ sub: 'tom' })), signature],
      [header, payload, `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`],
      [header, payload, ''],
    ];
    for (const parts of altered) expect(await authorize(parts.join('.'))).toBeUndefined();
  });
});

describe('a route behind a token', () => {
  it('is reached with one', async () => {
    const headers = ['Authorization', `Bearer ${await token(claims())}`];
    const event = await gateway.eventOf('/v1/mine', { headers });
    expect(event.requestContext.authorizer?.jwt.claims).toMatchObject({ sub: 'maya' });
  });

  it('without one is not, and no function is called', async () => {
    gateway.called.length = 0;
    const answer = await gateway.send('/v1/mine');
    expect([answer.status, answer.json, gateway.called]).toEqual([401, { message: 'Unauthorized' }, []]);
  });

  it('is refused before a large body is complained of', async () => {
    const body = Buffer.alloc(11 * 1024 * 1024);
    expect((await gateway.send('/v1/mine', { body })).status).toBe(401);
  });

  it('is no more hidden than an address that is none', async () => {
    expect((await gateway.send('/v1/nothing')).status).toBe(404);
  });
});

describe('an open route', () => {
  it('is reached without a token, and one that comes along is not looked at', async () => {
    const event = await gateway.eventOf('/v1/open', { headers: ['authorization', `Bearer ${await token(claims())}`] });
    expect(event.requestContext).not.toHaveProperty('authorizer');
  });
});
