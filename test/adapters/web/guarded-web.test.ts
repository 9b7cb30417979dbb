import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type GuardedWebNeeds, guardedWeb } from '#adapters/web/guarded-web.ts';
import type { WebTerms } from '#shared/ports.ts';

const KB = 1024;
const TERMS: WebTerms = { bytesMax: 100 * KB, redirects: 'same-origin' };

/** A server on loopback until the test ends. */
const aServer = async (listener: RequestListener) => {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
};

const got = async (url: string, { terms = {}, ...needs }: Partial<GuardedWebNeeds> & { terms?: Partial<WebTerms> } = {}) => {
  const answer = await guardedWeb({ loopback: 'allowed', ...needs })().get(url, { ...TERMS, ...terms });
  return typeof answer === 'string' ? answer : [answer.status, Buffer.from(answer.bytes).toString()];
};

const answering =
  (body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}, status = 200): RequestListener =>
  (_request, response) =>
    response.writeHead(status, headers).end(body);

describe('the web behind its guard', () => {
  it('answers what stands at an address, whatever it is called', async () => {
    expect(await got(await aServer(answering('{"a":1}', { 'content-type': 'application/octet-stream' })))).toEqual([200, '{"a":1}']);
  });

  it('asks as a verifier: for documents first, without a cookie, a token or a word about who wants to know', async () => {
    const asked = Promise.withResolvers<object>();
    const url = await aServer((request, response) => {
      asked.resolve(request.headers);
      response.end('{}');
    });
    await got(`${url}/c/1#fragment`);
    expect(await asked.promise).toEqual({
      accept: expect.stringMatching(/^application\/vc\+ld\+json/),
      'accept-encoding': 'gzip, br',
      'user-agent': 'assay-verifier',
      host: new URL(url).host,
      connection: 'close',
    });
  });

  it.each([404, 410, 500, 304])('answers a status of %d without its words', async (status) => {
    expect(await got(await aServer(answering(status === 304 ? '' : 'words', {}, status)))).toEqual([status, '']);
  });

  it.each([
    ['gzip', gzipSync('badge')],
    ['x-gzip', gzipSync('badge')],
    ['GZIP', gzipSync('badge')],
    ['br', brotliCompressSync('badge')],
    ['deflate', deflateSync('badge')],
    ['identity', Buffer.from('badge')],
  ])('reads %s', async (encoding, body) => {
    expect(await got(await aServer(answering(body, { 'content-encoding': encoding })))).toEqual([200, 'badge']);
  });

  it('asks nobody at an address that is not to be asked, nor where names lead inside', async () => {
    let asked = 0;
    const url = await aServer((_request, response) => {
      asked += 1;
      response.end();
    });
    expect(await got(url, { loopback: 'refused' })).toBe('refused');
    const { port } = new URL(url);
    const resolve = async () => [{ address: '127.0.0.1', family: 4 } as const];
    expect(await got(`https://looks-public.example:${port}/`, { loopback: 'refused', resolve })).toBe('refused');
    expect(await got(`https://looks-public.example:${port}/`, { resolve })).toBe('refused');
    expect(asked).toBe(0);
  });

  it('connects to the address that was looked at, and does not ask for the name again', async () => {
    let asked = 0;
    const url = await aServer(() => {
      asked += 1;
    });
    let resolved = 0;
    const resolve = async () => {
      resolved += 1;
      // In the public range, and given to nobody.
      return [resolved === 1 ? ({ address: '2000::1', family: 6 } as const) : ({ address: '127.0.0.1', family: 4 } as const)];
    };
    expect(await got(`https://rebinding.example:${new URL(url).port}/`, { resolve, documentMsMax: 300 })).toBe('unreachable');
    expect([resolved, asked]).toEqual([1, 0]);
  });

  it('asks for a name once where it may, and connects to what it was told', async () => {
    const url = await aServer(answering('{}'));
    let resolved = 0;
    const resolve = async () => {
      resolved += 1;
      return [{ address: '127.0.0.1', family: 4 } as const];
    };
    expect(await got(url.replace('127.0.0.1', 'localhost'), { resolve })).toEqual([200, '{}']);
    expect(resolved).toBe(1);
  });
});

describe('a redirect', () => {
  const redirecting =
    (location: string, status = 302): RequestListener =>
    (request, response) =>
      request.url === '/there' ? response.end('there') : response.writeHead(status, { location }).end();

  it.each([301, 302, 303, 307, 308])('within one origin is followed: %d', async (status) => {
    expect(await got(await aServer(redirecting('/there', status)))).toEqual([200, 'there']);
  });

  it('to another origin is followed only where the address does not count', async () => {
    const there = await aServer(answering('elsewhere'));
    const url = await aServer(redirecting(there));
    expect(await got(url)).toBe('unreachable');
    expect(await got(url, { terms: { redirects: 'anywhere' } })).toEqual([200, 'elsewhere']);
  });

  it.each([
    'http://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[::ffff:127.0.0.1]/',
    'http://public.example/',
    'file:///etc/passwd',
    'https://inside.example/',
    'http://',
  ])('to %s is not followed, and does not tell that it was refused', async (location) => {
    const resolve = async () => [{ address: '10.0.0.1', family: 4 } as const];
    expect(await got(await aServer(redirecting(location)), { resolve, terms: { redirects: 'anywhere' } })).toBe('unreachable');
  });

  it('is followed three times and no more', async () => {
    const counting: RequestListener = ({ url = '/' }, response) => {
      const left = Number(url.slice(1));
      if (left === 0) response.end('arrived');
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    };
    const url = await aServer(counting);
    expect(await got(`${url}/3`)).toEqual([200, 'arrived']);
    expect(await got(`${url}/4`)).toBe('unreachable');
  });

  it('without an address is an answer like any other', async () => {
    expect(await got(await aServer(answering('', {}, 302)))).toEqual([302, '']);
  });
});

describe('an answer that would cost too much', () => {
  it('is cut when it is longer than it may be, said or not', async () => {
    const body = 'x'.repeat(100 * KB);
    expect(await got(await aServer(answering(body)))).toEqual([200, body]);
    expect(await got(await aServer(answering(`${body}x`)))).toBe('unreachable');
    const endless: RequestListener = (_request, response) => {
      const more = (): void => {
        while (response.writable && response.write('x'.repeat(KB)));
      };
      response.on('drain', more).on('error', () => response.destroy());
      more();
    };
    expect(await got(await aServer(endless))).toBe('unreachable');
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(50 * KB * KB))],
    ['br', brotliCompressSync(Buffer.alloc(50 * KB * KB))],
    ['deflate', deflateSync(Buffer.alloc(50 * KB * KB))],
  ])('is cut when it unpacks to more than it may be: %s', async (encoding, bomb) => {
    expect(bomb.length).toBeLessThan(TERMS.bytesMax);
    expect(await got(await aServer(answering(bomb, { 'content-encoding': encoding })))).toBe('unreachable');
  });

  it('is cut when it is long and unpacks to nothing', async () => {
    const empty = Buffer.concat(Array.from({ length: 6_000 }, () => gzipSync('')));
    expect(empty.length).toBeGreaterThan(TERMS.bytesMax);
    expect(await got(await aServer(answering(empty, { 'content-encoding': 'gzip' })))).toBe('unreachable');
  });

  it.each([
    ['an encoding that nobody asked for', 'zstd', Buffer.from('x')],
    ['two encodings', 'gzip, gzip', gzipSync(gzipSync('x'))],
    ['an encoding that it does not have', 'gzip', Buffer.from('plain')],
    ['an encoding that breaks off', 'gzip', gzipSync('badge').subarray(0, 12)],
  ])('is not read: %s', async (_what, encoding, body) => {
    expect(await got(await aServer(answering(body, { 'content-encoding': encoding })))).toBe('unreachable');
  });

  it('is waited for only so long: its first byte, its last, its name', async () => {
    const left = Promise.withResolvers<void>();
    const silent = await aServer((request) => void request.socket.on('close', () => left.resolve()));
    const soon = { documentMsMax: 200 };
    expect(await got(silent, soon)).toBe('unreachable');
    await left.promise;
    expect(await got(await aServer((_request, response) => void response.write('{')), soon)).toBe('unreachable');
    expect(await got('https://slow.example/', { ...soon, resolve: () => new Promise(() => {}) })).toBe('unreachable');
  });

  it('that breaks off is none', async () => {
    const url = await aServer((request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half');
      setImmediate(() => request.socket.destroy());
    });
    expect(await got(url)).toBe('unreachable');
    expect(await got('http://127.0.0.1:1025/')).toBe('unreachable');
  });
});

describe('one request', () => {
  it('may ask for sixty-four documents', async () => {
    const url = await aServer(answering('{}'));
    const web = guardedWeb({ loopback: 'allowed' })();
    const answers = await Promise.all(Array.from({ length: 65 }, () => web.get(url, TERMS)));
    expect(answers.filter((answer) => answer === 'unreachable')).toHaveLength(1);
  });

  it('has a time of its own, after which nothing is asked any more', async () => {
    const url = await aServer((request, response) => void (request.url === '/fast' && response.end('{}')));
    const openWeb = guardedWeb({ loopback: 'allowed', requestMsMax: 300 });
    const web = openWeb();
    expect([web.isOver(), await web.get(`${url}/fast`, TERMS)]).toMatchObject([false, { status: 200 }]);
    expect([await web.get(url, TERMS), web.isOver()]).toEqual(['unreachable', true]);
    expect(await web.get(`${url}/fast`, TERMS)).toBe('unreachable');
    expect(openWeb().isOver()).toBe(false);
  });

  it('is over by the clock, though nothing else had a turn meanwhile', () => {
    const web = guardedWeb({ loopback: 'refused', requestMsMax: 20 })();
    const from = performance.now();
    while (performance.now() - from < 25);
    expect(web.isOver()).toBe(true);
  });

  it('whose time ends while a name is looked up is over at once', async () => {
    const openWeb = guardedWeb({ loopback: 'refused', requestMsMax: 50, resolve: () => new Promise(() => {}) });
    expect(await openWeb().get('https://slow.example/', TERMS)).toBe('unreachable');
  });
});
