import { ListObjectsV2Command, type ListObjectsV2CommandInput, PutObjectCommand } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, refusal, startS3 } from './harness.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await startS3();
});
afterAll(async () => harness.stop());

const fill = async (Bucket: string, keys: readonly string[]) => {
  harness.s3.createBucket(Bucket, {});
  for (const Key of keys) await harness.client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
};

const list = (input: ListObjectsV2CommandInput) => harness.client.send(new ListObjectsV2Command(input));

const pages = async (input: ListObjectsV2CommandInput) => {
  const told: string[][] = [];
  let token: string | undefined;
  do {
    const page = await list({ ...input, ContinuationToken: token });
    told.push([...(page.Contents ?? []).map(({ Key }) => Key ?? ''), ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix ?? '')]);
    expect(page.KeyCount).toBe(told.at(-1)?.length);
    token = page.NextContinuationToken;
    expect(page.IsTruncated).toBe(token !== undefined);
  } while (token !== undefined);
  return told;
};

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe('a list of objects', () => {
  it('tells keys in the order of their UTF-8 bytes, with size and entity tag', async () => {
    const keys = ['Z', 'a', 'a/b', 'a0', 'z', 'é', '\u{ffee}', '\u{1f393}'];
    await fill('order', keys.toReversed());
    const listed = await list({ Bucket: 'order' });
    expect(listed.Contents?.map(({ Key }) => Key)).toEqual(keys.toSorted(byBytes));
    expect(listed.Contents?.[0]).toMatchObject({
      Size: 1,
      ETag: '"9dd4e461268c8034f5c8564e155c67a6"',
      StorageClass: 'STANDARD',
      ChecksumAlgorithm: ['CRC32'],
      LastModified: expect.any(Date),
    });
    expect(listed).toMatchObject({ Name: 'order', KeyCount: 8, MaxKeys: 1000, IsTruncated: false });
  });

  it('can be narrowed to a prefix, rolled up at a delimiter and started after a key', async () => {
    await fill('tree', ['a', 'c/1/x', 'c/1/y', 'c/2', 'c/3/z', 'd/1', 'e']);
    expect(await pages({ Bucket: 'tree', Prefix: 'c/' })).toEqual([['c/1/x', 'c/1/y', 'c/2', 'c/3/z']]);
    expect(await pages({ Bucket: 'tree', Prefix: 'c/', Delimiter: '/' })).toEqual([['c/2', 'c/1/', 'c/3/']]);
    expect(await pages({ Bucket: 'tree', Delimiter: '/' })).toEqual([['a', 'e', 'c/', 'd/']]);
    expect(await pages({ Bucket: 'tree', StartAfter: 'c/2' })).toEqual([['c/3/z', 'd/1', 'e']]);
    expect(await pages({ Bucket: 'tree', Prefix: 'nothing' })).toEqual([[]]);
    expect(await pages({ Bucket: 'tree', Prefix: 'c/2' })).toEqual([['c/2']]);
    expect(await pages({ Bucket: 'tree', MaxKeys: 0 })).toEqual([[]]);
  });

  it('tells every key and prefix once, however it is cut into pages', async () => {
    let run = 0;
    const key = fc
      .array(fc.constantFrom('a', 'b', '/', '\u{10ffff}', '\u0000'), { minLength: 1, maxLength: 5 })
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { maxLength: 12 }),
        fc.constantFrom('', 'a', 'a/'),
        fc.constantFrom('', '/', 'b'),
        async (keys, prefix, delimiter) => {
          const Bucket = `pages-${run++}`;
          await fill(Bucket, keys);
          const chosen = keys.filter((one) => one.startsWith(prefix));
          const rolledUp = chosen.map((one) => {
            const at = delimiter === '' ? -1 : one.indexOf(delimiter, prefix.length);
            return at === -1 ? one : one.slice(0, at + delimiter.length);
          });
          const expected = [...new Set(rolledUp)].toSorted(byBytes);
          for (const MaxKeys of [1, 3, 1000]) {
            const told = await pages({ Bucket, MaxKeys, Prefix: prefix, Delimiter: delimiter, EncodingType: 'url' });
            const decoded = told.flat().map((one) => decodeURIComponent(one.replaceAll('+', ' ')));
            expect(decoded.toSorted(byBytes)).toEqual(expected);
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it('leaves out no key that lies directly behind another', async () => {
    const keys = ['a', 'a\u0000', 'a\u0000\u0000', 'a\u0001'];
    await fill('behind', keys);
    expect((await pages({ Bucket: 'behind', MaxKeys: 1, EncodingType: 'url' })).flat()).toEqual(keys.map(encodeURIComponent));
  });

  it('can be asked for URL-encoded, since XML cannot hold every key', async () => {
    await fill('encoded', ['a b+c/ü~*(1).png', 'x\u0002y']);
    const listed = await list({ Bucket: 'encoded', EncodingType: 'url', Prefix: '', StartAfter: ' !' });
    expect(listed.Contents?.map(({ Key }) => Key)).toEqual(['a+b%2Bc/%C3%BC%7E*%281%29.png', 'x%02y']);
    expect(listed).toMatchObject({ EncodingType: 'url', StartAfter: '+%21' });
  });

  it('refuses what it does not understand', async () => {
    harness.s3.createBucket('refusing', {});
    expect(await refusal(list({ Bucket: 'refusing', ContinuationToken: 'forged' }))).toEqual({ name: 'InvalidArgument', status: 400 });
    expect(await refusal(list({ Bucket: 'refusing', MaxKeys: -1 }))).toEqual({ name: 'InvalidArgument', status: 400 });
    expect((await fetch(`${harness.endpoint}/refusing?list-type=1`)).status).toBe(400);
    expect((await fetch(`${harness.endpoint}/refusing`)).status).toBe(501);
  });
});
