import { describe, expect, it } from 'vitest';
import { bitstring, statusListCredential } from '#openbadges/bitstring-status-list.ts';
import { verdictOf } from '#openbadges/check.ts';
import type { DataIntegrityProof } from '#openbadges/data-integrity-proof.ts';
import { verifyCredential } from '#openbadges/verify.ts';
import { aDidDocument, aKey, aSignedBadge, aSignedList, canonize, DID, ISSUED_AT, LIST_URL, loaderOf, NOW_MS, signed } from './a-badge.ts';
import { badge, DID_URL, findings, signedWith, small, verified } from './verified.ts';

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
    ['no proof', { proof: undefined }, 'proof/missing'],
    ['a proof that is a text', { proof: ['signed'] }, 'proof/malformed'],
    ['more proofs than anyone needs', { proof: Array(9).fill(proof) }, 'proof/malformed'],
    ['half a signature', { proof: [{ ...proof, proofValue: 'z111' }] }, 'proof/malformed'],
    [
      'a proof by someone who is not its issuer',
      { proof: [{ ...proof, verificationMethod: `did:web:other.example#${other.multikey}` }] },
      'issuer/not-the-key-holder',
    ],
    [
      'a proof by a key that its issuer does not publish',
      { proof: [{ ...proof, verificationMethod: other.verificationMethod }] },
      'proof/key-not-published',
    ],
    ['a proof that has expired', { proof: [{ ...proof, expires: ISSUED_AT }] }, 'proof/expired'],
    ['a proof whose end is no date-time', { proof: [{ ...proof, expires: 'never' }] }, 'proof/expired'],
    ['something unsigned in it', { nobodySigned: 'this' }, 'proof/unsigned-content'],
    ['a changed word', { name: 'Another name' }, 'proof/not-genuine'],
  ])('with %s', async (_, changes, code) => {
    expect(await findings({ ...badge, ...changes })).toEqual(['not-valid', `proof: ${code}`, 'status: status/proof-needed']);
  });

  it.each([
    ['under another’s controller', { controller: 'did:web:other.example' }],
    ['in a form we do not read', { type: 'JsonWebKey' }],
    ['as another kind of key', { publicKeyMultibase: 'zDnaegE6RR3atJtHKwTRTWHsJ3kNHqFwv7n9YjTgmU7TyfU76' }],
    ['without its value', { publicKeyMultibase: undefined }],
  ])('if its key is published %s', async (_, changes) => {
    const document = aDidDocument();
    const files = {
      [DID_URL]: { ...document, verificationMethod: document.verificationMethod.map((method) => ({ ...method, ...changes })) },
    };
    expect(await findings(badge, { files })).toContain('proof: proof/key-not-published');
  });

  it('if its key is published for signing in, not for assertions', async () => {
    expect(await findings(badge, { files: { [DID_URL]: { ...aDidDocument(), assertionMethod: [] } } })).toContain(
      'proof: proof/key-not-published',
    );
  });

  it('if the issuer’s address answers with someone else’s document', async () => {
    const files = { [DID_URL]: { ...aDidDocument(), id: 'did:web:other.example' } };
    expect(await findings(badge, { files })).toEqual([
      'not-valid',
      'issuer: issuer/not-the-key-holder',
      'proof: issuer/not-the-key-holder',
      'status: status/proof-needed',
    ]);
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
    ['more than one bit', { statusSize: 2 }],
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
    expect(await findings(unhashed, { recipientEmail: 'learner@example.org' })).toContain('recipient: recipient/different');
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
