/** Known answers of the W3C for every one-step suite: canonical texts, hashes, signatures, and the verdict on the signed document. */
import { describe, expect, it } from 'vitest';
import { createProof, verifyProof } from '#openbadges/data-integrity-proof.ts';
import { jcs } from '#openbadges/jcs.ts';
import { base58btcDecode } from '#openbadges/multibase.ts';
import { concat, digest, fromHex, toHex, verifySignature } from '#openbadges/primitives.ts';
import { ecdsaJcs2019 } from '#openbadges/suites/ecdsa-jcs-2019.ts';
import { ecdsaRdfc2019 } from '#openbadges/suites/ecdsa-rdfc-2019.ts';
import { ed25519Signature2020 } from '#openbadges/suites/ed25519-signature-2020.ts';
import { eddsaJcs2022 } from '#openbadges/suites/eddsa-jcs-2022.ts';
import { eddsaRdfc2022 } from '#openbadges/suites/eddsa-rdfc-2022.ts';
import type { SigningSuite } from '#openbadges/suites/suite.ts';
import { hasStandards, standardsJson, standardsText } from './standards-data.ts';
import { canonize, publicKeyOf, signerOf } from './vector-keys.ts';

interface Vector {
  readonly folder: string;
  readonly ending: string;
  readonly suite: SigningSuite;
  readonly keys: string;
  readonly form: 'rdfc' | 'jcs';
}

const EDDSA = 'vectors/vc-di-eddsa';
const ECDSA = 'vectors/vc-di-ecdsa';

const VECTORS: readonly Vector[] = [
  { folder: `${EDDSA}/eddsa-rdfc-2022`, ending: 'DataInt', suite: eddsaRdfc2022, keys: `${EDDSA}/keyPair`, form: 'rdfc' },
  { folder: `${EDDSA}/eddsa-rdfc-2022/employ`, ending: 'DataInt', suite: eddsaRdfc2022, keys: `${EDDSA}/keyPair`, form: 'rdfc' },
  { folder: `${EDDSA}/eddsa-jcs-2022`, ending: 'JCS', suite: eddsaJcs2022, keys: `${EDDSA}/keyPair`, form: 'jcs' },
  { folder: `${EDDSA}/Ed25519Signature2020`, ending: 'EdSig', suite: ed25519Signature2020, keys: `${EDDSA}/keyPair`, form: 'rdfc' },
  { folder: `${ECDSA}/ecdsa-rdfc-2019-p256`, ending: 'ECDSAP256', suite: ecdsaRdfc2019, keys: `${ECDSA}/p256KeyPair`, form: 'rdfc' },
  { folder: `${ECDSA}/ecdsa-rdfc-2019-p256/employ`, ending: 'ECDSAP256', suite: ecdsaRdfc2019, keys: `${ECDSA}/p256KeyPair`, form: 'rdfc' },
  { folder: `${ECDSA}/ecdsa-rdfc-2019-p384`, ending: 'ECDSAP384', suite: ecdsaRdfc2019, keys: `${ECDSA}/p384KeyPair`, form: 'rdfc' },
  { folder: `${ECDSA}/ecdsa-rdfc-2019-p384/employ`, ending: 'ECDSAP384', suite: ecdsaRdfc2019, keys: `${ECDSA}/p384KeyPair`, form: 'rdfc' },
  { folder: `${ECDSA}/ecdsa-jcs-2019-p256`, ending: 'JCSECDSAP256', suite: ecdsaJcs2019, keys: `${ECDSA}/p256KeyPair`, form: 'jcs' },
  { folder: `${ECDSA}/ecdsa-jcs-2019-p384`, ending: 'JCSECDSAP384', suite: ecdsaJcs2019, keys: `${ECDSA}/p384KeyPair`, form: 'jcs' },
];

const read = ({ folder, ending, keys }: Vector) => {
  const text = (name: string) => standardsText(`${folder}/${name}${ending}.txt`);
  const { proof, ...document } = standardsJson(`${folder}/signed${ending}.json`);
  const { publicKeyMultibase, privateKeyMultibase, secretKeyMultibase } = standardsJson(`${keys}.json`);
  const key = publicKeyOf(publicKeyMultibase);
  const signer = signerOf(publicKeyMultibase, privateKeyMultibase ?? secretKeyMultibase);
  return { text, proof, document, key, signer, config: standardsJson(`${folder}/proofConfig${ending}.json`) };
};

describe.skipIf(!hasStandards).each(VECTORS)('the known answers in $folder', (vector) => {
  // A longer key takes a longer hash, also where blank nodes are told apart.
  const algorithm = vector.ending.endsWith('P384') ? 'sha384' : 'sha256';
  const canonical = async (value: object) => (vector.form === 'rdfc' ? canonize(value, algorithm) : jcs(value));

  it('agree on the canonical document and the canonical proof options', async () => {
    const { text, document, config } = read(vector);
    expect((await canonical(document)).trim()).toBe(text('canonDoc').trim());
    expect((await canonical(config)).trim()).toBe(text('proofCanon').trim());
  });

  it('agree on each hash and on what is signed', async () => {
    const { text, document, config, key } = read(vector);
    expect(toHex(await digest(algorithm, await canonical(document)))).toBe(text('docHash').trim());
    expect(toHex(await digest(algorithm, await canonical(config)))).toBe(text('proofHash').trim());
    const signed = await vector.suite.signedBytes({ document, options: config }, { canonize, kind: key.kind });
    expect(toHex(signed)).toBe(text('combinedHash').trim());
    expect(toHex(concat(fromHex(text('proofHash').trim()), fromHex(text('docHash').trim())))).toBe(toHex(signed));
  });

  it('agree on the signature, in both its spellings', async () => {
    const { text, proof, key } = read(vector);
    expect(proof.proofValue).toBe(text('sigBTC58').trim());
    expect(toHex(base58btcDecode(proof.proofValue) ?? new Uint8Array())).toBe(text('sigHex').trim());
    expect(await verifySignature(key, fromHex(text('combinedHash').trim()), fromHex(text('sigHex').trim()))).toBe(true);
  });

  it('verify as a whole, and no longer once anything is changed', async () => {
    const { document, proof, key } = read(vector);
    expect(await verifyProof({ document, proof }, { canonize, publicKey: key })).toBe('genuine');
    expect(await verifyProof({ document: { ...document, name: 'Another' }, proof }, { canonize, publicKey: key })).toBe('not-genuine');
    expect(await verifyProof({ document, proof: { ...proof, created: '2023-02-24T23:36:39Z' } }, { canonize, publicKey: key })).toBe(
      'not-genuine',
    );
  });

  it('are what we sign, to the last byte where the suite has one signature only', async () => {
    const { document, proof, key, signer } = read(vector);
    const { created, verificationMethod, proofPurpose } = proof;
    const made = await createProof(
      document,
      { created, verificationMethod, proofPurpose },
      { canonize, suite: vector.suite, kind: key.kind, signer },
    );
    const { proofValue, ...options } = proof;
    expect(made).toEqual({ ...options, proofValue: key.kind === 'Ed25519' ? proofValue : expect.any(String) });
    expect(await verifyProof({ document, proof: made }, { canonize, publicKey: key })).toBe('genuine');
  });
});
