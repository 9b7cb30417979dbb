/** The keys of the published vectors: secret Multikeys as signers, and the contexts that the vectors use. */
import { createECDH } from 'node:crypto';
import { createCanonicalizer } from '#linked-data/canonicalize.ts';
import { createGrouper } from '#linked-data/group.ts';
import { CONTEXTS } from '#openbadges/contexts.ts';
import { publicKeyOfMultikey } from '#openbadges/keys/multikey.ts';
import { base58btcDecode } from '#openbadges/multibase.ts';
import { jwkSigner, type PublicKey, toBase64url } from '#openbadges/primitives.ts';

/** The vectors' second context gives every undefined term a meaning; it is in no npm package and small enough to stand here. */
const EXAMPLES = { '@context': { '@vocab': 'https://www.w3.org/ns/credentials/examples#' } };

const SCHEMA_ORG = ['additionalName', 'description', 'familyName', 'gender', 'givenName', 'identifier', 'name'];

/** The terms of a third one, as far as the vectors use them: read off their canonical statements. */
const CITIZENSHIP = {
  '@context': [
    { '@vocab': 'https://w3id.org/citizenship#', Person: 'https://schema.org/Person' },
    Object.fromEntries(
      SCHEMA_ORG.filter((term) => !['name', 'description'].includes(term)).map((term) => [term, `https://schema.org/${term}`]),
    ),
    { image: { '@id': 'https://schema.org/image', '@type': '@id' } },
    { birthDate: { '@id': 'https://schema.org/birthDate', '@type': 'http://www.w3.org/2001/XMLSchema#dateTime' } },
    { residentSince: { '@id': 'https://w3id.org/citizenship#residentSince', '@type': 'http://www.w3.org/2001/XMLSchema#dateTime' } },
  ],
};

export const contexts = new Map<string, object>([
  ...CONTEXTS,
  ['https://www.w3.org/ns/credentials/examples/v2', EXAMPLES],
  ['https://w3id.org/citizenship/v4rc1', CITIZENSHIP],
]);
export const canonize = createCanonicalizer({ contexts });
export const group = createGrouper({ contexts });

/** A signer over a secret Multikey: two bytes of multicodec, then the secret. */
export const signerOf = (publicMultikey: string, secretMultikey: string) => {
  const key = publicKeyOf(publicMultikey);
  const secret = (base58btcDecode(secretMultikey) ?? new Uint8Array()).subarray(2);
  return jwkSigner(key.kind, { ...key.jwk, d: toBase64url(secret) });
};

export const publicKeyOf = (multikey: string): PublicKey => {
  const key = publicKeyOfMultikey(multikey);
  if (key === undefined) throw new Error(`no key in ${multikey}`);
  return key;
};

/** A key pair of a curve from one number, so that every run signs alike. */
export const ecKey = (kind: 'P-256' | 'P-384', seed: number) => {
  const bytes = kind === 'P-256' ? 32 : 48;
  const ecdh = createECDH(kind === 'P-256' ? 'prime256v1' : 'secp384r1');
  const secret = Buffer.alloc(bytes, seed);
  ecdh.setPrivateKey(secret);
  const point = ecdh.getPublicKey();
  const [x, y] = [point.subarray(1, 1 + bytes), point.subarray(1 + bytes)].map((coordinate) => coordinate.toString('base64url'));
  const key: PublicKey = { kind, jwk: { kty: 'EC', crv: kind, x: x ?? '', y: y ?? '' } };
  return {
    key,
    secretJwk: { ...key.jwk, d: secret.toString('base64url') },
    signer: jwkSigner(kind, { ...key.jwk, d: secret.toString('base64url') }),
  };
};
