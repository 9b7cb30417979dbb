/** Known answers of the W3C for eddsa-rdfc-2022: every step byte for byte, from the canonical document to the proof. */
import { createPrivateKey, hash, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createCanonicalizer } from '#linked-data/canonicalize.ts';
import { CONTEXTS } from '#openbadges/contexts.ts';
import { addProof, hashData, verifyProof } from '#openbadges/data-integrity-proof.ts';
import { rawKeyOf } from '#openbadges/ed25519-key.ts';
import type { JsonObject } from '#openbadges/json-object.ts';
import { base58btcDecode, base58btcEncode } from '#openbadges/multibase.ts';
import { hasStandards, standardsJson, standardsText } from './standards-data.ts';

const FOLDER = 'vectors/vc-di-eddsa/eddsa-rdfc-2022';
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** The vectors' second context gives every undefined term a meaning; it is in no npm package and small enough to stand here. */
const EXAMPLES = { '@context': { '@vocab': 'https://www.w3.org/ns/credentials/examples#' } };
const canonize = createCanonicalizer({ contexts: new Map([...CONTEXTS, ['https://www.w3.org/ns/credentials/examples/v2', EXAMPLES]]) });

/** Multicodec of a secret Ed25519 key is two bytes, PKCS #8 (RFC 8410) a constant before the seed. */
const signerOf = (privateKeyMultibase: string) => {
  const seed = (base58btcDecode(privateKeyMultibase) ?? new Uint8Array()).subarray(2);
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return async (bytes: Uint8Array) => sign(null, bytes, key);
};

describe.skipIf(!hasStandards)('the known answers for eddsa-rdfc-2022', () => {
  const vector = () => ({
    unsigned: standardsJson('vectors/vc-di-eddsa/unsigned.json'),
    signed: standardsJson(`${FOLDER}/signedDataInt.json`),
    config: standardsJson(`${FOLDER}/proofConfigDataInt.json`),
    keys: standardsJson('vectors/vc-di-eddsa/keyPair.json'),
  });

  it('agree on the canonical document and the canonical proof options', async () => {
    expect(await canonize(vector().unsigned)).toBe(standardsText(`${FOLDER}/canonDocDataInt.txt`));
    expect(await canonize(vector().config)).toBe(standardsText(`${FOLDER}/proofCanonDataInt.txt`));
  });

  it('agree on what is signed', async () => {
    const { unsigned, config } = vector();
    expect(hex(await hashData(unsigned, config, canonize))).toBe(standardsText(`${FOLDER}/combinedHashDataInt.txt`).trim());
  });

  it('agree on the proof to the last byte', async () => {
    const { unsigned, signed, config, keys } = vector();
    const { created, verificationMethod } = config;
    const secured = await addProof(unsigned, { canonize, signer: signerOf(keys.privateKeyMultibase), verificationMethod, created });
    expect(secured).toEqual({ ...signed, proof: [signed.proof] });
    expect(secured.proof[0]?.proofValue).toBe(standardsText(`${FOLDER}/sigBTC58DataInt.txt`).trim());
  });

  it('verify, and no longer once a name is changed', async () => {
    const { unsigned, signed, keys } = vector();
    const publicKey = rawKeyOf(keys.publicKeyMultibase) ?? new Uint8Array();
    expect(await verifyProof({ document: unsigned, proof: signed.proof }, { canonize, publicKey })).toBe('genuine');
    const changed = { ...unsigned, name: 'Alumni credential' };
    expect(await verifyProof({ document: changed, proof: signed.proof }, { canonize, publicKey })).toBe('not-genuine');
  });

  it.each([`${FOLDER}`, `${FOLDER}/employ`])('in %s agree on hashes and signature of the published canonical texts', async (folder) => {
    const texts = { proof: standardsText(`${folder}/proofCanonDataInt.txt`), document: standardsText(`${folder}/canonDocDataInt.txt`) };
    const combined = hash('sha256', texts.proof) + hash('sha256', texts.document);
    expect(hash('sha256', texts.document)).toBe(standardsText(`${folder}/docHashDataInt.txt`).trim());
    expect(hash('sha256', texts.proof)).toBe(standardsText(`${folder}/proofHashDataInt.txt`).trim());
    expect(combined).toBe(standardsText(`${folder}/combinedHashDataInt.txt`).trim());
    const signature = await signerOf(vector().keys.privateKeyMultibase)(Buffer.from(combined, 'hex'));
    expect(hex(signature)).toBe(standardsText(`${folder}/sigHexDataInt.txt`).trim());
    expect(base58btcEncode(signature)).toBe(standardsText(`${folder}/sigBTC58DataInt.txt`).trim());
  });
});

describe.skipIf(!hasStandards)('the examples of the Open Badges specification', () => {
  it('canonicalise to the published texts', async () => {
    const example = (name: string): JsonObject => standardsJson(`fixtures/ob3-spec-examples/linked-data-proof-ob-${name}`);
    expect(await canonize(example('01-Credential.json'))).toBe(standardsText('vectors/ob3-impl/obv3p0/document-canon.txt'));
    const { proofValue: _, ...options } = example('06-Proof.json');
    const config = { ...options, '@context': example('01-Credential.json')['@context'] };
    expect(await canonize(config)).toBe(standardsText('vectors/ob3-impl/obv3p0/proof-canon.txt'));
  });

  it('carry a signature that we verify', async () => {
    const { proof, ...document } = standardsJson('fixtures/ob3-spec-examples/linked-data-proof-ob-07-Signed-credential.json');
    const publicKey = rawKeyOf(String(proof.verificationMethod).split('#')[1] ?? '') ?? new Uint8Array();
    expect(await verifyProof({ document, proof }, { canonize, publicKey })).toBe('genuine');
  });
});
