/**
 * ecdsa-sd-2023, the issuer's part: a base proof from which the holder can show any of the statements that are not
 * mandatory, and none of the mandatory ones can be left out.
 * @see https://www.w3.org/TR/vc-di-ecdsa/#create-base-proof-ecdsa-sd-2023
 */
import type { Canonize } from '#linked-data/canonicalize.ts';
import type { CanonicalizeAndGroup } from '#linked-data/group.ts';
import type { JsonObject } from '../json-object.ts';
import { base64urlEncode } from '../multibase.ts';
import { hmacSha256, utf8 } from '../primitives.ts';
import { baseSignedBytes } from './ecdsa-sd-2023.ts';
import { baseProofText } from './ecdsa-sd-2023-proof-value.ts';
import type { Unsigned } from './suite.ts';

/** Signs bytes with P-256 and SHA-256: r‖s, 64 bytes. */
type P256Signer = (bytes: Uint8Array) => Promise<Uint8Array>;

export interface BaseProofNeeds {
  readonly canonize: Canonize;
  readonly group: CanonicalizeAndGroup;
  /** The issuer's. */
  readonly signer: P256Signer;
  /** A key pair made for this one credential and forgotten after: the multicodec bytes of its public key, and its signer. */
  readonly ephemeral: { readonly publicKey: Uint8Array; readonly signer: P256Signer };
  /** 32 random bytes, for this one credential. */
  readonly hmacKey: Uint8Array;
  /** JSON Pointers to what a holder cannot leave out. */
  readonly mandatoryPointers: readonly string[];
}

/** The proof with its base value. @throws CanonicalizationError, PointerError */
export const baseProof = async ({ document, options }: Unsigned, needs: BaseProofNeeds): Promise<JsonObject> => {
  const { canonize, group, signer, ephemeral, hmacKey, mandatoryPointers } = needs;
  const { groups } = await group(document, { pointers: { mandatory: mandatoryPointers }, label: hmacLabel(hmacKey) });
  const { matching, nonMatching } = groups.mandatory;
  const config = await canonize({ ...options, '@context': document['@context'] });
  const facts = { options: config, publicKey: ephemeral.publicKey, mandatory: [...matching.values()] };
  const signatures = await Promise.all([...nonMatching.values()].map((statement) => ephemeral.signer(utf8(statement))));
  const baseSignature = await signer(await baseSignedBytes(facts));
  return {
    ...options,
    proofValue: baseProofText({ baseSignature, publicKey: ephemeral.publicKey, hmacKey, signatures, mandatoryPointers }),
  };
};

/** Labels that say nothing to whoever lacks the key. @see https://www.w3.org/TR/vc-di-ecdsa/#createhmacidlabelmapfunction */
export const hmacLabel =
  (hmacKey: Uint8Array) =>
  async (canonical: string): Promise<string> =>
    base64urlEncode(await hmacSha256(hmacKey, canonical));
