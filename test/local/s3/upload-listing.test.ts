import { createHash, randomBytes } from 'node:crypto';
import { CreateMultipartUploadCommand, ListMultipartUploadsCommand, ListPartsCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, startS3 } from './harness.ts';

let harness: Harness;
const Bucket = 'films';
const LAST = randomBytes(1234);

beforeAll(async () => {
  harness = await startS3();
  harness.s3.createBucket(Bucket, {});
});
afterAll(async () => harness.stop());

const create = async (Key: string, more: object = {}) => {
  const { UploadId } = await harness.client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
  return { Key, UploadId };
};

describe('listings of uploads', () => {
  it('tell the parts of an upload, page by page', async () => {
    const upload = await create('paged', { ChecksumAlgorithm: 'SHA256' });
    for (const PartNumber of [1, 2, 5]) {
      await harness.client.send(new UploadPartCommand({ Bucket, ...upload, PartNumber, Body: LAST, ChecksumAlgorithm: 'SHA256' }));
    }
    const list = (PartNumberMarker?: string) =>
      harness.client.send(new ListPartsCommand({ Bucket, ...upload, MaxParts: 2, PartNumberMarker }));
    const first = await list();
    expect(first).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '2', ChecksumAlgorithm: 'SHA256', ChecksumType: 'COMPOSITE' });
    const second = await list(first.NextPartNumberMarker);
    expect([...(first.Parts ?? []), ...(second.Parts ?? [])].map(({ PartNumber }) => PartNumber)).toEqual([1, 2, 5]);
    expect(second).toMatchObject({
      IsTruncated: false,
      Parts: [{ Size: LAST.byteLength, ChecksumSHA256: createHash('sha256').update(LAST).digest('base64') }],
    });
  });

  it('tell the uploads of a bucket, page by page and rolled up', async () => {
    const ids = [await create('list/a'), await create('list/a'), await create('list/b/c'), await create('list/d')];
    const seen: (string | undefined)[] = [];
    let marker: { KeyMarker?: string; UploadIdMarker?: string } = {};
    for (let truncated = true; truncated; ) {
      const page = await harness.client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'list/', MaxUploads: 1, ...marker }));
      seen.push(...(page.Uploads ?? []).map(({ UploadId }) => UploadId));
      truncated = page.IsTruncated ?? false;
      marker = { KeyMarker: page.NextKeyMarker ?? '', UploadIdMarker: page.NextUploadIdMarker ?? '' };
    }
    expect(seen).toEqual(ids.map(({ UploadId }) => UploadId));
    const rolledUp = await harness.client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'list/', Delimiter: '/' }));
    expect(rolledUp.CommonPrefixes).toEqual([{ Prefix: 'list/b/' }]);
    expect(rolledUp.Uploads?.map(({ Key }) => Key)).toEqual(['list/a', 'list/a', 'list/d']);
  });
});
