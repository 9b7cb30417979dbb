import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HttpStep, PATH } from '../../../functions/path.ts';
import { aStep, type Gateway, openGateway } from './gateway.ts';

const STEPS = [
  aStep('GET /v1/things/{thingId}', { audience: 'learner-api' }),
  aStep('GET /v1/things/special', { audience: 'programme-api' }),
  aStep('POST /v1/things/{thingId}', { audience: 'webhook-api' }),
  aStep('GET /v1/things/{thingId}/parts/{partId}', { audience: 'learner-api' }),
  aStep('GET /v1/things/special/parts/{partId}', { audience: 'programme-api' }),
  aStep('GET /v1/things', { audience: 'webhook-api' }),
];

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway({ steps: STEPS });
});
afterAll(() => gateway.close());

const calledFor = async (path: string, method = 'GET'): Promise<string | undefined> => {
  gateway.called.length = 0;
  await gateway.send(path, { method });
  return gateway.called[0];
};

describe('a request', () => {
  it.each([
    ['/v1/things', 'GET', 'webhook-api'],
    ['/v1/things/1', 'GET', 'learner-api'],
    ['/v1/things/1', 'POST', 'webhook-api'],
    ['/v1/things/1?special', 'GET', 'learner-api'],
    ['/v1/things/1/parts/2', 'GET', 'learner-api'],
  ])('for %s (%s) goes to the function of its route', async (path, method, name) => {
    expect(await calledFor(path, method)).toBe(name);
  });

  it.each(['/v1/things/special', '/v1/things/special/parts/2'])(
    'for %s takes the route that names it, before any with a parameter',
    async (path) => {
      expect(await calledFor(path)).toBe('programme-api');
    },
  );

  it.each([
    ['/v1/things/', 'GET'],
    ['/v1/things//', 'GET'],
    ['/v1//1', 'GET'],
    ['/v1/things/1/', 'GET'],
    ['/v1/things/1/parts', 'GET'],
    ['/v1/things/1/2', 'GET'],
    ['/v1/Things/1', 'GET'],
    ['/v1/things/1', 'DELETE'],
    ['/v1/things/1', 'HEAD'],
    ['/v1/things/1', 'OPTIONS'],
    ['/v1', 'GET'],
    ['/', 'GET'],
  ])('for %s (%s) finds nothing', async (path, method) => {
    const answer = await gateway.send(path, { method });
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toBe('application/json');
    if (method !== 'HEAD') expect(answer.json).toEqual({ message: 'Not Found' });
    expect(await calledFor(path, method)).toBeUndefined();
  });

  it('has its parameters decoded, and those that cannot be as they came', async () => {
    const { pathParameters, routeKey } = await gateway.eventOf('/v1/things/a%20b%2Fc%C3%BC/parts/%E0%A4%A');
    expect(pathParameters).toEqual({ thingId: 'a b/cü', partId: '%E0%A4%A' });
    expect(routeKey).toBe('GET /v1/things/{thingId}/parts/{partId}');
  });

  it('without parameters has no word of them', async () => {
    expect(await gateway.eventOf('/v1/things')).not.toHaveProperty('pathParameters');
  });
});

describe('the routes of the path', () => {
  it('each lead to the function of their audience', async () => {
    const routes = PATH.filter((step): step is HttpStep => 'http' in step);
    const all = await openGateway({ steps: routes.map((step) => ({ ...step, roles: 'open' })) });
    for (const { http, audience } of routes) {
      const [method = '', path = ''] = http.split(' ');
      all.called.length = 0;
      const { routeKey } = await all.eventOf(path.replaceAll(/\{\w+\}/g, 'some-id'), { method });
      expect([routeKey, all.called]).toEqual([http, [audience]]);
    }
    await all.close();
  });
});
