/** A badge of a sample micro-credential, its issuer and their key: valid by default, override one thing. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createCanonicalizer } from '#linked-data/canonicalize.ts';
import { achievementOf } from '#openbadges/achievement.ts';
import { achievementCredential, type CriterionScore, type FrozenCredential } from '#openbadges/achievement-credential.ts';
import { bitstring, statusListCredential } from '#openbadges/bitstring-status-list.ts';
import { CONTEXTS } from '#openbadges/contexts.ts';
import { addProof, type Signer } from '#openbadges/data-integrity-proof.ts';
import type { DefinitionFacts } from '#openbadges/definition-facts.ts';
import { didDocument, didWebOf, multikeyMethod, verificationMethodId } from '#openbadges/did-web.ts';
import { multikeyOfSpki } from '#openbadges/ed25519-key.ts';
import { emailIdentifier } from '#openbadges/recipient.ts';

export const canonize = createCanonicalizer({ contexts: CONTEXTS });

export const BASE = 'https://assay.example';
export const ISSUER_URL = `${BASE}/i/harbour`;
export const LIST_URL = `${BASE}/s/harbour/1`;
export const DID = didWebOf(ISSUER_URL);
export const ISSUED_AT = '2026-11-23T12:31:00Z';
export const NOW_MS = Date.parse('2026-11-24T00:00:00Z');

/** PKCS #8 of an Ed25519 key is this and its 32-byte seed. RFC 8410. */
const PKCS8_ED25519 = '302e020100300506032b657004220420';

/** A key from a seed of one repeated byte, so that every run signs alike. */
export const aKey = (seed = 7) => {
  const privateKey = createPrivateKey({
    key: Buffer.from(PKCS8_ED25519 + Buffer.alloc(32, seed).toString('hex'), 'hex'),
    format: 'der',
    type: 'pkcs8',
  });
  const multikey = multikeyOfSpki(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }));
  const signer: Signer = async (bytes) => sign(null, bytes, privateKey);
  return { signer, multikey, verificationMethod: verificationMethodId(DID, multikey) };
};

export const SAMPLES = ['coaching-and-mentoring', 'data-storytelling', 'infection-prevention-clinic-staff', 'data-communicator'] as const;

export const aDefinition = (sample: (typeof SAMPLES)[number] = 'data-storytelling'): DefinitionFacts =>
  JSON.parse(readFileSync(new URL(`../../local/samples/${sample}.json`, import.meta.url), 'utf8'));

export const issuer = {
  did: DID,
  name: 'Harbour Learning Alliance',
  url: 'https://harbour-learning.example/',
  email: 'credentials@harbour-learning.example',
  description: 'A membership association for learning and development practitioners.',
  image: { id: `${ISSUER_URL}/logo.svg`, caption: 'A lighthouse' },
  address: { addressCountryCode: 'IE', addressRegion: 'Leinster', addressCountry: 'Ireland' },
};

/** Every criterion at its required level. */
export const scoresOf = (definition: DefinitionFacts): readonly CriterionScore[] =>
  definition.rubrics.flatMap(({ id, criteria }) =>
    criteria.map((criterion) => ({ rubric: id, criterion: criterion.id, level: criterion.requiredLevel })),
  );

export const aFrozenCredential = (overrides: Partial<FrozenCredential> = {}, definition = aDefinition()): FrozenCredential => ({
  id: `${BASE}/c/0123456789abcdefghjkmnpqrs`,
  issuer,
  achievement: achievementOf(definition, { achievementUrl: `${BASE}/a/sample/${definition.version}`, issuer }),
  subject: {
    id: 'urn:uuid:2f9d5a52-65b0-4a5c-9d0a-0f5f3b0f6a11',
    identifier: emailIdentifier('Learner@example.org', 'c2FsdCBmb3IgdGVzdHM'),
  },
  awardedDate: ISSUED_AT,
  validFrom: ISSUED_AT,
  validUntil: '2029-11-22T12:31:00Z',
  evidence: [
    {
      id: 'urn:uuid:8b0b9d4e-5a0f-4c0e-8c55-0b1df3f9a001',
      name: 'Recorded data story',
      narrative: 'Reviewed and held privately by the issuer.',
      genre: 'Video',
      description: 'Five minutes, to camera, with slides.',
      sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    },
  ],
  results: { policy: 'full', scores: scoresOf(definition) },
  source: { id: `${BASE}/i/assessors`, name: 'Independent Assessors Board', url: 'https://assessors.example/' },
  status: { list: LIST_URL, index: 94_567, purpose: 'revocation' },
  ...overrides,
});

export const signed = <T extends object>(document: T, { signer, verificationMethod } = aKey(), created = ISSUED_AT) =>
  addProof(document, { canonize, signer, verificationMethod, created });

/** The sample badge as it is published. */
export const aSignedBadge = (overrides: Partial<FrozenCredential> = {}, definition = aDefinition()) =>
  signed(achievementCredential(aFrozenCredential(overrides, definition)));

export const aSignedList = (raised: readonly number[] = []) =>
  signed(
    statusListCredential({
      id: LIST_URL,
      issuer: DID,
      purpose: 'revocation',
      bytes: bitstring(raised),
      validFrom: ISSUED_AT,
      ttlMs: 60_000,
    }),
  );

export const aDidDocument = (multikeys: readonly string[] = [aKey().multikey]) =>
  didDocument({ did: DID, keys: multikeys.map(multikeyMethod), profileUrl: ISSUER_URL });

/** A loader over what is published; anything else does not answer. */
export const loaderOf = (files: Readonly<Record<string, unknown>>) => async (url: string) => {
  if (!(url in files)) throw new Error(`no answer from ${url}`);
  return files[url];
};

/** What an issuer with this badge publishes. */
export const published = async (raised: readonly number[] = []) => ({
  [`${ISSUER_URL}/did.json`]: aDidDocument(),
  [LIST_URL]: await aSignedList(raised),
});
