/**
 * A credential or presentation in a JSON Web Signature under a key that is known already: signature, header and shape,
 * and neither whose key it is nor what day it is.
 * @see https://www.w3.org/TR/vc-jose-cose/#alg-jose
 */
import { type Check, failed, named, type Outcome, PASSED, verdictOf } from './check.ts';
import { isObject, type JsonObject, listOf } from './json-object.ts';
import type { PublicKey } from './primitives.ts';
import { isCredential, isPresentation } from './verify-data-model.ts';
import { checkSignature, vcJwtOf } from './verify-jwt.ts';
import { envelopedMember } from './verify-opening.ts';
import type { Verification } from './verify-run.ts';

/** Never throws on what it is given. */
export const verifyJose = async (text: string, key: PublicKey): Promise<Verification> => {
  const jwt = vcJwtOf(text.trim());
  if (jwt === undefined) return answer([named('schema', failed('schema/malformed'))]);
  const proof = jwt.form.state === 'passed' ? await checkSignature(jwt.jws, key) : jwt.form;
  return answer([named('schema', checkShape(jwt.kind, jwt.content)), named('proof', proof)]);
};

const answer = (checks: readonly Check[]): Verification => ({ verdict: verdictOf(checks), checks });

const checkShape = (kind: 'credential' | 'presentation', content: JsonObject): Outcome => {
  const isShaped = kind === 'credential' ? isCredential(content) : isPresentation(content) && hasMembers(content);
  return isShaped ? PASSED : failed('schema/malformed');
};

// What is presented in an envelope must be in one: an address of another kind would present nothing.
const hasMembers = ({ verifiableCredential }: JsonObject): boolean =>
  listOf(verifiableCredential).every((member) => isObject(member) && envelopedMember(member) !== 'broken');
