import { existsSync, readdirSync, statSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openS3 } from '../../../local/aws/s3/s3.ts';
import { child, parseXml } from '../../../local/aws/s3/xml.ts';
import { type Harness, refusal, startS3 } from './harness.ts';

let harness: Harness;
const Bucket = 'target';

beforeAll(async () => {
  harness = await startS3();
  harness.s3.createBucket(Bucket, {});
});
afterAll(async () => harness.stop());

/** The path exactly as written, which `fetch` would tidy up first. */
const send = (
  method: string,
  path: string,
  { body = '', headers = {} }: { body?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; code: string | undefined; text: string }> =>
  new Promise((resolve, reject) => {
    const sent = request(
      harness.endpoint,
      { method, path, headers: { 'content-length': String(Buffer.byteLength(body)), ...headers } },
      async (response) => {
        const text = Buffer.concat(await response.toArray()).toString();
        resolve({ status: response.statusCode ?? 0, code: /<Code>(.*?)<\/Code>/.exec(text)?.[1], text });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });

describe('a path that wants out', () => {
  it.each([
    '/target/../../../../assay-escaped',
    '/target/%2e%2e%2f%2e%2e%2fassay-escaped',
    '/target//etc/passwd',
    '/target/..',
    '/target/a%00b',
  ])('%s is a key and nothing more', async (path) => {
    const folder = () => readdirSync(harness.folder).toSorted();
    const before = folder();
    expect((await send('PUT', path, { body: 'x' })).status).toBe(200);
    expect(await send('GET', path)).toMatchObject({ status: 200, text: 'x' });
    expect(folder()).toEqual(before);
    expect([existsSync('/assay-escaped'), existsSync(join(harness.folder, '..', 'assay-escaped'))]).toEqual([false, false]);
  });

  it.each(['/target/%ff', '/target/%c3%28', '/target/%', '/%ff/x', '/'])('%s is no address', async (path) => {
    expect(await send('GET', path)).toMatchObject({ status: 400, code: 'InvalidURI' });
  });
});

describe('an operation that is not built', () => {
  it.each([
    'acl',
    'policy',
    'lifecycle',
    'encryption',
    'notification',
    'object-lock',
    'legal-hold',
    'retention',
    'renameObject',
    'torrent',
    'website',
  ])('PUT ?%s is refused, not taken for a write', async (subresource) => {
    expect(await send('PUT', `/target/kept?${subresource}`, { body: 'x' })).toMatchObject({ status: 501, code: 'NotImplemented' });
    expect(await send('PUT', `/target?${subresource}`, { body: 'x' })).toMatchObject({ status: 501, code: 'NotImplemented' });
    expect((await send('GET', '/target/kept')).status).toBe(404);
  });

  it.each([
    ['x-amz-object-lock-mode', 'GOVERNANCE'],
    ['x-amz-server-side-encryption', 'aws:kms'],
    ['x-amz-server-side-encryption-customer-algorithm', 'AES256'],
    ['x-amz-acl', 'public-read'],
    ['x-amz-grant-read', 'id=1'],
    ['x-amz-storage-class', 'GLACIER'],
    ['x-amz-write-offset-bytes', '3'],
  ])('the header %s: %s is refused, not dropped', async (name, value) => {
    expect(await send('PUT', '/target/kept', { body: 'x', headers: { [name]: value } })).toMatchObject({
      status: 501,
      code: 'NotImplemented',
    });
  });

  it.each([
    ['POST', '/target/key'],
    ['PATCH', '/target/key'],
    ['DELETE', '/target'],
  ])('%s %s is not allowed', async (method, path) => {
    expect(await send(method, path)).toMatchObject({ status: 405, code: 'MethodNotAllowed' });
  });
});

describe('XML', () => {
  it.each([
    ['a document type', '<!DOCTYPE Delete [<!ENTITY a "b">]><Delete><Object><Key>a</Key></Object></Delete>'],
    ['an unknown entity', '<Delete><Object><Key>&a;</Key></Object></Delete>'],
    ['an entity named like a member of every object', '<Delete><Object><Key>&constructor;</Key></Object></Delete>'],
    ['a character that is none', '<Delete><Object><Key>&#xd800;</Key></Object></Delete>'],
    ['tags that cross', '<Delete><Object><Key>a</Object></Key></Delete>'],
    ['an open end', '<Delete><Object><Key>a</Key></Object>'],
    ['two roots', '<Delete/><Delete/>'],
    ['text beside the root', '<Delete/>x'],
    ['great depth', `${'<a>'.repeat(50)}${'</a>'.repeat(50)}`],
    ['nothing', ''],
  ])('with %s is malformed', (_, body) => {
    expect(() => parseXml(body)).toThrow(expect.objectContaining({ code: 'MalformedXML' }));
  });

  it('keeps the spaces of a key, and every character that can be written', () => {
    const parsed = parseXml(
      '<?xml version="1.0"?>\n<!-- c --><s:Delete xmlns:s="x"><Key a=\'1\'> &lt;&#x1f393;&#13;&amp;amp; </Key><Quiet/></s:Delete>\n',
    );
    expect([parsed.name, child(parsed, 'Key')?.text, child(parsed, 'Quiet')?.text]).toEqual(['Delete', ' <🎓\r&amp; ', '']);
  });

  it('is read in time that grows with its length', () => {
    // Each would take a backtracking parser longer than the universe lasts.
    for (const body of [
      `<a${' b="c"'.repeat(50_000)}`,
      `<a ${'b'.repeat(100_000)}`,
      `<!--${'-'.repeat(100_000)}`,
      '<'.repeat(100_000),
      `<a>${'&'.repeat(100_000)}`,
    ]) {
      expect(() => parseXml(body)).toThrow(expect.objectContaining({ code: 'MalformedXML' }));
    }
  });

  it('of a list to delete must be digested by its sender', async () => {
    expect(await send('POST', '/target?delete', { body: '<Delete><Object><Key>a</Key></Object></Delete>' })).toMatchObject({
      status: 400,
      code: 'InvalidRequest',
    });
  });
});

describe('the name of a bucket', () => {
  it.each(['Up', 'UPPER', 'a_b', 'a', 'x'.repeat(64), '-a-b', 'a..b', '192.168.0.1', 'a.-b'])('%s is refused', async (name) => {
    expect(() => harness.s3.createBucket(name, {})).toThrow(expect.objectContaining({ code: 'InvalidBucketName' }));
    expect(await send('PUT', `/${name}`)).toMatchObject({ status: 400, code: 'InvalidBucketName' });
  });

  it('may be created again by its owner, and keeps what it holds', async () => {
    await harness.client.send(new PutObjectCommand({ Bucket, Key: 'stays', Body: 'x' }));
    await harness.client.send(new CreateBucketCommand({ Bucket }));
    expect((await send('GET', '/target/stays')).text).toBe('x');
  });
});

describe('an error', () => {
  it('repeats what was asked without letting it become markup', async () => {
    const { text, code } = await send('GET', "/target/<script>alert('1')</script>");
    expect(code).toBe('NoSuchKey');
    expect(text).not.toContain('<script>');
  });

  it('carries the id of its request', async () => {
    const answer = await fetch(`${harness.endpoint}/target/absent`);
    expect(await answer.text()).toContain(`<RequestId>${answer.headers.get('x-amz-request-id')}</RequestId>`);
  });
});

describe('the folder', () => {
  it('is closed to other users of the machine', () => {
    const modes = ['s3.sqlite', 's3-bytes/blobs', 's3-bytes/incoming'].map((name) => statSync(join(harness.folder, name)).mode & 0o077);
    expect(modes).toEqual([0, 0, 0]);
  });

  it('belongs to one process at a time', () => {
    expect(() => openS3({ folder: harness.folder })).toThrow(/locked/);
  });
});

describe('an upload that is refused early', () => {
  it('is read to its end all the same, so that its connection can be used again', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const put = (headers: Record<string, string>, bytes: number) =>
      new Promise<{ status: number | undefined; port: number | undefined }>((resolve, reject) => {
        const sent = request(`${harness.endpoint}/target/early`, {
          method: 'PUT',
          agent,
          headers: { 'content-length': String(bytes), ...headers },
        });
        let port: number | undefined;
        sent.on('error', reject);
        sent.on('socket', (socket) => {
          port = socket.localPort;
        });
        sent.on('response', (response) => response.resume().on('end', () => resolve({ status: response.statusCode, port })));
        sent.end(Buffer.alloc(bytes));
      });
    const malformed = { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'x-amz-decoded-content-length': '9' };
    const opened = await put({}, 10);
    expect(await put(malformed, 20_000_000)).toEqual({ status: 400, port: opened.port });
    expect(await put({}, 10)).toEqual({ status: 200, port: opened.port });
    agent.destroy();
  });

  it('leaves the connection usable, although the client is still sending', async () => {
    const large = 'x'.repeat(3_000_000);
    expect(await refusal(harness.client.send(new PutObjectCommand({ Bucket: 'nowhere', Key: 'a', Body: large })))).toEqual({
      name: 'NoSuchBucket',
      status: 404,
    });
    await harness.client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: large }));
    expect((await send('GET', '/target/a')).text.length).toBe(large.length);
  });
});
