import { hash } from 'node:crypto';
import { connect } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { bakePng } from '#openbadges/baked-png.ts';
import { bakeSvg } from '#openbadges/baked-svg.ts';
import { pngChunk, readPng, writePng } from '#openbadges/png-chunks.ts';
import { approve, badgeOf, passingMark, until } from '../../local/main-job.ts';
import { aForeignIssuer, type ForeignIssuer } from './a-foreign-issuer.ts';
import { problem } from './answers.ts';
import { enrolledAndHandedIn } from './learning.ts';
import { aMachine, type Site } from './machine.ts';
import { offered, reflection } from './offerings.ts';
import { ASSESSOR, staffed } from './staff.ts';

const MB = 1024 * 1024;
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><circle r="1"/></svg>';
/** The same in every run. */
const NOISE = Buffer.concat(Array.from({ length: 3_000 }, (_, place) => hash('sha256', String(place), 'buffer')));
const PICTURE = new Uint8Array(PNG.sync.write(new PNG({ width: 4, height: 4 })));

const Verdict = z.looseObject({
  verdict: z.string(),
  checks: z.array(z.looseObject({ name: z.string(), state: z.string(), code: z.string().optional() })),
});

let site: Site;
let foreign: ForeignIssuer;
let verificationUrl: string;
let credentialId: string;
let signed: string;

const post = async (contentType: string, body: string | Uint8Array) => {
  const response = await fetch(`${site.baseUrl}/v1/verifications`, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  return { status: response.status, body: JSON.parse(await response.text()) as unknown };
};
const ask = (request: object) => post('application/json', JSON.stringify(request));

/** The verdict, and the codes of what did not pass. */
const findings = ({ status, body }: Awaited<ReturnType<typeof post>>) => {
  expect(status).toBe(200);
  const { verdict, checks } = Verdict.parse(body);
  return [verdict, ...checks.flatMap(({ code }) => code ?? [])];
};

beforeAll(async () => {
  site = await aMachine();
  foreign = await aForeignIssuer();
  const connection = await staffed(site.client, ['verified']);
  const definition = await offered(site.client, reflection('verified'));
  const { enrolmentId, sealing } = await enrolledAndHandedIn(site.client, definition.id, { learner: 'maya' });
  await approve(site.client, connection, passingMark(definition, sealing, ASSESSOR.id));
  ({ verificationUrl, credentialId } = await badgeOf(site.client, enrolmentId, 'maya'));
  signed = await (await fetch(`${verificationUrl}.json`)).text();
});
afterAll(async () => {
  await foreign.close();
  await site.close();
});

describe('anyone may ask about a badge of ours, without a token', () => {
  it('and gets every check in the standard’s order', async () => {
    const { body } = await post('application/vc+ld+json', signed);
    expect(body).toMatchObject({
      verdict: 'valid',
      form: 'json',
      standard: 'open-badges-3',
      badge: { id: verificationUrl, name: 'Reflection (verified)' },
      document: JSON.parse(signed),
    });
    expect(Verdict.parse(body).checks.map(({ name, state }) => `${name} ${state}`)).toEqual(
      ['schema', 'issuer', 'proof', 'status', 'validity'].map((name) => `${name} passed`),
    );
  });

  it('in each form in which it is handed on', async () => {
    const png = bakePng(PICTURE, { credential: signed });
    for (const answer of [
      await post('application/json', signed),
      await ask({ credential: JSON.parse(signed) }),
      await post('image/png', png),
      await ask({ image: `data:image/png;base64,${Buffer.from(png).toString('base64')}` }),
      await post('image/svg+xml', bakeSvg(SVG, { credential: signed })),
      await ask({ url: verificationUrl }),
      await ask({ url: `${verificationUrl}.json` }),
      await ask({ url: verificationUrl.replace('127.0.0.1', 'localhost') }),
    ])
      expect(findings(answer)).toEqual(['valid']);
  });

  it('and whether it is Maya’s', async () => {
    const credential = JSON.parse(signed);
    expect(findings(await ask({ credential, recipientEmail: 'Maya@members.example' }))).toEqual(['valid']);
    expect(findings(await ask({ credential, recipientEmail: 'tom@members.example' }))).toEqual(['not-valid', 'recipient/different']);
  });

  it('and learns of every changed byte', async () => {
    for (const [from, to] of [
      ['Reflection (verified)', 'Reflection (verifies)'],
      [`/c/${credentialId}`, `/c/${credentialId.slice(1)}0`],
      ['"proofValue":"z', '"proofValue":"z2'],
    ] as const) {
      expect(signed).toContain(from);
      for (const answer of [
        await post('application/json', signed.replace(from, to)),
        await post('image/png', bakePng(PICTURE, { credential: signed.replace(from, to) })),
      ])
        expect(findings(answer)[0], from).toBe('not-valid');
    }
    const png = bakePng(PICTURE, { credential: signed });
    png[200] = (png[200] ?? 0) ^ 1;
    expect(await post('image/png', png)).toMatchObject(problem(400, 'verification/no-badge', { facts: { fault: 'bad-checksum' } }));
  });

  it('and a badge on hold is not valid until it is reinstated', async () => {
    const change = (what: string) =>
      site.client.call('POST', `/v1/credentials/${credentialId}/${what}`, { as: 'dana', body: { internalReason: 'A complaint.' } });
    const found = (code: string) =>
      until(`the verifier to say ${code}`, async () => {
        const all = findings(await ask({ url: verificationUrl }));
        return all.includes(code) ? all : undefined;
      });
    expect(await change('suspension')).toMatchObject({ status: 200 });
    const [verdict, code] = await found('not-valid');
    expect([verdict, code?.split('/')[0]]).toEqual(['not-valid', 'status']);
    expect(await change('reinstatement')).toMatchObject({ status: 200 });
    expect(await found('valid')).toEqual(['valid']);
  });
});

describe('anyone may ask about a badge of another issuer', () => {
  it('that hosts it, and hears when it is taken back', async () => {
    expect(findings(await post('application/json', JSON.stringify(foreign.assertion)))).toEqual(['valid']);
    expect(findings(await ask({ url: foreign.assertion.id, recipientEmail: 'learner@example.org' }))).toEqual(['valid']);
    expect(findings(await post('image/png', bakePng(PICTURE, { assertion: foreign.assertion.id })))).toEqual(['valid']);
    expect(findings(await post('application/json', JSON.stringify({ ...foreign.assertion, issuedOn: '2020-01-01T12:00:00Z' })))).toEqual([
      'not-valid',
      'proof/not-as-hosted',
    ]);
    foreign.answer('/assertions/1', (_request, response) => response.writeHead(410).end('{"revoked":true}'));
    expect(findings(await ask({ url: foreign.assertion.id }))).toEqual(['not-valid', 'status/revoked']);
    expect(findings(await post('application/json', JSON.stringify(foreign.assertion)))).toContain('status/revoked');
  });

  it('and an answer that would cost too much is none', async () => {
    foreign.answer('/bomb', (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(64 * MB))),
    );
    foreign.answer('/away', (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest/' }).end());
    foreign.answer('/round', (_request, response) => response.writeHead(302, { location: '/round' }).end());
    for (const path of ['/bomb', '/away', '/round', '/nothing'])
      expect(await ask({ url: `${foreign.url}${path}` }), path).toMatchObject(problem(422, 'verification/address-unreachable'));
    expect(foreign.asked.filter((path) => path === '/round')).toHaveLength(4);
  });
});

describe('the verifier is not sent inside', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'https://169.254.169.254/latest/meta-data/',
    'https://10.0.0.1/',
    'https://[::ffff:127.0.0.1]/',
    'https://0xa9fea9fe/',
    'http://badges.example.org/1',
    'https://user:secret@badges.example.org/1',
    'https://no-such-name.invalid/',
    'file:///etc/passwd',
    'ftp://127.0.0.1/',
    'http://127.0.0.1:22/',
    'nonsense',
    '',
  ])('to %s', async (url) => {
    expect(await ask({ url })).toMatchObject(problem(422, 'verification/address-refused'));
  });
});

describe('whatever anyone sends, the answer is a clear one', () => {
  const jws = (header: object, payload: string) =>
    `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${Buffer.from(payload).toString('base64url')}.AA`;
  const withText = (data: Buffer) => {
    const [header, ...rest] = z.array(z.custom<ReturnType<typeof pngChunk>>()).parse(readPng(PICTURE));
    return writePng([...(header ? [header] : []), pngChunk('iTXt', Buffer.concat([Buffer.from('openbadgecredential\0'), data])), ...rest]);
  };

  it.each<[number, string, string, () => string | Uint8Array]>([
    [400, 'random bytes', 'image/png', () => NOISE],
    [400, 'random bytes as JSON', 'application/json', () => NOISE],
    [400, 'random bytes as a JWT', 'application/jwt', () => NOISE],
    [400, 'half a PNG', 'image/png', () => bakePng(PICTURE, { credential: signed }).subarray(0, 500)],
    [
      400,
      'a PNG with a bomb',
      'image/png',
      () => withText(Buffer.concat([Buffer.from([1, 0, 0, 0]), deflateSync(Buffer.alloc(64 * MB, 0x20))])),
    ],
    [400, 'an SVG with entities', 'image/svg+xml', () => '<!DOCTYPE svg [<!ENTITY a "&b;&b;"><!ENTITY b "x">]><svg>&a;</svg>'],
    [400, 'nothing', 'application/json', () => ''],
    [415, 'a form', 'application/x-www-form-urlencoded', () => 'url=https%3A%2F%2Fa.example'],
    [413, 'five megabytes', 'image/png', () => new Uint8Array(4 * MB + 1)],
    [413, 'ten megabytes', 'image/png', () => new Uint8Array(10 * MB)],
    [413, 'ten megabytes of JSON', 'application/json', () => `"${'x'.repeat(10 * MB)}"`],
    [413, 'what doubles on its way to the function', 'application/json', () => '"'.repeat(4 * MB)],
    [413, 'eleven megabytes', 'image/png', () => new Uint8Array(11 * MB)],
    [200, 'nesting ten thousand deep', 'application/json', () => `{"@context":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    [200, 'numbers without end', 'application/json', () => `{"@context":["x"],"a":${'9'.repeat(MB)},"b":1e999999}`],
    [200, 'names that would change every object', 'application/json', () => signed.replace('{', '{"__proto__":{"verdict":"valid"},')],
    [200, 'a JWT without a signature', 'text/plain', () => jws({ alg: 'none' }, signed)],
    [200, 'a JWT nested deep', 'text/plain', () => jws({ alg: 'RS256' }, `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`)],
  ])('%d to %s', async (...[status, _what, contentType, body]) => {
    const answer = await post(contentType, body());
    expect(answer.status).toBe(status);
    if (status === 200) expect(findings(answer)[0]).not.toBe('valid');
  });

  it('and who hangs up halfway harms nobody', async () => {
    const { port, hostname } = new URL(site.baseUrl);
    const socket = connect(Number(port), hostname);
    socket.write('POST /v1/verifications HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: image/png\r\ncontent-length: 1000\r\n\r\nhalf');
    await new Promise((sent) => setImmediate(sent));
    socket.destroy();
    expect(findings(await post('application/json', signed))).toEqual(['valid']);
  });
});
