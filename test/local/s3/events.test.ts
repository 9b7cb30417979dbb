import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { openS3 } from '../../../local/aws/s3/s3.ts';
import { type Harness, ROOT, refusal, startS3, temporaryFolder } from './harness.ts';

let harness: Harness;
afterEach(async () => harness.stop());

interface Created {
  readonly id: string;
  readonly detail: {
    readonly reason: string;
    readonly object: { readonly key: string; readonly sequencer: string; readonly 'version-id'?: string };
  };
}

/** Collects events; `until` resolves when there are so many. */
const collector = () => {
  const events: Created[] = [];
  let settle: { count: number; resolve: () => void } | undefined;
  return {
    events,
    take: async (event: object) => {
      events.push(event as Created);
      if (settle !== undefined && events.length >= settle.count) settle.resolve();
    },
    until: (count: number) =>
      new Promise<void>((resolve) => {
        if (events.length >= count) resolve();
        else settle = { count, resolve };
      }),
  };
};

const put = (Bucket: string, Key: string, more: object = {}) =>
  harness.client.send(new PutObjectCommand({ Bucket, Key, Body: 'proof', ...more }));

describe('an Object Created event', () => {
  it('tells of a new object in the words of S3', async () => {
    harness = await startS3({ now: () => Date.parse('2026-05-04T10:11:12.345Z') });
    harness.s3.createBucket('evidence', { versioned: true, notify: true });
    const { events, take, until } = collector();
    harness.s3.onObjectCreated(take);
    const { VersionId, $metadata } = await put('evidence', 'a/ü b.mp4');
    await until(1);
    expect(events).toEqual([
      {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'Object Created',
        source: 'aws.s3',
        account: '000000000000',
        time: '2026-05-04T10:11:12Z',
        region: 'us-east-1',
        resources: ['arn:aws:s3:::evidence'],
        detail: {
          version: '0',
          'event-version': '1.0',
          bucket: { name: 'evidence' },
          object: {
            key: 'a/ü b.mp4',
            size: 5,
            etag: createHash('md5').update('proof').digest('hex'),
            'version-id': VersionId,
            sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
          },
          'request-id': $metadata.requestId,
          requester: '000000000000',
          'source-ip-address': '127.0.0.1',
          reason: 'PutObject',
        },
      },
    ]);
  });

  it('follows every way in which an object comes to be, in order', async () => {
    harness = await startS3();
    harness.s3.createBucket('evidence', { notify: true });
    const { events, take, until } = collector();
    harness.s3.onObjectCreated(take);
    await put('evidence', 'one');
    await harness.client.send(new CopyObjectCommand({ Bucket: 'evidence', Key: 'two', CopySource: 'evidence/one' }));
    const { UploadId } = await harness.client.send(
      new CreateMultipartUploadCommand({ Bucket: 'evidence', Key: 'three', ChecksumAlgorithm: 'SHA256' }),
    );
    const { ETag, ChecksumSHA256 } = await harness.client.send(
      new UploadPartCommand({ Bucket: 'evidence', Key: 'three', UploadId, PartNumber: 1, Body: 'x', ChecksumAlgorithm: 'SHA256' }),
    );
    await harness.client.send(
      new CompleteMultipartUploadCommand({
        Bucket: 'evidence',
        Key: 'three',
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag, ChecksumSHA256 }] },
      }),
    );
    await until(3);
    expect(events.map(({ detail }) => [detail.object.key, detail.reason, detail.object['version-id']])).toEqual([
      ['one', 'PutObject', undefined],
      ['two', 'CopyObject', undefined],
      ['three', 'CompleteMultipartUpload', undefined],
    ]);
    const sequencers = events.map(({ detail }) => detail.object.sequencer);
    expect(sequencers).toEqual(sequencers.toSorted());
  });

  it('does not follow a refused write, nor one in a bucket that sends none', async () => {
    harness = await startS3();
    harness.s3.createBucket('evidence', { notify: true });
    harness.s3.createBucket('silent', {});
    const { events, take, until } = collector();
    harness.s3.onObjectCreated(take);
    await put('evidence', 'first', { IfNoneMatch: '*' });
    await refusal(put('evidence', 'first', { IfNoneMatch: '*' }));
    await put('silent', 'second');
    await put('evidence', 'third');
    await until(2);
    expect(events.map(({ detail }) => detail.object.key)).toEqual(['first', 'third']);
  });

  it('is offered again until it is accepted, without holding back the next', async () => {
    harness = await startS3();
    harness.s3.createBucket('evidence', { notify: true });
    const { events, take, until } = collector();
    let refusals = 2;
    harness.s3.onObjectCreated(async (event) => {
      if (JSON.stringify(event).includes('"key":"stubborn"') && refusals-- > 0) throw new Error('not now');
      await take(event);
    });
    await put('evidence', 'stubborn');
    await put('evidence', 'easy');
    await until(2);
    expect(events.map(({ detail }) => detail.object.key)).toEqual(['easy', 'stubborn']);
  });

  it('waits on disk for a listener, over a restart', async () => {
    const folder = temporaryFolder();
    const before = openS3({ folder });
    before.createBucket('evidence', { notify: true });
    const body = Readable.from([Buffer.from('proof')]);
    const headers = { 'content-length': '5' };
    await before.handle({ method: 'PUT', path: '/evidence/waiting', query: new URLSearchParams(), headers, body, caller: ROOT });
    before.close();

    harness = await startS3({ folder });
    const { events, take, until } = collector();
    harness.s3.onObjectCreated(take);
    await until(1);
    expect(events.map(({ detail }) => detail.object.key)).toEqual(['waiting']);
  });
});
