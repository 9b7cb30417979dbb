/**
 * Whether a badge is about whoever the verifier knows by an e-mail address.
 * @see https://www.imsglobal.org/spec/ob/v3p0/#verify-identifier
 */
import { failed, type Outcome, PASSED } from './check.ts';
import { foldedEmail } from './email-address.ts';
import { isObject, type JsonObject, listOf, textOf } from './json-object.ts';
import { digest, type HashName, toHex } from './primitives.ts';

/** Hashes that an identity may be written in; MD5 is not among them, since anyone can find a second address with the same. */
const ALGORITHMS: readonly HashName[] = ['sha256', 'sha384', 'sha512'];

/** Of all identifiers of the subject, one must be the known address, as it was given or normalised. */
export const checkRecipient = async ({ credentialSubject }: JsonObject, email: string): Promise<Outcome> => {
  const identifiers = isObject(credentialSubject) ? listOf(credentialSubject.identifier) : [];
  for (const identifier of identifiers) {
    if (!isObject(identifier) || (identifier.identityType ?? 'emailAddress') !== 'emailAddress') continue;
    const { identityHash, hashed, salt } = identifier;
    if (await isIdentity({ stated: textOf(identityHash) ?? '', isHashed: hashed === true, salt: textOf(salt) ?? '' }, email)) return PASSED;
  }
  return failed('recipient/different');
};

export interface StatedIdentity {
  /** `sha256$…`, or the address itself. */
  readonly stated: string;
  readonly isHashed: boolean;
  readonly salt: string;
}

/** Whether a stated identity, hashed or plain, is this e-mail address. */
export const isIdentity = async ({ stated, isHashed, salt }: StatedIdentity, email: string): Promise<boolean> => {
  const candidates = [email, foldedEmail(email)];
  if (!isHashed) return candidates.some((candidate) => candidate === stated);
  const [algorithm, hash] = stated.split('$');
  const known = ALGORITHMS.find((name) => name === algorithm);
  if (known === undefined) return false;
  const hashes = await Promise.all(candidates.map(async (candidate) => toHex(await digest(known, candidate + salt))));
  return hashes.includes(hash?.toLowerCase() ?? '');
};
