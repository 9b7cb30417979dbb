/**
 * The issuer's did:web: its identifier, DID document and key set, which publication writes as static files.
 * @see https://w3c-ccg.github.io/did-method-web/
 */
import { present } from './present.ts';

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

/** A key as a DID document shows it; its `id` is the fragment of the verification method. */
export type DidKey = { readonly id: string; readonly revoked?: string | undefined } & (
  | { readonly publicKeyMultibase: string }
  | { readonly publicKeyJwk: object }
);

/** An Ed25519 key, whose Multikey is also its name. */
export const multikeyMethod = (multikey: string): DidKey => ({ id: multikey, publicKeyMultibase: multikey });

export interface DidDocumentFacts {
  readonly did: string;
  /** Every key that ever signed: an old key stays published, or old badges could not be checked. */
  readonly keys: readonly DidKey[];
  readonly profileUrl: string;
}

export interface VerificationMethod {
  readonly id: string;
  readonly type: 'Multikey' | 'JsonWebKey';
  readonly controller: string;
  readonly publicKeyMultibase?: string;
  readonly publicKeyJwk?: object;
  readonly revoked?: string;
}

export interface DidDocument {
  readonly '@context': readonly string[];
  readonly id: string;
  readonly verificationMethod: readonly VerificationMethod[];
  readonly assertionMethod: readonly string[];
  readonly authentication: readonly string[];
  readonly service: readonly { id: string; type: string; serviceEndpoint: string }[];
}

/**
 * A revoked key stays among the methods, with the instant, and may be used for nothing: whoever checks an old badge
 * then learns that its key was given up, and not that nobody knows it.
 * @see https://www.w3.org/TR/did-1.0/#core-properties and https://www.w3.org/TR/cid-1.0/#verification-methods
 */
export const didDocument = ({ did, keys, profileUrl }: DidDocumentFacts): DidDocument => {
  const usable = keys.filter(({ revoked }) => revoked === undefined).map(({ id }) => verificationMethodId(did, id));
  const hasJwk = keys.some((key) => 'publicKeyJwk' in key);
  return {
    '@context': [
      'https://www.w3.org/ns/did/v1',
      'https://w3id.org/security/multikey/v1',
      ...(hasJwk ? ['https://w3id.org/security/jwk/v1'] : []),
    ],
    id: did,
    verificationMethod: keys.map((key) => methodOf(did, key)),
    assertionMethod: usable,
    authentication: usable,
    service: [{ id: `${did}#profile`, type: 'OpenBadgesProfile', serviceEndpoint: profileUrl }],
  };
};

const methodOf = (did: string, { id, revoked, ...key }: DidKey): VerificationMethod =>
  present({
    id: verificationMethodId(did, id),
    type: 'publicKeyJwk' in key ? ('JsonWebKey' as const) : ('Multikey' as const),
    controller: did,
    ...key,
    revoked,
  });
