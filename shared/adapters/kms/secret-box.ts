/** Seals the secrets of webhook connections, so that a copy of the table gives none away. */
import { DecryptCommand, EncryptCommand } from '@aws-sdk/client-kms';
import type { SecretBox } from '#shared/ports.ts';
import { environment } from '../environment.ts';
import { kms } from './client.ts';

/** Opened secrets are kept this long, so that a burst of webhooks costs one call; a sealed text never changes what it opens to. */
const KEPT_MS = 5 * 60 * 1000;
const KEPT_MAX = 1000;

const kept = new Map<string, { secret: string; until: number }>();

const open: SecretBox['open'] = async (sealed, context) => {
  const name = JSON.stringify([sealed, context]);
  const known = kept.get(name);
  if (known !== undefined && known.until > Date.now()) return known.secret;
  const { Plaintext } = await kms().send(
    new DecryptCommand({
      KeyId: environment('SECRETS_KEY_ARN'),
      CiphertextBlob: Buffer.from(sealed, 'base64'),
      EncryptionContext: { ...context },
    }),
  );
  if (Plaintext === undefined) throw new Error('KMS opened nothing');
  const secret = Buffer.from(Plaintext).toString('utf8');
  if (kept.size >= KEPT_MAX) kept.clear();
  kept.set(name, { secret, until: Date.now() + KEPT_MS });
  return secret;
};

export const kmsSecretBox = (): SecretBox => ({
  open,
  seal: async (secret, context) => {
    const { CiphertextBlob } = await kms().send(
      new EncryptCommand({
        KeyId: environment('SECRETS_KEY_ARN'),
        Plaintext: Buffer.from(secret, 'utf8'),
        EncryptionContext: { ...context },
      }),
    );
    if (CiphertextBlob === undefined) throw new Error('KMS sealed nothing');
    return Buffer.from(CiphertextBlob).toString('base64');
  },
});
