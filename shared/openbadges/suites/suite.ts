/** What every signature suite of Data Integrity has in common, and what is asked of one. */
import type { Canonize } from '#linked-data/canonicalize.ts';
import type { JsonObject } from '../json-object.ts';
import type { KeyKind, PublicKey } from '../primitives.ts';

/** `type` of the proof where it says all, else its `cryptosuite`. */
export type SuiteName =
  | 'Ed25519Signature2020'
  | 'ecdsa-jcs-2019'
  | 'ecdsa-rdfc-2019'
  | 'ecdsa-sd-2023'
  | 'eddsa-jcs-2022'
  | 'eddsa-rdfc-2022';

/** A document without its proofs, and one proof's options: the proof without its `proofValue`. */
export interface Unsigned {
  readonly document: JsonObject;
  readonly options: JsonObject;
}

export interface SuiteNeeds {
  readonly canonize: Canonize;
  readonly key: PublicKey;
}

/** `wrong-key`: the key is of a kind that this suite does not sign with. */
export type ProofVerdict = 'genuine' | 'not-genuine' | 'malformed' | 'wrong-key';

export interface Suite {
  readonly name: SuiteName;
  /** Kinds of keys that may make this proof. */
  readonly keys: readonly KeyKind[];
  /** Whether it signs statements rather than JSON text, so that how the JSON says them is not protected by it. */
  readonly signsStatements: boolean;
  /** @throws CanonicalizationError if document or options have no canonical form here */
  readonly verify: (signed: Unsigned & { readonly proofValue: string }, needs: SuiteNeeds) => Promise<ProofVerdict>;
}

/** A suite that can be signed with in one step. */
export interface SigningSuite extends Suite {
  /** What the key signs. @throws CanonicalizationError if document or options have no canonical form here */
  readonly signedBytes: (unsigned: Unsigned, needs: { readonly canonize: Canonize; readonly kind: KeyKind }) => Promise<Uint8Array>;
}
