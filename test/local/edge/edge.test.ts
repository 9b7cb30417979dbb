/** The public address of one machine answers as CloudFront does in the cloud. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSite, type Site } from './site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

describe('who answers', () => {
  it.each([
    ['/v1/credentials?x=1', 'api /v1/credentials?x=1'],
    ['/oidc/jwks', 'identity /oidc/jwks'],
    ['/oidc', 'identity /oidc'],
  ])('%s goes on as it came', async (path, body) => {
    expect((await site.send(path, { method: 'POST' })).body).toBe(body);
  });

  it('a path that only begins like the API is a file', async () => {
    expect((await site.send('/v12/x')).status).toBe(404);
    expect((await site.send('/oidcx')).status).toBe(404);
  });

  it('tells whether the machine is ready', async () => {
    const answer = await site.send('/health');
    expect([answer.status, JSON.parse(answer.body)]).toEqual([200, { status: 'ready' }]);
    expect((await site.send('/health', { method: 'POST' })).status).toBe(405);
  });
});

describe('before the services exist', () => {
  it('everything is a problem that asks to try again, and health says why', async () => {
    const early = await openSite({}, { routes: () => undefined });
    for (const path of ['/', '/v1/x', '/oidc/jwks', '/c/abc']) {
      const answer = await early.send(path);
      expect([answer.status, answer.headers['content-type'], answer.headers['retry-after']]).toEqual([
        503,
        'application/problem+json',
        '1',
      ]);
    }
    const health = await early.send('/health');
    expect([health.status, JSON.parse(health.body)]).toEqual([503, { status: 'starting' }]);
    await early.close();
  });

  it('services that are still being filled answer, so that they can be filled through the edge', async () => {
    const seeding = await openSite({ ready: () => false });
    expect((await seeding.send('/health')).status).toBe(503);
    expect((await seeding.send('/v1/x')).status).toBe(200);
    await seeding.close();
  });
});

describe('files', () => {
  it('come with their type, length, life and version', async () => {
    const { status, headers, body } = await site.send('/c/abc.json');
    expect([status, body]).toEqual([200, '{"id":"abc"}']);
    expect(headers).toMatchObject({
      'content-type': 'application/vc+ld+json',
      'content-length': '12',
      'cache-control': 'public, max-age=60',
      etag: '"e1"',
    });
    expect(headers.vary).toBeUndefined();
  });

  it('one address gives the page to a browser and the credential to a verifier, and says that it depends', async () => {
    const page = await site.send('/c/abc', { headers: { accept: 'text/html' } });
    const json = await site.send('/c/abc', { headers: { accept: 'application/vc+ld+json' } });
    expect([page.body, page.headers.vary]).toEqual(['<h1>Badge</h1>', 'accept']);
    expect([json.body, json.headers.vary]).toEqual(['{"id":"abc"}', 'accept']);
  });

  it('the base address is the home page, for everyone', async () => {
    const { body, headers } = await site.send('/?from=mail');
    expect([body, headers.vary]).toEqual(['<h1>Assay</h1>', undefined]);
  });

  it('HEAD says the same without the bytes', async () => {
    const { status, headers, body } = await site.send('/c/abc.json', { method: 'HEAD' });
    expect([status, headers['content-length'], body]).toEqual([200, '12', '']);
  });

  it.each(['"e1"', 'W/"e1"', '"e0", "e1"', '*'])('a reader who has version %s is told so', async (tag) => {
    const { status, headers, body } = await site.send('/c/abc', { headers: { 'if-none-match': tag } });
    expect([status, body]).toEqual([304, '']);
    expect(headers).toMatchObject({
      etag: '"e1"',
      'cache-control': 'public, max-age=60',
      vary: 'accept',
      'access-control-allow-origin': '*',
    });
  });

  it('a reader with another version gets the bytes', async () => {
    expect((await site.send('/c/abc', { headers: { 'if-none-match': '"e0"' } })).status).toBe(200);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('are not there for %s', async (method) => {
    const { status, headers } = await site.send('/c/abc', { method });
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  it('a name may have blanks and letters of any language', async () => {
    expect((await site.send('/a%20b/%C3%BC.json')).status).toBe(200);
  });
});

describe('where there is nothing', () => {
  it('a browser gets the page that says so', async () => {
    const { status, headers, body } = await site.send('/c/none', { headers: { accept: 'text/html,*/*;q=0.8' } });
    expect([status, body]).toEqual([404, '<h1>Nothing here</h1>']);
    expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', vary: 'accept' });
    expect(headers.etag).toBeUndefined();
  });

  it.each([
    ['by its header', '/c/none', 'application/json'],
    ['for linked data', '/c/none', 'application/vc+ld+json'],
    ['by the name of the file', '/c/none.json', '*/*'],
  ])('a program that asks for JSON %s gets a problem', async (_how, path, accept) => {
    const { status, headers, body } = await site.send(path, { headers: { accept } });
    expect([status, headers['content-type']]).toEqual([404, 'application/problem+json']);
    expect(JSON.parse(body)).toEqual({ type: 'about:blank', title: 'There is nothing at this address.', status: 404 });
  });
});

describe('paths that could mean something else', () => {
  it.each([
    '/../etc/passwd',
    '/c/../../secret',
    '/c/%2e%2e/secret',
    '/c/./abc.json',
    '/c%2fabc.json',
    '/c%2Fabc.json',
    '/c%5cabc.json',
    '/c\\abc.json',
    '/c/abc.json%00.html',
    '/c/%0d%0ax',
    '/%',
    '/%c3%28',
    '/%ff',
    `/${'a'.repeat(1025)}`,
    `/${'a'.repeat(4000)}`,
    `/${'%C3%BC'.repeat(513)}`,
    'http://elsewhere.example/c/abc.json',
    '*',
  ])('%s is refused before any file is looked for', async (path) => {
    const before = site.reads.length;
    expect((await site.send(path)).status).toBe(400);
    expect(site.reads.length).toBe(before);
  });
});

describe('what goes wrong behind the edge', () => {
  it('is a problem that tells nothing of it', async () => {
    const broken = await openSite({
      api: async () => Promise.reject(new Error('secret detail')),
      read: () => {
        throw new Error('secret detail');
      },
    });
    for (const path of ['/v1/x', '/c/abc']) {
      const { status, body } = await broken.send(path);
      expect([status, body.includes('secret')]).toEqual([500, false]);
    }
    await broken.close();
  });

  it('a file that breaks off is not passed on as whole', async () => {
    const stream = () =>
      new Readable({
        read() {
          this.push('half');
          this.destroy(new Error('disk'));
        },
      });
    const broken = await openSite({ read: () => ({ contentType: 'text/html', cacheControl: 'no-store', etag: '"x"', size: 100, stream }) });
    await expect(broken.send('/x.html')).rejects.toThrow();
    expect((await broken.send('/health')).status).toBe(200);
    await broken.close();
  });
});

describe('who is let in', () => {
  it('nobody from another machine', async () => {
    const elsewhere = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    const outcomes = await Promise.all(
      elsewhere.map(async ({ address }) => {
        const socket = connect(site.port, address);
        return once(socket, 'connect').then(
          () => 'open',
          () => 'refused',
        );
      }),
    );
    expect(outcomes).toEqual(elsewhere.map(() => 'refused'));
    expect(site.baseUrl).toBe(`http://127.0.0.1:${site.port}`);
  });

  it.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example', 'localhost.evil.example'])(
    'no page that calls us %s',
    async (host) => {
      expect((await site.send('/oidc/people', { headers: { host } })).status).toBe(421);
    },
  );

  it.each(['localhost', 'localhost:3000', 'assay.localhost:3000', '[::1]:3000'])('a person who calls us %s', async (host) => {
    expect((await site.send('/c/abc', { headers: { host } })).status).toBe(200);
  });
});
