/**
 * An issuer's keys as the world sees them: in its DID document, in its key set, and each at an address of its own. What
 * stands there is what verifiers believe, so it is made from the registered keys and from nothing else.
 */
import { createHash } from 'node:crypto';
import { type Issuer, type IssuerKey, type KeyAlgorithm, keyUse } from '#domain/issuer.ts';
import { type DidDocument, type DidKey, didDocument, multikeyMethod } from './did-web.ts';
import { type Ed25519Jwk, jwkOf, multikeyOfSpki } from './ed25519-key.ts';
import { type SigningJwk, signingJwkOfSpki } from './jwt-key.ts';

/** A public key as its own address answers it. */
export type PublishedJwk = Ed25519Jwk | SigningJwk;

/** Where the JWK of one key is served: Open Badges wants a `kid` that answers one JWK, not a set. */
export const keyUrl = (issuerUrl: string, keyId: string): string => `${issuerUrl}/keys/${keyId}.json`;

/**
 * The name of a key: its Multikey if it signs linked-data proofs, the thumbprint of its JWK (RFC 7638) otherwise.
 * @param spki SubjectPublicKeyInfo, DER
 * @throws RangeError if the key is not one for the algorithm
 */
export const keyIdOf = (algorithm: KeyAlgorithm, spki: Uint8Array): string => {
  if (algorithm === 'EdDSA') return multikeyOfSpki(spki);
  const jwk = signingJwkOfSpki(spki, '');
  if (jwk.alg !== algorithm) throw new RangeError(`the key is for ${jwk.alg}, not for ${algorithm}`);
  return thumbprint(jwk);
};

/** The required members in their alphabetical order, and nothing else. */
const thumbprint = (jwk: SigningJwk): string => {
  const members = jwk.kty === 'RSA' ? { e: jwk.e, kty: jwk.kty, n: jwk.n } : { crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y };
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
};

/** The key that signs VC-JWTs, or any other of the issuer's, under its `kid`. */
export const publishedJwk = (issuerUrl: string, { id, algorithm, publicKey }: IssuerKey): PublishedJwk =>
  algorithm === 'EdDSA' ? jwkOf(id, keyUrl(issuerUrl, id)) : jwtSigningJwk(issuerUrl, { id, publicKey });

export const jwtSigningJwk = (issuerUrl: string, { id, publicKey }: Pick<IssuerKey, 'id' | 'publicKey'>): SigningJwk =>
  signingJwkOfSpki(Buffer.from(publicKey, 'base64'), keyUrl(issuerUrl, id));

/** What verifiers may believe: all keys but those that were given up. */
const isBelieved = ({ state }: IssuerKey): boolean => state !== 'compromised';

/** The key set under `jwks.json`. A set has no way to say that a key was given up, so such a key is not in it. */
export const jwks = (issuerUrl: string, keys: readonly IssuerKey[]): { readonly keys: readonly PublishedJwk[] } => ({
  keys: keys.filter(isBelieved).map((key) => publishedJwk(issuerUrl, key)),
});

export interface IdentityFile {
  /** Below the issuer's address. */
  readonly suffix: string;
  readonly contentType: string;
  readonly body: object;
}

/** The files of the keys. The JWK of a key that was given up stays, as `revoked`, so that its `kid` tells why. */
export const identityFiles = (issuer: Issuer, { did, issuerUrl }: { did: string; issuerUrl: string }): readonly IdentityFile[] => [
  ...issuer.keys.map((key) => ({
    suffix: `/keys/${key.id}.json`,
    contentType: 'application/jwk+json',
    body: isBelieved(key) ? publishedJwk(issuerUrl, key) : { kid: keyUrl(issuerUrl, key.id), revoked: key.compromisedAt },
  })),
  { suffix: '/jwks.json', contentType: 'application/jwk-set+json', body: jwks(issuerUrl, issuer.keys) },
  { suffix: '/did.json', contentType: 'application/did+json', body: issuerDidDocument(issuer, { did, issuerUrl }) },
];

export const issuerDidDocument = (issuer: Issuer, { did, issuerUrl }: { did: string; issuerUrl: string }): DidDocument =>
  didDocument({ did, keys: issuer.keys.map(didKeyOf), profileUrl: issuerUrl });

const didKeyOf = (key: IssuerKey): DidKey => ({
  ...(keyUse(key) === 'data-integrity' ? multikeyMethod(key.id) : { id: key.id, publicKeyJwk: bare(jwtSigningJwk('', key)) }),
  revoked: isBelieved(key) ? undefined : key.compromisedAt,
});

/** The fragment names the key there already; a `kid` of another form beside it would mislead. */
const bare = ({ kid: _, use: __, ...jwk }: SigningJwk): object => jwk;
