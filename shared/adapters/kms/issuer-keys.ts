/** An issuer's Ed25519 keys in KMS. The private half never leaves it. */
import { CreateKeyCommand, GetPublicKeyCommand, SignCommand } from '@aws-sdk/client-kms';
import type { IssuerKeys, Sign } from '#shared/ports.ts';
import { kms } from './client.ts';

/** Must equal SIGNING_KEY_TAG of the path's grants: a key without it may not be used. */
const PURPOSE = { TagKey: 'assay:purpose', TagValue: 'badge-signing' };

/** SubjectPublicKeyInfo of Ed25519 is a fixed prefix of 12 bytes and the raw key. RFC 8410, section 4. */
const SPKI_BYTES = 44;
const RAW_BYTES = 32;

export const kmsIssuerKeys = (): IssuerKeys => ({
  create: async (tenant) => {
    const { KeyMetadata } = await kms().send(
      new CreateKeyCommand({
        KeySpec: 'ECC_NIST_EDWARDS25519',
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
    if (PublicKey?.byteLength !== SPKI_BYTES) throw new Error(`${arn} is not an Ed25519 key`);
    return PublicKey.slice(SPKI_BYTES - RAW_BYTES);
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

/** @throws SigningRefused */
export const kmsSign: Sign = async (keyArn, bytes) => {
  try {
    const { Signature } = await kms().send(
      new SignCommand({ KeyId: keyArn, Message: bytes, MessageType: 'RAW', SigningAlgorithm: 'ED25519_SHA_512' }),
    );
    if (Signature === undefined) throw new Error(`KMS gave no signature of ${keyArn}`);
    return Signature;
  } catch (error) {
    throw error instanceof Error && PERMANENT.has(error.name) ? new SigningRefused(error.name) : error;
  }
};
