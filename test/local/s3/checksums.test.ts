import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { CreateBucketCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, ROOT, refusal, startS3, text } from './harness.ts';

let harness: Harness;
const Bucket = 'evidence';
const BODY = 'a proof that was really handed in';

beforeAll(async () => {
  harness = await startS3();
  await harness.client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => harness.stop());

const base64 = (algorithm: string, body = BODY) => createHash(algorithm).update(body).digest('base64');
const head = (Key: string) => harness.client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));

/** A request as it stands on the wire, for what no SDK would send. */
const raw = (
  path: string,
  headers: Record<string, string>,
  body: Buffer | string = BODY,
): Promise<{ status: number; code: string; body: string }> =>
  new Promise((resolve, reject) => {
    const sent = request(
      `${harness.endpoint}/${Bucket}/${path}`,
      { method: 'PUT', headers: { 'content-length': String(Buffer.byteLength(body)), ...headers } },
      async (response) => {
        const answer = Buffer.concat(await response.toArray()).toString();
        resolve({ status: response.statusCode ?? 0, code: /<Code>(.*?)<\/Code>/.exec(answer)?.[1] ?? '', body: answer });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });

describe('a checksum that the client sends', () => {
  it.each(['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const)('%s is verified, stored and told on request', async (ChecksumAlgorithm) => {
    const written = await harness.client.send(new PutObjectCommand({ Bucket, Key: ChecksumAlgorithm, Body: BODY, ChecksumAlgorithm }));
    const field = `Checksum${ChecksumAlgorithm}` as const;
    expect(written[field]).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(await head(ChecksumAlgorithm)).toMatchObject({ [field]: written[field], ChecksumType: 'FULL_OBJECT' });
    // The SDK verifies what it downloads against this.
    const read = await harness.client.send(new GetObjectCommand({ Bucket, Key: ChecksumAlgorithm, ChecksumMode: 'ENABLED' }));
    expect(await text(read.Body)).toBe(BODY);
    expect(read[field]).toBe(written[field]);
  });

  it('is told only on request', async () => {
    await harness.client.send(new PutObjectCommand({ Bucket, Key: 'quiet', Body: BODY }));
    expect(
      (await harness.clientWith({ responseChecksumValidation: 'WHEN_REQUIRED' }).send(new HeadObjectCommand({ Bucket, Key: 'quiet' })))
        .ChecksumCRC32,
    ).toBeUndefined();
  });

  it('of the whole is not told of a piece', async () => {
    await harness.client.send(new PutObjectCommand({ Bucket, Key: 'range', Body: BODY }));
    const read = (Range: string) => harness.client.send(new GetObjectCommand({ Bucket, Key: 'range', ChecksumMode: 'ENABLED', Range }));
    expect((await read('bytes=1-')).ChecksumCRC32).toBeUndefined();
    expect((await read('bytes=0-')).ChecksumCRC32).toBeDefined();
  });

  it.each([
    ['x-amz-checksum-sha256', base64('sha256', 'other')],
    ['x-amz-checksum-sha1', base64('sha1', 'other')],
    ['x-amz-checksum-crc32', 'AAAAAA=='],
    ['x-amz-checksum-crc32c', 'AAAAAA=='],
    ['x-amz-checksum-crc64nvme', 'AAAAAAAAAAA='],
    ['content-md5', base64('md5', 'other')],
  ])('in %s of other bytes is refused and nothing is stored', async (name, value) => {
    expect(await raw('bad', { [name]: value })).toMatchObject({ status: 400, code: 'BadDigest' });
    expect((await refusal(head('bad'))).status).toBe(404);
  });

  it.each(['not base64!', 'AAAA', '', base64('sha256').replace('=', '')])('of the form %j is no checksum', async (value) => {
    expect(await raw('bad', { 'x-amz-checksum-sha256': value })).toMatchObject({ status: 400, code: 'InvalidRequest' });
    expect(await raw('bad', { 'content-md5': value })).toMatchObject({ status: 400, code: 'InvalidDigest' });
  });

  it('must be one, and the one that was announced', async () => {
    const [sha1, sha256] = [base64('sha1'), base64('sha256')];
    expect(await raw('bad', { 'x-amz-checksum-sha256': sha256, 'x-amz-checksum-sha1': sha1 })).toMatchObject({ code: 'InvalidRequest' });
    expect(await raw('bad', { 'x-amz-checksum-sha256': sha256, 'x-amz-sdk-checksum-algorithm': 'SHA1' })).toMatchObject({
      code: 'InvalidRequest',
    });
    expect(await raw('bad', { 'x-amz-sdk-checksum-algorithm': 'SHA1' })).toMatchObject({ code: 'InvalidRequest' });
    expect(await raw('good', { 'x-amz-checksum-sha256': sha256, 'x-amz-sdk-checksum-algorithm': 'SHA256' })).toMatchObject({ status: 200 });
  });

  it('of an algorithm that is not built is refused, not ignored', async () => {
    expect(await raw('bad', { 'x-amz-checksum-xxhash64': 'AAAAAAAAAAA=' })).toMatchObject({ status: 501, code: 'NotImplemented' });
  });

  it('in the query counts for nothing, as in the cloud', async () => {
    expect(
      await raw(`query?x-amz-checksum-sha256=${encodeURIComponent(base64('sha256', 'other'))}&x-amz-sdk-checksum-algorithm=SHA256`, {}),
    ).toMatchObject({ status: 200 });
  });
});

describe('without a checksum from the client', () => {
  it('S3 keeps a CRC-64/NVME of its own', async () => {
    expect(await raw('own', {}, '123456789')).toMatchObject({ status: 200 });
    // The check value of the CRC catalogue, ae8b14860a799888.
    expect(await head('own')).toMatchObject({
      ChecksumCRC64NVME: Buffer.from('ae8b14860a799888', 'hex').toString('base64'),
      ChecksumType: 'FULL_OBJECT',
    });
  });
});

describe('the hash that is signed', () => {
  it('must be that of the body', async () => {
    const sha256 = createHash('sha256').update(BODY).digest('hex');
    expect(await raw('signed', { 'x-amz-content-sha256': sha256 })).toMatchObject({ status: 200 });
    expect(await raw('forged', { 'x-amz-content-sha256': sha256 }, `${BODY}!`)).toMatchObject({
      status: 400,
      code: 'XAmzContentSHA256Mismatch',
    });
    expect(await raw('forged', { 'x-amz-content-sha256': 'whatever' })).toMatchObject({ status: 400, code: 'InvalidArgument' });
    expect((await refusal(head('forged'))).status).toBe(404);
  });
});

describe('the length', () => {
  /** Past HTTP, which would not let a wrong length through. */
  const direct = async (headers: Record<string, string>, body: Readable = Readable.from([Buffer.from(BODY)])) => {
    const answer = await harness.s3.handle({
      method: 'PUT',
      path: `/${Bucket}/length`,
      query: new URLSearchParams(),
      headers,
      body,
      caller: ROOT,
    });
    return { status: answer.status, code: /<Code>(.*?)<\/Code>/.exec(String(answer.body))?.[1] };
  };

  it('has to be said', async () => {
    expect(await direct({})).toEqual({ status: 411, code: 'MissingContentLength' });
    expect(await direct({ 'content-length': 'long' })).toEqual({ status: 411, code: 'MissingContentLength' });
  });

  it('may not exceed 5 GiB in one request, which is known before a byte arrives', async () => {
    expect(await direct({ 'content-length': String(5 * 1024 ** 3 + 1) }, Readable.from([]))).toEqual({
      status: 400,
      code: 'EntityTooLarge',
    });
  });

  it.each([
    ['fewer', BODY.length + 1],
    ['more', BODY.length - 1],
  ])('is refused when %s bytes arrive', async (_, length) => {
    expect(await direct({ 'content-length': String(length) })).toEqual({ status: 400, code: 'IncompleteBody' });
    expect((await refusal(head('length'))).status).toBe(404);
  });

  it('is not reached when the client hangs up, and nothing is stored', async () => {
    await new Promise<void>((resolve) => {
      const sent = request(`${harness.endpoint}/${Bucket}/hung-up`, { method: 'PUT', headers: { 'content-length': '100000' } });
      sent.on('error', () => resolve());
      sent.write('half', () => sent.destroy());
    });
    expect((await refusal(head('hung-up'))).status).toBe(404);
  });
});

describe('a streamed upload', () => {
  it('of the SDK carries its checksum in a trailer, which is verified', async () => {
    const body = Buffer.alloc(300_000, 'proof');
    const client = harness.clientWith({ requestStreamBufferSize: 65_536 });
    const written = await client.send(
      new PutObjectCommand({ Bucket, Key: 'stream', Body: Readable.from([body]), ContentLength: body.byteLength, ContentEncoding: 'gzip' }),
    );
    const expected = Buffer.alloc(4);
    expected.writeUInt32BE(crc32(body));
    expect(written.ChecksumCRC32).toBe(expected.toString('base64'));
    expect(await head('stream')).toMatchObject({
      ContentLength: body.byteLength,
      ContentEncoding: 'gzip',
      ChecksumCRC32: written.ChecksumCRC32,
    });
  });

  const chunked = (chunks: readonly string[], trailer: string, more: Record<string, string> = {}) => {
    const body = `${chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')}0\r\n${trailer}\r\n`;
    const length = String(chunks.join('').length);
    return raw(
      'chunked',
      {
        'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        'x-amz-trailer': 'x-amz-checksum-sha256',
        'x-amz-decoded-content-length': length,
        ...more,
      },
      body,
    );
  };
  const trailer = `x-amz-checksum-sha256:${base64('sha256')}\r\n`;

  it('is taken when everything fits', async () => {
    expect(await chunked([BODY], trailer)).toMatchObject({ status: 200 });
    expect(await text((await harness.client.send(new GetObjectCommand({ Bucket, Key: 'chunked' }))).Body)).toBe(BODY);
  });

  it.each([
    ['a trailer of other bytes', () => chunked([BODY], `x-amz-checksum-sha256:${base64('sha256', 'other')}\r\n`), 'BadDigest'],
    ['a trailer that is no checksum', () => chunked([BODY], 'x-amz-checksum-sha256:AAAA\r\n'), 'InvalidRequest'],
    ['an announced trailer that never comes', () => chunked([BODY], ''), 'MalformedTrailerError'],
    ['a trailer that was not announced', () => chunked([BODY], `x-amz-checksum-sha1:${base64('sha1')}\r\n`), 'MalformedTrailerError'],
    ['another length than announced', () => chunked([BODY], trailer, { 'x-amz-decoded-content-length': '5' }), 'IncompleteBody'],
    ['no announced length', () => chunked([BODY], trailer, { 'x-amz-decoded-content-length': '' }), 'MissingContentLength'],
    ['small chunks before the last', () => chunked(['proof', 'of'], trailer), 'InvalidChunkSizeError'],
  ])('is refused with %s', async (_, send, code) => {
    expect(await send()).toMatchObject({ code });
  });

  it('signed chunk by chunk is decoded too', async () => {
    const body = `${BODY.length.toString(16)};chunk-signature=${'a'.repeat(64)}\r\n${BODY}\r\n0;chunk-signature=${'b'.repeat(64)}\r\n\r\n`;
    const headers = { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'x-amz-decoded-content-length': String(BODY.length) };
    expect(await raw('signed-chunks', headers, body)).toMatchObject({ status: 200 });
    expect(await text((await harness.client.send(new GetObjectCommand({ Bucket, Key: 'signed-chunks' }))).Body)).toBe(BODY);
  });
});
