/** From a frozen credential to the two texts that are signed, both checked before anyone keeps them. */
import type { IssuerKey } from '#domain/issuer.ts';
import type { Canonize } from '#linked-data/canonicalize.ts';
import { achievementCredential, type FrozenCredential } from './achievement-credential.ts';
import { addProof, type ProofNeeds, verifyProof } from './data-integrity-proof.ts';
import { verificationMethodId } from './did-web.ts';
import { rawKeyOf } from './ed25519-key.ts';
import { jwtSigningJwk } from './issuer-identity.ts';
import { type DigestSigner, signedJwt } from './jwt-proof.ts';

/** @throws Error if the signature does not verify under the key that the verification method names: a wrong key signed. */
export const signedBadge = async (frozen: FrozenCredential, needs: ProofNeeds): Promise<string> => {
  const document = achievementCredential(frozen);
  const secured = await addProof(document, needs);
  await requireGenuine({ ...document }, { ...secured.proof[0] }, needs);
  return JSON.stringify(secured);
};

export interface FormNeeds {
  readonly canonize: Canonize;
  /** Public address of the issuer, below which its keys stand. */
  readonly issuerUrl: string;
  readonly keys: { readonly proof: Pick<IssuerKey, 'id'>; readonly jwt: Pick<IssuerKey, 'id' | 'publicKey'> };
  /** Instant that the proof names. */
  readonly created: string;
  readonly sign: ProofNeeds['signer'];
  readonly signDigest: DigestSigner;
}

/**
 * The badge with its embedded proof, and as a compact JWS: of one and the same credential.
 * @throws Error if a signature does not verify under the key that its form names
 */
export const signedForms = async (frozen: FrozenCredential, needs: FormNeeds): Promise<{ readonly json: string; readonly jwt: string }> => {
  const { canonize, issuerUrl, keys, created, sign, signDigest } = needs;
  const verificationMethod = verificationMethodId(frozen.issuer.did, keys.proof.id);
  const [json, jwt] = await Promise.all([
    signedBadge(frozen, { canonize, signer: sign, verificationMethod, created }),
    signedJwt(achievementCredential(frozen), { jwk: jwtSigningJwk(issuerUrl, keys.jwt), sign: signDigest }),
  ]);
  return { json, jwt };
};

/** @throws Error unless the proof is genuine. */
export const requireGenuine = async (
  document: Record<string, unknown>,
  proof: Record<string, unknown>,
  { canonize, verificationMethod }: ProofNeeds,
): Promise<void> => {
  const publicKey = rawKeyOf(verificationMethod.split('#')[1] ?? '');
  const verdict = publicKey === undefined ? 'malformed' : await verifyProof({ document, proof }, { canonize, publicKey });
  if (verdict !== 'genuine') throw new Error(`the signature just made under ${verificationMethod} is ${verdict}`);
};
