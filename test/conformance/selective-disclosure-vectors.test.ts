/** Known answers of the W3C for ecdsa-sd-2023: issuing, deriving and verifying, each step as it is published. */
import { describe, expect, it } from 'vitest';
import { verifyProof } from '#openbadges/data-integrity-proof.ts';
import { multicodecOf } from '#openbadges/keys/multikey.ts';
import { digest, fromHex, toHex, verifySignature } from '#openbadges/primitives.ts';
import { baseSignedBytes } from '#openbadges/suites/ecdsa-sd-2023.ts';
import { baseProof, hmacLabel } from '#openbadges/suites/ecdsa-sd-2023-base.ts';
import { derive } from '#openbadges/suites/ecdsa-sd-2023-derive.ts';
import { baseProofText, baseProofValueOf, derivedProofText, derivedProofValueOf } from '#openbadges/suites/ecdsa-sd-2023-proof-value.ts';
import { hasStandards, standardsJson, standardsText } from './standards-data.ts';
import { canonize, group, publicKeyOf, signerOf } from './vector-keys.ts';

const ROOT = 'vectors/vc-di-ecdsa';
const CASES = [
  { folder: `${ROOT}/ecdsa-sd-2023/prc`, selective: `${ROOT}/prCredSelective.json` },
  { folder: `${ROOT}/ecdsa-sd-2023/employ`, selective: `${ROOT}/employSelective.json` },
] as const;

describe.skipIf(!hasStandards).each(CASES)('the known answers in $folder', ({ folder, selective }) => {
  const json = (name: string) => standardsJson(`${folder}/${name}.json`);
  const read = () => {
    const { proof, ...document } = json('addSignedSDBase');
    const { baseKeyPair, proofKeyPair, hmacKeyString } = standardsJson(`${ROOT}/ecdsa-sd-2023/SDKeyMaterial.json`);
    const { mandatoryPointers } = json('addBaseTransform');
    return { proof, document, baseKeyPair, proofKeyPair, hmacKey: fromHex(hmacKeyString), mandatoryPointers };
  };
  const places = (matching: ReadonlyMap<number, string>) => [...matching.keys()];

  it('agree on the statements, before and after their nodes are relabelled', async () => {
    const { document, hmacKey, mandatoryPointers } = read();
    expect(await canonize(document)).toBe(json('addBaseDocCanon').join(''));
    const { nquads, groups } = await group(document, { pointers: { mandatory: mandatoryPointers }, label: hmacLabel(hmacKey) });
    expect(nquads).toEqual(json('addBaseDocHMACCanon'));
    const published = json('addBaseTransform');
    expect([...groups.mandatory.matching]).toEqual(published.mandatory.value);
    expect([...groups.mandatory.nonMatching]).toEqual(published.nonMandatory.value);
  });

  it('agree on the hashes of the options and of what is mandatory', async () => {
    const { document, hmacKey, mandatoryPointers } = read();
    const { proofHash, mandatoryHash } = json('addHashData');
    const options = await canonize(json('addProofConfig'));
    expect(options.trim()).toBe(standardsText(`${folder}/addProofConfigCanon.txt`).trim());
    expect(toHex(await digest('sha256', options))).toBe(proofHash);
    const { groups } = await group(document, { pointers: { mandatory: mandatoryPointers }, label: hmacLabel(hmacKey) });
    expect(toHex(await digest('sha256', [...groups.mandatory.matching.values()].join('')))).toBe(mandatoryHash);
  });

  it('agree on the base proof, whose signatures hold under the two keys', async () => {
    const { proof, document, baseKeyPair, hmacKey, mandatoryPointers } = read();
    const raw = json('addRawBaseSignatureInfo');
    const publicKey = multicodecOf(publicKeyOf(raw.publicKey));
    const facts = {
      baseSignature: fromHex(raw.baseSignature),
      publicKey,
      hmacKey,
      signatures: raw.signatures.map(fromHex),
      mandatoryPointers,
    };
    expect(baseProofText(facts)).toBe(proof.proofValue);
    expect(baseProofValueOf(proof.proofValue)).toEqual(facts);
    const { groups } = await group(document, { pointers: { mandatory: mandatoryPointers }, label: hmacLabel(hmacKey) });
    const mandatory = [...groups.mandatory.matching.values()];
    const signed = await baseSignedBytes({ options: await canonize(json('addProofConfig')), publicKey, mandatory });
    expect(await verifySignature(publicKeyOf(baseKeyPair.publicKeyMultibase), signed, fromHex(raw.baseSignature))).toBe(true);
  });

  it('agree on the groups and on the derived proof to the last byte', async () => {
    const { proof, document, hmacKey, mandatoryPointers } = read();
    const chosen = standardsJson(selective);
    const pointers = { mandatory: mandatoryPointers, selective: chosen, combined: [...mandatoryPointers, ...chosen] };
    const { groups } = await group(document, { pointers, label: hmacLabel(hmacKey) });
    const indexes = json('derivedGroupIndexes');
    expect(places(groups.combined.matching)).toEqual(indexes.combinedIndexes);
    expect(places(groups.mandatory.matching)).toEqual(indexes.mandatoryIndexes);
    expect(places(groups.mandatory.nonMatching)).toEqual(indexes.nonMandatoryIndexes);
    expect(places(groups.selective.matching)).toEqual(indexes.selectiveIndexes);
    const derived = await derive({ document, proof }, { group, selectivePointers: chosen });
    expect(derived).toEqual(json('derivedRevealDocument'));
    const { proof: _, ...shown } = derived ?? {};
    expect(shown).toEqual(json('derivedUnsignedReveal'));
  });

  it('agree on what is inside the derived proof', () => {
    const { proofValue } = json('derivedRevealDocument').proof;
    const { labelMap, mandatoryIndexes, signatures, publicKey, baseSignature } = json('derivedDisclosureData');
    const value = derivedProofValueOf(proofValue);
    expect(value).toEqual({
      baseSignature: fromHex(baseSignature),
      publicKey: multicodecOf(publicKeyOf(publicKey)),
      signatures: signatures.map(fromHex),
      labels: new Map(labelMap.value),
      mandatoryIndexes,
    });
    expect(value && derivedProofText(value)).toBe(proofValue);
    expect(json('derivedAdjMandatoryIndexes').adjMandatoryIndexes).toEqual(value?.mandatoryIndexes);
    expect(json('verifyDerivedProofValue').mandatoryIndexes).toEqual(value?.mandatoryIndexes);
  });

  it('verify as derived, and as a base proof are no proof to anyone', async () => {
    const { baseKeyPair, proof: base, document: whole } = read();
    const publicKey = publicKeyOf(baseKeyPair.publicKeyMultibase);
    const { proof, ...document } = json('derivedRevealDocument');
    expect(await verifyProof({ document, proof }, { canonize, publicKey })).toBe('genuine');
    expect(await verifyProof({ document: { ...document, validUntil: '2099-12-31T00:00:00Z' }, proof }, { canonize, publicKey })).toBe(
      'not-genuine',
    );
    expect(await verifyProof({ document: whole, proof: base }, { canonize, publicKey })).toBe('malformed');
  });

  it('are what we issue and derive, as far as ECDSA is the same twice', async () => {
    const { proof, document, baseKeyPair, proofKeyPair, hmacKey, mandatoryPointers } = read();
    const { proofValue: _, ...options } = proof;
    const made = await baseProof(
      { document, options },
      {
        canonize,
        group,
        signer: signerOf(baseKeyPair.publicKeyMultibase, baseKeyPair.secretKeyMultibase),
        ephemeral: {
          publicKey: multicodecOf(publicKeyOf(proofKeyPair.publicKeyMultibase)),
          signer: signerOf(proofKeyPair.publicKeyMultibase, proofKeyPair.secretKeyMultibase),
        },
        hmacKey,
        mandatoryPointers,
      },
    );
    const derived = await derive({ document, proof: made }, { group, selectivePointers: standardsJson(selective) });
    const { proof: derivedProof, ...shown } = derived ?? {};
    expect(shown).toEqual(json('derivedUnsignedReveal'));
    const publicKey = publicKeyOf(baseKeyPair.publicKeyMultibase);
    expect(await verifyProof({ document: shown, proof: Object(derivedProof) }, { canonize, publicKey })).toBe('genuine');
  });
});
