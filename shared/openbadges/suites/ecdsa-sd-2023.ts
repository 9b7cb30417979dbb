/**
 * ecdsa-sd-2023, the verifier's part: a badge of which its holder shows only some statements. The issuer signed a set
 * of mandatory statements with its own key, and each other statement with a key made for this one credential.
 * @see https://www.w3.org/TR/vc-di-ecdsa/#verify-derived-proof-ecdsa-sd-2023
 */
import { linesOf, relabelled, sorted } from '#linked-data/nquads.ts';
import { concat, digest, type PublicKey, utf8, verifySignature } from '../primitives.ts';
import { type DerivedProofValue, derivedProofValueOf, ephemeralKeyOf } from './ecdsa-sd-2023-proof-value.ts';
import type { ProofVerdict, Suite, SuiteNeeds, Unsigned } from './suite.ts';

/** What the issuer's key signs. @see https://www.w3.org/TR/vc-di-ecdsa/#serializesigndata */
export const baseSignedBytes = async (facts: {
  /** Canonical text of the proof's options. */
  readonly options: string;
  readonly publicKey: Uint8Array;
  readonly mandatory: readonly string[];
}): Promise<Uint8Array> => concat(await digest('sha256', facts.options), facts.publicKey, await digest('sha256', facts.mandatory.join('')));

const verify = async (
  { document, options, proofValue }: Unsigned & { readonly proofValue: string },
  needs: SuiteNeeds,
): Promise<ProofVerdict> => {
  const proof = derivedProofValueOf(proofValue);
  const ephemeral = proof && ephemeralKeyOf(proof);
  // A base proof holds the key to everything hidden; it is for the holder and no proof to anyone else.
  if (proof === undefined || ephemeral === undefined) return 'malformed';
  const statements = relabelledStatements(await needs.canonize(document), proof.labels);
  if (statements === undefined) return 'not-genuine';
  const shown = { proof, ephemeral, statements, options: await needs.canonize({ ...options, '@context': document['@context'] }) };
  return (await isSigned(shown, needs.key)) ? 'genuine' : 'not-genuine';
};

export const ecdsaSd2023: Suite = { name: 'ecdsa-sd-2023', keys: ['P-256'], signsStatements: true, verify };

/** @returns undefined if a blank node has no label. */
const relabelledStatements = (canonical: string, labels: ReadonlyMap<string, string>): readonly string[] | undefined => {
  try {
    return sorted(linesOf(canonical).map((line) => relabelled(line, labels)));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};

interface Shown {
  readonly proof: DerivedProofValue;
  readonly ephemeral: PublicKey;
  readonly statements: readonly string[];
  readonly options: string;
}

const isSigned = async ({ proof, ephemeral, statements, options }: Shown, issuerKey: PublicKey): Promise<boolean> => {
  const { publicKey, baseSignature, signatures, mandatoryIndexes } = proof;
  const places = new Set(mandatoryIndexes);
  const mandatory = statements.filter((_, place) => places.has(place));
  const others = statements.filter((_, place) => !places.has(place));
  // A place named twice or outside the document would let a statement go unsigned.
  if (mandatory.length !== mandatoryIndexes.length || others.length !== signatures.length) return false;
  if (!(await verifySignature(issuerKey, await baseSignedBytes({ options, publicKey, mandatory }), baseSignature))) return false;
  for (const [place, statement] of others.entries()) {
    if (!(await verifySignature(ephemeral, utf8(statement), signatures[place] ?? new Uint8Array()))) return false;
  }
  return true;
};
