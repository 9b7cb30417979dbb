/** Every suite against libraries that no one here wrote, both ways: they verify ours, and we verify theirs. */
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite as ecdsaRdfc } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import { createDiscloseCryptosuite, createSignCryptosuite, createVerifyCryptosuite } from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import { cryptosuite as eddsaRdfc } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { derive, issue, verifyCredential as verifyElsewhere } from '@digitalbazaar/vc';
import { CompactSign, compactVerify, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { CONTEXTS } from '#openbadges/contexts.ts';
import type { JsonObject } from '#openbadges/json-object.ts';
import { didKeyDocument } from '#openbadges/keys/did-key.ts';
import { toBase64url, utf8 } from '#openbadges/primitives.ts';
import { verifyCredential } from '#openbadges/verify.ts';
import { verifyJose } from '#openbadges/verify-jose.ts';
import { loaderOf, NOW_MS } from '../openbadges/a-badge.ts';
import {
  aBadgeIn,
  aBadgeOf,
  aDisclosableBadge,
  canonize,
  disclosed,
  ec,
  type Identity,
  MANDATORY,
  ONE_STEP,
} from '../openbadges/signers.ts';
import { ecKey } from './vector-keys.ts';

const documentLoader = async (url: string) => {
  const [base = '', fragment] = url.split('#');
  const did = didKeyDocument(base);
  const [method] = Object(did?.verificationMethod ?? []);
  const document = CONTEXTS.get(url) ?? (fragment === undefined ? did : { '@context': 'https://w3id.org/security/multikey/v1', ...method });
  if (document === undefined) throw new Error(`not published: ${url}`);
  return { contextUrl: null, documentUrl: url, document: structuredClone(document) };
};

const now = new Date(NOW_MS);
const elsewhere = async (credential: object, cryptosuite: object) => {
  const suite = new DataIntegrityProof({ cryptosuite });
  return verifyElsewhere({ credential: structuredClone(credential), suite, documentLoader, now });
};
const here = async (credential: unknown) => (await verifyCredential(credential, { canonize, load: loaderOf({}), nowMs: NOW_MS })).verdict;

/** A signer as those libraries want it. */
const signerOf = ({ verificationMethod, kind, signer }: Identity) => ({
  id: verificationMethod,
  algorithm: kind,
  sign: ({ data }: { data: Uint8Array }) => signer(data),
});

const issuedElsewhere = (identity: Identity, cryptosuite: object, credential: JsonObject = aBadgeOf(identity)) => {
  const suite = new DataIntegrityProof({ cryptosuite, signer: signerOf(identity), date: '2026-11-23T12:31:00Z' });
  return issue({ credential: structuredClone(credential), suite, documentLoader, now });
};

const SUITES = [
  { name: 'eddsa-rdfc-2022', cryptosuite: eddsaRdfc },
  { name: 'ecdsa-rdfc-2019 (P-256)', cryptosuite: ecdsaRdfc },
  { name: 'ecdsa-rdfc-2019 (P-384)', cryptosuite: ecdsaRdfc },
].flatMap(({ name, cryptosuite }) => ONE_STEP.filter((known) => known.name === name).map((known) => ({ ...known, cryptosuite })));

describe.each(SUITES)('$name', ({ suite, identity, cryptosuite }) => {
  it('of ours is accepted elsewhere, and refused once changed', async () => {
    const badge = await aBadgeIn({ suite, identity });
    const { verified, error } = await elsewhere(badge, cryptosuite);
    expect(error).toBeUndefined();
    expect(verified).toBe(true);
    expect(await elsewhere({ ...badge, name: 'Another' }, cryptosuite)).toMatchObject({ verified: false });
  });

  it('from elsewhere is accepted here, and refused once changed', async () => {
    const badge = await issuedElsewhere(identity, cryptosuite);
    expect(await here(badge)).toBe('valid');
    expect(await here({ ...badge, name: 'Another' })).toBe('not-valid');
  });
});

describe('ecdsa-sd-2023', () => {
  const identity = ec('P-256');
  const chosen = [
    '/id',
    '/credentialSubject/id',
    '/credentialSubject/achievement/id',
    '/credentialSubject/achievement/description',
    '/evidence',
  ];
  const disclosedElsewhere = (badge: JsonObject) => {
    const suite = new DataIntegrityProof({ cryptosuite: createDiscloseCryptosuite({ selectivePointers: chosen }) });
    return derive({ verifiableCredential: structuredClone(badge), suite, documentLoader });
  };
  // Ordered lists have nodes that no one can name; the other library loses them, so that its part of the test goes without.
  const plain = (): JsonObject => {
    const { credentialSubject, ...badge } = aBadgeOf(identity);
    const { result: _, achievement, ...subject } = Object(credentialSubject);
    const { resultDescription: __, ...rest } = achievement;
    return { ...badge, credentialSubject: { ...subject, achievement: rest } };
  };

  it('issued and shown by us is accepted elsewhere', async () => {
    const shown = await disclosed(await aDisclosableBadge(), chosen);
    const { verified, error } = await elsewhere(shown, createVerifyCryptosuite());
    expect(error).toBeUndefined();
    expect(verified).toBe(true);
    expect(await elsewhere({ ...shown, validUntil: '2099-01-01T00:00:00Z' }, createVerifyCryptosuite())).toMatchObject({ verified: false });
  });

  it('issued and shown elsewhere is accepted here', async () => {
    const base = await issuedElsewhere(identity, createSignCryptosuite({ mandatoryPointers: MANDATORY }), plain());
    const shown = await disclosedElsewhere(base);
    expect(await here(shown)).toBe('valid');
    expect(await here({ ...shown, validUntil: '2099-01-01T00:00:00Z' })).toBe('not-valid');
  });

  it('issued elsewhere can be shown by us, and issued by us elsewhere', async () => {
    const base = await issuedElsewhere(identity, createSignCryptosuite({ mandatoryPointers: MANDATORY }), plain());
    const shown = await disclosed(base, chosen);
    expect(await here(shown)).toBe('valid');
    expect(await elsewhere(shown, createVerifyCryptosuite())).toMatchObject({ verified: true });
    const other = await disclosedElsewhere(await aDisclosableBadge());
    expect(await here(other)).toBe('valid');
  });
});

describe('a VC-JWT', () => {
  const { key, secretJwk } = ecKey('P-256', 12);
  const badge = aBadgeOf(ec('P-256', 12));

  it('of ours is accepted by jose', async () => {
    const { signer } = ecKey('P-256', 12);
    const text = [{ alg: 'ES256', typ: 'vc+jwt' }, badge].map((part) => toBase64url(utf8(JSON.stringify(part)))).join('.');
    const { payload } = await compactVerify(`${text}.${toBase64url(await signer(utf8(text)))}`, await importJWK({ ...key.jwk }, 'ES256'));
    expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(badge);
  });

  it('of jose is accepted here', async () => {
    const signed = await new CompactSign(utf8(JSON.stringify(badge)))
      .setProtectedHeader({ alg: 'ES256', typ: 'vc+jwt' })
      .sign(await importJWK(secretJwk, 'ES256'));
    expect((await verifyJose(signed, key)).verdict).toBe('valid');
  });
});
