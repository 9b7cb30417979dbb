import { describe, expect, it } from 'vitest';
import { achievementCredential } from '#openbadges/achievement-credential.ts';
import { addProof, splitProof, verifyProof } from '#openbadges/data-integrity-proof.ts';
import { rawKeyOf } from '#openbadges/ed25519-key.ts';
import type { JsonObject } from '#openbadges/json-object.ts';
import { aFrozenCredential, aKey, aSignedBadge, canonize, ISSUED_AT, signed } from './a-badge.ts';

const publicKey = rawKeyOf(aKey().multikey) ?? new Uint8Array();
const badge: JsonObject = JSON.parse(JSON.stringify(await aSignedBadge()));
const { document, proofs } = splitProof(badge);
const proof = proofs[0] as JsonObject;
const verdictOn = (changes: JsonObject) => verifyProof({ document, proof: { ...proof, ...changes } }, { canonize, publicKey });

describe('a proof', () => {
  it('stands in an array, alone', () => {
    expect(badge.proof).toEqual([
      expect.objectContaining({ type: 'DataIntegrityProof', cryptosuite: 'eddsa-rdfc-2022', proofPurpose: 'assertionMethod' }),
    ]);
  });

  it('is the same, byte for byte, when it is made again', async () => {
    expect(JSON.stringify(await aSignedBadge())).toBe(JSON.stringify(badge));
  });

  it('is genuine under the key that made it and under no other', async () => {
    expect(await verdictOn({})).toBe('genuine');
    const other = rawKeyOf(aKey(8).multikey) ?? new Uint8Array();
    expect(await verifyProof({ document, proof }, { canonize, publicKey: other })).toBe('not-genuine');
  });

  it('covers its own time and key', async () => {
    expect(await verdictOn({ created: '2026-11-23T12:31:01Z' })).toBe('not-genuine');
    expect(await verdictOn({ verificationMethod: aKey(8).verificationMethod })).toBe('not-genuine');
    expect(await verdictOn({ expires: '2030-01-01T00:00:00Z' })).toBe('not-genuine');
  });

  it('uses the document’s context, whatever context it brings itself', async () => {
    expect(await verdictOn({ '@context': 'https://example.org/context' })).toBe('genuine');
  });

  it.each([
    { type: 'RsaSignature2018' },
    { cryptosuite: 'bbs-2023' },
    { cryptosuite: 'Ed25519Signature2020' },
    { type: 'eddsa-rdfc-2022' },
    { cryptosuite: undefined },
  ])('with %j is beyond us, and said to be', async (changes) => {
    expect(await verdictOn(changes)).toBe('unsupported');
  });

  it.each([
    { proofValue: undefined },
    { proofValue: 7 },
    { proofValue: 'z111' },
    { proofValue: `u${'A'.repeat(86)}` },
    { created: 'yesterday' },
    { created: '2026-13-01T00:00:00Z' },
    { proofPurpose: undefined },
    { verificationMethod: undefined },
  ])('with %j is malformed', async (changes) => {
    expect(await verdictOn(changes)).toBe('malformed');
  });

  it('of a suite for other keys is refused before anything is computed', async () => {
    expect(await verdictOn({ cryptosuite: 'ecdsa-rdfc-2019' })).toBe('wrong-key');
    expect(await verifyProof({ document, proof }, { canonize, publicKey: new Uint8Array(31) })).toBe('wrong-key');
  });

  it('without a time is allowed by the specification', async () => {
    const { created: _, ...timeless } = proof;
    expect(await verifyProof({ document, proof: timeless }, { canonize, publicKey })).toBe('not-genuine');
  });
});

describe('a proof is not made', () => {
  it('over a document that has one', async () => {
    await expect(signed(badge)).rejects.toThrow('proof already');
  });

  it('at a time without seconds or zone', async () => {
    await expect(signed(document, aKey(), '2026-11-23T12:31')).rejects.toThrow(RangeError);
  });

  it('from anything but 64 bytes', async () => {
    const needs = { canonize, signer: async () => new Uint8Array(63), verificationMethod: aKey().verificationMethod, created: ISSUED_AT };
    await expect(addProof(document, needs)).rejects.toThrow('64 bytes');
  });

  it('over content that would stay unsigned', async () => {
    const unsignable = { ...achievementCredential(aFrozenCredential()), unknownTerm: 'not signed' };
    await expect(signed(unsignable)).rejects.toMatchObject({ code: 'unsafe' });
    await expect(signed({ name: 'without context' })).rejects.toMatchObject({ code: 'unsafe' });
  });
});
