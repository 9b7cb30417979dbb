/** Operations that use a key: sign, verify, encrypt, decrypt, and its public half. */
import type { KeyObject } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../service.ts';
import { type Action, action, blob, KeyId, validationError } from './action.ts';
import { type EncryptionContext, keyIdOf, seal, unseal } from './ciphertext.ts';
import { accessKey, type Call } from './key-access.ts';
import { signingKeys, symmetricKey } from './key-material.ts';
import { isSigningAlgorithm, type KeyUsage, type SigningAlgorithm, signingAlgorithmsOf, usageOf } from './key-spec.ts';
import { keyArn, type StoredKey } from './key-store.ts';
import { digestBytesOf, signWith, type ToSign, verifyWith } from './signature.ts';

/** Longest message to sign and longest plaintext to encrypt. KMS API Reference, Sign and Encrypt. */
export const MESSAGE_BYTES_MAX = 4096;
const SIGNATURE_BYTES_MAX = 6144;
const CIPHERTEXT_BYTES_MAX = 6144;

const Sign = z.object({
  KeyId,
  Message: blob(MESSAGE_BYTES_MAX),
  MessageType: z.enum(['RAW', 'DIGEST', 'EXTERNAL_MU']).default('RAW'),
  SigningAlgorithm: z.string().min(1),
});
const Verify = Sign.extend({ Signature: blob(SIGNATURE_BYTES_MAX) });

type SigningInput = z.infer<typeof Sign>;

const signingContext = (input: SigningInput) => ({ 'kms:SigningAlgorithm': input.SigningAlgorithm, 'kms:MessageType': input.MessageType });

const sign = action(Sign, (input, call) => {
  const key = accessKey(call, { action: 'kms:Sign', keyId: input.KeyId, context: signingContext(input), states: 'enabled' });
  const toSign = signable(key, input, 'Sign');
  const signature = signWith(signingKeyOf(key, call).privateKey, toSign);
  return { KeyId: keyArn(key.id), Signature: signature.toString('base64'), SigningAlgorithm: toSign.algorithm };
});

const verify = action(Verify, (input, call) => {
  const key = accessKey(call, { action: 'kms:Verify', keyId: input.KeyId, context: signingContext(input), states: 'enabled' });
  const toSign = signable(key, input, 'Verify');
  if (!verifyWith(signingKeyOf(key, call).publicKey, toSign, input.Signature)) throw new AwsError('KMSInvalidSignatureException', '');
  return { KeyId: keyArn(key.id), SignatureValid: true, SigningAlgorithm: toSign.algorithm };
});

const signable = (key: StoredKey, input: SigningInput, operation: string): ToSign => {
  checkUsage(key, 'SIGN_VERIFY', operation);
  const algorithm = fittingAlgorithm(key, input.SigningAlgorithm);
  const { MessageType: messageType, Message: bytes } = input;
  if (messageType === 'EXTERNAL_MU') throw validationError(`MessageType EXTERNAL_MU is not valid for algorithm ${algorithm}`);
  if (messageType === 'DIGEST') checkDigest(algorithm, bytes);
  return { algorithm, messageType, bytes };
};

const checkUsage = (key: StoredKey, usage: KeyUsage, operation: string): void => {
  const actual = usageOf(key.spec);
  if (actual !== usage)
    throw new AwsError('InvalidKeyUsageException', `${keyArn(key.id)} key usage is ${actual} which is not valid for ${operation}.`);
};

const fittingAlgorithm = (key: StoredKey, asked: string): SigningAlgorithm => {
  if (!isSigningAlgorithm(asked) || !signingAlgorithmsOf(key.spec).includes(asked))
    throw new AwsError('InvalidKeyUsageException', `Algorithm ${asked} is incompatible with key spec ${key.spec}.`);
  return asked;
};

const checkDigest = (algorithm: SigningAlgorithm, digest: Buffer): void => {
  const bytes = digestBytesOf(algorithm);
  if (bytes === undefined) throw validationError(`Algorithm ${algorithm} requires MessageType RAW`);
  if (digest.length !== bytes) throw validationError(`Digest is invalid length for algorithm ${algorithm}`);
};

// Material never changes and deletion is checked before, so a parsed key may stay for as long as its store is open.
const parsed = new WeakMap<Call['store'], Map<string, ReturnType<typeof signingKeys>>>();

const signingKeyOf = (key: StoredKey, { store }: Call): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } => {
  const ofStore = parsed.get(store) ?? new Map<string, ReturnType<typeof signingKeys>>();
  parsed.set(store, ofStore);
  const keys = ofStore.get(key.id) ?? signingKeys(store.material(key.id));
  ofStore.set(key.id, keys);
  return keys;
};

const getPublicKey = action(z.object({ KeyId }), ({ KeyId: keyId }, call) => {
  const key = accessKey(call, { action: 'kms:GetPublicKey', keyId, states: 'enabled' });
  const { publicKey } = call.store.material(key.id);
  if (publicKey === undefined)
    throw new AwsError('UnsupportedOperationException', `${keyArn(key.id)} key spec is ${key.spec} which is not valid for GetPublicKey.`);
  return {
    KeyId: keyArn(key.id),
    PublicKey: Buffer.from(publicKey).toString('base64'),
    KeySpec: key.spec,
    CustomerMasterKeySpec: key.spec,
    KeyUsage: usageOf(key.spec),
    SigningAlgorithms: signingAlgorithmsOf(key.spec),
  };
});

const SYMMETRIC = 'SYMMETRIC_DEFAULT';
const Context = z.record(z.string(), z.string()).default({});
const Encrypt = z.object({
  KeyId,
  Plaintext: blob(MESSAGE_BYTES_MAX),
  EncryptionContext: Context,
  EncryptionAlgorithm: z.string().default(SYMMETRIC),
});
const Decrypt = z.object({
  KeyId: KeyId.optional(),
  CiphertextBlob: blob(CIPHERTEXT_BYTES_MAX),
  EncryptionContext: Context,
  EncryptionAlgorithm: z.string().default(SYMMETRIC),
});

const encryptionContext = (algorithm: string, context: EncryptionContext) => ({
  'kms:EncryptionAlgorithm': algorithm,
  ...Object.fromEntries(Object.entries(context).map(([name, value]) => [`kms:EncryptionContext:${name}`, value])),
});

const checkEncryption = (key: StoredKey, algorithm: string, operation: string): void => {
  checkUsage(key, 'ENCRYPT_DECRYPT', operation);
  if (algorithm !== SYMMETRIC)
    throw new AwsError('InvalidKeyUsageException', `Algorithm ${algorithm} is incompatible with key spec ${key.spec}.`);
};

const encrypt = action(
  Encrypt,
  ({ KeyId: keyId, Plaintext: plaintext, EncryptionContext: context, EncryptionAlgorithm: algorithm }, call) => {
    const key = accessKey(call, { action: 'kms:Encrypt', keyId, context: encryptionContext(algorithm, context), states: 'enabled' });
    checkEncryption(key, algorithm, 'Encrypt');
    const sealed = seal(plaintext, { key: symmetricKey(call.store.material(key.id)), keyId: key.id, context });
    return { KeyId: keyArn(key.id), CiphertextBlob: sealed.toString('base64'), EncryptionAlgorithm: algorithm };
  },
);

const invalidCiphertext = (): AwsError => new AwsError('InvalidCiphertextException', '');

const decrypt = action(Decrypt, (input, call) => {
  const { CiphertextBlob: sealed, EncryptionContext: context, EncryptionAlgorithm: algorithm } = input;
  const sealedWith = keyIdOf(sealed);
  const wanted = { action: 'kms:Decrypt', context: encryptionContext(algorithm, context), states: 'enabled' } as const;
  const named = input.KeyId === undefined ? undefined : accessKey(call, { ...wanted, keyId: input.KeyId });
  if (sealedWith === undefined) throw invalidCiphertext();
  if (named !== undefined && named.id !== sealedWith)
    throw new AwsError('IncorrectKeyException', 'The key ID in the request does not identify a CMK that can perform this operation.');
  const key = named ?? accessKey(call, { ...wanted, keyId: sealedWith });
  checkEncryption(key, algorithm, 'Decrypt');
  const plaintext = unseal(sealed, { key: symmetricKey(call.store.material(key.id)), context });
  if (plaintext === undefined) throw invalidCiphertext();
  return { KeyId: keyArn(key.id), Plaintext: plaintext.toString('base64'), EncryptionAlgorithm: algorithm };
});

export const CRYPTOGRAPHIC_ACTIONS: Readonly<Record<string, Action>> = {
  Sign: sign,
  Verify: verify,
  GetPublicKey: getPublicKey,
  Encrypt: encrypt,
  Decrypt: decrypt,
};
