import { describe, expect, it } from 'vitest';
import { assertionUrl } from '#openbadges/assertion.ts';
import { bakePng } from '#openbadges/baked-png.ts';
import { bakeSvg } from '#openbadges/baked-svg.ts';
import { aSignedList, ISSUER_URL, issuer, LIST_URL } from '../openbadges/a-badge.ts';
import { aPngWith } from '../openbadges/png-images.ts';
import { badge, bytes, FILES, frozen, NAMES, older, png, SVG, text, verifier } from './a-published-badge.ts';
import { answer, aVerifier, findings, type Stored } from './a-verifier.ts';

describe('a badge is valid for anyone who asks', () => {
  it.each<[string, string, string | Uint8Array]>([
    ['json', 'application/json', text],
    ['json', 'application/json; charset=utf-8', text],
    ['json', 'application/vc+ld+json', bytes(text)],
    ['json', 'Application/LD+JSON', bytes(text)],
    ['json', 'application/vc', bytes(text)],
    ['png', 'image/png', png],
    ['svg', 'image/svg+xml', bytes(bakeSvg(SVG, { credential: text }))],
    ['json', 'application/json', JSON.stringify({ credential: badge })],
    ['json', 'application/json', JSON.stringify({ credential: ` ${text}` })],
    ['json', 'application/json', JSON.stringify({ url: badge.id })],
    ['png', 'application/json', JSON.stringify({ image: Buffer.from(png).toString('base64') })],
    ['png', 'application/json', JSON.stringify({ image: `data:image/png;base64,${Buffer.from(png).toString('base64')}` })],
    ['svg', 'application/json', JSON.stringify({ image: Buffer.from(bakeSvg(SVG, { credential: text })).toString('base64') })],
  ])('as %s sent as %s', async (form, contentType, body) => {
    const { status, body: told } = await verifier.post(contentType, body);
    expect([status, told.verdict, told.form, told.standard]).toEqual([200, 'valid', form, 'open-badges-3']);
    expect(told.checks.map(({ name }) => name)).toEqual(NAMES);
    expect(told.checks.every(({ state, detail }) => state === 'passed' && /^[A-Z].*\.$/.test(detail))).toBe(true);
  });

  it('and what it says of itself is told beside it, without an e-mail address', async () => {
    const { body } = await verifier.json({ credential: badge });
    expect(body).toMatchObject({
      checkedAt: '2026-11-24T00:00:00.000Z',
      badge: {
        id: badge.id,
        type: ['VerifiableCredential', 'OpenBadgeCredential'],
        name: frozen.achievement.name,
        issuer: { id: issuer.did, name: issuer.name },
        validFrom: frozen.validFrom,
        validUntil: frozen.validUntil,
        recipient: { id: frozen.subject.id, identityHash: frozen.subject.identifier?.identityHash },
      },
      document: { id: badge.id },
    });
    expect(JSON.stringify(body)).not.toContain('@example.org');
  });

  it('if it was awarded to the address that is asked about, and not if to another', async () => {
    expect(findings(await verifier.json({ credential: badge, recipientEmail: 'learner@example.org' }))).toEqual(['valid']);
    expect(findings(await verifier.json({ image: Buffer.from(png).toString('base64'), recipientEmail: 'tom@example.org' }))).toEqual([
      'not-valid',
      'recipient/different',
    ]);
    expect(findings(await verifier.json({ url: badge.id, recipientEmail: 'tom@example.org' }))).toEqual([
      'not-valid',
      'recipient/different',
    ]);
  });

  it('in the older generation, hosted', async () => {
    for (const { body } of [await verifier.json(older), await verifier.json({ url: older.id })])
      expect([body.verdict, body.standard, body.checks.map(({ name }) => name)]).toEqual([
        'valid',
        'open-badges-2',
        ['schema', 'issuer', 'proof', 'status', 'validity'],
      ]);
  });

  it('in an image that carries nothing but the address of its Assertion', async () => {
    const { status, body } = await verifier.post('image/png', bakePng(aPngWith(), { assertion: ` ${older.id}\n` }));
    expect([status, body.verdict, body.standard]).toEqual([200, 'valid', 'open-badges-2']);
  });

  it('and a presentation is judged by its badges and by who presents them', async () => {
    const presentation = { '@context': badge['@context'], type: ['VerifiablePresentation'], verifiableCredential: [badge] };
    const { body } = await verifier.post('application/vp+ld+json', bytes(JSON.stringify(presentation)));
    expect(body).toMatchObject({
      verdict: 'not-valid',
      standard: 'verifiable-presentation',
      credentials: [{ verdict: 'valid', checks: expect.any(Array) }],
    });
    expect(findings({ body })).toEqual(['not-valid', 'proof/missing']);
  });
});

describe('a badge is not valid', () => {
  it('once anything in it is changed, and says so', async () => {
    const { body } = await verifier.json({ ...badge, name: 'Nuclear Physics' });
    expect(findings({ body })).toEqual(['not-valid', 'proof/not-genuine', 'status/proof-needed']);
    expect(body.checks.find(({ name }) => name === 'proof')?.detail).toBe(
      'It was changed after it was signed, or the signature is someone else’s.',
    );
  });

  it('once its issuer withdrew it', async () => {
    const withdrawn = aVerifier({ ...FILES, [LIST_URL]: await aSignedList([94_567]) });
    expect(findings(await withdrawn.post('image/png', png))).toEqual(['not-valid', 'status/revoked']);
  });

  it('if it is none: the shape of no generation', async () => {
    expect(findings(await verifier.json({ '@context': [], type: 'Recipe' }))).toEqual(['not-valid', 'schema/malformed']);
    expect(findings(await verifier.post('text/plain', 'e30.e30.AA'))).toEqual(['not-valid', 'schema/malformed']);
  });

  it.each([assertionUrl(frozen.id), 'https://assay.example/gone'])('if its address says that it is gone: %s', async (url) => {
    const gone = aVerifier({ ...FILES, [url]: answer(410) });
    expect(await gone.json({ url })).toMatchObject({ body: { verdict: 'not-valid', standard: 'open-badges-2' } });
    expect(findings(await gone.json({ url }))).toEqual(['not-valid', 'status/revoked']);
    expect(findings(await gone.post('image/png', bakePng(aPngWith(), { assertion: url })))).toEqual(['not-valid', 'status/revoked']);
  });
});

describe('whether a badge is valid cannot be told', () => {
  it('while its issuer or its status list does not answer', async () => {
    const { [LIST_URL]: _, ...without } = FILES;
    expect(findings(await aVerifier(without).json(badge))).toEqual(['could-not-check', 'status/unreachable']);
    expect(findings(await aVerifier().json(badge))).toEqual([
      'could-not-check',
      'issuer/unreachable',
      'proof/key-unreachable',
      'status/proof-needed',
    ]);
    expect(findings(await aVerifier({ ...FILES, [LIST_URL]: answer(500) }).json(badge))).toEqual(['could-not-check', 'status/unreachable']);
  });

  it('of one whose address stands in an image and does not answer', async () => {
    for (const files of [{}, { [older.id]: answer(404) }, { [older.id]: 'no JSON' }])
      expect(findings(await aVerifier(files).post('image/png', bakePng(aPngWith(), { assertion: older.id })))).toEqual([
        'could-not-check',
        'proof/hosted-unreachable',
      ]);
  });

  it('once the time of the request is up: nothing long is begun', async () => {
    const late = aVerifier(FILES, { isOver: () => true });
    expect(findings(await late.json(badge))).toEqual(['could-not-check', 'proof/too-complex', 'status/proof-needed']);
  });
});

describe('an image with a badge of each generation', () => {
  const both = (credential: string, hosted: object = older) => bakePng(aPngWith(), { credential, assertion: JSON.stringify(hosted) });

  it('is judged by the newer, and the older is told beside it', async () => {
    expect((await verifier.post('image/png', both(text))).body).toMatchObject({
      verdict: 'valid',
      standard: 'open-badges-3',
      older: { verdict: 'valid', standard: 'open-badges-2' },
    });
  });

  it('shows where the two contradict each other', async () => {
    expect((await verifier.post('image/png', both(text, { ...older, expires: '2099-01-01T00:00:00Z' }))).body).toMatchObject({
      verdict: 'valid',
      older: { verdict: 'not-valid', checks: expect.arrayContaining([expect.objectContaining({ code: 'proof/not-as-hosted' })]) },
    });
    expect((await verifier.post('image/png', both(JSON.stringify({ ...badge, name: 'X' })))).body).toMatchObject({
      verdict: 'not-valid',
      older: { verdict: 'valid' },
    });
  });
});

describe('what a verifier asks of the web', () => {
  it('counts by its address, and only what the caller typed may send it elsewhere', async () => {
    const asking = aVerifier(FILES);
    await asking.json({ url: badge.id });
    expect(asking.asked).toEqual([
      { url: badge.id, redirects: 'anywhere' },
      { url: `${ISSUER_URL}/did.json`, redirects: 'same-origin' },
      { url: LIST_URL, redirects: 'same-origin' },
    ]);
  });

  it('is nothing for a badge that nobody signed', async () => {
    const asking = aVerifier(FILES);
    const { proof: _, ...unsigned } = badge;
    const pointing = { ...unsigned, refreshService: { id: 'https://elsewhere.example/', type: '1EdTechCredentialRefresh' } };
    expect(findings(await asking.json(pointing))).toContain('proof/missing');
    expect(asking.asked).toEqual([]);
  });
});

describe('a request is refused', () => {
  it.each<[number, string, string | undefined, string, string | Uint8Array]>([
    [415, 'request/unsupported-media-type', undefined, 'text/html', '<p>'],
    [415, 'request/unsupported-media-type', undefined, 'application/x-www-form-urlencoded', 'a=b'],
    [415, 'request/unsupported-media-type', undefined, '', text],
    [415, 'request/unsupported-media-type', undefined, 'constructor', text],
    [413, 'request/too-large', undefined, 'image/png', new Uint8Array(4 * 1024 * 1024 + 1)],
    [400, 'request/malformed', undefined, 'application/json', ''],
    [400, 'request/malformed', undefined, 'application/json', '{'],
    [400, 'request/malformed', undefined, 'application/json', Buffer.from([0x22, 0xff, 0x22])],
    [400, 'request/malformed', undefined, 'application/json', '[]'],
    [400, 'request/malformed', undefined, 'application/json', 'null'],
    [400, 'request/malformed', undefined, 'application/json', '7'],
    [400, 'request/malformed', undefined, 'application/json', '{}'],
    [400, 'request/malformed', undefined, 'application/json', '{"recipientEmail":"a@b.example"}'],
    [400, 'request/malformed', undefined, 'application/json', '{"url":"https://a.example/","credential":{}}'],
    [400, 'request/malformed', undefined, 'application/json', '{"url":7}'],
    [400, 'request/malformed', undefined, 'application/json', JSON.stringify({ url: `https://a.example/${'x'.repeat(2_048)}` })],
    [400, 'request/malformed', undefined, 'application/json', '{"url":"https://a.example/","__proto__":{"a":1}}'],
    [400, 'request/malformed', undefined, 'application/json', '{"id":"https://a.example/1","type":"Assertion"}'],
    [400, 'verification/no-badge', 'not-json', 'application/json', '{"credential":7}'],
    [400, 'verification/no-badge', 'not-json', 'application/json', '{"credential":null}'],
    [400, 'verification/no-badge', 'not-jws', 'application/json', '{"credential":"hello"}'],
    [400, 'verification/no-badge', 'not-jws', 'application/json', '"hello"'],
    [400, 'verification/no-badge', 'not-json', 'application/vc', '[1]'],
    [400, 'verification/no-badge', 'not-json', 'application/vc', Buffer.from([0xff, 0xfe])],
    [400, 'verification/no-badge', 'not-jws', 'text/plain', 'hello'],
    [400, 'verification/no-badge', 'not-jws', 'text/plain', ''],
    [400, 'verification/no-badge', 'not-jws', 'text/plain', text],
    [400, 'verification/no-badge', 'not-jws', 'application/jwt', Buffer.from([0xff, 0xfe])],
    [400, 'verification/no-badge', 'not-png', 'image/png', 'hello'],
    [400, 'verification/no-badge', 'nothing-baked', 'image/png', aPngWith()],
    [400, 'verification/no-badge', 'truncated', 'image/png', png.subarray(0, 100)],
    [400, 'verification/no-badge', 'not-svg', 'image/svg+xml', 'hello'],
    [400, 'verification/no-badge', 'nothing-baked', 'image/svg+xml', SVG],
    [400, 'verification/no-badge', 'not-svg', 'application/json', '{"image":"hello"}'],
  ])('with %d %s (%s) for %s', async (...[status, code, fault, contentType, body]) => {
    const refused = await verifier.post(contentType, body);
    expect([refused.status, refused.body.code, refused.body.facts?.fault]).toEqual([status, code, fault]);
  });

  it.each<[string, string, Stored]>([
    ['verification/address-refused', 'an address that may not be asked', 'refused'],
    ['verification/address-unreachable', 'nothing', 'unreachable'],
    ['verification/address-unreachable', '404', answer(404)],
    ['verification/address-unreachable', '304', answer(304)],
    ['verification/no-badge', 'a page', '<!doctype html><title>A badge</title>'],
    ['verification/no-badge', 'an image without a badge', aPngWith()],
    ['verification/no-badge', 'a list', '[]'],
    ['verification/no-badge', 'nothing at all', ''],
  ])('with %s if its address answers %s', async (code, _what, stored) => {
    const refused = await aVerifier({ 'https://a.example/': stored }).json({ url: 'https://a.example/' });
    expect(refused).toMatchObject({ body: { code } });
  });

  it('with every fault of the request form by its pointer', async () => {
    expect(await verifier.json({ url: 'https://a.example/', badge: {}, recipientEmail: '' })).toMatchObject({
      status: 400,
      body: {
        errors: [
          { pointer: '/recipientEmail', code: 'too-short' },
          { pointer: '/badge', code: 'unknown-field' },
        ],
      },
    });
    expect(await verifier.json({})).toMatchObject({ body: { errors: [{ pointer: '', code: 'exactly-one' }] } });
  });
});
