import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aStep, type Gateway, openGateway } from './gateway.ts';

const NOW = new Date('2026-03-05T07:08:09.123Z');

let gateway: Gateway;
beforeAll(async () => {
  const authorize = async () => ({ claims: { sub: 'maya' }, scopes: null });
  const steps = [aStep('POST /v1/things/{thingId}'), aStep('GET /v1/mine', { roles: ['learner'] })];
  gateway = await openGateway({ steps, authorize, now: () => NOW });
});
afterAll(() => gateway.close());

const bodyOf = async (type: string | undefined, body: string | Uint8Array) => {
  const headers = type === undefined ? [] : ['Content-Type', type];
  const event = await gateway.eventOf('/v1/things/1', { method: 'POST', headers, body });
  return { body: event.body, isBase64Encoded: event.isBase64Encoded };
};

describe('the event of a request, payload format 2.0', () => {
  it('says all of it that a function may know', async () => {
    const event = await gateway.eventOf('/v1/things/1?b=2', { method: 'POST', headers: ['User-Agent', 'probe/1', 'X-One', '1'], body: '' });
    expect(event).toEqual({
      version: '2.0',
      routeKey: 'POST /v1/things/{thingId}',
      rawPath: '/v1/things/1',
      rawQueryString: 'b=2',
      headers: {
        'user-agent': 'probe/1',
        'x-one': '1',
        host: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
        'content-length': '0',
        connection: 'keep-alive',
      },
      queryStringParameters: { b: '2' },
      pathParameters: { thingId: '1' },
      requestContext: {
        accountId: '000000000000',
        apiId: 'local',
        domainName: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
        domainPrefix: 'local',
        http: { method: 'POST', path: '/v1/things/1', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'probe/1' },
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        routeKey: 'POST /v1/things/{thingId}',
        stage: '$default',
        time: '05/Mar/2026:07:08:09 +0000',
        timeEpoch: NOW.getTime(),
      },
      isBase64Encoded: false,
    });
  });

  it('has header names in small letters and repeated headers joined by commas', async () => {
    const headers = ['X-Many', 'a', 'x-many', 'b, c', 'X-EMPTY', ''];
    const event = await gateway.eventOf('/v1/things/1', { method: 'POST', headers });
    expect(event.headers).toMatchObject({ 'x-many': 'a,b, c', 'x-empty': '' });
  });

  it('has cookies in a list of their own, not among the headers', async () => {
    const event = await gateway.eventOf('/v1/things/1', { method: 'POST', headers: ['Cookie', 'a=1; b=2', 'cookie', 'c=3'] });
    expect(event.cookies).toEqual(['a=1', 'b=2', 'c=3']);
    expect(event.headers).not.toHaveProperty('cookie');
    expect(await gateway.eventOf('/v1/things/1', { method: 'POST' })).not.toHaveProperty('cookies');
  });

  it('has a repeated query parameter joined by commas, decoded, and the query as it came', async () => {
    const event = await gateway.eventOf('/v1/things/1?a=1&b=x%20y&a=2&c&d=1+2&a=3', { method: 'POST' });
    expect(event.queryStringParameters).toEqual({ a: '1,2,3', b: 'x y', c: '', d: '1 2' });
    expect(event.rawQueryString).toBe('a=1&b=x%20y&a=2&c&d=1+2&a=3');
  });

  it('keeps what stands behind a second question mark', async () => {
    const event = await gateway.eventOf('/v1/things/1?next=/a?b=1', { method: 'POST' });
    expect(event).toMatchObject({ rawQueryString: 'next=/a?b=1', queryStringParameters: { next: '/a?b=1' }, rawPath: '/v1/things/1' });
  });

  it('has no word of a query that is not there', async () => {
    expect(await gateway.eventOf('/v1/things/1?', { method: 'POST' })).not.toHaveProperty('queryStringParameters');
  });

  it('is not misled by names that objects have of their own', async () => {
    const event = await gateway.eventOf('/v1/things/1?__proto__=1&constructor=2', { method: 'POST', headers: ['__proto__', 'x'] });
    expect(Object.entries(event.queryStringParameters ?? {})).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]);
  });

  it('carries the claims of a route behind a token, and none on an open one', async () => {
    const event = await gateway.eventOf('/v1/mine');
    expect(event.requestContext.authorizer).toEqual({ jwt: { claims: { sub: 'maya' }, scopes: null } });
    expect((await gateway.eventOf('/v1/things/1', { method: 'POST' })).requestContext).not.toHaveProperty('authorizer');
  });
});

describe('the body of a request', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'APPLICATION/JSON',
    'text/plain',
    'text/csv;header=present',
    'application/xml',
    'application/javascript',
  ])('of type %s is text', async (type) => {
    expect(await bodyOf(type, '{"ü": "😀"}')).toEqual({ body: '{"ü": "😀"}', isBase64Encoded: false });
  });

  it.each([
    'application/octet-stream',
    'application/x-www-form-urlencoded',
    'application/ld+json',
    'application/jsonp',
    'application/problem+json',
    'image/svg+xml',
    'multipart/form-data; boundary=text/plain',
    '',
    undefined,
  ])('of type %s is in base64', async (type) => {
    const bytes = randomBytes(100);
    expect(await bodyOf(type, bytes)).toEqual({ body: bytes.toString('base64'), isBase64Encoded: true });
  });

  it('that is empty is not there', async () => {
    expect(await bodyOf('application/json', '')).toEqual({ body: undefined, isBase64Encoded: false });
    expect(await bodyOf(undefined, '')).toEqual({ body: undefined, isBase64Encoded: false });
  });

  it('may have ten megabytes and not one byte more', async () => {
    const most = 10 * 1024 * 1024;
    expect((await gateway.send('/v1/things/1', { method: 'POST', body: Buffer.alloc(most) })).status).toBe(204);
    gateway.called.length = 0;
    const answer = await gateway.send('/v1/things/1', { method: 'POST', body: Buffer.alloc(most + 1) });
    expect([answer.status, answer.json, gateway.called]).toEqual([413, { message: 'Request Entity Too Large' }, []]);
  });
});
