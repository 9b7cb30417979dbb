import { createHash, randomBytes } from 'node:crypto';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, refusal, startS3, text } from './harness.ts';

let harness: Harness;
const Bucket = 'evidence';
const BODY = randomBytes(4096);
const SHA256 = createHash('sha256').update(BODY).digest('base64');

beforeAll(async () => {
  harness = await startS3();
  await harness.client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => harness.stop());

/** The form in which uploads are signed: exact length, type, digest and no overwrite, all as headers. */
const presigned = async (Key: string, more: object = {}) => {
  const client = harness.clientWith({ requestChecksumCalculation: 'WHEN_REQUIRED' });
  const command = new PutObjectCommand({
    Bucket,
    Key,
    ContentLength: BODY.byteLength,
    ContentType: 'video/mp4',
    IfNoneMatch: '*',
    ChecksumSHA256: SHA256,
    ...more,
  });
  const enforced = new Set(['content-length', 'content-type', 'if-none-match', 'x-amz-checksum-sha256']);
  return getSignedUrl(client, command, { expiresIn: 900, signableHeaders: enforced, unhoistableHeaders: enforced });
};

const HEADERS = { 'content-type': 'video/mp4', 'if-none-match': '*', 'x-amz-checksum-sha256': SHA256 };

const send = async (url: string, headers: Record<string, string> = HEADERS, body: Buffer = BODY) => {
  const answer = await fetch(url, { method: 'PUT', headers, body: new Uint8Array(body) });
  return { status: answer.status, code: /<Code>(.*?)<\/Code>/.exec(await answer.text())?.[1] };
};

describe('a presigned upload', () => {
  it('signs every promise as a header and none in the query', async () => {
    const { searchParams } = new URL(await presigned('signed'));
    expect(searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;content-type;host;if-none-match;x-amz-checksum-sha256');
    expect([...searchParams.keys()].filter((name) => name.startsWith('x-amz-'))).toEqual([]);
  });

  it('stores what was promised, with its type and digest', async () => {
    expect(await send(await presigned('kept'))).toEqual({ status: 200, code: undefined });
    const stored = await harness.client.send(new HeadObjectCommand({ Bucket, Key: 'kept', ChecksumMode: 'ENABLED' }));
    expect(stored).toMatchObject({
      ContentType: 'video/mp4',
      ContentLength: BODY.byteLength,
      ChecksumSHA256: SHA256,
      ChecksumType: 'FULL_OBJECT',
    });
  });

  it('is refused with other bytes of the same length', async () => {
    expect(await send(await presigned('other'), HEADERS, randomBytes(BODY.byteLength))).toEqual({ status: 400, code: 'BadDigest' });
    expect((await refusal(harness.client.send(new HeadObjectCommand({ Bucket, Key: 'other' })))).status).toBe(404);
  });

  it('cannot be used a second time', async () => {
    const url = await presigned('once');
    expect((await send(url)).status).toBe(200);
    expect(await send(url)).toEqual({ status: 412, code: 'PreconditionFailed' });
  });

  it('as the SDK signs it unasked would let any bytes in, since S3 ignores a checksum in the query', async () => {
    const url = await getSignedUrl(harness.client, new PutObjectCommand({ Bucket, Key: 'hoisted', ChecksumSHA256: SHA256 }));
    expect(new URL(url).searchParams.get('x-amz-checksum-sha256')).toBe(SHA256);
    expect((await send(url, {}, randomBytes(10))).status).toBe(200);
  });

  it('may bring a part, with a checksum of its own', async () => {
    const client = harness.clientWith({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'film', ChecksumAlgorithm: 'SHA256' }));
    const enforced = new Set(['content-length', 'x-amz-checksum-sha256']);
    const command = new UploadPartCommand({
      Bucket,
      Key: 'film',
      UploadId,
      PartNumber: 1,
      ContentLength: BODY.byteLength,
      ChecksumSHA256: SHA256,
    });
    const url = await getSignedUrl(client, command, { signableHeaders: enforced, unhoistableHeaders: enforced });
    expect(await send(url, { 'x-amz-checksum-sha256': SHA256 }, randomBytes(BODY.byteLength))).toEqual({ status: 400, code: 'BadDigest' });
    expect((await send(url, { 'x-amz-checksum-sha256': SHA256 })).status).toBe(200);
    const ETag = `"${createHash('md5').update(BODY).digest('hex')}"`;
    const done = await client.send(
      new CompleteMultipartUploadCommand({
        Bucket,
        Key: 'film',
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag, ChecksumSHA256: SHA256 }] },
      }),
    );
    expect(done.ChecksumType).toBe('COMPOSITE');
  });
});

describe('a presigned download', () => {
  it('serves the object under the name that the signer chose', async () => {
    await harness.client.send(new PutObjectCommand({ Bucket, Key: 'download', Body: 'bytes' }));
    const url = await getSignedUrl(
      harness.client,
      new GetObjectCommand({ Bucket, Key: 'download', ResponseContentDisposition: 'attachment; filename="evidence.txt"' }),
    );
    const answer = await fetch(url);
    expect([await answer.text(), answer.headers.get('content-disposition')]).toEqual(['bytes', 'attachment; filename="evidence.txt"']);
    expect(await text((await harness.client.send(new GetObjectCommand({ Bucket, Key: 'download' }))).Body)).toBe('bytes');
  });
});
