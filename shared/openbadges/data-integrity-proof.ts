/**
 * Data Integrity proofs with eddsa-rdfc-2022: the signature inside a badge that Open Badges certification accepts.
 * @see https://www.w3.org/TR/vc-di-eddsa/#eddsa-rdfc-2022
 */
import { hash, verify } from 'node:crypto';
import type { Canonize } from '#linked-data/canonicalize.ts';
import { keyObjectOf } from './ed25519-key.ts';
import { instantOf, type JsonObject, listOf, textOf } from './json-object.ts';
import { base58btcDecode, base58btcEncode } from './multibase.ts';

/** Signs with Ed25519: takes the 64 bytes of {@link hashData}, gives the 64 bytes of the signature. */
export type Signer = (bytes: Uint8Array) => Promise<Uint8Array>;

const SIGNATURE_BYTES = 64;

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
export const hashData = async (document: object, options: object, canonize: Canonize): Promise<Uint8Array> => {
  const config = { ...options, '@context': '@context' in document ? document['@context'] : undefined };
  const [canonicalConfig, canonicalDocument] = [await canonize(config), await canonize(document)];
  return Buffer.concat([hash('sha256', canonicalConfig, 'buffer'), hash('sha256', canonicalDocument, 'buffer')]);
};

/** A secured document and its proofs, apart from each other. */
export const splitProof = (secured: JsonObject): { readonly document: JsonObject; readonly proofs: readonly unknown[] } => {
  const { proof, ...document } = secured;
  return { document, proofs: listOf(proof) };
};

export interface VerifyNeeds {
  readonly canonize: Canonize;
  /** Raw 32 bytes of the key that the proof's verification method names. */
  readonly publicKey: Uint8Array;
}

/** `unsupported`: another proof type, suite or a link of a proof chain, so that nothing is known about it. */
export type ProofVerdict = 'genuine' | 'not-genuine' | 'malformed' | 'unsupported';

/**
 * Whether one proof is the key's signature over the document. That the key is the issuer's is another question.
 * @throws CanonicalizationError if document or proof options have no canonical form here
 */
export const verifyProof = async (
  { document, proof }: { readonly document: JsonObject; readonly proof: JsonObject },
  { canonize, publicKey }: VerifyNeeds,
): Promise<ProofVerdict> => {
  const { proofValue, ...options } = proof;
  if (options.type !== 'DataIntegrityProof' || options.cryptosuite !== CRYPTOSUITE || 'previousProof' in options) return 'unsupported';
  const signature = base58btcDecode(textOf(proofValue) ?? '');
  if (signature?.length !== SIGNATURE_BYTES || !areProofOptions(options)) return 'malformed';
  const data = await hashData(document, options, canonize);
  return verify(null, data, keyObjectOf(publicKey), signature) ? 'genuine' : 'not-genuine';
};

const areProofOptions = ({ created, proofPurpose, verificationMethod }: JsonObject): boolean =>
  (created === undefined || instantOf(created) !== undefined) &&
  proofPurpose === 'assertionMethod' &&
  textOf(verificationMethod) !== undefined;
