import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetBucketCorsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketCorsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../../local/aws/service.ts';
import { callerWith, type Harness, ROOT, refusal, startS3 } from './harness.ts';

let harness: Harness;
const Bucket = 'guarded';
const BUCKET = 'arn:aws:s3:::guarded';
const OBJECT = 'arn:aws:s3:::guarded/key';
let version: string | undefined;
let etag: string | undefined;
let upload: string | undefined;
let film: string | undefined;
let completable: Pick<CompleteMultipartUploadCommandInput, 'UploadId' | 'MultipartUpload'>;

beforeAll(async () => {
  harness = await startS3();
  harness.s3.createBucket(Bucket, { versioned: true, cors: [{ origins: ['*'], methods: ['GET'] }] });
  const put = await harness.client.send(new PutObjectCommand({ Bucket, Key: 'key', Body: 'x', Tagging: 'a=1' }));
  version = put.VersionId;
  etag = put.ETag;
  film = (await harness.client.send(new PutObjectCommand({ Bucket, Key: 'film', Body: 'x' }))).ETag;
  const client = harness.clientWith({ requestChecksumCalculation: 'WHEN_REQUIRED' });
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'film' }));
  const { ETag } = await client.send(new UploadPartCommand({ Bucket, Key: 'film', UploadId, PartNumber: 1, Body: 'x' }));
  completable = { UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } };
  upload = (await harness.client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'key' }))).UploadId;
});
afterAll(async () => harness.stop());

type Send = (client: S3Client) => Promise<unknown>;

const OPERATIONS: readonly [string, Send, readonly string[]][] = [
  ['create a bucket', (client) => client.send(new CreateBucketCommand({ Bucket })), [`s3:CreateBucket ${BUCKET}`]],
  ['find a bucket', (client) => client.send(new HeadBucketCommand({ Bucket })), [`s3:ListBucket ${BUCKET}`]],
  ['list it', (client) => client.send(new ListObjectsV2Command({ Bucket })), [`s3:ListBucket ${BUCKET}`]],
  ['list its versions', (client) => client.send(new ListObjectVersionsCommand({ Bucket })), [`s3:ListBucketVersions ${BUCKET}`]],
  ['list its uploads', (client) => client.send(new ListMultipartUploadsCommand({ Bucket })), [`s3:ListBucketMultipartUploads ${BUCKET}`]],
  ['read its versioning', (client) => client.send(new GetBucketVersioningCommand({ Bucket })), [`s3:GetBucketVersioning ${BUCKET}`]],
  [
    'set its versioning',
    (client) => client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } })),
    [`s3:PutBucketVersioning ${BUCKET}`],
  ],
  ['read its CORS rules', (client) => client.send(new GetBucketCorsCommand({ Bucket })), [`s3:GetBucketCORS ${BUCKET}`]],
  [
    'set its CORS rules',
    (client) =>
      client.send(
        new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'] }] } }),
      ),
    [`s3:PutBucketCORS ${BUCKET}`],
  ],
  ['read an object', (client) => client.send(new GetObjectCommand({ Bucket, Key: 'key' })), [`s3:GetObject ${OBJECT}`]],
  ['look at an object', (client) => client.send(new HeadObjectCommand({ Bucket, Key: 'key' })), [`s3:GetObject ${OBJECT}`]],
  [
    'read a version',
    (client) => client.send(new GetObjectCommand({ Bucket, Key: 'key', VersionId: version })),
    [`s3:GetObjectVersion ${OBJECT}`],
  ],
  [
    'write an object',
    (client) => client.send(new PutObjectCommand({ Bucket, Key: 'other', Body: 'x' })),
    ['s3:PutObject arn:aws:s3:::guarded/other'],
  ],
  [
    'write an object with tags',
    (client) => client.send(new PutObjectCommand({ Bucket, Key: 'other', Body: 'x', Tagging: 'a=1' })),
    ['s3:PutObject arn:aws:s3:::guarded/other', 's3:PutObjectTagging arn:aws:s3:::guarded/other'],
  ],
  [
    'replace a known state',
    (client) => client.send(new PutObjectCommand({ Bucket, Key: 'key', Body: 'x', IfMatch: etag })),
    [`s3:PutObject ${OBJECT}`, `s3:GetObject ${OBJECT}`],
  ],
  [
    'copy an object',
    (client) => client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/other`, TaggingDirective: 'REPLACE' })),
    ['s3:PutObject arn:aws:s3:::guarded/copy', 's3:GetObject arn:aws:s3:::guarded/other'],
  ],
  ['read tags', (client) => client.send(new GetObjectTaggingCommand({ Bucket, Key: 'key' })), [`s3:GetObjectTagging ${OBJECT}`]],
  [
    'read tags of a version',
    (client) => client.send(new GetObjectTaggingCommand({ Bucket, Key: 'key', VersionId: version })),
    [`s3:GetObjectVersionTagging ${OBJECT}`],
  ],
  [
    'set tags',
    (client) => client.send(new PutObjectTaggingCommand({ Bucket, Key: 'key', Tagging: { TagSet: [] } })),
    [`s3:PutObjectTagging ${OBJECT}`],
  ],
  ['delete tags', (client) => client.send(new DeleteObjectTaggingCommand({ Bucket, Key: 'key' })), [`s3:DeleteObjectTagging ${OBJECT}`]],
  [
    'start a multipart upload',
    (client) => client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'key' })),
    [`s3:PutObject ${OBJECT}`],
  ],
  [
    'upload a part',
    (client) => client.send(new UploadPartCommand({ Bucket, Key: 'key', UploadId: upload, PartNumber: 1, Body: 'x' })),
    [`s3:PutObject ${OBJECT}`],
  ],
  [
    'list parts',
    (client) => client.send(new ListPartsCommand({ Bucket, Key: 'key', UploadId: upload })),
    [`s3:ListMultipartUploadParts ${OBJECT}`],
  ],
  [
    'complete an upload over a known state',
    (client) => client.send(new CompleteMultipartUploadCommand({ Bucket, Key: 'film', IfMatch: film, ...completable })),
    ['s3:PutObject arn:aws:s3:::guarded/film', 's3:GetObject arn:aws:s3:::guarded/film'],
  ],
  [
    'abort an upload',
    (client) => client.send(new AbortMultipartUploadCommand({ Bucket, Key: 'key', UploadId: upload })),
    [`s3:AbortMultipartUpload ${OBJECT}`],
  ],
  [
    'delete an object',
    (client) => client.send(new DeleteObjectCommand({ Bucket, Key: 'other' })),
    ['s3:DeleteObject arn:aws:s3:::guarded/other'],
  ],
  [
    'delete a version',
    (client) => client.send(new DeleteObjectCommand({ Bucket, Key: 'key', VersionId: version })),
    [`s3:DeleteObjectVersion ${OBJECT}`],
  ],
];

const as = async <Result>(caller: Caller, act: () => Promise<Result>): Promise<Result> => {
  harness.actAs(caller);
  try {
    return await act();
  } finally {
    harness.actAs(ROOT);
  }
};

describe.each(OPERATIONS)('to %s', (_, send, needed) => {
  it('takes every one of its rights, on that resource', async () => {
    for (const missing of needed) {
      const others = needed.filter((right) => right !== missing).concat(missing.replace('guarded', 'elsewhere'));
      expect((await as(callerWith(...others), () => refusal(send(harness.client)))).status).toBe(403);
    }
  });

  it('takes no more than them', async () => {
    await expect(as(callerWith(...needed), () => send(harness.client))).resolves.toBeDefined();
  });
});

describe('who may not list a bucket', () => {
  const reader = callerWith('s3:GetObject arn:aws:s3:::*', 's3:GetObjectVersion arn:aws:s3:::*');

  it('is not told whether a key exists', async () => {
    const read = (more: object) => as(reader, () => refusal(harness.client.send(new GetObjectCommand({ Bucket, Key: 'absent', ...more }))));
    expect(await read({})).toEqual({ name: 'AccessDenied', status: 403 });
    expect(await read({ VersionId: 'null' })).toEqual({ name: 'AccessDenied', status: 403 });
    expect((await as(reader, () => refusal(harness.client.send(new HeadObjectCommand({ Bucket, Key: 'absent' }))))).status).toBe(403);
  });

  it('is not told that a key was deleted', async () => {
    await harness.client.send(new PutObjectCommand({ Bucket, Key: 'deleted', Body: 'x' }));
    await harness.client.send(new DeleteObjectCommand({ Bucket, Key: 'deleted' }));
    expect((await as(reader, () => refusal(harness.client.send(new GetObjectCommand({ Bucket, Key: 'deleted' }))))).status).toBe(403);
  });
});

describe('who may do nothing', () => {
  it('is told nothing, not even which buckets there are', async () => {
    const ask = (bucket: string) => as(callerWith(), () => refusal(harness.client.send(new ListObjectsV2Command({ Bucket: bucket }))));
    expect(await ask('nowhere')).toEqual(await ask(Bucket));
    const Delete = { Objects: [{ Key: 'a' }] };
    const remove = () => harness.client.send(new DeleteObjectsCommand({ Bucket: 'nowhere', Delete }));
    expect(await as(callerWith(), () => refusal(remove()))).toEqual({ name: 'AccessDenied', status: 403 });
    expect(await refusal(remove())).toEqual({ name: 'NoSuchBucket', status: 404 });
  });
});

describe('deleting many keys', () => {
  it('is decided key by key', async () => {
    for (const Key of ['open', 'shut']) await harness.client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    const result = await as(callerWith('s3:DeleteObject arn:aws:s3:::guarded/open'), () =>
      harness.client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'open' }, { Key: 'shut' }] } })),
    );
    expect([result.Deleted?.map(({ Key }) => Key), result.Errors?.map(({ Key, Code }) => [Key, Code])]).toEqual([
      ['open'],
      [['shut', 'AccessDenied']],
    ]);
  });
});

describe('an expected owner', () => {
  it('must be the owner', async () => {
    const look = (ExpectedBucketOwner: string) => harness.client.send(new HeadBucketCommand({ Bucket, ExpectedBucketOwner }));
    expect((await refusal(look('111122223333'))).status).toBe(403);
    await expect(look('000000000000')).resolves.toBeDefined();
  });
});
