/** A badge that says everything it can say, and an endorsement, before a verifier that no one here wrote. */
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { verifyCredential } from '@digitalbazaar/vc';
import { checkStatus } from '@digitalbazaar/vc-bitstring-status-list';
import { describe, expect, it } from 'vitest';
import { CONTEXTS } from '#openbadges/contexts.ts';
import { splitProof, verifyProof } from '#openbadges/data-integrity-proof.ts';
import { didDocument, multikeyMethod } from '#openbadges/did-web.ts';
import { rawKeyOf } from '#openbadges/ed25519-key.ts';
import type { JsonObject } from '#openbadges/json-object.ts';
import { aDefinition, aDidDocument, aKey, aSignedBadge, aSignedList, canonize, DID, LIST_URL, NOW_MS } from '../openbadges/a-badge.ts';
import { aRichCredential, aSignedEndorsement, ENDORSER_DID } from '../openbadges/an-endorsement.ts';

const endorser = didDocument({ did: ENDORSER_DID, keys: [multikeyMethod(aKey(11).multikey)], profileUrl: 'https://employers.example/' });
const issuer = aDidDocument();
const methods = [endorser, issuer].flatMap(({ verificationMethod }) =>
  verificationMethod.map((method) => [method.id, { '@context': 'https://w3id.org/security/multikey/v1', ...method }] as const),
);
const list = await aSignedList();
const documents = new Map<string, unknown>([...CONTEXTS, [DID, issuer], [ENDORSER_DID, endorser], [LIST_URL, list], ...methods]);

const documentLoader = async (url: string) => {
  if (!documents.has(url)) throw new Error(`not published: ${url}`);
  return { contextUrl: null, documentUrl: url, document: structuredClone(documents.get(url)) };
};

const verifiedBy = (credential: object) =>
  verifyCredential({
    credential: structuredClone(credential),
    suite: new DataIntegrityProof({ cryptosuite }),
    documentLoader,
    checkStatus,
    now: new Date(NOW_MS),
  });

type Path = readonly string[];

const textsIn = (value: unknown, path: Path = []): readonly { path: Path; text: string }[] => {
  if (typeof value === 'string') return [{ path, text: value }];
  return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, child]) => textsIn(child, [...path, key])) : [];
};

const changedAt = (document: object, path: Path, text: string): JsonObject => {
  const copy = structuredClone(document);
  const holder = path.slice(0, -1).reduce<object>((inside, key) => Reflect.get(inside, key), copy);
  Reflect.set(holder, path.at(-1) ?? '', text);
  return { ...copy };
};

describe('a badge that says everything it can say', () => {
  it('no longer verifies once one character is changed in any of its texts, in those of its endorsements too', async () => {
    const { document, proofs } = splitProof(
      JSON.parse(JSON.stringify(await aSignedBadge(await aRichCredential(aDefinition('data-communicator'))))),
    );
    const [proof] = proofs as readonly JsonObject[];
    const publicKey = rawKeyOf(aKey().multikey) ?? new Uint8Array();
    const isGenuine = (changed: JsonObject) =>
      verifyProof({ document: changed, proof: proof ?? {} }, { canonize, publicKey }).then(
        (verdict) => verdict === 'genuine',
        () => false,
      );
    expect(await isGenuine(document)).toBe(true);
    const texts = textsIn(document);
    expect(texts.length).toBeGreaterThan(120);
    const survivors: string[] = [];
    for (const { path, text } of texts) {
      const place = text.length >> 1;
      const flipped = `${text.slice(0, place)}${text.charAt(place) === 'x' ? 'y' : 'x'}${text.slice(place + 1)}`;
      if (await isGenuine(changedAt(document, path, flipped))) survivors.push(path.join('.'));
    }
    expect(survivors).toEqual([]);
  });
});

describe('an independent verifier', () => {
  it('accepts a badge with endorsements, related resources, credits and a refresh service', async () => {
    const { verified, error } = await verifiedBy(await aSignedBadge(await aRichCredential()));
    expect(error).toBeUndefined();
    expect(verified).toBe(true);
  });

  it('accepts an endorsement by itself, and refuses it reworded', async () => {
    const endorsement = await aSignedEndorsement();
    expect(await verifiedBy(endorsement)).toMatchObject({ verified: true });
    const { credentialSubject } = endorsement;
    const reworded = { ...endorsement, credentialSubject: { ...credentialSubject, endorsementComment: 'The best there is.' } };
    expect(await verifiedBy(reworded)).toMatchObject({ verified: false });
  });
});
