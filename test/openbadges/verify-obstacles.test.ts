import { describe, expect, it } from 'vitest';
import { CanonicalizationError } from '#linked-data/canonicalize.ts';
import { bitstring, encodeList, statusListCredential } from '#openbadges/bitstring-status-list.ts';
import type { DataIntegrityProof } from '#openbadges/data-integrity-proof.ts';
import { aDidDocument, DID, ISSUED_AT, LIST_URL, loaderOf, signed } from './a-badge.ts';
import { badge, DID_URL, findings, signedWith, verified } from './verified.ts';

describe('a badge could not be checked, which is never a pass', () => {
  it('if the issuer does not answer', async () => {
    expect(await findings(badge, { load: loaderOf({}) })).toEqual([
      'could-not-check',
      'issuer: issuer/unreachable',
      'proof: proof/key-unreachable',
      'status: status/proof-needed',
    ]);
    expect(await findings(badge, { files: { [DID_URL]: 'no object' } })).toContain('issuer: issuer/unreachable');
  });

  it('if its issuer is named in a way we cannot follow', async () => {
    const did = 'did:example:1';
    const proof = badge.proof.map((known: DataIntegrityProof) => ({ ...known, verificationMethod: `${did}#key` }));
    expect(await findings({ ...badge, issuer: { ...badge.issuer, id: did }, proof })).toEqual([
      'could-not-check',
      'issuer: issuer/unsupported',
      'proof: proof/key-unsupported',
      'status: status/proof-needed',
    ]);
  });

  it('if its proof is of a kind we do not know', async () => {
    const proof = badge.proof.map((known: DataIntegrityProof) => ({ ...known, cryptosuite: 'bbs-2023' }));
    expect(await findings({ ...badge, proof })).toEqual(['could-not-check', 'proof: proof/unsupported', 'status: status/proof-needed']);
  });

  it('if it needs a context that is not pinned', async () => {
    expect(await findings({ ...badge, '@context': [...badge['@context'], 'https://example.org/context'] })).toContain(
      'proof: proof/unknown-context',
    );
  });

  it('if its status list does not answer', async () => {
    expect(await findings(badge, { load: loaderOf({ [DID_URL]: aDidDocument() }) })).toEqual([
      'could-not-check',
      'status: status/unreachable',
    ]);
  });

  it('if its status is of a kind we do not know', async () => {
    const odd = await signedWith({ credentialStatus: { id: `${LIST_URL}#1`, type: 'https://example.org/SomeOtherStatus' } });
    expect(await findings(odd)).toEqual(['could-not-check', 'status: status/unsupported']);
  });

  const list = statusListCredential({ id: LIST_URL, issuer: DID, purpose: 'revocation', bytes: bitstring([]), validFrom: ISSUED_AT });
  it.each([
    ['another list', { id: `${LIST_URL}/other` }],
    ['someone else’s list', { issuer: 'did:web:other.example' }],
    ['no status list', { type: ['VerifiableCredential'] }],
    ['a list for another purpose', { credentialSubject: { ...list.credentialSubject, statusPurpose: 'suspension' } }],
    ['a list of another type', { credentialSubject: { ...list.credentialSubject, type: 'StatusList2021' } }],
    ['a list about nothing', { credentialSubject: LIST_URL }],
    ['a list of tomorrow', { validFrom: '2026-12-31T00:00:00Z' }],
    ['a list of yesterday', { validUntil: '2026-11-23T23:00:00Z' }],
    ['a list with an end that is no date-time', { validUntil: 'never' }],
    ['a list that is too short', { credentialSubject: { ...list.credentialSubject, encodedList: encodeList(new Uint8Array(8)) } }],
    ['a list without bits', { credentialSubject: { ...list.credentialSubject, encodedList: undefined } }],
  ])('if in place of its status list stands %s', async (_, changes) => {
    // Signed where that is possible at all, so that it is the change that is found and not a broken signature.
    const odd = await signed({ ...list, ...changes }).catch(() => ({ ...list, ...changes }));
    expect(await findings(badge, { files: { [LIST_URL]: odd } })).toEqual(['could-not-check', 'status: status/list-not-genuine']);
  });

  it('if nobody signed its status list', async () => {
    expect(await findings(badge, { files: { [LIST_URL]: list } })).toEqual(['could-not-check', 'status: status/list-not-genuine']);
  });

  it('if its nodes look so alike that telling them apart would take for ever', async () => {
    const canonize = async () => {
      throw new CanonicalizationError('too-complex');
    };
    expect(await findings(badge, { canonize })).toEqual(['could-not-check', 'proof: proof/too-complex', 'status: status/proof-needed']);
  });

  it('if the canonical form fails for a reason of ours, that is no answer at all', async () => {
    const broken = async () => {
      throw new Error('out of order');
    };
    await expect(verified(badge, { canonize: broken })).rejects.toThrow('out of order');
  });
});
