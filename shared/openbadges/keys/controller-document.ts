/**
 * The keys in a DID document or any other controller document: which verification method a proof names, whether the
 * document's owner lets it be used for that purpose, and whether its time is over.
 * @see https://www.w3.org/TR/cid-1.0/#retrieve-verification-method
 */
import { failed, type Outcome } from '../check.ts';
import { idOf, instantOf, isObject, type JsonObject, listOf, textOf } from '../json-object.ts';
import type { PublicKey } from '../primitives.ts';
import { publicKeyOfMultikey } from './multikey.ts';
import { publicKeyOfJwk } from './public-jwk.ts';

/** What a key may be used for; `authentication` is how a holder presents. */
export type ProofPurpose = 'assertionMethod' | 'authentication';

export type KeyFinding = { readonly key: PublicKey } | { readonly outcome: Outcome };

/** More methods than any issuer has keys; the rest is not looked at. */
const METHODS_MAX = 256;

/** The key of one method, by its absolute id, if the document's owner publishes it for that purpose. */
export const keyOfMethod = (
  document: JsonObject,
  method: string,
  { purpose, nowMs }: { readonly purpose: ProofPurpose; readonly nowMs: number },
): KeyFinding => {
  const found = methodsOf(document).find((candidate) => absoluteId(document, candidate) === method);
  const key = found && publicKeyOf(found);
  if (found === undefined || key === undefined || found.controller !== document.id) return { outcome: failed('proof/key-not-published') };
  if (!isFor(document, method, purpose)) return { outcome: failed('proof/key-not-for-this') };
  if (isOver(found.revoked, nowMs)) return { outcome: failed('proof/key-revoked') };
  return isOver(found.expires, nowMs) ? { outcome: failed('proof/key-expired') } : { key };
};

/** A published key with every name that its document gives it: the method's id, the part after `#`, the `kid` of its JWK. */
export interface PublishedKey {
  readonly names: readonly string[];
  readonly key: PublicKey;
}

/** All keys that a document publishes for assertions: of a controller document, a JWKS or a single JWK. */
export const assertionKeysOf = (document: JsonObject, nowMs: number): readonly PublishedKey[] => [
  ...methodsOf(document).flatMap((method) => assertionKeyOf(document, method, nowMs)),
  ...(document.kty === undefined ? listOf(document.keys).slice(0, METHODS_MAX) : [document]).flatMap((jwk) => {
    const key = publicKeyOfJwk(jwk);
    return key === undefined ? [] : [{ names: namesIn(jwk), key }];
  }),
];

const assertionKeyOf = (document: JsonObject, method: JsonObject, nowMs: number): readonly PublishedKey[] => {
  const id = absoluteId(document, method);
  const finding = id === undefined ? undefined : keyOfMethod(document, id, { purpose: 'assertionMethod', nowMs });
  if (id === undefined || finding === undefined || !('key' in finding)) return [];
  return [{ names: [id, ...id.split('#').slice(1), ...namesIn(method.publicKeyJwk)], key: finding.key }];
};

const namesIn = (jwk: unknown): readonly string[] => {
  const kid = isObject(jwk) ? textOf(jwk.kid) : undefined;
  return kid === undefined ? [] : [kid];
};

const RELATIONSHIPS: readonly ProofPurpose[] = ['assertionMethod', 'authentication'];

// A method may stand in the list of methods, or inside the relationship that it is for.
const methodsOf = (document: JsonObject): readonly JsonObject[] =>
  [document.verificationMethod, ...RELATIONSHIPS.map((name) => document[name])]
    .flatMap((methods) => listOf(methods).slice(0, METHODS_MAX))
    .filter(isObject);

// A DID document may name its own parts relatively. DID Core §3.2.2.
const absolute = (document: JsonObject, id: string | undefined): string | undefined =>
  id?.startsWith('#') ? `${textOf(document.id) ?? ''}${id}` : id;

const absoluteId = (document: JsonObject, method: unknown): string | undefined => absolute(document, idOf(method));

const isFor = (document: JsonObject, method: string, purpose: ProofPurpose): boolean =>
  listOf(document[purpose]).some((entry) => absoluteId(document, entry) === method);

/** @returns undefined for a type of method, or a form of key, that is not understood here. */
const publicKeyOf = ({ type, publicKeyMultibase, publicKeyJwk }: JsonObject): PublicKey | undefined => {
  switch (type) {
    case 'Multikey':
      return publicKeyOfMultikey(textOf(publicKeyMultibase) ?? '');
    case 'Ed25519VerificationKey2020': {
      const key = publicKeyOfMultikey(textOf(publicKeyMultibase) ?? '');
      return key?.kind === 'Ed25519' ? key : undefined;
    }
    case 'JsonWebKey':
    case 'JsonWebKey2020':
      return publicKeyOfJwk(publicKeyJwk);
    default:
      return undefined;
  }
};

// An end that cannot be read is taken to have come.
const isOver = (end: unknown, nowMs: number): boolean => end !== undefined && (instantOf(end) ?? Number.NEGATIVE_INFINITY) <= nowMs;
