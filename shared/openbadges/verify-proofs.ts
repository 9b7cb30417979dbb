/**
 * Whether every proof of a document is genuine, and whether one of them was made by the issuer or holder that the
 * document names. A good signature by someone else's key proves nothing about them.
 * @see https://www.w3.org/TR/vc-data-integrity/#verify-proof-sets-and-chains
 */
import { CanonicalizationError } from '#linked-data/canonicalize.ts';
import { failed, notChecked, type Outcome, PASSED, worstOf } from './check.ts';
import { splitProof, verifyProof } from './data-integrity-proof.ts';
import { instantOf, isObject, type JsonObject, listOf, textOf } from './json-object.ts';
import type { ProofPurpose } from './keys/controller-document.ts';
import { resolveKey } from './keys/resolve-key.ts';
import { suiteOf } from './suites/suites.ts';
import type { Run } from './verify-run.ts';
import { showsWhatItSays } from './verify-visible.ts';

/** Each proof costs a canonicalisation, so a document may not order any number of them. */
const PROOFS_MAX = 8;

/** What the proofs of a document are to have been made for. */
export interface ProofTerms {
  readonly purposes: readonly ProofPurpose[];
  /** The value that the verifier gave to the presenter; absent, the proof's own is not looked at. */
  readonly challenge?: string | undefined;
  /** Where the verifier is; absent, the proof's own is not looked at. */
  readonly domain?: string | undefined;
}

/** `proof`: of all proofs the worst. `signers`: who is said to control the key of each, with what became of it. */
export interface ProofFindings {
  readonly proof: Outcome;
  readonly signers: readonly Signer[];
}

export interface Signer {
  readonly controller: string;
  readonly outcome: Outcome;
}

/** Checks every proof that is embedded in a document. */
export const checkProofs = async (secured: JsonObject, terms: ProofTerms, run: Run): Promise<ProofFindings> => {
  const { document, proofs } = splitProof(secured);
  if (proofs.length === 0) return { proof: failed('proof/missing'), signers: [] };
  if (proofs.length > PROOFS_MAX || !proofs.every(isObject)) return { proof: failed('proof/malformed'), signers: [] };
  const signers: Signer[] = [];
  for (const proof of proofs) signers.push(await checkProof({ document, proof, proofs }, terms, run));
  const proof = worstOf(signers.map(({ outcome }) => outcome));
  return { proof: proof.state === 'passed' ? await checkVisible(document, proofs, run) : proof, signers };
};

interface Proven {
  readonly document: JsonObject;
  readonly proof: JsonObject;
  readonly proofs: readonly JsonObject[];
}

const checkProof = async (proven: Proven, terms: ProofTerms, run: Run): Promise<Signer> => {
  const { proof } = proven;
  const method = textOf(proof.verificationMethod) ?? '';
  const refused = refusal(proof, terms, run.nowMs);
  const [base = ''] = method.split('#');
  if (refused !== undefined) return { controller: base, outcome: refused };
  const purpose = terms.purposes.find((candidate) => candidate === proof.proofPurpose) ?? 'assertionMethod';
  const { controller, finding } = await resolveKey(method, { load: run.load, nowMs: run.nowMs, purpose });
  if ('outcome' in finding) return { controller, outcome: finding.outcome };
  const document = withPrevious(proven);
  if (document === undefined) return { controller, outcome: failed('proof/broken-chain') };
  const needs = { canonize: run.canonize, publicKey: finding.key };
  return { controller, outcome: await verifyProof({ document, proof }, needs).then(outcomeOf, obstacleOf) };
};

/** What a proof says of itself that rules it out, before any key is fetched. */
const refusal = (proof: JsonObject, { purposes, challenge, domain }: ProofTerms, nowMs: number): Outcome | undefined => {
  if (suiteOf(proof) === undefined) return notChecked('proof/unsupported');
  if (textOf(proof.verificationMethod) === undefined || textOf(proof.proofValue) === undefined) return failed('proof/malformed');
  if (!purposes.some((purpose) => purpose === proof.proofPurpose)) return failed('proof/wrong-purpose');
  if (challenge !== undefined && proof.challenge !== challenge) return failed('proof/wrong-challenge');
  if (domain !== undefined && !listOf(proof.domain).includes(domain)) return failed('proof/wrong-domain');
  return hasExpired(proof, nowMs) ? failed('proof/expired') : undefined;
};

const hasExpired = ({ expires }: JsonObject, nowMs: number): boolean => expires !== undefined && (instantOf(expires) ?? 0) <= nowMs;

/** What a proof signs: the document, in a chain together with the proofs that it follows. Undefined if one of them is not there. */
const withPrevious = ({ document, proof, proofs }: Proven): JsonObject | undefined => {
  if (proof.previousProof === undefined) return document;
  const previous = listOf(proof.previousProof).map((id) => proofs.find((candidate) => textOf(id) !== undefined && candidate.id === id));
  const found = previous.filter((candidate) => candidate !== undefined);
  return found.length === 0 || found.length < previous.length ? undefined : { ...document, proof: found };
};

const outcomeOf = (verdict: Awaited<ReturnType<typeof verifyProof>>): Outcome => {
  switch (verdict) {
    case 'genuine':
      return PASSED;
    case 'not-genuine':
    case 'malformed':
    case 'wrong-key':
      return failed(`proof/${verdict}`);
    case 'unsupported':
      return notChecked('proof/unsupported');
  }
};

const obstacleOf = (error: unknown): Outcome => {
  if (!(error instanceof CanonicalizationError)) throw error;
  return error.code === 'unsafe' ? failed('proof/unsigned-content') : notChecked(`proof/${error.code}`);
};

const checkVisible = async (document: JsonObject, proofs: readonly JsonObject[], { canonize }: Run): Promise<Outcome> => {
  if (!proofs.some((proof) => suiteOf(proof)?.signsStatements)) return PASSED;
  return showsWhatItSays(document, await canonize(document)) ? PASSED : failed('proof/hidden-statements');
};

/** Whether one of the proofs is the issuer's: made with a key that the issuer publishes itself. */
export const checkIssuer = ({ signers }: ProofFindings, issuer: string | undefined): Outcome => {
  if (signers.length === 0) return notChecked('issuer/not-confirmed');
  const own = signers.filter(({ controller }) => controller === issuer).map(({ outcome }) => outcome);
  if (own.length === 0) return failed('issuer/not-the-key-holder');
  const codes = own.map((outcome) => (outcome.state === 'not-checked' ? outcome.code : undefined));
  if (codes.every((code) => code === 'proof/key-unsupported')) return notChecked('issuer/unsupported');
  return codes.every((code) => code === 'proof/key-unreachable') ? notChecked('issuer/unreachable') : PASSED;
};
