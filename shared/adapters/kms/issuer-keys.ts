/** An issuer's keys in KMS: Ed25519 for linked-data proofs, RSA or P-256 for VC-JWTs. The private half never leaves it. */
import {
  CreateKeyCommand,
  DisableKeyCommand,
  GetPublicKeyCommand,
  type KeySpec,
  KMSInvalidStateException,
  ScheduleKeyDeletionCommand,
  SignCommand,
  type SigningAlgorithmSpec,
} from '@aws-sdk/client-kms';
import type { KeyAlgorithm } from '#domain/issuer.ts';
import type { IssuerKeys, Sign, SignDigest } from '#shared/ports.ts';
import { kms } from './client.ts';

/** Must equal SIGNING_KEY_TAG of the path's grants: a key without it may not be used. */
const PURPOSE = { TagKey: 'assay:purpose', TagValue: 'badge-signing' };

const SPECS: Readonly<Record<KeyAlgorithm, { readonly spec: KeySpec; readonly signs: SigningAlgorithmSpec }>> = {
  EdDSA: { spec: 'ECC_NIST_EDWARDS25519', signs: 'ED25519_SHA_512' },
  RS256: { spec: 'RSA_2048', signs: 'RSASSA_PKCS1_V1_5_SHA_256' },
  ES256: { spec: 'ECC_NIST_P256', signs: 'ECDSA_SHA_256' },
};

/** Time to change one's mind about a deletion, in days; the longest that KMS gives. */
const DELETION_DAYS = 30;

export const kmsIssuerKeys = (): IssuerKeys => ({
  create: async (tenant, algorithm) => {
    const { KeyMetadata } = await kms().send(
      new CreateKeyCommand({
        KeySpec: SPECS[algorithm].spec,
        KeyUsage: 'SIGN_VERIFY',
        Description: `Signs the badges of ${tenant}`,
        Tags: [PURPOSE, { TagKey: 'assay:tenant', TagValue: tenant }],
      }),
    );
    if (KeyMetadata?.Arn === undefined) throw new Error('KMS made a key without an ARN');
    return { arn: KeyMetadata.Arn };
  },
  publicKey: async (arn) => {
    const { PublicKey } = await kms().send(new GetPublicKeyCommand({ KeyId: arn }));
    if (PublicKey === undefined) throw new Error(`KMS shows no public half of ${arn}`);
    return PublicKey;
  },
  retire: async (arn) => {
    try {
      // Disabled first: that works at once and is what stops it, the deletion follows in its own time.
      await kms().send(new DisableKeyCommand({ KeyId: arn }));
      await kms().send(new ScheduleKeyDeletionCommand({ KeyId: arn, PendingWindowInDays: DELETION_DAYS }));
    } catch (error) {
      // It waits for its deletion already.
      if (!(error instanceof KMSInvalidStateException)) throw error;
    }
  },
});

/** KMS will not sign with this key, however often it is asked: it is disabled, gone, or waits for deletion. */
export class SigningRefused extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.name = 'SigningRefused';
    this.code = code;
  }
}

const PERMANENT = new Set(['DisabledException', 'KMSInvalidStateException', 'NotFoundException', 'InvalidKeyUsageException']);

const signature = async (input: ConstructorParameters<typeof SignCommand>[0]): Promise<Uint8Array> => {
  try {
    const { Signature } = await kms().send(new SignCommand(input));
    if (Signature === undefined) throw new Error(`KMS gave no signature of ${input.KeyId}`);
    return Signature;
  } catch (error) {
    throw error instanceof Error && PERMANENT.has(error.name) ? new SigningRefused(error.name) : error;
  }
};

/** @throws SigningRefused */
export const kmsSign: Sign = (keyArn, bytes) =>
  signature({ KeyId: keyArn, Message: bytes, MessageType: 'RAW', SigningAlgorithm: SPECS.EdDSA.signs });

/** @throws SigningRefused */
export const kmsSignDigest: SignDigest = ({ arn, algorithm }, sha256) =>
  signature({ KeyId: arn, Message: sha256, MessageType: 'DIGEST', SigningAlgorithm: SPECS[algorithm].signs });
