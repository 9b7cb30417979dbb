import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, refusal, startS3, text } from './harness.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await startS3();
  await harness.client.send(new CreateBucketCommand({ Bucket: 'plain' }));
  await harness.client.send(new CreateBucketCommand({ Bucket: 'versioned' }));
  await harness.client.send(new PutBucketVersioningCommand({ Bucket: 'versioned', VersioningConfiguration: { Status: 'Enabled' } }));
});
afterAll(async () => harness.stop());

describe.each(['plain', 'versioned'])('in a %s bucket', (Bucket) => {
  const put = (Key: string, Body: string, condition: object = {}) =>
    harness.client.send(new PutObjectCommand({ Bucket, Key, Body, ...condition }));
  const get = async (Key: string) => text((await harness.client.send(new GetObjectCommand({ Bucket, Key }))).Body);

  it('a write that must not overwrite does not', async () => {
    await put('badge', 'issued', { IfNoneMatch: '*' });
    expect(await refusal(put('badge', 'again', { IfNoneMatch: '*' }))).toEqual({ name: 'PreconditionFailed', status: 412 });
    expect(await get('badge')).toBe('issued');
  });

  it('a deleted key counts as free', async () => {
    await put('freed', 'x');
    await harness.client.send(new DeleteObjectCommand({ Bucket, Key: 'freed' }));
    await put('freed', 'y', { IfNoneMatch: '*' });
    expect(await get('freed')).toBe('y');
  });

  it('a write that must replace what was read does so only while it is unchanged', async () => {
    const first = await put('list', 'one');
    const second = await put('list', 'two', { IfMatch: first.ETag });
    expect(await refusal(put('list', 'lost', { IfMatch: first.ETag }))).toEqual({ name: 'PreconditionFailed', status: 412 });
    await put('list', 'three', { IfMatch: second.ETag });
    expect(await get('list')).toBe('three');
  });

  it('replacing what is not there fails', async () => {
    expect(await refusal(put('absent', 'x', { IfMatch: '"0123"' }))).toEqual({ name: 'NoSuchKey', status: 404 });
  });

  it('of writers who race for a free key exactly one wins', async () => {
    const writers = Array.from({ length: 20 }, (_, index) => put('race', `writer ${index}`, { IfNoneMatch: '*' }));
    const results = await Promise.allSettled(writers);
    const winners = results.flatMap(({ status }, index) => (status === 'fulfilled' ? [`writer ${index}`] : []));
    expect(winners).toEqual([await get('race')]);
    for (const result of results) if (result.status === 'rejected') expect(result.reason.name).toBe('PreconditionFailed');
  });

  it('of writers who race to replace the same state exactly one wins', async () => {
    const { ETag } = await put('swap', 'start');
    const results = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => put('swap', `writer ${index}`, { IfMatch: ETag })));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('a copy keeps to the condition too', async () => {
    await put('source', 'bytes');
    const copy = () =>
      harness.client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/source`, IfNoneMatch: '*' }));
    await copy();
    expect(await refusal(copy())).toEqual({ name: 'PreconditionFailed', status: 412 });
  });
});

describe('a condition that S3 does not know', () => {
  it('is refused', async () => {
    const put = (condition: object) => harness.client.send(new PutObjectCommand({ Bucket: 'plain', Key: 'odd', Body: 'x', ...condition }));
    expect(await refusal(put({ IfNoneMatch: '"0123"' }))).toEqual({ name: 'NotImplemented', status: 501 });
    expect(await refusal(put({ IfNoneMatch: '*', IfMatch: '"0123"' }))).toEqual({ name: 'NotImplemented', status: 501 });
  });
});
