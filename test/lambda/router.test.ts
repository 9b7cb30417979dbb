import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { DomainError } from '#domain/errors.ts';
import { http, openHttp } from '#lambda/http.ts';
import { router } from '#lambda/router.ts';
import { aCall, type Call, logged } from './invocations.ts';

const said = (text: string) =>
  http({ params: z.unknown(), body: z.unknown() }, () => async ({ params }) => ({ status: 200, body: { text, params } }));

const handler = router([
  { method: 'GET', path: '/v1/things', roles: ['programme'], handler: said('list') },
  { method: 'GET', path: '/v1/things/{thing}', roles: ['programme'], handler: said('one') },
  { method: 'PUT', path: '/v1/things/{thing}', roles: ['operator'], handler: said('put') },
  { method: 'POST', path: '/v1/things/{thing}/parts/{part}', roles: ['programme'], handler: said('part') },
  {
    method: 'POST',
    path: '/v1/hooks/{thing}',
    roles: 'open',
    handler: openHttp(z.unknown(), () => async () => ({ status: 202, body: { text: 'hook' } })),
  },
  { method: 'DELETE', path: '/v1/things/{thing}', roles: ['programme'], handler: () => Promise.reject(new DomainError('upload/empty')) },
  {
    method: 'DELETE',
    path: '/v1/crash',
    roles: ['programme'],
    handler: () => {
      throw new Error('secret detail');
    },
  },
]);

const asked = async (call: Call) => {
  logged();
  const answer = await handler(aCall(call), {} as Context);
  return { status: answer.statusCode, headers: answer.headers, body: JSON.parse(answer.body ?? 'null') };
};

describe('the Lambda of an audience', () => {
  it.each<[string, string, object]>([
    ['GET', '/v1/things', { text: 'list', params: {} }],
    ['GET', '/v1/things/one', { text: 'one', params: { thing: 'one' } }],
    ['GET', '/v1/things/one/', { text: 'one', params: { thing: 'one' } }],
    ['POST', '/v1/things/one/parts/two', { text: 'part', params: { thing: 'one', part: 'two' } }],
  ])('answers %s %s by its row of the path', async (method, path, body) => {
    expect(await asked({ method, path })).toMatchObject({ status: 200, body });
  });

  it('answers an open route without a token', async () => {
    expect(await asked({ method: 'POST', path: '/v1/hooks/one', claims: null, body: '{}' })).toMatchObject({
      status: 202,
      body: { text: 'hook' },
    });
  });

  it('holds each row to its roles', async () => {
    expect(await asked({ method: 'PUT', path: '/v1/things/one' })).toMatchObject({ status: 403, body: { code: 'access/forbidden' } });
  });

  it.each<[string, string]>([
    ['GET', '/'],
    ['GET', '/v2/things'],
    ['GET', '/v1/things/one/two'],
    ['POST', '/v1/things/one'],
    ['PATCH', '/v1/things/one'],
    ['GET', '/v1/things/../hooks/one'],
    ['GET', '/v1//things'],
    ['GET', '/constructor'],
    ['__proto__', '/v1/things'],
  ])('has nothing at %s %s, and says so as a problem', async (method, path) => {
    const answer = await asked({ method, path });
    expect(answer).toMatchObject({
      status: 404,
      body: { code: 'request/unknown-route' },
      headers: { 'content-type': 'application/problem+json' },
    });
  });

  it('answers what a step refuses with its problem', async () => {
    expect(await asked({ method: 'DELETE', path: '/v1/things/one' })).toMatchObject({ status: 422, body: { code: 'upload/empty' } });
  });

  it('answers a crash with 500 and nothing of why', async () => {
    const answer = await asked({ method: 'DELETE', path: '/v1/crash' });
    expect(answer).toMatchObject({ status: 500, body: { requestId: 'request-1' } });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });
});
