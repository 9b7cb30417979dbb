import { createHash } from 'node:crypto';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, refusal, startS3, text } from './harness.ts';

let harness: Harness;
const Bucket = 'files';

beforeAll(async () => {
  harness = await startS3();
  harness.s3.createBucket(Bucket, {});
  harness.s3.createBucket('versioned', { versioned: true });
});
afterAll(async () => harness.stop());

const put = (Key: string, Body: string, more: object = {}) => harness.client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const copy = (Key: string, CopySource: string, more: object = {}) =>
  harness.client.send(new CopyObjectCommand({ Bucket, Key, CopySource, ...more }));
const head = (Key: string) => harness.client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
const get = async (Key: string) => text((await harness.client.send(new GetObjectCommand({ Bucket, Key }))).Body);

describe('a copy', () => {
  it('has the bytes, headers, tags and checksum algorithm of its source', async () => {
    const source = await put('source ü', 'bytes', {
      ContentType: 'text/plain',
      Metadata: { a: '1' },
      Tagging: 'x=1&y=2',
      ChecksumAlgorithm: 'SHA256',
    });
    const result = await copy('target', `/${Bucket}/${encodeURIComponent('source ü')}`);
    expect(result.CopyObjectResult).toMatchObject({
      ETag: source.ETag,
      ChecksumSHA256: source.ChecksumSHA256,
      LastModified: expect.any(Date),
    });
    expect(await head('target')).toMatchObject({
      ContentType: 'text/plain',
      Metadata: { a: '1' },
      TagCount: 2,
      ETag: source.ETag,
      ChecksumSHA256: source.ChecksumSHA256,
    });
    expect(await get('target')).toBe('bytes');
  });

  it('may be given new headers and tags', async () => {
    await put('source', 'bytes', { ContentType: 'text/plain', Metadata: { a: '1' }, Tagging: 'x=1' });
    await copy('replaced', `${Bucket}/source`, {
      MetadataDirective: 'REPLACE',
      ContentType: 'text/html',
      TaggingDirective: 'REPLACE',
      Tagging: 'y=2&z=3',
      ChecksumAlgorithm: 'SHA1',
    });
    expect(await head('replaced')).toMatchObject({
      ContentType: 'text/html',
      Metadata: {},
      TagCount: 2,
      ChecksumSHA1: createHash('sha1').update('bytes').digest('base64'),
    });
  });

  it('of an object onto itself must change something', async () => {
    await put('self', 'bytes');
    expect(await refusal(copy('self', `${Bucket}/self`))).toEqual({ name: 'InvalidRequest', status: 400 });
    await copy('self', `${Bucket}/self`, { MetadataDirective: 'REPLACE', CacheControl: 'no-store' });
    expect([await get('self'), (await head('self')).CacheControl]).toEqual(['bytes', 'no-store']);
  });

  it('may be of an old version', async () => {
    const old = await harness.client.send(new PutObjectCommand({ Bucket: 'versioned', Key: 'a', Body: 'old' }));
    await harness.client.send(new PutObjectCommand({ Bucket: 'versioned', Key: 'a', Body: 'new' }));
    const result = await copy('from-version', `versioned/a?versionId=${old.VersionId}`);
    expect([await get('from-version'), result.CopySourceVersionId]).toEqual(['old', old.VersionId]);
    const marker = await harness.client.send(new DeleteObjectCommand({ Bucket: 'versioned', Key: 'a' }));
    expect(await refusal(copy('x', 'versioned/a'))).toEqual({ name: 'NoSuchKey', status: 404 });
    expect(await refusal(copy('x', `versioned/a?versionId=${marker.VersionId}`))).toEqual({ name: 'InvalidRequest', status: 400 });
  });

  it('of a multipart object is one piece with a plain entity tag', async () => {
    const client = harness.clientWith({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts' }));
    const { ETag } = await client.send(new UploadPartCommand({ Bucket, Key: 'parts', UploadId, PartNumber: 1, Body: 'bytes' }));
    await client.send(
      new CompleteMultipartUploadCommand({ Bucket, Key: 'parts', UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } }),
    );
    expect((await head('parts')).ETag).toMatch(/-1"$/);
    await copy('whole', `${Bucket}/parts`);
    expect((await head('whole')).ETag).toBe(`"${createHash('md5').update('bytes').digest('hex')}"`);
  });

  it('depends on its source as a reader would', async () => {
    const { ETag } = await put('source', 'bytes');
    expect(await refusal(copy('x', `${Bucket}/source`, { CopySourceIfNoneMatch: ETag }))).toEqual({
      name: 'PreconditionFailed',
      status: 412,
    });
    expect(await refusal(copy('x', `${Bucket}/source`, { CopySourceIfMatch: '"0123"' }))).toEqual({
      name: 'PreconditionFailed',
      status: 412,
    });
    await copy('x', `${Bucket}/source`, { CopySourceIfMatch: ETag });
  });

  it('needs a source that can be found', async () => {
    expect(await refusal(copy('x', `${Bucket}/absent`))).toEqual({ name: 'NoSuchKey', status: 404 });
    expect(await refusal(copy('x', 'nowhere/absent'))).toEqual({ name: 'NoSuchBucket', status: 404 });
    expect(await refusal(copy('x', 'nothing'))).toEqual({ name: 'InvalidArgument', status: 400 });
    expect(await refusal(copy('x', '%ff/y'))).toEqual({ name: 'InvalidArgument', status: 400 });
  });
});

describe('tags', () => {
  const tagsOf = async (Key: string) => (await harness.client.send(new GetObjectTaggingCommand({ Bucket, Key }))).TagSet;
  const tag = (Key: string, TagSet: { Key: string; Value: string }[]) =>
    harness.client.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet } }));

  it('come with the object, are replaced whole, and go', async () => {
    await put('tagged', 'x', { Tagging: 'scan=clean&note=a%20b' });
    expect(await tagsOf('tagged')).toEqual([
      { Key: 'scan', Value: 'clean' },
      { Key: 'note', Value: 'a b' },
    ]);
    await tag('tagged', [{ Key: 'only', Value: '' }]);
    expect(await tagsOf('tagged')).toEqual([{ Key: 'only', Value: '' }]);
    await harness.client.send(new DeleteObjectTaggingCommand({ Bucket, Key: 'tagged' }));
    expect(await tagsOf('tagged')).toEqual([]);
    expect(await refusal(tagsOf('absent'))).toEqual({ name: 'NoSuchKey', status: 404 });
  });

  it.each([
    [
      'twice the same key',
      [
        { Key: 'a', Value: '1' },
        { Key: 'a', Value: '2' },
      ],
      'InvalidTag',
    ],
    ['a key of S3 itself', [{ Key: 'aws:a', Value: '1' }], 'InvalidTag'],
    ['a key that is too long', [{ Key: 'k'.repeat(129), Value: '1' }], 'InvalidTag'],
    ['a value that is too long', [{ Key: 'k', Value: 'v'.repeat(257) }], 'InvalidTag'],
    ['a value with other characters', [{ Key: 'k', Value: '<script>' }], 'InvalidTag'],
    ['an empty key', [{ Key: '', Value: 'v' }], 'InvalidTag'],
    ['more than ten', Array.from({ length: 11 }, (_, index) => ({ Key: `k${index}`, Value: '' })), 'BadRequest'],
  ])('are refused with %s', async (_, tags, name) => {
    await put('tagged', 'x');
    expect(await refusal(tag('tagged', tags))).toEqual({ name, status: 400 });
  });
});
