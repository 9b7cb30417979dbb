import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, refusal, startS3, text } from './harness.ts';

let harness: Harness;
const Bucket = 'hosted';

beforeAll(async () => {
  harness = await startS3();
  await harness.client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => harness.stop());

const put = (Key: string, Body: string, more: object = {}) => harness.client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));

describe('an object', () => {
  it('comes back byte for byte with the entity tag of its MD5', async () => {
    const body = 'proof of learning';
    const written = await put('a/proof.txt', body);
    const read = await harness.client.send(new GetObjectCommand({ Bucket, Key: 'a/proof.txt' }));
    expect(written.ETag).toBe(`"${createHash('md5').update(body).digest('hex')}"`);
    expect(await text(read.Body)).toBe(body);
    expect(read).toMatchObject({
      ETag: written.ETag,
      ContentLength: body.length,
      AcceptRanges: 'bytes',
      ContentType: 'application/octet-stream',
    });
    expect(read.LastModified?.getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  it('keeps its content headers and user metadata, and tells them to HEAD as to GET', async () => {
    const told = {
      ContentType: 'application/vc+ld+json',
      CacheControl: 'public, max-age=60',
      ContentEncoding: 'gzip',
      ContentDisposition: 'attachment; filename="badge.json"',
      ContentLanguage: 'nl',
      Metadata: { submission: '01H', learner: 'p 1' },
    };
    await put('c/1.json', '{}', told);
    expect(await harness.client.send(new HeadObjectCommand({ Bucket, Key: 'c/1.json' }))).toMatchObject({ ...told, ContentLength: 2 });
    expect(await harness.client.send(new GetObjectCommand({ Bucket, Key: 'c/1.json' }))).toMatchObject(told);
  });

  it('may be empty', async () => {
    await put('empty', '', { ContentLength: 0 });
    const read = await harness.client.send(new GetObjectCommand({ Bucket, Key: 'empty' }));
    expect(await text(read.Body)).toBe('');
    expect(read.ContentLength).toBe(0);
  });

  it('is replaced whole by a second write, and the old bytes leave the disk', async () => {
    const before = filesIn(join(harness.folder, 's3-bytes', 'blobs')).length;
    await put('twice', 'first');
    await put('twice', 'second');
    expect(await text((await harness.client.send(new GetObjectCommand({ Bucket, Key: 'twice' }))).Body)).toBe('second');
    expect(filesIn(join(harness.folder, 's3-bytes', 'blobs')).length).toBe(before + 1);
    expect(readdirSync(join(harness.folder, 's3-bytes', 'incoming'))).toEqual([]);
  });

  it('can still be read to its end by one who started before it was deleted, and then leaves the disk', async () => {
    const before = filesIn(join(harness.folder, 's3-bytes', 'blobs')).length;
    await put('long', 'x'.repeat(300_000));
    const reading = harness.s3.read(Bucket, 'long')?.stream();
    await harness.client.send(new DeleteObjectCommand({ Bucket, Key: 'long' }));
    expect(harness.s3.read(Bucket, 'long')).toBeUndefined();
    expect(Buffer.concat((await reading?.toArray()) ?? []).byteLength).toBe(300_000);
    if (reading !== undefined && !reading.closed) await once(reading, 'close');
    expect(filesIn(join(harness.folder, 's3-bytes', 'blobs')).length).toBe(before);
  });

  it.each([
    'plain',
    'with space',
    'plus+plus',
    'ünï/cödé 🎓',
    'a%2Fb',
    'quote\'"<&>',
    '../../etc/passwd',
    'a//b',
    './x',
    'tilde~!*()',
    'x\u0001y',
  ])('may have the key %j, and no other key answers for it', async (Key) => {
    await put(Key, Key);
    expect(await text((await harness.client.send(new GetObjectCommand({ Bucket, Key }))).Body)).toBe(Key);
    expect(await refusal(harness.client.send(new GetObjectCommand({ Bucket, Key: `${Key}x` })))).toEqual({
      name: 'NoSuchKey',
      status: 404,
    });
  });

  it('has a key of at most 1,024 bytes, counted in UTF-8', async () => {
    await put('é'.repeat(512), 'fits');
    expect(await refusal(put('é'.repeat(513), 'too long'))).toEqual({ name: 'KeyTooLongError', status: 400 });
  });

  it('has at most 2 KB of user metadata', async () => {
    expect(await refusal(put('meta', 'x', { Metadata: { note: 'x'.repeat(2045) } }))).toEqual({ name: 'MetadataTooLarge', status: 400 });
  });

  it('cannot be read from a bucket that does not exist', async () => {
    expect(await refusal(harness.client.send(new GetObjectCommand({ Bucket: 'nowhere', Key: 'a' })))).toEqual({
      name: 'NoSuchBucket',
      status: 404,
    });
    expect(await refusal(harness.client.send(new HeadBucketCommand({ Bucket: 'nowhere' })))).toEqual({ name: 'NotFound', status: 404 });
    expect((await harness.client.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe('us-east-1');
  });

  it('answers HEAD of a missing key with 404 and no body', async () => {
    expect(await refusal(harness.client.send(new HeadObjectCommand({ Bucket, Key: 'missing' })))).toEqual({
      name: 'NotFound',
      status: 404,
    });
  });
});

describe('a range', () => {
  const get = (Range: string) => harness.client.send(new GetObjectCommand({ Bucket, Key: 'digits', Range }));

  it.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=4-', '456789', 'bytes 4-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
    ['bytes=-99', '0123456789', 'bytes 0-9/10'],
  ])('%s is %s', async (range, expected, contentRange) => {
    await put('digits', '0123456789');
    const read = await get(range);
    expect([await text(read.Body), read.ContentRange, read.$metadata.httpStatusCode]).toEqual([expected, contentRange, 206]);
  });

  it.each(['bytes=5-2', 'bytes=0-1,4-5', 'lines=1-2', 'bytes=-'])('%s is none, and the whole is served', async (range) => {
    await put('digits', '0123456789');
    const read = await get(range);
    expect([await text(read.Body), read.$metadata.httpStatusCode]).toEqual(['0123456789', 200]);
  });

  it.each(['bytes=10-', 'bytes=10-20', 'bytes=-0', `bytes=${'9'.repeat(400)}-`])('%s lies outside and is refused', async (range) => {
    await put('digits', '0123456789');
    expect(await refusal(get(range))).toEqual({ name: 'InvalidRange', status: 416 });
  });
});

describe('a conditional read', () => {
  const read = (condition: object) => harness.client.send(new GetObjectCommand({ Bucket, Key: 'conditional', ...condition }));
  const past = new Date(Date.now() - 3_600_000);
  const future = new Date(Date.now() + 3_600_000);

  it('answers 304 when the reader has it already', async () => {
    const { ETag } = await put('conditional', 'same');
    expect((await refusal(read({ IfNoneMatch: ETag }))).status).toBe(304);
    expect((await refusal(read({ IfNoneMatch: '*' }))).status).toBe(304);
    expect((await refusal(read({ IfModifiedSince: future }))).status).toBe(304);
  });

  it('answers 412 when it is not what the reader expects', async () => {
    await put('conditional', 'same');
    expect(await refusal(read({ IfMatch: '"0123"' }))).toEqual({ name: 'PreconditionFailed', status: 412 });
    expect(await refusal(read({ IfUnmodifiedSince: past }))).toEqual({ name: 'PreconditionFailed', status: 412 });
  });

  it('serves it otherwise, and lets an entity tag outrank a date', async () => {
    const { ETag } = await put('conditional', 'same');
    for (const condition of [
      { IfMatch: ETag },
      { IfNoneMatch: '"0123"' },
      { IfModifiedSince: past },
      { IfUnmodifiedSince: future },
      { IfMatch: ETag, IfUnmodifiedSince: past },
      { IfNoneMatch: '"0123"', IfModifiedSince: future },
    ]) {
      expect(await text((await read(condition)).Body)).toBe('same');
    }
  });
});

describe('overrides of a reader', () => {
  it('replace the stored headers in the answer, not in the store', async () => {
    await put('override', 'x', { ContentType: 'text/plain' });
    const read = await harness.client.send(
      new GetObjectCommand({
        Bucket,
        Key: 'override',
        ResponseContentType: 'text/html',
        ResponseContentDisposition: 'inline',
        ResponseCacheControl: 'no-store',
      }),
    );
    expect(read).toMatchObject({ ContentType: 'text/html', ContentDisposition: 'inline', CacheControl: 'no-store' });
    expect((await harness.client.send(new HeadObjectCommand({ Bucket, Key: 'override' }))).ContentType).toBe('text/plain');
  });

  it('cannot smuggle a header', async () => {
    await put('override', 'x');
    const answer = await fetch(`${harness.endpoint}/${Bucket}/override?response-content-type=a%0d%0aset-cookie:b`);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('<Code>InvalidArgument</Code>');
  });
});

describe('deleting', () => {
  it('succeeds whether or not there was something to delete', async () => {
    await put('gone', 'x');
    for (const _ of [1, 2])
      expect((await harness.client.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }))).$metadata.httpStatusCode).toBe(204);
    expect(await refusal(harness.client.send(new GetObjectCommand({ Bucket, Key: 'gone' })))).toEqual({ name: 'NoSuchKey', status: 404 });
  });

  it('takes many keys at once and tells each', async () => {
    const keys = ['many/1', 'many/<2>&', 'many/3'];
    for (const key of keys) await put(key, key);
    const result = await harness.client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [...keys, 'many/none'].map((Key) => ({ Key })) } }),
    );
    expect(result.Deleted?.map(({ Key }) => Key)).toEqual([...keys, 'many/none']);
    for (const Key of keys) expect((await refusal(harness.client.send(new HeadObjectCommand({ Bucket, Key })))).status).toBe(404);
  });

  it('is silent about what went well when asked to be', async () => {
    const result = await harness.client.send(new DeleteObjectsCommand({ Bucket, Delete: { Quiet: true, Objects: [{ Key: 'a' }] } }));
    expect(result.Deleted).toBeUndefined();
  });

  it('may depend on what is there', async () => {
    const { ETag } = await put('guarded', 'x');
    const remove = (IfMatch: string | undefined) => harness.client.send(new DeleteObjectCommand({ Bucket, Key: 'guarded', IfMatch }));
    expect(await refusal(remove('"0123"'))).toEqual({ name: 'PreconditionFailed', status: 412 });
    await remove(ETag);
    expect(await refusal(remove(ETag))).toEqual({ name: 'NoSuchKey', status: 404 });
  });
});

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
