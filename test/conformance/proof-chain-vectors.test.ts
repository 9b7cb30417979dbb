/** Proof sets and proof chains of the W3C: several keys under one document, and keys that sign over the proofs of others. */
import { describe, expect, it } from 'vitest';
import { verifyCredential } from '#openbadges/verify.ts';
import type { VerificationNeeds } from '#openbadges/verify-run.ts';
import { loaderOf } from '../openbadges/a-badge.ts';
import { hasStandards, standardsJson } from './standards-data.ts';
import { canonize } from './vector-keys.ts';

const FOLDER = 'vectors/vc-di-eddsa/proof-set-chain';

/** Their keys are did:key and their issuer is not, so that nobody could bind the two. */
const needs: VerificationNeeds = {
  canonize,
  load: loaderOf({}),
  nowMs: Date.parse('2024-01-01T00:00:00Z'),
  accept: 'any-credential',
  issuerBinding: 'not-required',
};

const findings = async (document: object) => {
  const { verdict, checks } = await verifyCredential(document, needs);
  return [verdict, ...checks.flatMap((check) => (check.state === 'passed' ? [] : [check.code]))];
};

describe.skipIf(!hasStandards)('the known proof sets and chains', () => {
  it.each(['signedProofSet1', 'signedProofSet2', 'signedProofChain1', 'signedProofChain2', 'proofChainTempDoc1', 'proofChainTempDoc2'])(
    '%s is valid',
    async (name) => {
      const document = standardsJson(`${FOLDER}/${name}.json`);
      // What a chain signs over is itself no credential on its own account: a proof that names an absent one is broken.
      const isWhole = name !== 'proofChainTempDoc2';
      expect(await findings(document)).toEqual(isWhole ? ['valid'] : ['not-valid', 'proof/broken-chain']);
    },
  );

  it('are not valid once any of their proofs is changed, taken from under another, or made to name one that is not there', async () => {
    const chain = standardsJson(`${FOLDER}/signedProofChain2.json`);
    for (const place of chain.proof.keys()) {
      const changed = chain.proof.map((proof: object, index: number) =>
        index === place ? { ...proof, created: '2023-03-01T00:00:00Z' } : proof,
      );
      expect(await findings({ ...chain, proof: changed })).toEqual(['not-valid', 'proof/not-genuine']);
    }
    expect(await findings({ ...chain, proof: chain.proof.slice(1) })).toEqual(['not-valid', 'proof/broken-chain']);
    const [first, ...rest] = chain.proof;
    expect(await findings({ ...chain, proof: [{ ...first, previousProof: 'urn:uuid:nothing' }, ...rest] })).toEqual([
      'not-valid',
      'proof/broken-chain',
    ]);
  });

  it('are not their issuer’s word, for their keys are somebody’s', async () => {
    const set = standardsJson(`${FOLDER}/signedProofSet2.json`);
    const { checks } = await verifyCredential(set, { ...needs, issuerBinding: 'required' });
    expect(checks).toContainEqual({ name: 'issuer', state: 'failed', code: 'issuer/not-the-key-holder' });
  });
});
