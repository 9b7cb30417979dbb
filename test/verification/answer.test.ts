import { describe, expect, it } from 'vitest';
import { FAILURE_CODES, OBSTACLE_CODES } from '#openbadges/check.ts';
import type { Web } from '#shared/ports.ts';
import { claimedBy, told, toldWithDocument } from '#shared/verification/answer.ts';
import { explanationOf } from '#shared/verification/explanations.ts';
import { bytesFrom, documentsOf } from '#shared/verification/loading.ts';
import { formLike, formOf } from '#shared/verification/submitted-badge.ts';
import { badge, text } from './a-published-badge.ts';

const SENTENCE = /^(It|Its|The|Who|Where|Whether|What|Nobody|Part|Checking|Every|Any|An?|Something|A) .{8,120}\.$/;

describe('what a verification tells', () => {
  it('is a sentence for every outcome, and no two the same', () => {
    const sentences = [
      ...FAILURE_CODES.map((code) => explanationOf({ name: 'schema', state: 'failed', code })),
      ...OBSTACLE_CODES.map((code) => explanationOf({ name: 'schema', state: 'not-checked', code })),
    ];
    for (const sentence of sentences) expect(sentence).toMatch(SENTENCE);
    expect(new Set(sentences).size).toBe(sentences.length);
  });

  it('goes as deep as endorsements and credentials do', () => {
    const inner = { verdict: 'valid', checks: [{ name: 'proof', state: 'passed' }] } as const;
    const detail = 'It is unchanged since it was made.';
    const toldInner = { verdict: 'valid', checks: [{ name: 'proof', state: 'passed', detail }] };
    expect(told({ ...inner, endorsements: [{ ...inner, credentials: [inner] }] })).toEqual({
      ...toldInner,
      endorsements: [{ ...toldInner, credentials: [toldInner] }],
    });
  });

  it('is about the newer copy where there is one', () => {
    const verification = { verdict: 'valid', checks: [], refreshed: { id: 'urn:new' } } as const;
    expect(toldWithDocument({ verification, standard: 'open-badges-3', document: { id: 'urn:old' } })).toEqual({
      verdict: 'valid',
      standard: 'open-badges-3',
      checks: [],
      badge: { id: 'urn:new', type: [] },
      document: { id: 'urn:new' },
      refreshed: true,
    });
  });
});

describe('what a badge says of itself', () => {
  it('is read from either generation, and from a JWT that wraps it', () => {
    const older = {
      id: 'https://a.example/1',
      type: 'Assertion',
      issuedOn: '2026-01-01',
      expires: '2027-01-01',
      recipient: { type: 'email', hashed: true, identity: 'sha256$00' },
    };
    const claimed = {
      id: 'https://a.example/1',
      type: ['Assertion'],
      validFrom: '2026-01-01',
      validUntil: '2027-01-01',
      recipient: { identityHash: 'sha256$00' },
    };
    expect(claimedBy(older)).toEqual(claimed);
    expect(claimedBy({ iss: 'x', vc: older })).toEqual(claimed);
    expect(claimedBy({ issuer: 'did:web:a.example', issuanceDate: 'then', name: 'A' })).toEqual({
      type: [],
      name: 'A',
      issuer: { id: 'did:web:a.example' },
      validFrom: 'then',
    });
  });

  it('is shown as far as it is text, cut to a length, and never with a plain e-mail address', () => {
    const strange = {
      id: 7,
      type: [1, 'x'.repeat(1_000), ...Array(20).fill('T')],
      name: '😀'.repeat(300),
      recipient: { hashed: false, identity: 'learner@example.org' },
      issuer: [],
    };
    const { type, name, ...rest } = claimedBy(strange);
    expect([type.length, type[0]?.length, name?.length, name?.isWellFormed()]).toEqual([10, 500, 500, true]);
    expect(rest).toEqual({ issuer: {} });
  });
});

describe('the form of what was sent', () => {
  it('is what its content type says, or what its bytes look like', () => {
    expect(['image/png;x=1', ' TEXT/PLAIN ', 'text/html', '', '__proto__'].map(formOf)).toEqual([
      'png',
      'jwt',
      undefined,
      undefined,
      undefined,
    ]);
    const like = (value: string | number[]) => formLike(new Uint8Array(Buffer.from(value as string)));
    expect([like([0x89, 0x50]), like(' <svg'), like('\n{'), like('['), like('eyJ'), like('')]).toEqual([
      'png',
      'svg',
      'json',
      'json',
      'jwt',
      'jwt',
    ]);
  });
});

describe('what stands at an address', () => {
  const webOf = (body: string | readonly number[], status = 200): Web => ({
    get: async () => ({ status, bytes: new Uint8Array(Buffer.from(body as string)) }),
    isOver: () => false,
  });
  const loaded = (web: Web) => documentsOf(web)('https://a.example/');

  it('is JSON, or a text', async () => {
    expect(await loaded(webOf(text))).toEqual(JSON.parse(JSON.stringify(badge)));
    expect(await loaded(webOf('e30.e30.AA\n'))).toBe('e30.e30.AA');
    expect([...(await bytesFrom(webOf([1, 255]))('https://a.example/'))]).toEqual([1, 255]);
  });

  it('is none where the answer is another, or no text; gone is told from missing', async () => {
    await expect(loaded(webOf('{}', 410))).rejects.toMatchObject({ status: 410 });
    await expect(loaded(webOf('{}', 404))).rejects.toMatchObject({ status: 404 });
    await expect(loaded(webOf([0xff]))).rejects.toThrow();
    for (const answer of ['refused', 'unreachable'] as const) {
      const web: Web = { get: async () => answer, isOver: () => false };
      await expect(loaded(web)).rejects.toMatchObject({ status: undefined, message: 'no document' });
      await expect(bytesFrom(web)('https://a.example/')).rejects.toMatchObject({ status: undefined });
    }
  });
});
