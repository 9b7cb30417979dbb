/**
 * From what was handed in to a credential and the way to prove it: JSON with its proofs inside, a VC-JWT, or a VC-JWT
 * in the envelope that the data model has for it.
 * @see https://www.w3.org/TR/vc-data-model-2.0/#securing-mechanisms
 */
import { measure } from './bounds.ts';
import { type Outcome, worstOf } from './check.ts';
import { idOf, isObject, type JsonObject, listOf, textOf } from './json-object.ts';
import { checkJwt, type VcJwt, vcJwtOf } from './verify-jwt.ts';
import { checkIssuer, checkProofs } from './verify-proofs.ts';
import type { Run } from './verify-run.ts';

export interface Opened {
  readonly credential: JsonObject;
  /** Absent where the proofs are embedded. */
  readonly jwt?: VcJwt;
}

/** @returns undefined for what is neither JSON nor a VC-JWT with a credential inside. */
export const openCredential = (submitted: unknown): Opened | undefined => {
  const text = typeof submitted === 'string' ? submitted.trim() : envelopedText(submitted, 'EnvelopedVerifiableCredential');
  if (text === undefined) return isObject(submitted) ? { credential: submitted } : undefined;
  const jwt = vcJwtOf(text);
  return jwt?.kind === 'credential' ? { credential: jwt.content, jwt } : undefined;
};

/** Media types that an envelope may hold; of them, only a JWT is read here. VC Data Model 2.0 §4.13. */
const ENVELOPE = /^data:application\/v[cp]\+(jwt|sd-jwt|cose)[,;]/;

/** The compact JWS in an envelope; an empty text for an envelope of another kind, undefined for what is no envelope. */
export const envelopedText = (submitted: unknown, type: string): string | undefined => {
  if (!isObject(submitted) || !listOf(submitted.type).includes(type)) return undefined;
  const id = textOf(submitted.id) ?? '';
  return ENVELOPE.exec(id)?.[1] === 'jwt' ? id.slice(id.indexOf(',') + 1) : '';
};

/** Whether a member of a presentation is in an envelope, in one of an unheard-of kind (`broken`), or in none. */
export const envelopedMember = ({ type, id }: JsonObject): 'whole' | 'broken' | 'none' => {
  if (!listOf(type).includes('EnvelopedVerifiableCredential')) return 'none';
  return ENVELOPE.test(textOf(id) ?? '') ? 'whole' : 'broken';
};

/** An envelope of a kind that the data model knows and that is not opened here: an SD-JWT or COSE. */
export const isSealed = (submitted: unknown): boolean =>
  isObject(submitted) && envelopedMember(submitted) === 'whole' && envelopedText(submitted, 'EnvelopedVerifiableCredential') === '';

export interface Findings {
  readonly proof: Outcome;
  readonly issuer: Outcome;
}

/** Who made the credential, and whether it is as it was made. */
export const proveCredential = async ({ credential, jwt }: Opened, run: Run): Promise<Findings> => {
  const issuer = idOf(credential.issuer);
  if (jwt === undefined) return proveEmbedded(credential, issuer, run);
  const outer = await checkJwt(jwt, issuer, run);
  if (listOf(credential.proof).length === 0) return outer;
  // A badge may be signed inside before it is signed as a whole; then every proof counts.
  const inner = await proveEmbedded(credential, issuer, run);
  return { proof: worstOf([outer.proof, inner.proof]), issuer: worstOf([outer.issuer, inner.issuer]) };
};

const proveEmbedded = async (credential: JsonObject, issuer: string | undefined, run: Run): Promise<Findings> => {
  const findings = await checkProofs(credential, { purposes: ['assertionMethod'] }, run);
  return { proof: findings.proof, issuer: checkIssuer(findings, issuer) };
};

/** Whether the issuer may be taken at its word: everything about the proof has passed that was asked for. */
export const trustOf = ({ proof, issuer }: Findings, { issuerBinding }: Run): Outcome =>
  issuerBinding === 'not-required' ? proof : worstOf([proof, issuer]);

/** Whether a document that the issuer publishes beside a credential, such as a status list, is within bounds and its issuer's word. */
export const isTrusted = async (opened: Opened, run: Run): Promise<boolean> =>
  measure(opened.credential) === 'within' && trustOf(await proveCredential(opened, run), run).state === 'passed';
