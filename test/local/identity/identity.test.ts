/** What others read of the identity provider: discovery, keys, people, and tokens for scripts. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openIdentity } from '../../../local/aws/identity/identity.ts';
import { type RunningProvider, runProvider } from './provider.ts';

const Tokens = z.strictObject({
  access_token: z.string(),
  id_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.literal(3600),
});
const Discovery = z.looseObject({ issuer: z.string(), jwks_uri: z.string() });

let running: RunningProvider;
beforeAll(async () => {
  running = await runProvider();
});
afterAll(() => running.close());

const devToken = (body: string, { type = 'application/json', method = 'POST', at = running } = {}): Promise<Response> =>
  fetch(`${at.baseUrl}/oidc/dev-token`, { method, headers: { 'content-type': type }, ...(method === 'POST' && { body }) });

const tokenOf = async (sub: string, at = running) => Tokens.parse(await (await devToken(JSON.stringify({ sub }), { at })).json());

describe('discovery', () => {
  it('tells where everything is, below the path of the provider', async () => {
    const document = Discovery.parse(await (await fetch(`${running.baseUrl}/oidc/.well-known/openid-configuration`)).json());
    expect(document).toMatchObject({
      issuer: `${running.baseUrl}/oidc`,
      authorization_endpoint: `${running.baseUrl}/oidc/auth`,
      token_endpoint: `${running.baseUrl}/oidc/token`,
      end_session_endpoint: `${running.baseUrl}/oidc/session/end`,
      jwks_uri: `${running.baseUrl}/oidc/jwks`,
      code_challenge_methods_supported: ['S256'],
      response_types_supported: ['code'],
      token_endpoint_auth_methods_supported: ['none'],
    });
    expect(running.identity).toMatchObject({ issuer: document.issuer, audience: 'assay' });
  });

  it('publishes public keys and nothing of the private ones', async () => {
    const published = z
      .object({ keys: z.array(z.record(z.string(), z.string())) })
      .parse(await (await fetch(`${running.baseUrl}/oidc/jwks`)).json());
    expect(published).toEqual(running.identity.jwks());
    expect(published.keys.flatMap((key) => Object.keys(key)).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });
});

describe('people', () => {
  it('are listed with what they may, without their e-mail', async () => {
    expect(await (await fetch(`${running.baseUrl}/oidc/people`)).json()).toMatchObject({
      people: [{ sub: 'maya', name: 'Maya Okafor', groups: ['harbour:learner', 'northvale:assessor'] }, { sub: 'olu' }, { sub: 'quote' }],
    });
  });
});

describe('a token for a script', () => {
  it('is believed by whoever reads discovery', async () => {
    const { access_token } = await tokenOf('maya');
    const { payload } = await jwtVerify(access_token, createRemoteJWKSet(new URL(`${running.baseUrl}/oidc/jwks`)), {
      issuer: running.identity.issuer,
      audience: running.identity.audience,
      typ: 'at+jwt',
    });
    expect(payload).toMatchObject({
      sub: 'maya',
      email: 'maya@members.example',
      'cognito:groups': ['harbour:learner', 'northvale:assessor'],
    });
  });

  it('comes with an identity token for the application', async () => {
    const { id_token } = await tokenOf('olu');
    expect(decodeJwt(id_token)).toMatchObject({ aud: 'assay-web', sub: 'olu', name: 'Olu Adeyemi', 'cognito:groups': ['operator'] });
    expect(decodeProtectedHeader(id_token)).toMatchObject({ alg: 'RS256', kid: running.identity.jwks().keys[0]?.kid });
  });

  it('is not to be kept by a cache', async () => {
    expect((await devToken('{"sub":"maya"}')).headers.get('cache-control')).toBe('no-store');
  });

  it('is not made for a stranger', async () => {
    const response = await devToken('{"sub":"mallory"}');
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    expect(await response.json()).toMatchObject({ status: 404, title: expect.stringContaining('Nobody') });
  });

  it.each(['', 'maya', '{}', '{"sub":""}', '{"sub":7}', '["maya"]', 'null', `{"sub":"${'x'.repeat(5000)}"}`])(
    'is not made of the body %s',
    async (body) => {
      expect((await devToken(body)).status).toBe(400);
    },
  );

  it.each(['__proto__', 'constructor', 'toString'])('is not made for %s, which is nobody', async (sub) => {
    expect((await devToken(JSON.stringify({ sub }))).status).toBe(404);
  });

  // A page from elsewhere may post text without asking first.
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx'])('is not made of %s', async (type) => {
    expect((await devToken('{"sub":"maya"}', { type })).status).toBe(415);
  });

  it('is asked for with POST', async () => {
    const response = await devToken('', { method: 'GET' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('keys', () => {
  const file = (): string => join(running.folder, 'identity-keys.json');

  it('are readable by their owner only', async () => {
    expect((await stat(file())).mode & 0o777).toBe(0o600);
  });

  it('outlive a restart, and so do the tokens that they signed', async () => {
    const { access_token } = await tokenOf('maya');
    const again = await runProvider(running.folder);
    expect(again.identity.jwks()).toEqual(running.identity.jwks());
    await jwtVerify(access_token, createRemoteJWKSet(new URL(`${again.baseUrl}/oidc/jwks`)), { audience: 'assay' });
    await again.close();
  });

  it('are new on a new machine', async () => {
    const other = await runProvider();
    expect(other.identity.jwks().keys[0]?.kid).not.toBe(running.identity.jwks().keys[0]?.kid);
    await other.close();
  });

  it('are not quietly replaced when their file is damaged', async () => {
    const other = await runProvider();
    const damaged = join(other.folder, 'identity-keys.json');
    await writeFile(damaged, (await readFile(damaged, 'utf8')).slice(0, 100));
    await expect(openIdentity({ folder: other.folder, baseUrl: 'http://127.0.0.1:1', people: [] })).rejects.toThrow(
      /identity-keys\.json is not a file of identity keys/,
    );
    await other.close();
  });
});
