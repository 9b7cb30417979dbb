/** Stopping the edge: what runs is finished, what idles is ended. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { openSite } from './site.ts';

const KEEP_ALIVE = 'GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n';

describe('stopping', () => {
  it('lets a running request finish', async () => {
    const waiting = Promise.withResolvers<ServerResponse>();
    const site = await openSite({ api: (_request, response) => waiting.resolve(response) });
    const answer = site.send('/v1/slow');
    const response = await waiting.promise;
    const closed = site.close();
    response.end('x'.repeat(1_000_000));
    expect((await answer).body.length).toBe(1_000_000);
    await closed;
    await expect(site.send('/health')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('ends connections that idle', async () => {
    const site = await openSite();
    const idle = connect(site.port, '127.0.0.1');
    idle.write(KEEP_ALIVE);
    await once(idle, 'data');
    const ended = once(idle, 'close');
    idle.resume();
    await site.close();
    await ended;
    expect(idle.destroyed).toBe(true);
  });

  it('turns away what comes on an open connection while the last requests finish', async () => {
    const waiting = Promise.withResolvers<ServerResponse>();
    const site = await openSite({ api: (_request, response) => waiting.resolve(response) });
    const other = connect(site.port, '127.0.0.1').setEncoding('utf8');
    other.write(KEEP_ALIVE);
    await once(other, 'data');
    const slow = site.send('/v1/slow');
    const response = await waiting.promise;
    const closed = site.close();
    other.write(KEEP_ALIVE);
    const [answer] = await once(other, 'data');
    expect(answer).toMatch(/^HTTP\/1\.1 503 [\s\S]*connection: close/i);
    response.end('done');
    expect((await slow).body).toBe('done');
    await closed;
  });
});
