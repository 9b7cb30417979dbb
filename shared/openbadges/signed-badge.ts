/** From a frozen credential to the text of a signed badge, checked before anyone keeps it. */
import { achievementCredential, type FrozenCredential } from './achievement-credential.ts';
import { addProof, type ProofNeeds, verifyProof } from './data-integrity-proof.ts';
import { rawKeyOf } from './ed25519-key.ts';

/** @throws Error if the signature does not verify under the key that the verification method names: a wrong key signed. */
export const signedBadge = async (frozen: FrozenCredential, needs: ProofNeeds): Promise<string> => {
  const document = achievementCredential(frozen);
  const secured = await addProof(document, needs);
  await requireGenuine({ ...document }, { ...secured.proof[0] }, needs);
  return JSON.stringify(secured);
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
