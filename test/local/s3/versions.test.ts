import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, refusal, startS3, text } from './harness.ts';

let harness: Harness;
const Bucket = 'versioned';

beforeAll(async () => {
  harness = await startS3();
  harness.s3.createBucket(Bucket, { versioned: true });
});
afterAll(async () => harness.stop());

const put = (Key: string, Body: string, bucket = Bucket) => harness.client.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
const get = async (Key: string, VersionId?: string, bucket = Bucket) =>
  text((await harness.client.send(new GetObjectCommand({ Bucket: bucket, Key, VersionId }))).Body);
const remove = (Key: string, VersionId?: string, bucket = Bucket) =>
  harness.client.send(new DeleteObjectCommand({ Bucket: bucket, Key, VersionId }));

describe('a versioned bucket', () => {
  it('says that it is one', async () => {
    expect((await harness.client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
  });

  it('keeps every version readable under its id', async () => {
    const [one, two] = [await put('kept', 'one'), await put('kept', 'two')];
    expect(one.VersionId).not.toBe(two.VersionId);
    expect([await get('kept'), await get('kept', one.VersionId), await get('kept', two.VersionId)]).toEqual(['two', 'one', 'two']);
    expect(await harness.client.send(new HeadObjectCommand({ Bucket, Key: 'kept', VersionId: one.VersionId }))).toMatchObject({
      VersionId: one.VersionId,
      ETag: one.ETag,
    });
  });

  it('hides a deleted object behind a marker, and shows it again when the marker goes', async () => {
    await put('hidden', 'still here');
    const marker = await remove('hidden');
    expect(marker).toMatchObject({ DeleteMarker: true, VersionId: expect.any(String) });
    expect(await refusal(get('hidden'))).toEqual({ name: 'NoSuchKey', status: 404 });
    expect(await refusal(get('hidden', marker.VersionId))).toEqual({ name: 'MethodNotAllowed', status: 405 });
    expect(await remove('hidden', marker.VersionId)).toMatchObject({ DeleteMarker: true, VersionId: marker.VersionId });
    expect(await get('hidden')).toBe('still here');
  });

  it('deletes a version for good, and the one before it is the latest again', async () => {
    const [, two] = [await put('back', 'one'), await put('back', 'two')];
    await remove('back', two.VersionId);
    expect(await get('back')).toBe('one');
    expect(await refusal(get('back', two.VersionId))).toEqual({ name: 'NoSuchVersion', status: 404 });
  });

  it('refuses an id that is none', async () => {
    await put('odd', 'x');
    expect(await refusal(get('odd', 'not-an-id'))).toEqual({ name: 'InvalidArgument', status: 400 });
  });

  it('deletes many versions and markers at once', async () => {
    const one = await put('many', 'one');
    const marker = await remove('many');
    const result = await harness.client.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: { Objects: [{ Key: 'many', VersionId: one.VersionId }, { Key: 'many', VersionId: marker.VersionId }, { Key: 'new' }] },
      }),
    );
    expect(result.Deleted).toEqual([
      { Key: 'many', VersionId: one.VersionId },
      { Key: 'many', VersionId: marker.VersionId, DeleteMarker: true, DeleteMarkerVersionId: marker.VersionId },
      { Key: 'new', DeleteMarker: true, DeleteMarkerVersionId: expect.any(String) },
    ]);
  });
});

describe('a bucket that is suspended', () => {
  it('keeps the versions it has and one more, without an id', async () => {
    const bucket = 'suspended';
    await harness.client.send(new CreateBucketCommand({ Bucket: bucket }));
    const unversioned = await put('a', 'zero', bucket);
    const versioning = (Status: 'Enabled' | 'Suspended') =>
      harness.client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status } }));
    await versioning('Enabled');
    const one = await put('a', 'one', bucket);
    await versioning('Suspended');
    await put('a', 'two', bucket);
    const three = await put('a', 'three', bucket);
    expect([unversioned.VersionId, three.VersionId]).toEqual([undefined, 'null']);
    expect([await get('a', 'null', bucket), await get('a', one.VersionId, bucket)]).toEqual(['three', 'one']);
    expect(await remove('a', undefined, bucket)).toMatchObject({ DeleteMarker: true, VersionId: 'null' });
    const listed = await harness.client.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    expect([listed.Versions?.map(({ VersionId }) => VersionId), listed.DeleteMarkers?.map(({ VersionId }) => VersionId)]).toEqual([
      [one.VersionId],
      ['null'],
    ]);
  });
});

/** Ids of versions and markers, and common prefixes, of all pages. */
const walked = async (bucket: string, MaxKeys: number): Promise<(string | undefined)[]> => {
  const seen: (string | undefined)[] = [];
  let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
  while (marker !== undefined) {
    const page: ListObjectVersionsCommandOutput = await harness.client.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Delimiter: '/', MaxKeys, ...marker }),
    );
    const { Versions = [], DeleteMarkers = [], CommonPrefixes = [] } = page;
    seen.push(...[...Versions, ...DeleteMarkers].map(({ VersionId }) => VersionId), ...CommonPrefixes.map(({ Prefix }) => Prefix));
    marker = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined;
  }
  return seen;
};

describe('the list of versions', () => {
  it('goes by key and then from newest to oldest, page by page', async () => {
    const bucket = 'listed';
    harness.s3.createBucket(bucket, { versioned: true });
    const ids = new Map<string, string | undefined>();
    for (const [key, body] of [
      ['a', '1'],
      ['b', '1'],
      ['a', '2'],
      ['b', '2'],
      ['dir/x', '1'],
      ['dir/y', '1'],
      ['e', '1'],
    ] as const)
      ids.set(`${key}${body}`, (await put(key, body, bucket)).VersionId);
    ids.set('b3', (await remove('b', undefined, bucket)).VersionId);
    const expected = ['a2', 'a1', 'b3', 'b2', 'b1', 'dir/', 'e1'].map((name) => ids.get(name) ?? name);

    for (const MaxKeys of [1, 2, 3, 100]) expect((await walked(bucket, MaxKeys)).toSorted()).toEqual(expected.toSorted());
    const all = await harness.client.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    expect(all.Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
      [ids.get('a2'), true],
      [ids.get('a1'), false],
      [ids.get('b2'), false],
      [ids.get('b1'), false],
      [ids.get('dir/x1'), true],
      [ids.get('dir/y1'), true],
      [ids.get('e1'), true],
    ]);
    expect(all.DeleteMarkers).toMatchObject([{ Key: 'b', VersionId: ids.get('b3'), IsLatest: true }]);
    expect((await harness.client.send(new ListObjectsV2Command({ Bucket: bucket }))).Contents?.map(({ Key }) => Key)).toEqual([
      'a',
      'dir/x',
      'dir/y',
      'e',
    ]);
  });
});
