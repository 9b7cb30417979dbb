/**
 * Verifies a presentation: that whoever holds the credentials has made it, for this verifier and this time, and each
 * credential in it.
 * @see https://www.w3.org/TR/vc-data-model-2.0/#verifiable-presentations
 */
import { measure } from './bounds.ts';
import { type Check, failed, named, notChecked, type Outcome, PASSED, verdictOf } from './check.ts';
import { idOf, isObject, type JsonObject, listOf } from './json-object.ts';
import { verifyMembers, verifyWithin } from './verify.ts';
import { isPresentation } from './verify-data-model.ts';
import { checkJwt, type VcJwt, vcJwtOf } from './verify-jwt.ts';
import { envelopedText } from './verify-opening.ts';
import { checkIssuer, checkProofs } from './verify-proofs.ts';
import { type Run, startRun, type Verification, type VerificationNeeds } from './verify-run.ts';

export interface PresentationNeeds extends VerificationNeeds {
  /** What this verifier gave the presenter to sign; absent, none was given. */
  readonly challenge?: string | undefined;
  readonly domain?: string | undefined;
  /** `not-required` for a presentation that is only a folder of credentials. */
  readonly presentationProof?: 'required' | 'not-required' | undefined;
}

/** Never throws on what it is given. What it presents is any credential unless `accept` says otherwise. */
export const verifyPresentation = async (submitted: unknown, needs: PresentationNeeds): Promise<Verification> => {
  const run = startRun({ accept: 'any-credential', ...needs }, verifyWithin);
  const opened = openPresentation(submitted);
  const schema = opened === undefined ? failed('schema/malformed') : checkShape(opened.presentation);
  if (opened === undefined || schema.state !== 'passed') return { verdict: 'not-valid', checks: [named('schema', schema)] };
  const members = listOf(opened.presentation.verifiableCredential);
  const { outcome, credentials } = await verifyMembers(members, run);
  const checks = [
    named('schema', PASSED),
    ...(await proofChecks(opened, needs, run)),
    ...(members.length === 0 ? [] : [named('credentials', outcome)]),
  ];
  return { verdict: verdictOf(checks), checks, credentials };
};

interface OpenedPresentation {
  readonly presentation: JsonObject;
  readonly jwt?: VcJwt;
}

const openPresentation = (submitted: unknown): OpenedPresentation | undefined => {
  const text = typeof submitted === 'string' ? submitted.trim() : envelopedText(submitted, 'EnvelopedVerifiablePresentation');
  if (text === undefined) return isObject(submitted) ? { presentation: submitted } : undefined;
  const jwt = vcJwtOf(text);
  return jwt?.kind === 'presentation' ? { presentation: jwt.content, jwt } : undefined;
};

const checkShape = (presentation: JsonObject): Outcome => {
  const size = measure(presentation);
  if (size === 'too-large') return failed('schema/too-large');
  return size === 'within' && isPresentation(presentation) ? PASSED : failed('schema/malformed');
};

const proofChecks = async ({ presentation, jwt }: OpenedPresentation, needs: PresentationNeeds, run: Run): Promise<readonly Check[]> => {
  if (jwt !== undefined) return jwtChecks(presentation, jwt, { needs, run });
  if (needs.presentationProof === 'not-required' && listOf(presentation.proof).length === 0) return [];
  const { challenge, domain } = needs;
  const findings = await checkProofs(presentation, { purposes: ['authentication', 'assertionMethod'], challenge, domain }, run);
  return [...holderCheck(presentation, checkIssuer(findings, idOf(presentation.holder)), needs), named('proof', findings.proof)];
};

const jwtChecks = async (
  presentation: JsonObject,
  jwt: VcJwt,
  { needs, run }: { readonly needs: PresentationNeeds; readonly run: Run },
): Promise<readonly Check[]> => {
  const { nonce, aud } = jwt.jws.payload;
  const found = await checkJwt(jwt, idOf(presentation.holder), run);
  const proof = found.proof.state === 'passed' ? boundTo({ nonce, aud }, needs) : found.proof;
  return [...holderCheck(presentation, found.issuer, needs), named('proof', proof)];
};

// A JWT names the verifier in `aud`, and what the verifier gave in `nonce`. OpenID for Verifiable Presentations.
const boundTo = ({ nonce, aud }: { nonce: unknown; aud: unknown }, { challenge, domain }: PresentationNeeds): Outcome => {
  if (challenge !== undefined && nonce !== challenge) return failed('proof/wrong-challenge');
  return domain !== undefined && !listOf(aud).includes(domain) ? failed('proof/wrong-domain') : PASSED;
};

/** A holder who is named must be who signed; what keeps that from being known is said in its own words. */
const holderCheck = ({ holder }: JsonObject, signer: Outcome, { issuerBinding }: PresentationNeeds): readonly Check[] => {
  if (holder === undefined || issuerBinding === 'not-required') return [];
  switch (signer.state) {
    case 'passed':
      return [named('holder', PASSED)];
    case 'failed':
      return [named('holder', failed('holder/not-the-key-holder'))];
    case 'not-checked':
      return [named('holder', notChecked('holder/not-confirmed'))];
  }
};
