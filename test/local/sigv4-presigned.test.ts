import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PRESIGNED_SECONDS_MAX } from '../../local/aws/sigv4.ts';
import { aMachine, echoStore, type Machine, objectKey, type RawRequest, sendRaw } from './machine.ts';

let clock = Date.now();
let machine: Machine;

beforeAll(async () => {
  machine = await aMachine({ now: () => clock, s3: echoStore() });
});
afterAll(() => machine.close());

const minutes = (count: number): number => count * 60_000;

/** With the server's clock moved by so much. */
const at = async <T>(offsetMs: number, work: () => Promise<T>): Promise<T> => {
  clock = Date.now() + offsetMs;
  return work().finally(() => {
    clock = Date.now();
  });
};

describe('a presigned URL', () => {
  const sha256 = 'W5BIbQ+EBTnJyYaIhAX3Y+HsS+Rd8OYZ8fBw8HXgEA0=';
  const upload = (over: Record<string, unknown> = {}, expiresIn = 600) =>
    getSignedUrl(
      new S3Client({ ...machine.client('function/learner-api'), requestChecksumCalculation: 'WHEN_REQUIRED' }),
      new PutObjectCommand({
        Bucket: 'evidence',
        Key: 'tenant/submission/ü 1+1.mp4',
        ContentType: 'video/mp4',
        ContentLength: 8,
        IfNoneMatch: '*',
        ChecksumSHA256: sha256,
        ...over,
      }),
      {
        expiresIn,
        signableHeaders: new Set(['content-type', 'content-length', 'if-none-match', 'host', 'x-amz-checksum-sha256']),
        unhoistableHeaders: new Set(['x-amz-checksum-sha256']),
      },
    );
  const headers = { 'content-type': 'video/mp4', 'content-length': '8', 'if-none-match': '*', 'x-amz-checksum-sha256': sha256 };
  const put = (url: string, over: Partial<RawRequest> = {}) => {
    const { pathname, search, host } = new URL(url);
    return sendRaw(machine.port, {
      method: 'PUT',
      path: `${pathname}${search}`,
      body: 'evidence',
      ...over,
      headers: { host, ...(over.headers ?? headers) },
    });
  };

  test('lets its holder upload as the one who signed it', async () => {
    const answer = await put(await upload());
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({ principal: 'function/learner-api', body: 'evidence' });
  });

  test('names any object, whatever its key is made of', async () => {
    const client = new S3Client(machine.client());
    await fc.assert(
      fc.asyncProperty(objectKey, fc.string({ unit: 'grapheme', maxLength: 20 }), async (Key, filename) => {
        const url = await getSignedUrl(client, new GetObjectCommand({ Bucket: 'evidence', Key, ResponseContentDisposition: filename }));
        const { pathname, search, host } = new URL(url);
        expect((await sendRaw(machine.port, { method: 'GET', path: `${pathname}${search}`, headers: { host } })).status).toBe(200);
      }),
      { numRuns: 60 },
    );
  });

  const refused: readonly (readonly [string, Partial<RawRequest>, string])[] = [
    ['another length', { headers: { ...headers, 'content-length': '9' }, body: 'evidence!' }, 'SignatureDoesNotMatch'],
    ['another type', { headers: { ...headers, 'content-type': 'text/html' } }, 'SignatureDoesNotMatch'],
    ['another checksum', { headers: { ...headers, 'x-amz-checksum-sha256': `A${sha256.slice(1)}` } }, 'SignatureDoesNotMatch'],
    ['another condition', { headers: { ...headers, 'if-none-match': '"x"' } }, 'SignatureDoesNotMatch'],
    ['another method', { method: 'DELETE' }, 'SignatureDoesNotMatch'],
    ['a header that was not signed', { headers: { ...headers, 'x-amz-tagging': 'a=b' } }, 'AccessDenied'],
    ['an access list that was not signed', { headers: { ...headers, 'x-amz-acl': 'public-read' } }, 'AccessDenied'],
  ];
  test.each(refused)('does not allow %s', async (_title, over, code) => {
    expect(await put(await upload(), over)).toMatchObject({ status: 403, code });
  });

  test.each(['content-type', 'if-none-match', 'x-amz-checksum-sha256'] as const)('does not allow %s to be left out', async (name) => {
    const { [name]: _left, ...rest } = headers;
    expect(await put(await upload(), { headers: rest })).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
  });

  test('tells which headers were not signed', async () => {
    const answer = await put(await upload(), { headers: { ...headers, 'x-amz-tagging': 'a=b' } });
    expect(answer.body).toContain('<HeadersNotSigned>x-amz-tagging</HeadersNotSigned>');
    expect(answer.body).toContain('There were headers present in the request which were not signed');
  });

  const MISMATCH = { status: 403, code: 'SignatureDoesNotMatch' };
  const MALFORMED = { status: 400, code: 'AuthorizationQueryParametersError' };
  const UNKNOWN_KEY = { status: 403, code: 'InvalidAccessKeyId' };
  const changes: readonly (readonly [string, (url: string) => string, { readonly status: number; readonly code: string }])[] = [
    ['for another object', (url) => url.replace('tenant', 'other'), MISMATCH],
    ['with a longer life', (url) => url.replace('X-Amz-Expires=600', 'X-Amz-Expires=6000'), MISMATCH],
    ['with an added parameter', (url) => `${url}&x-amz-acl=public-read`, MISMATCH],
    ['with fewer signed headers', (url) => url.replace('content-length%3B', ''), MISMATCH],
    ['with a longer life than a week', (url) => url.replace('X-Amz-Expires=600', 'X-Amz-Expires=604801'), MALFORMED],
    ['with no life', (url) => url.replace('X-Amz-Expires=600', 'X-Amz-Expires=0'), MALFORMED],
    ['with two expiries', (url) => `${url}&X-Amz-Expires=601`, MALFORMED],
    ['without a date', (url) => url.replace(/X-Amz-Date=\w+/, ''), MALFORMED],
    ['for another region', (url) => url.replace('us-east-1', 'eu-west-1'), MALFORMED],
    ['by an unknown key', (url) => url.replace(/AKIA\w{16}/, 'AKIAUNKNOWNUNKNOWN00'), UNKNOWN_KEY],
    ['that is not UTF-8', (url) => url.replace('tenant', '%FF'), MISMATCH],
  ];
  test.each(changes)('%s is refused', async (_title, change, refusal) => {
    expect(await put(change(await upload()))).toMatchObject(refusal);
  });

  test('expires, and says so', async () => {
    const url = await upload({}, 60);
    expect((await at(59_000, () => put(url))).status).toBe(200);
    const late = await at(62_000, () => put(url));
    expect(late).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(late.body).toContain('Request has expired');
  });

  test('may live for a week', async () => {
    const url = await upload({}, PRESIGNED_SECONDS_MAX);
    expect((await at(minutes(60 * 24 * 7 - 1), () => put(url))).status).toBe(200);
  });

  test('is not valid before it was signed', async () => {
    const url = await upload();
    expect(await at(-minutes(20), () => put(url))).toMatchObject({ status: 403, code: 'AccessDenied' });
  });
});
