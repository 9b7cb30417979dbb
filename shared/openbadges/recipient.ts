/**
 * Who a badge is about, without saying it: a salted hash of the e-mail address, which its holder can prove and
 * nobody can read.
 * @see https://www.imsglobal.org/spec/ob/v3p0/#identityobject and §IdentityHash
 */
import { hash } from 'node:crypto';
import { foldedEmail } from './email-address.ts';

/** Salt of 16 characters or more: e-mail addresses are guessable, so that an unsalted hash is as good as the address. */
export const SALT_CHARS_MIN = 16;

/** Both schema flavours want its `type` as a plain string. */
export interface IdentityObject {
  readonly type: 'IdentityObject';
  readonly hashed: true;
  readonly identityHash: string;
  readonly identityType: 'emailAddress';
  readonly salt: string;
}

/** `sha256$` and the lower-case hexadecimal SHA-256 of the identity followed by the salt, both in UTF-8. */
export const identityHash = (identity: string, salt: string): string => `sha256$${hash('sha256', identity + salt)}`;

/** The identifier of a learner known by e-mail. @throws RangeError for a salt under {@link SALT_CHARS_MIN} */
export const emailIdentifier = (email: string, salt: string): IdentityObject => {
  if (salt.length < SALT_CHARS_MIN) throw new RangeError('a salt has 16 characters or more');
  return { type: 'IdentityObject', hashed: true, identityHash: identityHash(foldedEmail(email), salt), identityType: 'emailAddress', salt };
};

/** Whether an identifier, ours or another issuer's, is about this e-mail address, as it is written or normalised. */
export const isAbout = (identifier: { readonly identityHash: string; readonly salt?: string | undefined }, email: string): boolean => {
  const { salt = '' } = identifier;
  return [email, foldedEmail(email)].some((candidate) => identityHash(candidate, salt) === identifier.identityHash.toLowerCase());
};
