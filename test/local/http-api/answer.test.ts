import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, TIMED_OUT, TOO_LARGE } from '../../../local/aws/lambda/invocation.ts';
import { aStep, type Gateway, openGateway } from './gateway.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway({ steps: [aStep('GET /v1/thing')] });
});
afterAll(() => gateway.close());

const answerTo = (payload: unknown) => {
  gateway.answers({ ok: true, payload });
  return gateway.send('/v1/thing');
};

describe('the answer of a function', () => {
  it('is sent with its status, headers, cookies and body', async () => {
    const { status, headers, body } = await answerTo({
      statusCode: 201,
      headers: { 'Content-Type': 'text/plain', 'x-count': 3, 'x-sure': true, 'Content-Length': '9999' },
      cookies: ['a=1; Path=/', 'b=2'],
      body: 'grüß dich',
    });
    expect(status).toBe(201);
    expect(body.toString()).toBe('grüß dich');
    expect(headers).toMatchObject({
      'content-type': 'text/plain',
      'x-count': '3',
      'x-sure': 'true',
      'set-cookie': ['a=1; Path=/', 'b=2'],
      'content-length': String(body.byteLength),
    });
  });

  it('may be bytes in base64', async () => {
    const bytes = Buffer.from([0, 255, 1, 254]);
    const { body } = await answerTo({ statusCode: 200, isBase64Encoded: true, body: bytes.toString('base64') });
    expect(body).toEqual(bytes);
  });

  it('may have no body', async () => {
    const { status, body, headers } = await answerTo({ statusCode: 200 });
    expect([status, body.byteLength, headers['content-length']]).toEqual([200, 0, '0']);
  });

  it.each([
    [{ hello: 'world' }, '{"hello":"world"}'],
    [[1, 2], '[1,2]'],
    ['just text', 'just text'],
    [null, 'null'],
    [12, '12'],
  ])('without a status is the body of a 200: %j', async (payload, body) => {
    const answer = await answerTo(payload);
    expect([answer.status, answer.headers['content-type'], answer.body.toString()]).toEqual([200, 'application/json', body]);
  });

  it.each([
    ['a status that is none', { statusCode: 'fine' }],
    ['a status that no response has', { statusCode: 999 }],
    ['a status before the last', { statusCode: 100 }],
    ['a body that is no text', { statusCode: 200, body: { a: 1 } }],
    ['headers that are no object', { statusCode: 200, headers: 'x' }],
    ['a header with a line break', { statusCode: 200, headers: { 'x-split': 'a\r\nset-cookie: b=1' } }],
    ['a header name with a space', { statusCode: 200, headers: { 'x split': 'a' } }],
  ])('with %s is an internal error', async (_title, payload) => {
    const answer = await answerTo(payload);
    expect([answer.status, answer.json]).toEqual([500, { message: 'Internal Server Error' }]);
    expect(answer.headers).not.toHaveProperty('set-cookie');
  });
});

describe('a function that gives none', () => {
  it('because it failed is an internal error, and of the reason nothing is told', async () => {
    gateway.answers(failure('RangeError', 'secret of the function'));
    const answer = await gateway.send('/v1/thing');
    expect([answer.status, answer.json]).toEqual([500, { message: 'Internal Server Error' }]);
  });

  it('because it was sent more than a function takes is too large', async () => {
    gateway.answers(failure(TOO_LARGE, '6291456 bytes is the largest event'));
    const answer = await gateway.send('/v1/thing');
    expect([answer.status, answer.json]).toEqual([413, { message: 'Request Entity Too Large' }]);
  });

  it('because its time was over is unavailable', async () => {
    gateway.answers(failure(TIMED_OUT, 'Task timed out after 29.00 seconds'));
    const answer = await gateway.send('/v1/thing');
    expect([answer.status, answer.json]).toEqual([503, { message: 'Service Unavailable' }]);
  });
});
