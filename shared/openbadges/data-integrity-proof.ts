/**
 * Data Integrity proofs: the signature inside a badge. Issuing signs with eddsa-rdfc-2022, which Open Badges
 * certification accepts; verifying reads every suite of `suites/`.
 * @see https://www.w3.org/TR/vc-data-integrity/
 */
import type { Canonize } from '#linked-data/canonicalize.ts';
import { instantOf, type JsonObject, listOf, textOf } from './json-object.ts';
import { base58btcEncode } from './multibase.ts';
import { type PublicKey, toBase64url } from './primitives.ts';
import { eddsaRdfc2022 } from './suites/eddsa-rdfc-2022.ts';
import type { SigningSuite, ProofVerdict as SuiteVerdict } from './suites/suite.ts';
import { suiteOf } from './suites/suites.ts';

/** Signs with Ed25519: takes the 64 bytes of {@link hashData}, gives the 64 bytes of the signature. */
export type Signer = (bytes: Uint8Array) => Promise<Uint8Array>;

const SIGNATURE_BYTES = 64;

/** Of a raw Ed25519 key. */
const KEY_BYTES = 32;

export const CRYPTOSUITE = 'eddsa-rdfc-2022';

export interface DataIntegrityProof {
  readonly type: 'DataIntegrityProof';
  readonly cryptosuite: typeof CRYPTOSUITE;
  readonly created: string;
  readonly verificationMethod: string;
  readonly proofPurpose: 'assertionMethod';
  readonly proofValue: string;
}

/** A document with its proof set: an array even of one, since a schema flavour refuses a single object. */
export type Secured<T> = Omit<T, 'proof'> & { readonly proof: readonly DataIntegrityProof[] };

export interface ProofNeeds {
  readonly canonize: Canonize;
  readonly signer: Signer;
  /** `did:…#z6Mk…` of the key behind the signer. */
  readonly verificationMethod: string;
  /** ISO 8601 instant with seconds. */
  readonly created: string;
}

/**
 * The document with a proof over everything else in it.
 * @throws RangeError if `created` is no date-time stamp or the signer answers other than 64 bytes
 * @throws CanonicalizationError if the document holds something that would stay unsigned
 */
export const addProof = async <T extends object>(document: T, needs: ProofNeeds): Promise<Secured<T>> => {
  const { canonize, signer, verificationMethod, created } = needs;
  if ('proof' in document) throw new RangeError('the document has a proof already');
  if (instantOf(created) === undefined) throw new RangeError('created is a date-time with seconds and a time zone');
  const options = {
    type: 'DataIntegrityProof',
    cryptosuite: CRYPTOSUITE,
    created,
    verificationMethod,
    proofPurpose: 'assertionMethod',
  } as const;
  const signature = await signer(await hashData(document, options, canonize));
  if (signature.length !== SIGNATURE_BYTES) throw new RangeError('an Ed25519 signature has 64 bytes');
  return { ...document, proof: [{ ...options, proofValue: base58btcEncode(signature) }] };
};

/** What is signed: SHA-256 of the canonical proof options, then SHA-256 of the canonical document. */
export const hashData = async (document: object, options: object, canonize: Canonize): Promise<Uint8Array> =>
  eddsaRdfc2022.signedBytes({ document: { ...document }, options: { ...options } }, { canonize, kind: 'Ed25519' });

export interface SuiteProofNeeds {
  readonly canonize: Canonize;
  readonly suite: SigningSuite;
  /** Kind of the key behind the signer; it decides which hash an ECDSA suite takes. */
  readonly kind: PublicKey['kind'];
  readonly signer: Signer;
}

/**
 * One proof of any one-step suite, over a document without proofs, or with those that a `previousProof` names.
 * @param options `created`, `verificationMethod`, `proofPurpose` and whatever else the proof is to say
 * @throws RangeError if the suite does not sign with such keys
 * @throws CanonicalizationError if the document holds something that would stay unsigned
 */
export const createProof = async (document: JsonObject, options: JsonObject, needs: SuiteProofNeeds): Promise<JsonObject> => {
  const { canonize, suite, kind, signer } = needs;
  if (!suite.keys.includes(kind)) throw new RangeError(`${suite.name} does not sign with ${kind}`);
  const { name } = suite;
  const typed = name === 'Ed25519Signature2020' ? { type: name } : { type: 'DataIntegrityProof', cryptosuite: name };
  // A JCS proof repeats the context, so that one may be added to the document later. Its specification, "Proof configuration".
  const context = suite.signsStatements || document['@context'] === undefined ? {} : { '@context': document['@context'] };
  const config = { ...typed, ...options, ...context };
  const signature = await signer(await suite.signedBytes({ document, options: config }, { canonize, kind }));
  return { ...config, proofValue: base58btcEncode(signature) };
};

/** A secured document and its proofs, apart from each other. */
export const splitProof = (secured: JsonObject): { readonly document: JsonObject; readonly proofs: readonly unknown[] } => {
  const { proof, ...document } = secured;
  return { document, proofs: listOf(proof) };
};

export interface VerifyNeeds {
  readonly canonize: Canonize;
  /** The key that the proof's verification method names; raw bytes are Ed25519. */
  readonly publicKey: PublicKey | Uint8Array;
}

/** `unsupported`: another proof type or suite, so that nothing is known about it. */
export type ProofVerdict = SuiteVerdict | 'unsupported';

/**
 * Whether one proof is the key's signature over the document. That the key is the issuer's, and what the proof's
 * purpose and times allow, are other questions.
 * @throws CanonicalizationError if document or proof options have no canonical form here
 */
export const verifyProof = async (
  { document, proof }: { readonly document: JsonObject; readonly proof: JsonObject },
  { canonize, publicKey }: VerifyNeeds,
): Promise<ProofVerdict> => {
  const { proofValue, ...options } = proof;
  const suite = suiteOf(proof);
  if (suite === undefined) return 'unsupported';
  const value = textOf(proofValue);
  if (value === undefined || !areProofOptions(options)) return 'malformed';
  const key = publicKey instanceof Uint8Array ? ed25519Key(publicKey) : publicKey;
  if (key === undefined || !suite.keys.includes(key.kind)) return 'wrong-key';
  return suite.verify({ document, options, proofValue: value }, { canonize, key });
};

const ed25519Key = (raw: Uint8Array): PublicKey | undefined =>
  raw.length === KEY_BYTES ? { kind: 'Ed25519', jwk: { kty: 'OKP', crv: 'Ed25519', x: toBase64url(raw) } } : undefined;

const areProofOptions = ({ created, proofPurpose, verificationMethod }: JsonObject): boolean =>
  (created === undefined || instantOf(created) !== undefined) &&
  textOf(proofPurpose) !== undefined &&
  textOf(verificationMethod) !== undefined;
