/**
 * Signed Assertions of Open Badges 2.0: a JWS under a key that the issuer's profile names, and the list of those that
 * the issuer took back.
 * @see https://www.imsglobal.org/sites/default/files/Badges/OBv2p0Final/index.html#SignedBadges
 */
import { failed, notChecked, type Outcome, PASSED } from './check.ts';
import { idOf, isObject, type JsonObject, listOf, textOf } from './json-object.ts';
import type { Jws } from './jws.ts';
import { publicKeyOfJwk } from './keys/public-jwk.ts';
import type { LoadDocument } from './keys/resolve-key.ts';
import { jwkOfPem, type PublicKey } from './primitives.ts';
import { loadAt } from './verify-assertion-issuer.ts';
import type { Assertion } from './verify-assertion-shape.ts';
import { checkSignature } from './verify-jwt.ts';

export interface SignedAssertion {
  readonly assertion: Assertion;
  readonly issuer: JsonObject;
  readonly jws: Jws;
}

/** The key is named by the Assertion, must say that it is the issuer's, and be named by the issuer's profile. */
export const checkSignedAssertion = async ({ assertion, issuer, jws }: SignedAssertion, load: LoadDocument): Promise<Outcome> => {
  const named = listOf(issuer.publicKey);
  const id = assertion.creator ?? idOf(named[0]);
  if (id === undefined || !named.some((key) => idOf(key) === id)) return failed('proof/key-not-published');
  const inline = named.find((key) => isObject(key) && key.id === id && key.publicKeyPem !== undefined);
  const document = isObject(inline) ? inline : await loadAt(id, load);
  if (document === undefined) return notChecked('proof/key-unreachable');
  const key = await keyOf(document, issuer);
  return key === undefined ? failed('proof/key-not-published') : checkSignature(jws, key);
};

const keyOf = async ({ owner, publicKeyPem }: JsonObject, issuer: JsonObject): Promise<PublicKey | undefined> =>
  owner === issuer.id ? publicKeyOfJwk(await jwkOfPem(textOf(publicKeyPem) ?? '')) : undefined;

/** @returns undefined if the issuer has no list, so that there is nothing to ask. */
export const checkRevokedAssertions = async ({ id }: Assertion, issuer: JsonObject, load: LoadDocument): Promise<Outcome | undefined> => {
  const address = idOf(issuer.revocationList);
  if (address === undefined) return undefined;
  const list = await loadAt(address, load);
  const isOfIssuer = list?.issuer === undefined || idOf(list.issuer) === issuer.id;
  if (list?.revokedAssertions === undefined || !isOfIssuer) return notChecked('status/unreachable');
  const isRevoked = listOf(list.revokedAssertions).some((entry) => idOf(entry) === id || (isObject(entry) && entry.uid === id));
  return isRevoked ? failed('status/revoked') : PASSED;
};
