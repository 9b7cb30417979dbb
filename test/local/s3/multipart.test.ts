import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  type UploadPartCommandInput,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasherOf } from '../../../local/aws/s3/checksum.ts';
import { type Harness, ROOT, refusal, startS3 } from './harness.ts';

let harness: Harness;
const Bucket = 'films';
const FIVE_MIB = 5 * 1024 ** 2;
const ONE = randomBytes(FIVE_MIB);
const TWO = randomBytes(FIVE_MIB + 17);
const LAST = randomBytes(1234);

beforeAll(async () => {
  harness = await startS3();
  await harness.client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => harness.stop());

interface Started {
  readonly Key: string;
  readonly UploadId: string | undefined;
}

const create = async (Key: string, more: object = {}): Promise<Started> => {
  const { UploadId } = await harness.client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
  return { Key, UploadId };
};
const part = async (upload: Started, PartNumber: number, sent: Partial<UploadPartCommandInput>): Promise<CompletedPart> => {
  const { ETag, ...told } = await harness.client.send(new UploadPartCommand({ Bucket, ...upload, PartNumber, ...sent }));
  const checksums = Object.fromEntries(Object.entries(told).filter(([name]) => name.startsWith('Checksum')));
  return { PartNumber, ETag, ...checksums };
};
const complete = (upload: Started, Parts: CompletedPart[], more: object = {}) =>
  harness.client.send(new CompleteMultipartUploadCommand({ Bucket, ...upload, MultipartUpload: { Parts }, ...more }));
const blobs = () =>
  readdirSync(join(harness.folder, 's3-bytes', 'blobs'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;

const digest = (algorithm: string, ...buffers: Buffer[]) => createHash(algorithm).update(Buffer.concat(buffers)).digest();

describe('a multipart upload', () => {
  it('becomes one object: composite entity tag, composite SHA-256, headers from its start', async () => {
    const upload = await create('film', { ChecksumAlgorithm: 'SHA256', ContentType: 'video/mp4', Metadata: { evidence: 'e1' } });
    const more = { ChecksumAlgorithm: 'SHA256' } as const;
    // In any order, as a browser with several connections sends them.
    const parts = await Promise.all([
      part(upload, 3, { Body: LAST, ...more }),
      part(upload, 1, { Body: ONE, ...more }),
      part(upload, 2, { Body: TWO, ...more }),
    ]);
    const done = await complete(
      upload,
      parts.toSorted((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0)),
    );
    const etag = `"${digest('md5', ...[ONE, TWO, LAST].map((bytes) => digest('md5', bytes))).toString('hex')}-3"`;
    const sha256 = `${digest('sha256', ...[ONE, TWO, LAST].map((bytes) => digest('sha256', bytes))).toString('base64')}-3`;
    expect(done).toMatchObject({ ETag: etag, ChecksumSHA256: sha256, ChecksumType: 'COMPOSITE', Bucket, Key: 'film' });
    const stored = await harness.client.send(new HeadObjectCommand({ Bucket, Key: 'film', ChecksumMode: 'ENABLED' }));
    expect(stored).toMatchObject({ ETag: etag, ChecksumSHA256: sha256, ContentType: 'video/mp4', Metadata: { evidence: 'e1' } });
    const read = await harness.client.send(new GetObjectCommand({ Bucket, Key: 'film' }));
    expect(Buffer.from((await read.Body?.transformToByteArray()) ?? []).equals(Buffer.concat([ONE, TWO, LAST]))).toBe(true);
  });

  it('can be read across the border of its parts, and part by part', async () => {
    const upload = await create('ranged');
    await complete(upload, [await part(upload, 1, { Body: ONE }), await part(upload, 2, { Body: LAST })]);
    const read = async (more: object) => {
      const answer = await harness.client.send(new GetObjectCommand({ Bucket, Key: 'ranged', ...more }));
      return {
        bytes: Buffer.from((await answer.Body?.transformToByteArray()) ?? []),
        ContentRange: answer.ContentRange,
        PartsCount: answer.PartsCount,
      };
    };
    const across = await read({ Range: `bytes=${FIVE_MIB - 10}-${FIVE_MIB + 9}` });
    expect(across.bytes.equals(Buffer.concat([ONE.subarray(-10), LAST.subarray(0, 10)]))).toBe(true);
    expect(await read({ PartNumber: 2 })).toEqual({
      bytes: LAST,
      ContentRange: `bytes ${FIVE_MIB}-${FIVE_MIB + 1233}/${FIVE_MIB + 1234}`,
      PartsCount: 2,
    });
    expect(await refusal(read({ PartNumber: 3 }))).toEqual({ name: 'InvalidPartNumber', status: 416 });
  });

  it('of a client that asks for nothing gets a CRC-64/NVME of the full object', async () => {
    const client = harness.clientWith({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    const { UploadId, ChecksumAlgorithm } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'default' }));
    const upload = { Key: 'default', UploadId };
    const { ETag } = await client.send(new UploadPartCommand({ Bucket, ...upload, PartNumber: 1, Body: Buffer.from('123456789') }));
    expect(await complete(upload, [{ PartNumber: 1, ETag }])).toMatchObject({
      ChecksumCRC64NVME: 'rosUhgp5mIg=',
      ChecksumType: 'FULL_OBJECT',
    });
    expect(ChecksumAlgorithm).toBeUndefined();
  });

  it.each(['CRC32', 'CRC32C', 'CRC64NVME'] as const)(
    'may have a %s of the full object, which the client can state at its end',
    async (ChecksumAlgorithm) => {
      const field = `Checksum${ChecksumAlgorithm}` as const;
      const hasher = hasherOf(ChecksumAlgorithm);
      hasher.update(Buffer.concat([ONE, LAST]));
      const expected = hasher.digest().toString('base64');
      const upload = await create('full', { ChecksumAlgorithm, ChecksumType: 'FULL_OBJECT' });
      const client = harness.clientWith({ requestChecksumCalculation: 'WHEN_REQUIRED' });
      const parts: CompletedPart[] = [];
      for (const [index, Body] of [ONE, LAST].entries()) {
        const { ETag } = await client.send(new UploadPartCommand({ Bucket, ...upload, PartNumber: index + 1, Body }));
        parts.push({ PartNumber: index + 1, ETag });
      }
      const wrong = Buffer.alloc(expected.length > 8 ? 8 : 4).toString('base64');
      expect(await refusal(complete(upload, parts, { [field]: wrong }))).toEqual({ name: 'BadDigest', status: 400 });
      expect(await refusal(complete(upload, parts, { ChecksumType: 'COMPOSITE' }))).toEqual({
        name: 'InvalidRequest',
        status: 400,
      });
      expect(await complete(upload, parts, { [field]: expected })).toMatchObject({
        [field]: expected,
        ChecksumType: 'FULL_OBJECT',
      });
    },
  );

  it('knows which checksums go with which type', async () => {
    expect(await refusal(create('odd', { ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' }))).toEqual({
      name: 'InvalidRequest',
      status: 400,
    });
    expect(await refusal(create('odd', { ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'COMPOSITE' }))).toEqual({
      name: 'InvalidRequest',
      status: 400,
    });
    expect(await refusal(create('odd', { ChecksumAlgorithm: 'XXHASH64' }))).toEqual({ name: 'InvalidRequest', status: 400 });
  });

  it('wants of each part the checksum that was agreed on', async () => {
    const upload = await create('agreed', { ChecksumAlgorithm: 'SHA256' });
    expect(await refusal(part(upload, 1, { Body: LAST, ChecksumAlgorithm: 'SHA1' }))).toEqual({
      name: 'InvalidRequest',
      status: 400,
    });
    const bare = harness.clientWith({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    expect(await refusal(bare.send(new UploadPartCommand({ Bucket, ...upload, PartNumber: 1, Body: LAST })))).toEqual({
      name: 'InvalidRequest',
      status: 400,
    });
    const one = await part(upload, 1, { Body: LAST, ChecksumAlgorithm: 'SHA256' });
    expect(await refusal(complete(upload, [{ PartNumber: 1, ETag: one.ETag }]))).toEqual({
      name: 'InvalidRequest',
      status: 400,
    });
    const wrong = digest('sha256', ONE).toString('base64');
    expect(await refusal(complete(upload, [{ ...one, ChecksumSHA256: wrong }]))).toEqual({ name: 'InvalidPart', status: 400 });
    await complete(upload, [one]);
  });

  it('refuses a part whose bytes are not those of its checksum', async () => {
    const upload = await create('damaged', { ChecksumAlgorithm: 'SHA256' });
    const wrong = digest('sha256', ONE).toString('base64');
    expect(await refusal(part(upload, 1, { Body: LAST, ChecksumSHA256: wrong }))).toEqual({ name: 'BadDigest', status: 400 });
    expect((await harness.client.send(new ListPartsCommand({ Bucket, ...upload }))).Parts).toBeUndefined();
  });
});

describe('completing', () => {
  it('holds the list of parts against what was uploaded', async () => {
    const upload = await create('listed');
    const [one, two] = [await part(upload, 1, { Body: ONE }), await part(upload, 2, { Body: LAST })];
    expect(await refusal(complete(upload, [two, one]))).toEqual({ name: 'InvalidPartOrder', status: 400 });
    expect(await refusal(complete(upload, [one, one]))).toEqual({ name: 'InvalidPartOrder', status: 400 });
    expect(await refusal(complete(upload, [one, { ...two, PartNumber: 3 }]))).toEqual({ name: 'InvalidPart', status: 400 });
    expect(await refusal(complete(upload, [one, { ...two, ETag: one.ETag }]))).toEqual({ name: 'InvalidPart', status: 400 });
    expect(await refusal(complete(upload, []))).toEqual({ name: 'MalformedXML', status: 400 });
    expect(await refusal(complete(upload, [one, two], { MpuObjectSize: 1 }))).toEqual({ name: 'InvalidRequest', status: 400 });
    await complete(upload, [one, two], { MpuObjectSize: FIVE_MIB + LAST.byteLength });
  });

  it('refuses a part under 5 MiB unless it is the last', async () => {
    const upload = await create('small');
    const parts = [await part(upload, 1, { Body: LAST }), await part(upload, 2, { Body: LAST })];
    expect(await refusal(complete(upload, parts))).toEqual({ name: 'EntityTooSmall', status: 400 });
    await complete(upload, parts.slice(0, 1));
  });

  it('happens once, even when asked ten times at once', async () => {
    const upload = await create('once');
    const one = await part(upload, 1, { Body: LAST });
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => complete(upload, [one])));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await refusal(complete(upload, [one]))).toEqual({ name: 'NoSuchUpload', status: 404 });
  });

  it('keeps to its condition, and the upload lives on when it fails', async () => {
    await harness.client.send(new PutObjectCommand({ Bucket, Key: 'taken', Body: 'x' }));
    const upload = await create('taken');
    const one = await part(upload, 1, { Body: LAST });
    expect(await refusal(complete(upload, [one], { IfNoneMatch: '*' }))).toEqual({ name: 'PreconditionFailed', status: 412 });
    await complete(upload, [one]);
  });

  it('frees the parts that were replaced or left out', async () => {
    const before = blobs();
    const upload = await create('freed');
    await part(upload, 1, { Body: LAST });
    const one = await part(upload, 1, { Body: ONE });
    await part(upload, 2, { Body: LAST });
    await complete(upload, [one]);
    expect(blobs()).toBe(before + 1);
  });
});

describe('an upload that is not wanted any more', () => {
  it('is aborted with all its parts', async () => {
    const before = blobs();
    const upload = await create('aborted');
    await part(upload, 1, { Body: LAST });
    await harness.client.send(new AbortMultipartUploadCommand({ Bucket, ...upload }));
    expect(blobs()).toBe(before);
    const late = [
      () => part(upload, 1, { Body: LAST }),
      () => complete(upload, [{ PartNumber: 1, ETag: 'x' }]),
      () => harness.client.send(new AbortMultipartUploadCommand({ Bucket, ...upload })),
      () => harness.client.send(new ListPartsCommand({ Bucket, ...upload })),
    ];
    for (const call of late) expect(await refusal(call())).toEqual({ name: 'NoSuchUpload', status: 404 });
  });

  it('takes no part that was still on its way, and keeps none of its bytes', async () => {
    const before = blobs();
    const upload = await create('overtaken');
    const body = new PassThrough();
    body.write('half');
    const late = harness.s3.handle({
      method: 'PUT',
      path: `/${Bucket}/overtaken`,
      query: new URLSearchParams({ partNumber: '1', uploadId: upload.UploadId ?? '' }),
      headers: { 'content-length': '8' },
      body,
      caller: ROOT,
    });
    await harness.client.send(new AbortMultipartUploadCommand({ Bucket, ...upload }));
    body.end('half');
    const { status, body: told } = await late;
    expect([status, String(told)]).toEqual([404, expect.stringContaining('<Code>NoSuchUpload</Code>')]);
    expect(blobs()).toBe(before);
  });

  it('of one key cannot be reached by another', async () => {
    const upload = await create('mine');
    expect(await refusal(part({ ...upload, Key: 'yours' }, 1, { Body: LAST }))).toEqual({ name: 'NoSuchUpload', status: 404 });
  });
});

describe('a part', () => {
  it.each([0, 10_001])('cannot have the number %s', async (number) => {
    expect(await refusal(part(await create('numbered'), number, { Body: LAST }))).toEqual({ name: 'InvalidArgument', status: 400 });
  });
});
