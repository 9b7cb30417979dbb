import { GetBucketCorsCommand, PutBucketCorsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, refusal, startS3 } from './harness.ts';

let harness: Harness;
const Bucket = 'evidence';
const RULES = [
  {
    AllowedOrigins: ['https://learn.example', 'https://*.school.example'],
    AllowedMethods: ['PUT'],
    AllowedHeaders: ['content-type', 'x-amz-*'],
    ExposeHeaders: ['ETag'],
    MaxAgeSeconds: 600,
  },
  { AllowedOrigins: ['*'], AllowedMethods: ['GET', 'HEAD'] },
];

beforeAll(async () => {
  harness = await startS3();
  harness.s3.createBucket(Bucket, {});
  harness.s3.createBucket('closed', {});
  await harness.client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: RULES } }));
});
afterAll(async () => harness.stop());

const preflight = (origin: string, method: string, { headers, bucket = Bucket }: { headers?: string | undefined; bucket?: string } = {}) =>
  fetch(`${harness.endpoint}/${bucket}/key`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': method,
      ...(headers === undefined ? {} : { 'access-control-request-headers': headers }),
    },
  });

describe('a browser that asks before it uploads', () => {
  it.each([
    ['https://learn.example', 'PUT', 'Content-Type, X-Amz-Checksum-SHA256'],
    ['https://a.school.example', 'PUT', undefined],
  ])('may from %s', async (origin, method, headers) => {
    const answer = await preflight(origin, method, { headers });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('access-control-allow-methods')).toBe('PUT');
    expect(answer.headers.get('access-control-allow-headers')).toBe(headers?.toLowerCase() ?? null);
    expect(answer.headers.get('access-control-max-age')).toBe('600');
    expect(answer.headers.get('access-control-expose-headers')).toBe('ETag');
    expect(answer.headers.get('vary')).toContain('Origin');
  });

  it.each([
    ['from elsewhere', () => preflight('https://evil.example', 'PUT')],
    ['from a name that only ends alike', () => preflight('https://evilschool.example', 'PUT')],
    ['with another method', () => preflight('https://learn.example', 'DELETE')],
    ['with another header', () => preflight('https://learn.example', 'PUT', { headers: 'authorization' })],
    ['to a bucket without rules', () => preflight('https://learn.example', 'PUT', { bucket: 'closed' })],
    ['to a bucket that is not there', () => preflight('https://learn.example', 'PUT', { bucket: 'nowhere' })],
  ])('may not %s', async (_, ask) => {
    const answer = await ask();
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('<Code>AccessForbidden</Code>');
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('must say where it comes from', async () => {
    expect((await fetch(`${harness.endpoint}/${Bucket}/key`, { method: 'OPTIONS' })).status).toBe(400);
  });
});

describe('the answer to the request itself', () => {
  it('is opened to the page by the same rules, errors included', async () => {
    await harness.client.send(new PutObjectCommand({ Bucket, Key: 'page', Body: 'x' }));
    const read = (path: string, origin: string) => fetch(`${harness.endpoint}/${path}`, { headers: { origin } });
    expect((await read(`${Bucket}/page`, 'https://anyone.example')).headers.get('access-control-allow-origin')).toBe('*');
    expect((await read(`${Bucket}/absent`, 'https://anyone.example')).headers.get('access-control-allow-origin')).toBe('*');
    expect((await read('closed/page', 'https://anyone.example')).headers.get('access-control-allow-origin')).toBeNull();
    expect((await fetch(`${harness.endpoint}/${Bucket}/page`)).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('the rules', () => {
  it('can be read back', async () => {
    expect((await harness.client.send(new GetBucketCorsCommand({ Bucket }))).CORSRules).toEqual(RULES);
    expect(await refusal(harness.client.send(new GetBucketCorsCommand({ Bucket: 'closed' })))).toEqual({
      name: 'NoSuchCORSConfiguration',
      status: 404,
    });
  });

  it.each([
    ['a method that browsers do not ask for', { AllowedOrigins: ['*'], AllowedMethods: ['PATCH'] }, 'InvalidRequest'],
    ['two wildcards in an origin', { AllowedOrigins: ['*://*'], AllowedMethods: ['GET'] }, 'InvalidRequest'],
    ['no origin', { AllowedOrigins: [], AllowedMethods: ['GET'] }, 'MalformedXML'],
  ])('are refused with %s', async (_, rule, name) => {
    expect(
      await refusal(harness.client.send(new PutBucketCorsCommand({ Bucket: 'closed', CORSConfiguration: { CORSRules: [rule] } }))),
    ).toEqual({ name, status: 400 });
  });

  it('can be given when the bucket is opened', async () => {
    harness.s3.createBucket('opened', { cors: [{ origins: ['https://learn.example'], methods: ['PUT'], headers: ['*'] }] });
    harness.s3.createBucket('opened', {});
    expect((await preflight('https://learn.example', 'PUT', { headers: 'x-anything', bucket: 'opened' })).status).toBe(200);
  });
});
