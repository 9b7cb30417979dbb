/**
 * Symmetric ciphertext as KMS gives it out: opaque, naming its own key, bound to the encryption context.
 * Layout: version 1 ‖ key id (16 bytes) ‖ nonce (12) ‖ ciphertext ‖ tag (16), AES-256-GCM.
 */
import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';

export type EncryptionContext = Readonly<Record<string, string>>;

const VERSION = Buffer.from([1]);
const HEADER_BYTES = 17;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface Sealing {
  readonly key: KeyObject;
  readonly keyId: string;
  readonly context: EncryptionContext;
}

export const seal = (plaintext: Buffer, { key, keyId, context }: Sealing): Buffer => {
  const header = Buffer.concat([VERSION, Buffer.from(keyId.replaceAll('-', ''), 'hex')]);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(boundData(header, context));
  return Buffer.concat([header, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
};

/** @returns undefined for bytes that no `seal` made. */
export const keyIdOf = (blob: Buffer): string | undefined => {
  if (blob.length < HEADER_BYTES + NONCE_BYTES + TAG_BYTES || blob[0] !== VERSION[0]) return undefined;
  const hex = blob.subarray(VERSION.length, HEADER_BYTES).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

/** @returns undefined, if the bytes or the context are not the ones that were sealed. */
export const unseal = (blob: Buffer, { key, context }: Omit<Sealing, 'keyId'>): Buffer | undefined => {
  const nonceEnd = HEADER_BYTES + NONCE_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, blob.subarray(HEADER_BYTES, nonceEnd), { authTagLength: TAG_BYTES });
  decipher.setAAD(boundData(blob.subarray(0, HEADER_BYTES), context));
  decipher.setAuthTag(blob.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(blob.subarray(nonceEnd, -TAG_BYTES)), decipher.final()]);
  } catch {
    return undefined;
  }
};

/** Order of the pairs does not count; JSON keeps names and values apart. */
const boundData = (header: Buffer, context: EncryptionContext): Buffer => {
  const pairs = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([header, Buffer.from(JSON.stringify(pairs))]);
};
