import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnnouncedFile } from '#domain/evidence.ts';
import { Sha256 } from '#domain/ids.ts';
import { SINGLE_UPLOAD_BYTES_MAX } from '#domain/upload.ts';
import type { EvidenceStore } from '#shared/ports.ts';
import { EVIDENCE_BUCKET } from '../../local/resources.ts';
import { aFile } from '../factories.ts';
import { openScripted } from './scripted.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let store: EvidenceStore;
let operator: S3Client;

beforeAll(async () => {
  stage = await openStage();
  operator = new S3Client(stage.operator);
});
afterAll(async () => {
  operator.destroy();
  await stage.close();
});

const load = async () => (await import('#adapters/s3/evidence-store.ts')).s3EvidenceStore();

const sha256 = (bytes: Uint8Array): Sha256 => Sha256.parse(createHash('sha256').update(bytes).digest('hex'));

const announcing = (bytes: Uint8Array, over: Partial<AnnouncedFile> = {}): AnnouncedFile =>
  aFile({ bytes: bytes.byteLength, sha256: sha256(bytes), ...over });

let number = 0;
const aKey = (): string => {
  number += 1;
  return `evidence/tenant/enrolment/submission/item-${number}`;
};

describe('an address for an upload', () => {
  const bytes = Buffer.from('What I learned. 😀');
  beforeAll(async () => {
    store = await stage.as('learner-api', load);
  });

  const put = async (url: string, headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<number> => {
    const answer = await fetch(url, { method: 'PUT', headers, body: new Uint8Array(body) });
    await answer.arrayBuffer();
    return answer.status;
  };

  it('takes the announced bytes, once', async () => {
    const { url, headers } = await store.presignPut(aKey(), announcing(bytes), 900);
    expect(headers).toEqual({
      'content-length': String(bytes.byteLength),
      'content-type': 'text/markdown',
      'if-none-match': '*',
      'x-amz-checksum-sha256': createHash('sha256').update(bytes).digest('base64'),
    });
    expect(await put(url, headers, bytes)).toBe(200);
    expect(await put(url, headers, bytes)).toBe(412);
  });

  it('signs every promise as a header, hides none in the query, and adds no checksum of its own', async () => {
    const { url } = await store.presignPut(aKey(), announcing(bytes), 900);
    const query = new URL(url).searchParams;
    expect(query.get('X-Amz-SignedHeaders')).toBe('content-length;content-type;host;if-none-match;x-amz-checksum-sha256');
    expect(query.get('X-Amz-Expires')).toBe('900');
    expect([...query.keys()].filter((name) => /checksum|crc/i.test(name))).toEqual([]);
  });

  it.each<[string, (headers: Record<string, string>) => [Record<string, string>, Uint8Array], readonly number[]]>([
    ['other bytes of the same length', (headers) => [headers, Buffer.from('x'.repeat(bytes.byteLength))], [400]],
    [
      'other bytes and their own digest',
      (headers) => [{ ...headers, 'x-amz-checksum-sha256': createHash('sha256').update('x').digest('base64') }, bytes],
      [403],
    ],
    ['no digest at all', ({ 'x-amz-checksum-sha256': _, ...headers }) => [headers, bytes], [403]],
    ['another type', (headers) => [{ ...headers, 'content-type': 'text/html' }, bytes], [403]],
    ['leave to overwrite', ({ 'if-none-match': _, ...headers }) => [headers, bytes], [403]],
    ['more bytes', ({ 'content-length': _, ...headers }) => [headers, Buffer.concat([bytes, bytes])], [403]],
  ])('does not take %s', async (_title, spoil, statuses) => {
    const { url, headers } = await store.presignPut(aKey(), announcing(bytes), 900);
    expect(statuses).toContain(await put(url, ...spoil({ ...headers })));
  });

  it('is good for one key only', async () => {
    const { url, headers } = await store.presignPut(aKey(), announcing(bytes), 900);
    expect(await put(url.replace(/item-\d+/, 'item-of-another'), headers, bytes)).toBe(403);
  });

  it('is made without asking S3, up to the largest single upload', async () => {
    stage.calls.length = 0;
    const { headers } = await store.presignPut(aKey(), announcing(bytes, { bytes: SINGLE_UPLOAD_BYTES_MAX }), 900);
    expect(headers['content-length']).toBe('104857600');
    expect(stage.calls).toEqual([]);
  });
});

describe('the inspection of a file', () => {
  beforeAll(async () => {
    store = await stage.as('on-evidence-uploaded', load);
  });

  const stored = async (body: Uint8Array | string): Promise<{ key: string; versionId: string }> => {
    const key = aKey();
    const { VersionId = '' } = await operator.send(new PutObjectCommand({ Bucket: EVIDENCE_BUCKET, Key: key, Body: body }));
    return { key, versionId: VersionId };
  };

  const inspected = async (body: Uint8Array | string) => {
    const { key, versionId } = await stored(body);
    const found = await store.inspect(key, versionId);
    if (found === undefined) throw new Error(`${key} is not there`);
    return { ...found, versionId };
  };

  it('tells its length, its digest and which version it read', async () => {
    const bytes = randomBytes(1000);
    const { key, versionId } = await stored(bytes);
    expect(await store.inspect(key, versionId)).toMatchObject({ versionId, bytes: 1000, sha256: sha256(bytes) });
  });

  it('reads the version that was reported, not a later one', async () => {
    const first = await stored('first');
    await operator.send(new PutObjectCommand({ Bucket: EVIDENCE_BUCKET, Key: first.key, Body: 'second' }));
    expect(await store.inspect(first.key, first.versionId)).toMatchObject({ bytes: 5, facts: { head: 'first' } });
  });

  it.each<[string, Uint8Array | string]>([
    ['nothing', Buffer.alloc(0)],
    ['plain letters', 'What I learned.'],
    ['every alphabet', 'ünï😀 Ω — \u2028'],
    ['a byte order mark before letters', '\uFEFFWhat I learned.'],
    ['letters that fall apart between pieces of the stream', `x${'ü😀'.repeat(60_000)}`],
  ])('takes %s for text', async (_title, body) => {
    const { facts } = await inspected(body);
    expect(facts.text).toBe(true);
    expect(facts.head).toBe(
      String(body)
        .replace(/^\uFEFF/, '')
        .slice(0, 200),
    );
  });

  it.each<[string, Uint8Array]>([
    ['a character cut off at the end', Buffer.from('What I learned. 😀').subarray(0, -1)],
    ['half a character in the middle', Buffer.concat([Buffer.from('ab'), Buffer.from('😀').subarray(0, 2), Buffer.from('cd')])],
    ['bytes of another encoding', Buffer.from('grüß dich', 'latin1')],
    ['two bytes a character', Buffer.from('grüß dich', 'utf16le')],
    ['a NUL', Buffer.from('What\0I learned')],
    ['a NUL far behind the beginning', Buffer.concat([Buffer.alloc(400_000, 'x'), Buffer.from([0])])],
    ['a stray byte after four hundred thousand letters', Buffer.concat([Buffer.alloc(400_000, 'x'), Buffer.from([0xff])])],
  ])('does not take %s for text', async (_title, body) => {
    expect((await inspected(body)).facts.text).toBe(false);
  });

  it.each<[string, Uint8Array | string, string | undefined]>([
    ['a PDF', '%PDF-1.7\n%\u00e2\u00e3', 'application/pdf'],
    ['a PNG', Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex'), 'image/png'],
    ['a film', Buffer.from('000000186674797069736f6d0000020069736f6d6d703432', 'hex'), 'video/mp4'],
    ['a program', Buffer.from('4d5a90000300000004000000ffff0000', 'hex'), 'application/x-msdownload'],
    ['a page that says it is an essay', '<!doctype html><script>alert(1)</script>', undefined],
    ['an essay', 'What I learned.', undefined],
  ])('finds the signature of %s', async (_title, body, signature) => {
    expect((await inspected(body)).facts.signature).toBe(signature);
  });

  it('reads thirty megabytes in pieces, and once', async () => {
    const key = aKey();
    const piece = randomBytes(1024 * 1024);
    const hash = createHash('sha256');
    const pieces = function* () {
      for (let n = 0; n < 30; n += 1) {
        hash.update(piece);
        yield piece;
      }
    };
    const Body = Readable.from(pieces());
    const { VersionId = '' } = await operator.send(
      new PutObjectCommand({ Bucket: EVIDENCE_BUCKET, Key: key, Body, ContentLength: 30 * piece.byteLength }),
    );
    stage.calls.length = 0;
    expect(await store.inspect(key, VersionId)).toMatchObject({
      bytes: 30 * 1024 * 1024,
      sha256: hash.digest('hex'),
      facts: { text: false },
    });
    expect(stage.calls).toEqual(['s3 GET']);
  });

  it('of a file that is not there, or no longer, finds nothing', async () => {
    const { key, versionId } = await stored('gone soon');
    await operator.send(new DeleteObjectCommand({ Bucket: EVIDENCE_BUCKET, Key: key, VersionId: versionId }));
    expect(await store.inspect(key, versionId)).toBeUndefined();
    expect(await store.inspect(aKey(), versionId)).toBeUndefined();
    const { key: other } = await stored('another version');
    expect(await store.inspect(other, versionId)).toBeUndefined();
  });

  it('in a bucket that is not there fails, since the deployment is then wrong', async () => {
    process.env.EVIDENCE_BUCKET = 'no-such-bucket';
    await expect(store.inspect(aKey(), 'any')).rejects.toMatchObject({ name: expect.stringMatching(/NoSuchBucket|AccessDenied/) });
    process.env.EVIDENCE_BUCKET = EVIDENCE_BUCKET;
  });

  it('that breaks off fails, so that it is done again', async () => {
    const { key, versionId } = await stored(randomBytes(1000));
    const scripted = await openScripted();
    const far = await scripted.load(load);
    scripted.answers({ status: 500 });
    await expect(far.inspect(key, versionId)).rejects.toBeInstanceOf(Error);
    await scripted.close();
  });
});
