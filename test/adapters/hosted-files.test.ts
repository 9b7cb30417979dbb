import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostedFile, HostedFiles } from '#shared/ports.ts';
import { HOSTED_BUCKET } from '../../local/resources.ts';
import { openScripted } from './scripted.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let files: HostedFiles;
let operator: S3Client;

const load = async () => (await import('#adapters/s3/hosted-files.ts')).s3HostedFiles();

beforeAll(async () => {
  stage = await openStage();
  files = await stage.as('on-credential-changed', load);
  operator = new S3Client(stage.operator);
});
afterAll(async () => {
  operator.destroy();
  await stage.close();
});

let number = 0;
const aFile = (over: Partial<HostedFile> = {}): HostedFile => {
  number += 1;
  return {
    key: `c/${number}.json`,
    body: '{"ü": "😀"}',
    contentType: 'application/vc+ld+json',
    cacheControl: 'public, max-age=60',
    ...over,
  };
};

const read = async (key: string) => {
  const { Body, ContentType, CacheControl } = await operator.send(new GetObjectCommand({ Bucket: HOSTED_BUCKET, Key: key }));
  return { body: await Body?.transformToString(), contentType: ContentType, cacheControl: CacheControl };
};

describe('a file that is created', () => {
  it('stands as it was given', async () => {
    const file = aFile();
    await files.create(file);
    const { key, ...rest } = file;
    expect(await read(key)).toEqual(rest);
  });

  it('may be bytes', async () => {
    const file = aFile({ body: new Uint8Array([0x50, 0x4e, 0x47]) });
    await files.create(file);
    await files.create(file);
    expect((await read(file.key)).body).toBe('PNG');
  });

  it('may be created again with the same bytes, also when the first answer was lost', async () => {
    const file = aFile();
    await files.create(file);
    await files.create(file);
    const lost = aFile();
    stage.befall('s3 PUT', 'lose');
    await files.create(lost);
    expect((await read(lost.key)).body).toBe(lost.body);
  });

  it('is never created again with other bytes', async () => {
    const file = aFile();
    await files.create(file);
    await expect(files.create({ ...file, body: '{}' })).rejects.toThrow(`${file.key} is already published with other bytes`);
    expect((await read(file.key)).body).toBe(file.body);
  });

  it('by many at once has the bytes of one, and the others are told', async () => {
    const file = aFile();
    const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd', 'a'].map((body) => files.create({ ...file, body })));
    const winner = (await read(file.key)).body;
    expect(outcomes.map(({ status }) => status)).toEqual(
      ['a', 'b', 'c', 'd', 'a'].map((body) => (body === winner ? 'fulfilled' : 'rejected')),
    );
  });

  it('can be created once more after it was removed', async () => {
    const file = aFile();
    await files.create(file);
    await files.remove(file.key);
    await files.create({ ...file, body: 'again' });
    expect((await read(file.key)).body).toBe('again');
  });
});

describe('a file that is replaced', () => {
  it('is there afterwards, whether or not it was before', async () => {
    const file = aFile();
    await files.replace(file);
    await files.replace({ ...file, body: 'second' });
    expect((await read(file.key)).body).toBe('second');
  });
});

describe('a swap', () => {
  it('replaces what was read, and nothing that came after', async () => {
    const file = aFile();
    expect(await files.swap(file, undefined)).toBe(true);
    const seen = await files.etag(file.key);
    expect(await files.swap({ ...file, body: 'second' }, seen)).toBe(true);
    expect(await files.swap({ ...file, body: 'third' }, seen)).toBe(false);
    expect((await read(file.key)).body).toBe('second');
  });

  it('into an empty place is refused if someone was first', async () => {
    const file = aFile();
    await files.create(file);
    expect(await files.swap({ ...file, body: 'late' }, undefined)).toBe(false);
  });

  it('of what was removed meanwhile is refused', async () => {
    const file = aFile();
    await files.create(file);
    const seen = await files.etag(file.key);
    await files.remove(file.key);
    expect(await files.swap(file, seen)).toBe(false);
    expect(await files.etag(file.key)).toBeUndefined();
  });

  it.each(['an empty place', 'what all have read'])('that races others for %s is won by one', async (place) => {
    const file = aFile();
    if (place !== 'an empty place') await files.create(file);
    const seen = await files.etag(file.key);
    const bodies = ['a', 'b', 'c', 'd', 'e', 'f'];
    const won = await Promise.all(bodies.map((body) => files.swap({ ...file, body }, seen)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect((await read(file.key)).body).toBe(bodies[won.indexOf(true)]);
  });
});

describe('the mark of a file', () => {
  it('changes with its bytes, and is nothing where there is no file', async () => {
    const file = aFile();
    expect(await files.etag(file.key)).toBeUndefined();
    await files.create(file);
    const first = await files.etag(file.key);
    await files.replace({ ...file, body: 'second' });
    expect(first).toMatch(/^"[0-9a-f]{32}"$/);
    expect(await files.etag(file.key)).not.toBe(first);
  });
});

describe('a removal', () => {
  it('takes the file away, and one that is not there is no mistake', async () => {
    const file = aFile();
    await files.create(file);
    await files.remove(file.key);
    await files.remove(file.key);
    await expect(read(file.key)).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('what S3 may say besides', () => {
  it('another write to the same key is under way: whoever asks again finds its result', async () => {
    const scripted = await openScripted();
    const far = await scripted.load(load);
    const underWay = { status: 409, body: '<Error><Code>ConditionalRequestConflict</Code></Error>' };
    scripted.answers(underWay, { body: 'the same' });
    await expect(far.create(aFile({ body: 'the same' }))).resolves.toBeUndefined();
    scripted.answers(underWay, { body: 'other' });
    await expect(far.create(aFile({ body: 'the same' }))).rejects.toThrow('already published with other bytes');
    scripted.answers(underWay);
    expect(await far.swap(aFile(), '"seen"')).toBe(false);
    await scripted.close();
  });

  it('a failure that is no conflict is one: nobody takes it for "not there" or "someone was first"', async () => {
    const scripted = await openScripted();
    const far = await scripted.load(load);
    scripted.answers({ status: 403, body: '<Error><Code>AccessDenied</Code></Error>' });
    for (const work of [
      () => far.create(aFile()),
      () => far.replace(aFile()),
      () => far.swap(aFile(), undefined),
      () => far.remove('c/1.json'),
    ])
      await expect(work()).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(far.etag('c/1.json')).rejects.toBeInstanceOf(Error);
    await scripted.close();
    await expect(far.etag('c/1.json')).rejects.toBeInstanceOf(Error);
  });
});
