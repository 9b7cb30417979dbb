import { describe, expect, it } from 'vitest';
import { bitstring, statusListCredential } from '#openbadges/bitstring-status-list.ts';
import { verdictOf } from '#openbadges/check.ts';
import type { DataIntegrityProof } from '#openbadges/data-integrity-proof.ts';
import { didDocument, multikeyMethod } from '#openbadges/did-web.ts';
import { verifyCredential } from '#openbadges/verify.ts';
import { aDidDocument, aKey, aSignedBadge, aSignedList, canonize, DID, ISSUED_AT, LIST_URL, loaderOf, NOW_MS, signed } from './a-badge.ts';
import { badge, DID_URL, findings, signedWith, small, verified } from './verified.ts';

const aDidDocumentOf = (did: string, multikey: string) =>
  didDocument({ did, keys: [multikeyMethod(multikey)], profileUrl: 'https://other.example/' });

describe('a badge', () => {
  it('is valid once every check has passed, in the order of the standard', async () => {
    expect(await verified(badge, { recipientEmail: 'learner@example.org' })).toEqual({
      verdict: 'valid',
      checks: ['schema', 'issuer', 'proof', 'status', 'validity', 'recipient'].map((name) => ({ name, state: 'passed' })),
    });
  });

  it('signed with an old key verifies as long as the key stays published', async () => {
    const files = { [DID_URL]: aDidDocument([aKey(1).multikey, aKey().multikey]) };
    expect(await findings(badge, { files })).toEqual(['valid']);
  });

  it('without a status entry is not asked for one', async () => {
    expect((await verified(await signedWith({ credentialStatus: undefined }))).checks.map(({ name }) => name)).toEqual([
      'schema',
      'issuer',
      'proof',
      'validity',
    ]);
  });

  it('with two genuine proofs is valid, and with one genuine and one forged is not', async () => {
    const { proof, ...document } = badge;
    const second = await signed(document, aKey(), '2026-11-23T13:00:00Z');
    expect(await findings({ ...document, proof: [...proof, ...second.proof] })).toEqual(['valid']);
    const forged = second.proof.map((genuine: DataIntegrityProof) => ({ ...genuine, created: '2026-11-23T13:00:01Z' }));
    expect(await findings({ ...document, proof: [...proof, ...forged] })).toEqual([
      'not-valid',
      'proof: proof/not-genuine',
      'status: status/proof-needed',
    ]);
  });
});

describe('a badge is not valid', () => {
  it.each([null, 'text', 7, [], {}])('if it is %j', async (document) => {
    expect(await verifyCredential(document, { canonize, load: loaderOf({}), nowMs: NOW_MS })).toEqual({
      verdict: 'not-valid',
      checks: [{ name: 'schema', state: 'failed', code: 'schema/malformed' }],
    });
  });

  const { credentialSubject: subject } = badge;
  it.each([
    ['another first context', { '@context': badge['@context'].toReversed() }],
    ['no Open Badges context', { '@context': badge['@context'].slice(0, 1) }],
    ['a context written into it', { '@context': [...badge['@context'], { name: 'https://example.org/name' }] }],
    ['no type of a badge', { type: ['VerifiableCredential'] }],
    ['no type of a credential', { type: ['OpenBadgeCredential'] }],
    ['a relative id', { id: '/c/1' }],
    ['no issuer', { issuer: undefined }],
    ['no begin', { validFrom: undefined }],
    ['a begin that is no date-time', { validFrom: '2026-11-23' }],
    ['an end that is no date-time', { validUntil: 'never' }],
    ['no subject', { credentialSubject: undefined }],
    ['two subjects', { credentialSubject: [subject, subject] }],
    ['an end before its begin', { validUntil: '2020-01-01T00:00:00Z' }],
    ['an issuer that is no address', { issuer: 'somebody' }],
    ['a name that is a number', { name: 7 }],
    ['evidence without a type', { evidence: [{ id: 'urn:uuid:1' }] }],
    ['terms of use that are a text', { termsOfUse: 'none' }],
    ['a subject of another type', { credentialSubject: { ...subject, type: ['EndorsementSubject'] } }],
    ['nobody as its subject', { credentialSubject: { ...subject, id: undefined, identifier: undefined } }],
    ['no achievement', { credentialSubject: { ...subject, achievement: undefined } }],
    [
      'an achievement without criteria',
      { credentialSubject: { ...subject, achievement: { ...subject.achievement, criteria: undefined } } },
    ],
    ['a status that is a text', { credentialStatus: LIST_URL }],
    ['a status without a type', { credentialStatus: { id: LIST_URL } }],
    ['a schema without an id', { credentialSchema: [{ type: '1EdTechJsonSchemaValidator2019' }] }],
    ['a schema that is a text', { credentialSchema: ['https://example.org/schema'] }],
    ['a refresh service without a type', { refreshService: { id: 'https://example.org/refresh' } }],
    ['a related resource without a digest', { relatedResource: [{ id: 'https://example.org/image' }] }],
    ['one related resource twice', { relatedResource: [1, 2].map(() => ({ id: 'https://example.org/image', digestSRI: 'sha256-x' })) }],
  ])('with %s', async (_, changes) => {
    expect(await findings({ ...badge, ...changes })).toEqual(['not-valid', 'schema: schema/malformed']);
  });

  const [proof] = badge.proof;
  const other = aKey(9);
  it.each([
    ['half a signature', { proof: [{ ...proof, proofValue: 'z111' }] }, 'proof/malformed'],
    [
      'a proof by a key that its issuer does not publish',
      { proof: [{ ...proof, verificationMethod: other.verificationMethod }] },
      'proof/key-not-published',
    ],
    ['a proof that has expired', { proof: [{ ...proof, expires: ISSUED_AT }] }, 'proof/expired'],
    ['a proof whose end is no date-time', { proof: [{ ...proof, expires: 'never' }] }, 'proof/expired'],
    ['something unsigned in it', { nobodySigned: 'this' }, 'proof/unsigned-content'],
    ['a changed word', { name: 'Another name' }, 'proof/not-genuine'],
    ['a proof for signing in', { proof: [{ ...proof, proofPurpose: 'authentication' }] }, 'proof/wrong-purpose'],
    ['a proof that follows one that is not there', { proof: [{ ...proof, previousProof: 'urn:uuid:1' }] }, 'proof/broken-chain'],
    ['a proof without a key', { proof: [proof, { ...proof, verificationMethod: undefined }] }, 'proof/malformed'],
  ])('with %s', async (_, changes, code) => {
    expect(await findings({ ...badge, ...changes })).toEqual(['not-valid', `proof: ${code}`, 'status: status/proof-needed']);
  });

  it.each([
    ['no proof', undefined, 'proof/missing'],
    ['a proof that is a text', ['signed'], 'proof/malformed'],
    ['more proofs than anyone needs', Array(9).fill(proof), 'proof/malformed'],
  ])('with %s', async (_, changed, code) => {
    expect(await findings({ ...badge, proof: changed })).toEqual([
      'not-valid',
      'issuer: issuer/not-confirmed',
      `proof: ${code}`,
      'status: status/proof-needed',
    ]);
  });

  it('with a genuine proof by someone who is not its issuer', async () => {
    const { proof: _, ...document } = badge;
    const { did, multikey } = { did: 'did:web:other.example', multikey: other.multikey };
    const forged = await signed(document, { ...other, verificationMethod: `${did}#${multikey}` });
    const files = { 'https://other.example/.well-known/did.json': { ...aDidDocumentOf(did, multikey) } };
    expect(await findings(forged, { files })).toEqual(['not-valid', 'issuer: issuer/not-the-key-holder', 'status: status/proof-needed']);
  });

  it('twice over: with its issuer’s proof and a witness’s it is valid, as long as both are genuine', async () => {
    const { proof: own, ...document } = badge;
    const did = 'did:web:other.example';
    const files = { 'https://other.example/.well-known/did.json': aDidDocumentOf(did, other.multikey) };
    const witnessed = await signed(document, { ...other, verificationMethod: `${did}#${other.multikey}` });
    expect(await findings({ ...document, proof: [...own, ...witnessed.proof] }, { files })).toEqual(['valid']);
    expect(await findings({ ...document, proof: [...own, ...witnessed.proof] })).toEqual([
      'could-not-check',
      'proof: proof/key-unreachable',
      'status: status/proof-needed',
    ]);
  });

  it.each([
    ['under another’s controller', { controller: 'did:web:other.example' }, 'proof/key-not-published'],
    ['in a form we do not read', { type: 'Ed25519VerificationKey2018' }, 'proof/key-not-published'],
    ['as what it is not', { type: 'JsonWebKey' }, 'proof/key-not-published'],
    ['as another kind of key', { publicKeyMultibase: 'zDnaegE6RR3atJtHKwTRTWHsJ3kNHqFwv7n9YjTgmU7TyfU76' }, 'proof/wrong-key'],
    ['without its value', { publicKeyMultibase: undefined }, 'proof/key-not-published'],
    ['as revoked', { revoked: '2026-11-23T23:59:59Z' }, 'proof/key-revoked'],
    ['as revoked on a day that cannot be read', { revoked: 'yes' }, 'proof/key-revoked'],
    ['as expired', { expires: '2026-11-23T23:59:59Z' }, 'proof/key-expired'],
  ])('if its key is published %s', async (_, changes, code) => {
    const document = aDidDocument();
    const files = {
      [DID_URL]: { ...document, verificationMethod: document.verificationMethod.map((method) => ({ ...method, ...changes })) },
    };
    expect(await findings(badge, { files })).toContain(`proof: ${code}`);
  });

  it('if its key is published for signing in, not for assertions', async () => {
    expect(await findings(badge, { files: { [DID_URL]: { ...aDidDocument(), assertionMethod: [] } } })).toContain(
      'proof: proof/key-not-for-this',
    );
  });

  it('if the issuer’s address answers with someone else’s document', async () => {
    const files = { [DID_URL]: { ...aDidDocument(), id: 'did:web:other.example' } };
    expect(await findings(badge, { files })).toEqual(['not-valid', 'proof: proof/key-not-published', 'status: status/proof-needed']);
  });

  it('before its first day and after its last, and is on both', async () => {
    const at = (instant: string) => findings(badge, { nowMs: Date.parse(instant) });
    expect(await at('2026-11-23T12:30:59Z')).toContain('validity: validity/not-yet');
    expect(await at('2026-11-23T12:31:00Z')).toEqual(['valid']);
    expect(await at('2029-11-22T12:31:00Z')).toEqual(['valid']);
    expect(await at('2029-11-22T12:31:01Z')).toEqual(['not-valid', 'validity: validity/expired']);
  });

  it('if it was withdrawn', async () => {
    const files = { [LIST_URL]: await aSignedList([94_567]) };
    expect(await findings(badge, { files })).toEqual(['not-valid', 'status: status/revoked']);
    expect(await findings(badge, { files: { [LIST_URL]: await aSignedList([94_566, 94_568]) } })).toEqual(['valid']);
  });

  it('while it is on hold', async () => {
    const list = await signed(
      statusListCredential({ id: LIST_URL, issuer: DID, purpose: 'suspension', bytes: bitstring([3]), validFrom: ISSUED_AT }),
    );
    const held = await aSignedBadge({ status: { list: LIST_URL, index: 3, purpose: 'suspension' } }, small);
    expect(await findings(held, { files: { [LIST_URL]: list } })).toEqual(['not-valid', 'status: status/suspended']);
  });

  it.each([
    ['no list', { statusListCredential: undefined }],
    ['no purpose', { statusPurpose: undefined }],
    ['an index that is no number', { statusListIndex: '12a' }],
    ['an index with a leading zero', { statusListIndex: '012' }],
    ['an index outside the list', { statusListIndex: '131072' }],
    ['no bit at all', { statusSize: 0 }],
    ['more bits than anyone counts', { statusSize: 33 }],
  ])('if its status entry has %s', async (_, changes) => {
    const odd = await signedWith({ credentialStatus: { ...badge.credentialStatus, ...changes } });
    expect(await findings(odd)).toEqual(['not-valid', 'status: status/malformed']);
  });

  it('for someone else than its recipient', async () => {
    expect(await findings(badge, { recipientEmail: 'someone@example.org' })).toEqual(['not-valid', 'recipient: recipient/different']);
    const nameless = await aSignedBadge({ subject: { id: 'urn:uuid:1' } }, small);
    expect(await findings(nameless, { recipientEmail: 'learner@example.org' })).toEqual(['not-valid', 'recipient: recipient/different']);
    const plain = { type: 'IdentityObject', hashed: false, identityHash: 'learner@example.org', identityType: 'emailAddress' };
    const unhashed = await signedWith({ credentialSubject: { ...badge.credentialSubject, identifier: [plain] } });
    expect(await findings(unhashed, { recipientEmail: 'Learner@example.org' })).toEqual(['valid']);
    for (const odd of [{ identityType: 'name' }, { hashed: true, identityHash: 'md5$0' }, { hashed: true, identityHash: 'sha256$' }]) {
      const other = await signedWith({ credentialSubject: { ...badge.credentialSubject, identifier: [{ ...plain, ...odd }] } });
      expect(await findings(other, { recipientEmail: 'learner@example.org' })).toEqual(['not-valid', 'recipient: recipient/different']);
    }
  });

  it('if it is larger or deeper than any badge, or no text of its is Unicode', async () => {
    const deep = Array.from({ length: 60 }).reduce<object>((inside) => ({ inside }), {});
    expect(await findings({ ...badge, tags: deep })).toEqual(['not-valid', 'schema: schema/too-large']);
    expect(await findings({ ...badge, tags: Array(40_000).fill(1) })).toEqual(['not-valid', 'schema: schema/too-large']);
    expect(await findings({ ...badge, name: 'x'.repeat(2_000_001) })).toEqual(['not-valid', 'schema: schema/too-large']);
    const contexts = Array(150).fill(badge['@context'][1]);
    expect(await findings({ ...badge, '@context': [...badge['@context'], ...contexts, ...contexts] })).toEqual([
      'not-valid',
      'schema: schema/too-large',
    ]);
    expect(await findings({ ...badge, name: 'half a letter \ud800' })).toEqual(['not-valid', 'schema: schema/malformed']);
  });

  it('if it says something under a name that JavaScript loses, so that nothing would sign it', async () => {
    const text = JSON.stringify(badge);
    const unsigned = '{"__proto__":{"name":"Nuclear Physics"},';
    for (const changed of [text.replace('{', unsigned), text.replace('"achievement":{', `"achievement":${unsigned}`)]) {
      expect(changed).not.toBe(text);
      expect(await findings(JSON.parse(changed))).toEqual(['not-valid', 'schema: schema/malformed']);
    }
  });

  it('if a decisive statement was moved or renamed, so that only a machine still sees it', async () => {
    const { validUntil, credentialStatus, ...rest } = badge;
    const hidden = 'proof: proof/hidden-statements';
    const typed = { type: 'http://www.w3.org/2001/XMLSchema#dateTime', '@value': validUntil };
    const renamed = {
      ...rest,
      credentialStatus,
      'https://www.w3.org/2018/credentials#validUntil': { '@type': typed.type, '@value': validUntil },
    };
    expect(await findings(renamed)).toContain(hidden);
    const { credentialSubject, ...others } = rest;
    const reversed = { ...others, validUntil, credentialSubject, '@included': [{ id: badge.id, type: badge.type, credentialStatus }] };
    expect(await findings(reversed)).toContain(hidden);
  });
});

describe('a verdict', () => {
  it('is what the worst check says', () => {
    const passed = { state: 'passed' } as const;
    const unknown = { state: 'not-checked', code: 'status/unreachable' } as const;
    const failed = { state: 'failed', code: 'proof/missing' } as const;
    expect([verdictOf([passed]), verdictOf([passed, unknown]), verdictOf([unknown, failed])]).toEqual([
      'valid',
      'could-not-check',
      'not-valid',
    ]);
  });
});
