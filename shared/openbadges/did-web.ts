/**
 * The issuer's did:web: its identifier, DID document and key set, which publication writes as static files.
 * @see https://w3c-ccg.github.io/did-method-web/
 */
import { type Ed25519Jwk, jwkOf } from './ed25519-key.ts';

/**
 * The DID of what is hosted under a base address: `https://host:8443/i/x` is `did:web:host%3A8443:i:x`.
 * @throws RangeError for a base with a query, a fragment or credentials, which a DID cannot carry
 */
export const didWebOf = (baseUrl: string): string => {
  const { host, pathname, search, hash, username } = new URL(baseUrl);
  if (search !== '' || hash !== '' || username !== '') throw new RangeError('a did:web has only a host and a path');
  const path = pathname.split('/').filter((part) => part !== '');
  return ['did:web', host.replace(':', '%3A'), ...path.map((part) => part.replaceAll(':', '%3A'))].join(':');
};

/** The identifier of an issuer's key: the part before `#` is the issuer's id, which public validators insist on. */
export const verificationMethodId = (did: string, multikey: string): string => `${did}#${multikey}`;

export interface DidDocumentFacts {
  readonly did: string;
  /** Every key that ever signed, as `z6Mk…`: an old key stays published, or old badges could not be checked. */
  readonly multikeys: readonly string[];
  readonly profileUrl: string;
}

export interface DidDocument {
  readonly '@context': readonly string[];
  readonly id: string;
  readonly verificationMethod: readonly { id: string; type: 'Multikey'; controller: string; publicKeyMultibase: string }[];
  readonly assertionMethod: readonly string[];
  readonly authentication: readonly string[];
  readonly service: readonly { id: string; type: string; serviceEndpoint: string }[];
}

/** @see https://www.w3.org/TR/did-1.0/#core-properties */
export const didDocument = ({ did, multikeys, profileUrl }: DidDocumentFacts): DidDocument => {
  const ids = multikeys.map((multikey) => verificationMethodId(did, multikey));
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: did,
    verificationMethod: multikeys.map((multikey) => ({
      id: verificationMethodId(did, multikey),
      type: 'Multikey',
      controller: did,
      publicKeyMultibase: multikey,
    })),
    assertionMethod: ids,
    authentication: ids,
    service: [{ id: `${did}#profile`, type: 'OpenBadgesProfile', serviceEndpoint: profileUrl }],
  };
};

/** Where the JWK of one key is served: Open Badges wants a `kid` that answers one JWK, not a set. */
export const keyUrl = (issuerUrl: string, multikey: string): string => `${issuerUrl}/keys/${multikey}.json`;

/** The key set under `jwks.json`; each `kid` is the address of its own file. */
export const jwks = (issuerUrl: string, multikeys: readonly string[]): { readonly keys: readonly Ed25519Jwk[] } => ({
  keys: multikeys.map((multikey) => jwkOf(multikey, keyUrl(issuerUrl, multikey))),
});
