import { type ChildProcess, fork } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { openS3, type S3 } from '../../../local/aws/s3/s3.ts';
import { CREDENTIALS, ROOT, temporaryFolder } from './harness.ts';

const Bucket = 'evidence';
const folder = temporaryFolder();
let child: ChildProcess | undefined;

afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const startChild = async (): Promise<{ process: ChildProcess; client: S3Client; endpoint: string }> => {
  const started = fork(fileURLToPath(new URL('./child-server.ts', import.meta.url)), [folder]);
  child = started;
  const [{ endpoint }] = await once(started, 'message');
  const client = new S3Client({ endpoint, region: 'us-east-1', credentials: CREDENTIALS, forcePathStyle: true, maxAttempts: 1 });
  return { process: started, client, endpoint };
};

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

/** What may stand under a key when the process dies: what was acknowledged last, or what was on its way. */
interface Expectation {
  acknowledged: string | undefined;
  underWay: string | undefined;
}

const filesIn = (path: string) => readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;

describe('a process that is killed while it writes', () => {
  it('has kept every acknowledged object whole, and no half one', { timeout: 120_000 }, async () => {
    const expected = new Map<string, Expectation>();
    const acknowledgedEvents = new Set<string>();

    const writer = async (client: S3Client, name: string, onAcknowledged: () => void): Promise<void> => {
      for (let turn = 0; ; turn++) {
        const key = `${name}/${turn % 3}`;
        const body = randomBytes(1 + Math.floor(Math.random() * 200_000));
        const expectation = expected.get(key) ?? { acknowledged: undefined, underWay: undefined };
        expected.set(key, { ...expectation, underWay: sha(body) });
        const etag = turn % 4 === 3 ? await inParts(client, key, body) : await inOne(client, key, body);
        expected.set(key, { acknowledged: sha(body), underWay: undefined });
        acknowledgedEvents.add(`${key} ${etag}`);
        onAcknowledged();
      }
    };

    for (let round = 0; round < 4; round++) {
      const { process: running, client } = await startChild();
      const writers: Promise<void>[] = [];
      await new Promise<void>((resolve) => {
        let acknowledged = 0;
        for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) writers.push(writer(client, name, () => ++acknowledged === 40 && resolve()));
      });
      const ends = Promise.allSettled(writers);
      const gone = once(running, 'exit');
      running.kill('SIGKILL');
      await gone;
      expect((await ends).every(({ status }) => status === 'rejected')).toBe(true);
      client.destroy();
      await verify(expected);
    }

    const accepted = readFileSync(join(folder, 'accepted.jsonl'), 'utf8').trimEnd().split('\n').map(eventName);
    const resent = await undelivered();
    const seen = new Set([...accepted, ...resent]);
    expect([...acknowledgedEvents].filter((event) => !seen.has(event))).toEqual([]);
  });

  const inOne = async (client: S3Client, Key: string, Body: Buffer): Promise<string> => {
    await client.send(new PutObjectCommand({ Bucket, Key, Body }));
    return md5(Body);
  };

  const inParts = async (client: S3Client, Key: string, Body: Buffer): Promise<string> => {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: 'SHA256' }));
    const { ETag, ChecksumSHA256 } = await client.send(
      new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body, ChecksumAlgorithm: 'SHA256' }),
    );
    await client.send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag, ChecksumSHA256 }] } }),
    );
    return `${md5(createHash('md5').update(Body).digest())}-1`;
  };

  /** Opens the folder as the next start would, and takes what is there as the truth for the next round. */
  const verify = async (expected: Map<string, Expectation>): Promise<void> => {
    const s3 = openS3({ folder });
    try {
      for (const [key, { acknowledged, underWay }] of expected) {
        const found = await digestIn(s3, key);
        expect([acknowledged, underWay]).toContain(found);
        expected.set(key, { acknowledged: found, underWay: undefined });
      }
      expect(filesIn(join(folder, 's3-bytes', 'incoming'))).toBe(0);
    } finally {
      s3.close();
    }
  };

  const digestIn = async (s3: S3, key: string): Promise<string | undefined> => {
    const stored = s3.read(Bucket, key);
    return stored === undefined ? undefined : sha(Buffer.concat(await stored.stream().toArray()));
  };

  const eventName = (line: string): string => {
    const { detail } = JSON.parse(line);
    return `${detail.object.key} ${detail.object.etag}`;
  };

  /** What an open hands to a listener that was not there before; a marker object ends it. */
  const undelivered = async (): Promise<string[]> => {
    const s3 = openS3({ folder });
    const names: string[] = [];
    const body = Readable.from([Buffer.from('end')]);
    await s3.handle({
      method: 'PUT',
      path: `/${Bucket}/end`,
      query: new URLSearchParams(),
      headers: { 'content-length': '3' },
      body,
      caller: ROOT,
    });
    await new Promise<void>((resolve) => {
      s3.onObjectCreated(async (event) => {
        names.push(eventName(JSON.stringify(event)));
        if (names.at(-1)?.startsWith('end ')) resolve();
      });
    });
    s3.close();
    return names;
  };
});

describe('opening a folder', () => {
  it('sweeps away what a killed process left behind, and nothing else', async () => {
    const s3 = openS3({ folder });
    s3.createBucket(Bucket, {});
    const put = (key: string) =>
      s3.handle({
        method: 'PUT',
        path: `/${Bucket}/${key}`,
        query: new URLSearchParams(),
        headers: { 'content-length': '4' },
        body: Readable.from([Buffer.from('kept')]),
        caller: ROOT,
      });
    await put('kept');
    s3.close();
    mkdirSync(join(folder, 's3-bytes', 'blobs', 'zz'), { recursive: true });
    writeFileSync(join(folder, 's3-bytes', 'blobs', 'zz', 'orphan'), 'renamed, but never named by a row');
    writeFileSync(join(folder, 's3-bytes', 'incoming', 'half'), 'half');
    const again = openS3({ folder });
    expect([
      existsSync(join(folder, 's3-bytes', 'blobs', 'zz', 'orphan')),
      existsSync(join(folder, 's3-bytes', 'incoming', 'half')),
    ]).toEqual([false, false]);
    const stored = again.read(Bucket, 'kept');
    expect(Buffer.concat((await stored?.stream().toArray()) ?? []).toString()).toBe('kept');
    again.close();
  });
});

describe('a film of 200 MB', () => {
  it('passes through without being held in memory', { timeout: 120_000 }, async () => {
    const { process: running, client, endpoint } = await startChild();
    const peak = async (): Promise<number> => {
      running.send('peak');
      const [{ peakBytes }] = await once(running, 'message');
      return peakBytes;
    };
    // The first upload loads code and buffers that stay.
    await client.send(new PutObjectCommand({ Bucket, Key: 'warm', Body: Buffer.alloc(8_000_000) }));
    const before = await peak();

    const block = randomBytes(1_000_000);
    const digest = createHash('sha256');
    const film = function* () {
      for (let index = 0; index < 200; index++) {
        digest.update(block);
        yield block;
      }
    };
    const sent = request(`${endpoint}/${Bucket}/film`, { method: 'PUT', headers: { 'content-length': '200000000' } });
    const answered = once(sent, 'response');
    await pipeline(Readable.from(film()), sent);
    const [response] = await answered;
    expect(response.statusCode).toBe(200);

    const read = await client.send(new GetObjectCommand({ Bucket, Key: 'film' }));
    const received = createHash('sha256');
    if (!(read.Body instanceof Readable)) throw new TypeError('the SDK reads streams in Node');
    for await (const chunk of read.Body) received.update(chunk);
    expect(received.digest('hex')).toBe(digest.digest('hex'));
    const growth = (await peak()) - before;
    expect(growth).toBeLessThan(80_000_000);
    client.destroy();
  });
});
