/**
 * Whether every proof of a document was made by its issuer: the key must be published by the very DID that the
 * document names as its issuer. A good signature by someone else's key proves nothing.
 * @see https://www.w3.org/TR/vc-data-integrity/#verify-proof-sets-and-chains
 */
import { CanonicalizationError, type Canonize } from '#linked-data/canonicalize.ts';
import { failed, notChecked, type Outcome, PASSED } from './check.ts';
import { splitProof, verifyProof } from './data-integrity-proof.ts';
import { didWebDocumentUrl } from './did-web.ts';
import { rawKeyOf } from './ed25519-key.ts';
import { idOf, instantOf, isObject, type JsonObject, listOf, objectOf, textOf } from './json-object.ts';

/** Fetches JSON from an address, within the limits of whoever gives it; rejects if there is no answer. */
export type LoadDocument = (url: string) => Promise<unknown>;

export interface ProofCheckNeeds {
  readonly canonize: Canonize;
  readonly load: LoadDocument;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** Each proof costs a canonicalisation, so a document may not order any number of them. */
const PROOFS_MAX = 8;

/** The issuer's keys, or why there are none. */
export type Controller = { readonly document: JsonObject } | { readonly obstacle: Outcome };

/** The issuer's DID document; only did:web can be followed yet. */
export const loadController = async (issuer: string | undefined, load: LoadDocument): Promise<Controller> => {
  const url = didWebDocumentUrl(issuer ?? '');
  if (url === undefined) return { obstacle: notChecked('issuer/unsupported') };
  const document = await load(url).catch(() => undefined);
  if (!isObject(document)) return { obstacle: notChecked('issuer/unreachable') };
  return document.id === issuer ? { document } : { obstacle: failed('issuer/not-the-key-holder') };
};

/** Checks all proofs of a document against its issuer's keys; the first that does not pass is the answer. */
export const checkProofs = async (secured: JsonObject, controller: JsonObject, needs: ProofCheckNeeds): Promise<Outcome> => {
  const { document, proofs } = splitProof(secured);
  if (proofs.length === 0) return failed('proof/missing');
  if (proofs.length > PROOFS_MAX) return failed('proof/malformed');
  for (const proof of proofs) {
    const outcome = isObject(proof) ? await checkProof({ document, proof }, controller, needs) : failed('proof/malformed');
    if (outcome.state !== 'passed') return outcome;
  }
  return PASSED;
};

const checkProof = async (
  secured: { readonly document: JsonObject; readonly proof: JsonObject },
  controller: JsonObject,
  { canonize, nowMs }: ProofCheckNeeds,
): Promise<Outcome> => {
  const method = textOf(secured.proof.verificationMethod);
  if (method?.split('#')[0] !== idOf(secured.document.issuer)) return failed('issuer/not-the-key-holder');
  const publicKey = keyOf(controller, method);
  if (publicKey === undefined) return failed('proof/key-not-published');
  if (hasExpired(secured.proof, nowMs)) return failed('proof/expired');
  return verifyProof(secured, { canonize, publicKey }).then(outcomeOf, obstacleOf);
};

const outcomeOf = (verdict: Awaited<ReturnType<typeof verifyProof>>): Outcome => {
  switch (verdict) {
    case 'genuine':
      return PASSED;
    case 'not-genuine':
    case 'malformed':
      return failed(`proof/${verdict}`);
    case 'unsupported':
      return notChecked('proof/unsupported');
  }
};

const obstacleOf = (error: unknown): Outcome => {
  if (!(error instanceof CanonicalizationError)) throw error;
  return error.code === 'unsafe' ? failed('proof/unsigned-content') : notChecked(`proof/${error.code}`);
};

/** The raw key of a method that the controller publishes for making assertions. */
const keyOf = (controller: JsonObject, method: string | undefined): Uint8Array | undefined => {
  const isForAssertions = listOf(controller.assertionMethod).some((entry) => idOf(entry) === method);
  const published = [...listOf(controller.verificationMethod), ...listOf(controller.assertionMethod)];
  const found = objectOf(published.find((entry) => isObject(entry) && entry.id === method));
  if (!isForAssertions || found?.type !== 'Multikey' || found.controller !== controller.id) return undefined;
  return rawKeyOf(textOf(found.publicKeyMultibase) ?? '');
};

const hasExpired = ({ expires }: JsonObject, nowMs: number): boolean => expires !== undefined && (instantOf(expires) ?? 0) <= nowMs;
