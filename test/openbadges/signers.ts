/** Issuers under did:key, one per suite, who sign any credential with it. */
import { createCanonicalizer } from '#linked-data/canonicalize.ts';
import { createGrouper } from '#linked-data/group.ts';
import { achievementCredential } from '#openbadges/achievement-credential.ts';
import { CONTEXTS } from '#openbadges/contexts.ts';
import { createProof } from '#openbadges/data-integrity-proof.ts';
import type { JsonObject } from '#openbadges/json-object.ts';
import { didKeyOf } from '#openbadges/keys/did-key.ts';
import { multicodecOf, multikeyOfKey, publicKeyOfMultikey } from '#openbadges/keys/multikey.ts';
import { jwkSigner, type KeyKind, type PublicKey } from '#openbadges/primitives.ts';
import { ecdsaJcs2019 } from '#openbadges/suites/ecdsa-jcs-2019.ts';
import { ecdsaRdfc2019 } from '#openbadges/suites/ecdsa-rdfc-2019.ts';
import { baseProof } from '#openbadges/suites/ecdsa-sd-2023-base.ts';
import { derive } from '#openbadges/suites/ecdsa-sd-2023-derive.ts';
import { ed25519Signature2020 } from '#openbadges/suites/ed25519-signature-2020.ts';
import { eddsaJcs2022 } from '#openbadges/suites/eddsa-jcs-2022.ts';
import { eddsaRdfc2022 } from '#openbadges/suites/eddsa-rdfc-2022.ts';
import type { SigningSuite } from '#openbadges/suites/suite.ts';
import { ecKey } from '../conformance/vector-keys.ts';
import { aDefinition, aFrozenCredential, aKey, ISSUED_AT } from './a-badge.ts';

export const canonize = createCanonicalizer({ contexts: CONTEXTS });
export const group = createGrouper({ contexts: CONTEXTS });

export interface Identity {
  readonly key: PublicKey;
  readonly kind: KeyKind;
  readonly signer: (bytes: Uint8Array) => Promise<Uint8Array>;
  readonly did: string;
  readonly verificationMethod: string;
}

const identityOf = (key: PublicKey, signer: Identity['signer']): Identity => ({
  key,
  kind: key.kind,
  signer,
  ...didKeyOf(multikeyOfKey(key)),
});

export const ed25519 = (seed = 21): Identity => {
  const { multikey, signer } = aKey(seed);
  const key = publicKeyOfMultikey(multikey);
  if (key === undefined) throw new Error('no key');
  return identityOf(key, signer);
};

export const ec = (kind: 'P-256' | 'P-384', seed = 5): Identity => {
  const { key, signer } = ecKey(kind, seed);
  return identityOf(key, signer);
};

/** P-521 and RSA have no did:key here; only VC-JWTs use them. */
export const signerOfJwk = jwkSigner;

export const ED25519_2020_CONTEXT = 'https://w3id.org/security/suites/ed25519-2020/v1';

export const ONE_STEP: readonly { readonly name: string; readonly suite: SigningSuite; readonly identity: Identity }[] = [
  { name: 'eddsa-rdfc-2022', suite: eddsaRdfc2022, identity: ed25519() },
  { name: 'eddsa-jcs-2022', suite: eddsaJcs2022, identity: ed25519() },
  { name: 'Ed25519Signature2020', suite: ed25519Signature2020, identity: ed25519() },
  { name: 'ecdsa-rdfc-2019 (P-256)', suite: ecdsaRdfc2019, identity: ec('P-256') },
  { name: 'ecdsa-rdfc-2019 (P-384)', suite: ecdsaRdfc2019, identity: ec('P-384') },
  { name: 'ecdsa-jcs-2019 (P-256)', suite: ecdsaJcs2019, identity: ec('P-256') },
  { name: 'ecdsa-jcs-2019 (P-384)', suite: ecdsaJcs2019, identity: ec('P-384') },
];

/** The sample badge as someone else's: their id in place of the issuer's, and nothing that needs loading. */
export const aBadgeOf = ({ did }: Identity, changes: object = {}): JsonObject => {
  const { credentialStatus: _, ...badge } = achievementCredential(
    aFrozenCredential({ source: { id: 'did:example:assessors', name: 'Independent Assessors Board' } }, aDefinition('data-communicator')),
  );
  return JSON.parse(JSON.stringify({ ...badge, issuer: { ...badge.issuer, id: did }, ...changes }));
};

export const proofOptions = ({ verificationMethod }: Identity, more: object = {}): JsonObject => ({
  created: ISSUED_AT,
  verificationMethod,
  proofPurpose: 'assertionMethod',
  ...more,
});

export const signedIn = async (document: JsonObject, suite: SigningSuite, identity: Identity): Promise<JsonObject> => {
  const { kind, signer } = identity;
  const proof = await createProof(document, proofOptions(identity), { canonize, suite, kind, signer });
  return { ...document, proof: [proof] };
};

/** The sample badge signed in a suite, with whatever context that suite needs. */
export const aBadgeIn = ({ suite, identity }: { suite: SigningSuite; identity: Identity }, changes: object = {}): Promise<JsonObject> => {
  const badge = aBadgeOf(identity, changes);
  const contexts = [...Object(badge['@context']), ...(suite.name === 'Ed25519Signature2020' ? [ED25519_2020_CONTEXT] : [])];
  return signedIn({ ...badge, '@context': contexts }, suite, identity);
};

export const MANDATORY = [
  '/issuer',
  '/validFrom',
  '/validUntil',
  '/credentialSubject/achievement/name',
  '/credentialSubject/achievement/criteria',
];

/** The sample badge with an ecdsa-sd-2023 base proof. */
export const aDisclosableBadge = async (identity = ec('P-256'), mandatoryPointers: readonly string[] = MANDATORY): Promise<JsonObject> => {
  const document = aBadgeOf(identity);
  const ephemeral = ec('P-256', 9);
  const options = proofOptions(identity, { type: 'DataIntegrityProof', cryptosuite: 'ecdsa-sd-2023' });
  const needs = { canonize, group, signer: identity.signer, mandatoryPointers, hmacKey: new Uint8Array(32).fill(3) };
  const secret = { publicKey: multicodecOf(ephemeral.key), signer: ephemeral.signer };
  return { ...document, proof: await baseProof({ document, options }, { ...needs, ephemeral: secret }) };
};

/** What its holder shows of it. */
export const disclosed = async (badge: JsonObject, selectivePointers: readonly string[]): Promise<JsonObject> => {
  const { proof, ...document } = badge;
  const shown = await derive({ document, proof: Object(proof) }, { group, selectivePointers });
  if (shown === undefined) throw new Error('no base proof');
  return shown;
};
