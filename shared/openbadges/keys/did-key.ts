/**
 * did:key: an identifier that is its own key, so that its document needs no loading.
 * @see https://w3c-ccg.github.io/did-key-spec/#document-creation-algorithm
 */
import type { JsonObject } from '../json-object.ts';
import { publicKeyOfMultikey } from './multikey.ts';

const DID_KEY = /^did:key:(z[1-9A-HJ-NP-Za-km-z]+)$/;

/** The did:key of a Multikey, and of its verification method. */
export const didKeyOf = (multikey: string): { readonly did: string; readonly verificationMethod: string } => ({
  did: `did:key:${multikey}`,
  verificationMethod: `did:key:${multikey}#${multikey}`,
});

/** The DID document; undefined for a text that is no did:key of a kind that is understood here. */
export const didKeyDocument = (did: string): JsonObject | undefined => {
  const multikey = DID_KEY.exec(did)?.[1];
  if (multikey === undefined || publicKeyOfMultikey(multikey) === undefined) return undefined;
  const { verificationMethod } = didKeyOf(multikey);
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: did,
    verificationMethod: [{ id: verificationMethod, type: 'Multikey', controller: did, publicKeyMultibase: multikey }],
    assertionMethod: [verificationMethod],
    authentication: [verificationMethod],
  };
};
