import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { DomainError } from '#domain/errors.ts';
import { answered, BODY_BYTES_MAX, http, openHttp, type RouteHandler } from '#lambda/http.ts';
import { WriteConflict } from '#shared/ports.ts';
import { aCall, type Call, logged } from './invocations.ts';

const Params = z.object({ thing: z.string().regex(/^[a-z]+$/) });
const Body = z.strictObject({ name: z.string().min(1), tags: z.array(z.string()).max(2).default([]) });

/** A step that answers with what it was handed. */
const echo = http({ params: Params, body: Body }, () => async (request) => ({ status: 201, body: request, headers: { 'x-step': 'echo' } }));

const VALID = { params: { thing: 'one' }, body: '{"name":"A"}' };

const answerOf = async (
  call: Call,
  { handler = echo, roles = ['programme'] as const }: { handler?: RouteHandler; roles?: Parameters<RouteHandler>[1] } = {},
) => {
  logged();
  const event = aCall(call);
  const { statusCode, headers, body } = await answered(event, () => handler(event, roles));
  return { status: statusCode, headers, body: JSON.parse(body ?? 'null') };
};

const failing =
  (error: unknown): RouteHandler =>
  () =>
    Promise.reject(error);

describe('a step on HTTP', () => {
  it('gets the caller, the address, the parsed body and the cause of whatever it does', async () => {
    const { status, headers, body } = await answerOf(VALID);
    expect(status).toBe(201);
    expect(headers).toEqual({ 'content-type': 'application/json', 'cache-control': 'no-store', 'x-step': 'echo' });
    expect(body).toEqual({
      caller: {
        subject: 'dana',
        role: 'programme',
        roles: ['programme'],
        tenant: 'harbour',
        name: 'Dana Whelan',
        email: 'dana@harbour.example',
      },
      params: { thing: 'one' },
      body: { name: 'A', tags: [] },
      route: 'POST /v1/things/{thing}',
      cause: { actor: { type: 'programme', id: 'dana' }, correlationId: 'request-1', causationId: null },
    });
  });

  it('is wired on its first call, and once', async () => {
    let wired = 0;
    const handler = http({ params: z.unknown(), body: z.unknown() }, () => {
      wired += 1;
      return async () => ({ status: 200, body: { wired } });
    });
    expect(wired).toBe(0);
    await answerOf(VALID, { handler });
    expect((await answerOf(VALID, { handler })).body).toEqual({ wired: 1 });
  });

  it('may be called without a body where it takes none', async () => {
    const handler = http({ params: Params, body: z.undefined() }, () => async ({ body }) => ({
      status: 200,
      body: { none: body === undefined },
    }));
    expect((await answerOf({ params: { thing: 'one' }, headers: {} }, { handler })).body).toEqual({ none: true });
    expect((await answerOf(VALID, { handler })).status).toBe(400);
  });

  it.each([
    ['application/json', VALID.body],
    ['APPLICATION/JSON; charset=utf-8', VALID.body],
    ['application/vnd.assay+json', VALID.body],
  ])('takes JSON sent as %s', async (contentType, body) => {
    expect((await answerOf({ ...VALID, headers: { 'content-type': contentType }, body })).status).toBe(201);
  });

  it('takes a body in base64', async () => {
    const body = Buffer.from('{"name":"Größe"}').toString('base64');
    expect((await answerOf({ ...VALID, body, isBase64Encoded: true })).body.body.name).toBe('Größe');
  });

  it('acts for the issuer that the header names', async () => {
    const claims = { sub: 'dana', groups: '[harbour:programme northvale:programme]' };
    const headers = { 'content-type': 'application/json' };
    expect((await answerOf({ ...VALID, claims, headers })).body.code).toBe('access/tenant-ambiguous');
    expect((await answerOf({ ...VALID, claims, headers: { ...headers, 'assay-tenant': 'northvale' } })).body.caller.tenant).toBe(
      'northvale',
    );
  });
});

describe('a request is refused', () => {
  const long = (bytes: number) => `{"name":"${'x'.repeat(bytes - 11)}"}`;

  it.each<[number, string, Call]>([
    [401, 'access/unauthenticated', { ...VALID, claims: null }],
    [403, 'access/forbidden', { ...VALID, claims: { sub: 'maya', groups: '[harbour:learner]' } }],
    [403, 'access/forbidden', { ...VALID, claims: { sub: 'maya' } }],
    [404, 'access/not-found', { ...VALID, params: { thing: 'NOT-AN-ID' } }],
    [404, 'access/not-found', { body: VALID.body }],
    [400, 'request/malformed', { ...VALID, body: '{"name":' }],
    [400, 'request/malformed', { ...VALID, body: ' ' }],
    [400, 'request/malformed', { params: VALID.params }],
    [400, 'request/malformed', { ...VALID, body: '[]' }],
    [400, 'request/malformed', { ...VALID, body: 'null' }],
    [400, 'request/malformed', { ...VALID, body: Buffer.from('{"name":"\xff"}', 'latin1').toString('base64'), isBase64Encoded: true }],
    [413, 'request/too-large', { ...VALID, body: long(BODY_BYTES_MAX + 1) }],
    [413, 'request/too-large', { ...VALID, body: Buffer.from(long(BODY_BYTES_MAX + 1)).toString('base64'), isBase64Encoded: true }],
    [413, 'request/too-large', { ...VALID, body: `{"name":"${'ü'.repeat(BODY_BYTES_MAX / 2)}"}` }],
    [415, 'request/unsupported-media-type', { ...VALID, headers: { 'content-type': 'text/plain' } }],
    [415, 'request/unsupported-media-type', { ...VALID, headers: { 'content-type': 'application/jsonp' } }],
    [415, 'request/unsupported-media-type', { ...VALID, headers: {} }],
  ])('with %d %s', async (...[status, code, call]) => {
    const answer = await answerOf(call);
    expect(answer).toMatchObject({ status, body: { status, code }, headers: { 'content-type': 'application/problem+json' } });
  });

  it('for a body that is no JSON with the name that it came under', async () => {
    const factsFor = async (headers: Readonly<Record<string, string>>) => (await answerOf({ ...VALID, headers })).body.facts;
    expect(await factsFor({ 'content-type': 'text/plain' })).toEqual({ contentType: 'text/plain' });
    expect(await factsFor({})).toEqual({ contentType: null });
  });

  it('only above 262,144 bytes, whatever they are encoded in', async () => {
    expect((await answerOf({ ...VALID, body: long(BODY_BYTES_MAX) })).status).toBe(201);
    expect((await answerOf({ ...VALID, body: Buffer.from(long(BODY_BYTES_MAX)).toString('base64'), isBase64Encoded: true })).status).toBe(
      201,
    );
  });

  it.each<[string, readonly (readonly [pointer: string, code: string])[]]>([
    ['{}', [['/name', 'required']]],
    ['{"name":7}', [['/name', 'wrong-type']]],
    ['{"name":""}', [['/name', 'too-short']]],
    ['{"name":"A","nmae":"B"}', [['/nmae', 'unknown-field']]],
    ['{"name":"A","__proto__":{"admin":true}}', [['/__proto__', 'unknown-field']]],
    ['{"name":"A","a/b~c":1}', [['/a~1b~0c', 'unknown-field']]],
    ['{"name":"A","tags":["x",7]}', [['/tags/1', 'wrong-type']]],
    ['{"name":"A","tags":["x","y","z"]}', [['/tags', 'too-many']]],
    [
      '{"tags":7,"more":1}',
      [
        ['/name', 'required'],
        ['/tags', 'wrong-type'],
        ['/more', 'unknown-field'],
      ],
    ],
    ['{"name"}', [['', 'not-json']]],
  ])('for %s with every fault by its pointer', async (body, faults) => {
    const answer = await answerOf({ ...VALID, body });
    expect(answer.body.errors.map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code])).toEqual(faults);
  });

  it('and not a crash, however deep its body is nested', async () => {
    const deep = `{"name":${'['.repeat(60_000)}${']'.repeat(60_000)}}`;
    expect((await answerOf({ ...VALID, body: deep })).status).toBe(400);
  });

  it('before its body is read, when nobody is signed in', async () => {
    expect((await answerOf({ claims: null, body: 'x'.repeat(BODY_BYTES_MAX + 1) })).status).toBe(401);
  });

  it('when a step behind a token was routed as open: there is nobody to act as', async () => {
    expect((await answerOf(VALID, { roles: 'open' })).status).toBe(403);
  });
});

describe('an answer', () => {
  it('to a refusal by a rule is its problem', async () => {
    const answer = await answerOf(VALID, { handler: failing(new DomainError('upload/empty', { bytes: 0 })) });
    expect(answer).toMatchObject({ status: 422, body: { code: 'upload/empty', facts: { bytes: 0 } } });
  });

  it('to a race that was lost every time is that one may ask again', async () => {
    const answer = await answerOf(VALID, { handler: failing(new WriteConflict(['revision'])) });
    expect(answer).toMatchObject({ status: 409, body: { code: 'request/conflict' } });
    expect(JSON.stringify(answer)).not.toContain('revision');
  });

  it.each([[new Error('table assay-prod: secret detail')], ['secret detail'], [undefined]])(
    'to a crash (%s) says nothing of why',
    async (error) => {
      const answer = await answerOf(VALID, { handler: failing(error) });
      expect(answer).toMatchObject({ status: 500, body: { status: 500, requestId: 'request-1' } });
      expect(JSON.stringify(answer)).not.toContain('secret');
    },
  );

  it('is logged once, with the code and the ids, and never with the person or the body', async () => {
    const lines = logged();
    const event = aCall({ ...VALID, body: '{"name":"Maya Okafor"}' });
    await answered(event, () => echo(event, ['programme']));
    await answered(event, () => echo(event, ['learner']));
    await answered(event, failing(new Error('secret detail')) as () => Promise<never>);
    const steps = lines.filter(({ message }) => message === 'step');
    const about = { correlationId: 'request-1', thing: 'one' };
    expect(steps).toEqual([
      expect.objectContaining({ step: 'POST /v1/things/{thing}', outcome: 'done', about: { ...about, status: 201 } }),
      expect.objectContaining({ outcome: 'refused', about: { ...about, status: 403, code: 'access/forbidden' } }),
      expect.objectContaining({
        outcome: 'failed',
        about: { ...about, status: 500 },
        error: expect.objectContaining({ message: 'secret detail' }),
      }),
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/Maya|Dana|dana@/);
  });
});

describe('a step on an open route', () => {
  const open = openHttp(Params, () => async ({ rawBody, headers, params, requestId }) => ({
    status: 200,
    body: { raw: rawBody.toString('hex'), headers, params, requestId },
  }));

  it('gets the raw bytes that a signature covers, and its headers in small letters', async () => {
    const call = { claims: null, params: { thing: 'one' }, headers: { 'Webhook-Id': 'msg_1' }, body: ' {"a" : 1}\n' };
    expect((await answerOf(call, { handler: open, roles: 'open' })).body).toEqual({
      raw: Buffer.from(call.body).toString('hex'),
      headers: { 'webhook-id': 'msg_1' },
      params: { thing: 'one' },
      requestId: 'request-1',
    });
  });

  it('finds a header that was sent without a value empty', async () => {
    const headers = { 'webhook-id': undefined } as unknown as Record<string, string>;
    const answer = await answerOf({ claims: null, params: { thing: 'one' }, headers }, { handler: open, roles: 'open' });
    expect(answer.body.headers).toEqual({ 'webhook-id': '' });
  });

  it('gets bytes that are no text as they were sent', async () => {
    const body = Buffer.from([0xff, 0x00, 0x7b]).toString('base64');
    const answer = await answerOf(
      { claims: null, params: { thing: 'one' }, body, isBase64Encoded: true },
      { handler: open, roles: 'open' },
    );
    expect(answer.body.raw).toBe('ff007b');
  });

  it('takes no id that cannot exist, and no more than the limit', async () => {
    const options = { handler: open, roles: 'open' } as const;
    expect((await answerOf({ claims: null, params: { thing: 'A1' } }, options)).status).toBe(404);
    expect((await answerOf({ claims: null }, options)).status).toBe(404);
    expect((await answerOf({ claims: null, params: { thing: 'one' } }, options)).body.raw).toBe('');
    expect((await answerOf({ claims: null, params: { thing: 'one' }, body: 'x'.repeat(BODY_BYTES_MAX + 1) }, options)).status).toBe(413);
  });

  it('takes as much as it says, where it says so', async () => {
    const bytesMax = BODY_BYTES_MAX * 2;
    const large = openHttp(
      z.unknown(),
      () =>
        async ({ rawBody }) => ({ status: 200, body: rawBody.byteLength }),
      { bytesMax },
    );
    const send = (bytes: number) => answerOf({ claims: null, body: 'x'.repeat(bytes) }, { handler: large, roles: 'open' });
    expect((await send(bytesMax)).body).toBe(bytesMax);
    expect(await send(bytesMax + 1)).toMatchObject({ status: 413, body: { facts: { bytes: bytesMax + 1, bytesMax } } });
  });
});
