/** HTTP and HTTPS behind one port, told apart by the first byte. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEST_CERTIFICATE } from './fixture-certificate.ts';
import { openSite, type Site } from './site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite({}, { tls: TEST_CERTIFICATE });
});
afterAll(() => site.close());

describe('one port', () => {
  it.each([
    ['HTTP', false],
    ['HTTPS', true],
  ])('answers %s', async (_name, secure) => {
    const { status, body } = await site.send('/i/harbour/did.json', { secure });
    expect([status, body]).toEqual([200, '{"id":"did:web:x"}']);
  });

  it('a verifier who trusts the certificate resolves the identity of an issuer', async () => {
    const { body } = await site.send('/i/harbour', {
      secure: true,
      rejectUnauthorized: true,
      ca: TEST_CERTIFICATE.cert,
      headers: { accept: 'application/did+json' },
    });
    expect(body).toBe('{"id":"did:web:x"}');
  });

  it('a request that comes byte by byte is read whole', async () => {
    const socket = connect(site.port, '127.0.0.1').setNoDelay().setEncoding('utf8');
    for (const byte of 'GET /c/abc.json HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n') {
      socket.write(byte);
      await new Promise(setImmediate);
    }
    let answer = '';
    for await (const chunk of socket) answer += chunk;
    expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*\{"id":"abc"\}$/);
  });

  it('several requests share a connection', async () => {
    const socket = connectTls({ port: site.port, host: '127.0.0.1', rejectUnauthorized: false }).setEncoding('utf8');
    let answers = '';
    for (const connection of ['keep-alive', 'close'])
      socket.write(`GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: ${connection}\r\n\r\n`);
    for await (const chunk of socket) answers += chunk;
    expect(answers.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
  });

  it.each([
    ['a broken handshake', Buffer.from([0x16, 3, 1, 0xff, 0xff, 0, 0, 0])],
    ['noise', Buffer.from([0, 1, 2, 3])],
  ])('%s ends that connection and no other', async (_case, bytes) => {
    const socket = connect(site.port, '127.0.0.1').resume();
    const closed = once(socket, 'close');
    socket.end(bytes);
    await closed;
    expect((await site.send('/health')).status).toBe(200);
  });

  it('stops while browsers hold connections that never said anything', async () => {
    const other = await openSite({}, { tls: TEST_CERTIFICATE });
    const silent = connect(other.port, '127.0.0.1').resume();
    await once(silent, 'connect');
    const halfway = connectTls({ port: other.port, host: '127.0.0.1', rejectUnauthorized: false }).resume();
    await once(halfway, 'secureConnect');
    const ended = Promise.all([once(silent, 'close'), once(halfway, 'close')]);
    await other.close();
    expect((await ended).length).toBe(2);
  });
});
