/** Signing in on one machine, as a browser does it: code with PKCE, a page of people, tokens that the API believes. */
import { createHash, randomBytes } from 'node:crypto';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { type Browser, openBrowser, type Page } from './browser.ts';
import { PEOPLE, type RunningProvider, runProvider } from './provider.ts';

const Tokens = z.object({
  access_token: z.string(),
  id_token: z.string(),
  refresh_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.literal(3600),
});

let running: RunningProvider;
const warnings = vi.spyOn(console, 'warn');
const notices = vi.spyOn(console, 'info');

beforeAll(async () => {
  running = await runProvider();
});
afterAll(() => running.close());

const verifier = randomBytes(32).toString('base64url');

const authorization = (changes: Readonly<Record<string, string | undefined>> = {}): string => {
  const parameters = {
    client_id: 'assay-web',
    response_type: 'code',
    redirect_uri: `${running.baseUrl}/app/callback`,
    scope: 'openid email profile',
    state: 's1',
    nonce: 'n1',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes,
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, value);
  return `${running.baseUrl}/oidc/auth?${query}`;
};

const browser = (): Browser => openBrowser(`${running.baseUrl}/app/`);

const answered = (page: Page): Record<string, string> => Object.fromEntries(new URLSearchParams(page.url.split(/[?#]/)[1]));

const post = (form: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(`${running.baseUrl}/oidc/token`, { method: 'POST', body: new URLSearchParams({ client_id: 'assay-web', ...form }) });

const redeem = (code: string, codeVerifier = verifier): Promise<Response> =>
  post({ grant_type: 'authorization_code', code, redirect_uri: `${running.baseUrl}/app/callback`, code_verifier: codeVerifier });

const signIn = async (sub: string, as = browser()): Promise<z.infer<typeof Tokens>> => {
  const back = await as.press(await as.open(authorization()), { sub });
  return Tokens.parse(await (await redeem(answered(back).code ?? '')).json());
};

const believed = (token: string) =>
  jwtVerify(token, createLocalJWKSet({ keys: [...running.identity.jwks().keys] }), {
    issuer: running.identity.issuer,
    audience: 'assay',
    algorithms: ['RS256'],
  });

describe('signing in', () => {
  it('shows the people of this machine, and choosing one brings the browser back with a code', async () => {
    const as = browser();
    const page = await as.open(authorization());
    expect(page.status).toBe(200);
    expect([...page.html.matchAll(/name="sub" value="([^"]+)"/g)].map(([, sub]) => sub)).toEqual(['maya', 'olu', 'quote']);
    const back = answered(await as.press(page, { sub: 'maya' }));
    expect(back).toMatchObject({ state: 's1', iss: running.identity.issuer });
    expect(back.code?.length).toBeGreaterThan(20);
  });

  it('ends with a token for the API that says who it is, what they may, and until when', async () => {
    const { access_token } = await signIn('maya');
    const { payload, protectedHeader } = await believed(access_token);
    expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'at+jwt' });
    expect(payload).toMatchObject({
      sub: 'maya',
      name: 'Maya Okafor',
      email: 'maya@members.example',
      'cognito:groups': ['harbour:learner', 'northvale:assessor'],
      client_id: 'assay-web',
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
  });

  it('ends with an identity token for the application', async () => {
    const { id_token } = await signIn('olu');
    expect(decodeJwt(id_token)).toMatchObject({
      aud: 'assay-web',
      nonce: 'n1',
      sub: 'olu',
      name: 'Olu Adeyemi',
      'cognito:groups': ['operator'],
    });
  });

  it('happens once: the second time there is no page', async () => {
    const as = browser();
    await signIn('maya', as);
    const back = await as.open(authorization());
    expect(decodeJwt(Tokens.parse(await (await redeem(answered(back).code ?? '')).json()).access_token).sub).toBe('maya');
  });

  it('can be asked for again, as somebody else', async () => {
    const as = browser();
    await signIn('maya', as);
    const page = await as.open(authorization({ prompt: 'login' }));
    // The first person is signed out on the way, by a form that sends itself.
    const back = await as.press(await as.press(page, { sub: 'olu' }), {});
    expect(decodeJwt(Tokens.parse(await (await redeem(answered(back).code ?? '')).json()).access_token).sub).toBe('olu');
  });

  it('asks nobody to consent to our own application', async () => {
    const as = browser();
    const back = await as.press(await as.open(authorization({ prompt: 'login consent' })), { sub: 'maya' });
    expect(answered(back).code).toBeDefined();
  });

  it('can be declined', async () => {
    const as = browser();
    expect(answered(await as.press(await as.open(authorization()), { cancel: 'yes' }))).toMatchObject({
      error: 'access_denied',
      state: 's1',
    });
  });

  it('is renewed with a refresh token', async () => {
    const { refresh_token } = await signIn('maya');
    const renewed = Tokens.parse(await (await post({ grant_type: 'refresh_token', refresh_token })).json());
    expect((await believed(renewed.access_token)).payload.sub).toBe('maya');
  });

  it('ends with signing out, after which the page comes again', async () => {
    const as = browser();
    const { id_token } = await signIn('maya', as);
    const query = new URLSearchParams({ id_token_hint: id_token, post_logout_redirect_uri: `${running.baseUrl}/app/bye` });
    const page = await as.open(`${running.baseUrl}/oidc/session/end?${query}`);
    expect(page.html).toContain('Sign out?');
    expect((await as.press(page, { logout: 'yes' })).url).toBe(`${running.baseUrl}/app/bye`);
    expect((await as.open(authorization())).html).toContain('Who are you?');
  });

  it('logs nothing: no warning of what is meant for production', () => {
    expect([...warnings.mock.calls, ...notices.mock.calls].flat().filter((text) => String(text).includes('oidc-provider'))).toEqual([]);
  });
});

describe('what the sign-in refuses', () => {
  it.each([
    ['a request without PKCE', { code_challenge: undefined, code_challenge_method: undefined }],
    ['PKCE that hides nothing', { code_challenge_method: 'plain' }],
    ['a token in the address', { response_type: 'token' }],
    ['a token for another API', { resource: 'urn:other:api' }],
  ])('%s', async (_case, changes) => {
    expect(answered(await browser().open(authorization(changes))).error).toBeDefined();
  });

  it.each([
    'https://evil.example/app/callback',
    'http://127.0.0.1:1/app/callback',
    'http://127.0.0.1.evil.example/',
    'javascript:alert(1)',
    'no address',
  ])('to send the code to %s', async (redirect_uri) => {
    const page = await browser().open(authorization({ redirect_uri }));
    expect([page.status, page.html.includes('redirect_uri')]).toEqual([400, true]);
  });

  it.each(['#fragment', 'user:word@'])('to send the code to an address of ours with %s', async (trick) => {
    const redirect_uri = trick.startsWith('#') ? `${running.baseUrl}/app/callback${trick}` : running.baseUrl.replace('//', `//${trick}`);
    expect((await browser().open(authorization({ redirect_uri }))).status).toBe(400);
  });

  it('an unknown client', async () => {
    expect((await browser().open(authorization({ client_id: 'other' }))).status).toBe(400);
  });

  it('a code with another verifier, and a code a second time', async () => {
    const as = browser();
    const first = answered(await as.press(await as.open(authorization()), { sub: 'maya' })).code ?? '';
    expect((await redeem(first, randomBytes(32).toString('base64url'))).status).toBe(400);
    const second = answered(await as.open(authorization())).code ?? '';
    expect((await redeem(second)).status).toBe(200);
    expect((await redeem(second)).status).toBe(400);
  });

  it('a person who is not on the page', async () => {
    const as = browser();
    const page = await as.press(await as.open(authorization()), { sub: 'mallory' });
    expect([page.status, page.html.includes('Nobody was chosen')]).toEqual([400, true]);
  });

  it('a choice made in another browser', async () => {
    const page = await browser().open(authorization());
    const foreign = await browser().press(page, { sub: 'maya' });
    expect([foreign.status, foreign.html.includes('This sign-in is over')]).toEqual([400, true]);
  });

  it('a form that is far too long', async () => {
    const as = browser();
    expect((await as.press(await as.open(authorization()), { sub: 'x'.repeat(10_000) })).status).toBe(400);
  });
});

describe('the sign-in page', () => {
  it('works without a script and lets nothing in from elsewhere', async () => {
    const { html, headers } = await browser().open(authorization());
    expect(html).not.toMatch(/<script|onclick|src=/);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('cache-control')).toBe('no-store');
    const style = createHash('sha256')
      .update(/<style>([\s\S]*)<\/style>/.exec(html)?.[1] ?? '')
      .digest('base64');
    expect(headers.get('content-security-policy')).toContain(`style-src 'sha256-${style}'`);
  });

  it('names its language and its purpose, and every choice is a button with the name of a person', async () => {
    const { html } = await browser().open(authorization());
    expect(html).toMatch(/<html lang="en">[\s\S]*<title>Who are you\?[\s\S]*<main>\s*<h1>Who are you\?<\/h1>/);
    expect(html.match(/<li><button name="sub" value="[^"]+">[^<]+/g)).toHaveLength(PEOPLE.length);
  });

  it('shows a hostile name as text', async () => {
    expect((await browser().open(authorization())).html).toContain('O&#39;Hara &lt;b&gt;&quot;x&quot;&lt;/b&gt; &amp; Co');
  });

  it('a form that sends itself may run the one script that does it', async () => {
    const page = await browser().open(`${running.baseUrl}/oidc/session/end`);
    const script = createHash('sha256')
      .update(/<script>([\s\S]*)<\/script>/.exec(page.html)?.[1] ?? '')
      .digest('base64');
    expect(page.headers.get('content-security-policy')).toContain(`'sha256-${script}'`);
  });
});
