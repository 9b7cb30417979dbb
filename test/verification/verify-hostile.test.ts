import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { achievementCredential } from '#openbadges/achievement-credential.ts';
import { jwtClaims } from '#openbadges/jwt-proof.ts';
import { issuer } from '../openbadges/a-badge.ts';
import { aPngWith, foreignText } from '../openbadges/png-images.ts';
import { badge, bytes, frozen, text, verifier } from './a-published-badge.ts';
import { findings } from './a-verifier.ts';

describe('whatever is sent, the answer is a clear one', () => {
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  const context = JSON.stringify(badge['@context']);
  const jws = (header: object, payload: object | string, signature = 'AA') =>
    [header, payload].map((part) => Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')).join('.') +
    `.${signature}`;

  it.each<[string, string, unknown[]]>([
    ['nested ten thousand deep', `{"@context":${context},"type":${nested(10_000)}}`, ['not-valid', 'schema/too-large']],
    ['nested a million deep', `{"@context":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`, ['not-valid', 'schema/too-large']],
    ['a number beyond all numbers', `{"@context":${context},"type":1e999999}`, ['not-valid', 'schema/malformed']],
    ['a number with a million digits', `{"@context":${context},"type":${'9'.repeat(1_000_000)}}`, ['not-valid', 'schema/malformed']],
    ['half a character', `{"@context":${context},"type":"\\ud800"}`, ['not-valid', 'schema/malformed']],
    ['a million values', `{"@context":[${'1,'.repeat(1_000_000)}1]}`, ['not-valid', 'schema/too-large']],
  ])('to %s', async (_what, body, found) => {
    const answered = await verifier.post('application/json', body);
    expect([answered.status, ...findings(answered)]).toEqual([200, ...found]);
    expect(answered.body).not.toHaveProperty(
      'document.type.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a',
    );
  });

  it('to names that would change every object', async () => {
    for (const name of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '@anything', '_:a', '']) {
      const hostile = `{"${name}":{"verdict":"valid","isAdmin":true},`;
      for (const changed of [text.replace('{', hostile), text.replace('"credentialSubject":{', `"credentialSubject":${hostile}`)])
        expect(findings(await verifier.post('application/json', changed))[0], name).not.toBe('valid');
    }
    expect(Object.prototype).not.toHaveProperty('isAdmin');
    expect({}).not.toHaveProperty('verdict');
  });

  it('to a JWT that asks for no signature, or for a shared secret', async () => {
    const claims = { ...jwtClaims(achievementCredential(frozen)), ...badge };
    for (const alg of ['none', 'NONE', 'HS256'])
      expect(findings(await verifier.post('text/plain', jws({ alg }, claims))), alg).toEqual([
        'could-not-check',
        'issuer/not-confirmed',
        'proof/unsupported',
        'status/proof-needed',
      ]);
    expect(findings(await verifier.post('application/jwt', bytes(jws({ alg: 'none' }, claims, ''))))).toEqual([
      'not-valid',
      'schema/malformed',
    ]);
    expect(findings(await verifier.post('text/plain', jws({ alg: 'none' }, nested(10_000))))).toEqual(['not-valid', 'schema/malformed']);
  });

  it('to images that are bombs', async () => {
    const bomb = deflateSync(Buffer.alloc(64 * 1024 * 1024, 0x20));
    const chunk = foreignText('iTXt', 'openbadgecredential', Buffer.concat([Buffer.from([1, 0, 0, 0]), bomb]));
    expect(await verifier.post('image/png', aPngWith(chunk))).toMatchObject({ status: 400, body: { facts: { fault: 'text-too-large' } } });
    const entities = '<!DOCTYPE svg [<!ENTITY a "&b;&b;"><!ENTITY b SYSTEM "file:///etc/passwd">]><svg>&a;</svg>';
    expect(await verifier.post('image/svg+xml', bytes(entities))).toMatchObject({ status: 400, body: { code: 'verification/no-badge' } });
  });

  it('to a document that is large and valid in form: its words are cut, and it is not sent back', async () => {
    const large = { ...badge, name: '語'.repeat(1_200_000), issuer: { ...issuer, id: issuer.did, name: 'n'.repeat(100_000) } };
    const { body } = await verifier.json(large);
    expect(body.verdict).not.toBe('valid');
    expect(body).not.toHaveProperty('document');
    expect(JSON.stringify(body).length).toBeLessThan(10_000);
  });
});
