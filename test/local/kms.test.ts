import { createHash, createPublicKey, verify as cryptoVerify } from 'node:crypto';
import {
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  EncryptCommand,
  GetPublicKeyCommand,
  KMSClient,
  SignCommand,
  type SignCommandInput,
  VerifyCommand,
} from '@aws-sdk/client-kms';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Kms, openKms } from '../../local/aws/kms/kms.ts';
import { aFolder, aMachine, type Machine } from './machine.ts';

let kms: Kms;
let machine: Machine;
let client: KMSClient;
const place = aFolder();

beforeAll(async () => {
  kms = openKms({ folder: place.folder });
  machine = await aMachine({ services: { TrentService: kms.service } });
  client = new KMSClient(machine.client());
});
afterAll(async () => {
  await machine.close();
  kms.close();
  place.remove();
});

const aKey = async (over: Partial<CreateKeyCommandInput> = {}): Promise<string> => {
  const { KeyMetadata } = await client.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY', ...over }));
  return KeyMetadata?.Arn ?? '';
};
const aSymmetricKey = () => aKey({ KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT' });

const publicKeyOf = async (KeyId: string) => {
  const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId }));
  return createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' });
};

const refused = (send: Promise<unknown>) => send.then(() => 'accepted').catch((error: Error) => error.name);

const ALGORITHMS = [
  { spec: 'ECC_NIST_EDWARDS25519', algorithm: 'ED25519_SHA_512', hash: null },
  { spec: 'ECC_NIST_P256', algorithm: 'ECDSA_SHA_256', hash: 'sha256' },
  { spec: 'ECC_NIST_P384', algorithm: 'ECDSA_SHA_384', hash: 'sha384' },
  { spec: 'RSA_2048', algorithm: 'RSASSA_PKCS1_V1_5_SHA_256', hash: 'sha256' },
  { spec: 'RSA_2048', algorithm: 'RSASSA_PKCS1_V1_5_SHA_384', hash: 'sha384' },
  { spec: 'RSA_2048', algorithm: 'RSASSA_PKCS1_V1_5_SHA_512', hash: 'sha512' },
] as const;

const MESSAGE = Buffer.from('a badge exists if, and only if, learning was proven');

describe.each(ALGORITHMS)('a $spec key with $algorithm', ({ spec, algorithm, hash }) => {
  let KeyId: string;
  beforeAll(async () => {
    KeyId = await aKey({ KeySpec: spec });
  });

  test('signs a message, and anybody can verify it with its public key', async () => {
    const signed = await client.send(new SignCommand({ KeyId, Message: MESSAGE, SigningAlgorithm: algorithm }));
    expect(signed).toMatchObject({ KeyId, SigningAlgorithm: algorithm });
    const signature = Buffer.from(signed.Signature ?? []);
    expect(cryptoVerify(hash, MESSAGE, await publicKeyOf(KeyId), signature)).toBe(true);
    const verified = await client.send(new VerifyCommand({ KeyId, Message: MESSAGE, SigningAlgorithm: algorithm, Signature: signature }));
    expect(verified.SignatureValid).toBe(true);
  });

  test('does not take another message, nor a signature that is none', async () => {
    const { Signature } = await client.send(new SignCommand({ KeyId, Message: MESSAGE, SigningAlgorithm: algorithm }));
    const over = [{ Message: Buffer.from('forged') }, { Signature: Buffer.from('none') }];
    for (const change of over) {
      const verify = new VerifyCommand({ KeyId, Message: MESSAGE, SigningAlgorithm: algorithm, Signature, ...change });
      expect(await refused(client.send(verify))).toBe('KMSInvalidSignatureException');
    }
  });
});

describe.each(ALGORITHMS.filter(({ hash }) => hash !== null))('a $spec key with $algorithm', ({ spec, algorithm, hash }) => {
  test('signs the digest of a message just as well, if it has the right length', async () => {
    const KeyId = await aKey({ KeySpec: spec });
    const digest = createHash(hash ?? '')
      .update(MESSAGE)
      .digest();
    const asDigest = { KeyId, Message: digest, MessageType: 'DIGEST', SigningAlgorithm: algorithm } as const;
    const { Signature } = await client.send(new SignCommand(asDigest));
    expect(cryptoVerify(hash, MESSAGE, await publicKeyOf(KeyId), Buffer.from(Signature ?? []))).toBe(true);
    expect((await client.send(new VerifyCommand({ ...asDigest, Signature }))).SignatureValid).toBe(true);
    const otherDigest = { ...asDigest, Message: digest.toReversed() };
    expect(await refused(client.send(new VerifyCommand({ ...otherDigest, Signature })))).toBe('KMSInvalidSignatureException');
    const verifyNonsense = new VerifyCommand({ ...asDigest, Signature: Buffer.from('none') });
    expect(await refused(client.send(verifyNonsense))).toBe('KMSInvalidSignatureException');
    expect(await refused(client.send(new SignCommand({ ...asDigest, Message: digest.subarray(1) })))).toBe('ValidationException');
  });
});

describe('signing', () => {
  let KeyId: string;
  let symmetric: string;
  beforeAll(async () => {
    KeyId = await aKey();
    symmetric = await aSymmetricKey();
  });
  const sign = (over: Partial<SignCommandInput>) =>
    client.send(new SignCommand({ KeyId, Message: MESSAGE, SigningAlgorithm: 'ED25519_SHA_512', ...over }));

  test('gives the same bytes for the same message with Ed25519, so that a retry changes nothing', async () => {
    const [first, second] = [await sign({}), await sign({})];
    expect(first.Signature).toEqual(second.Signature);
    expect(first.Signature).toHaveLength(64);
  });

  test('takes 4,096 bytes and no more', async () => {
    expect(await refused(sign({ Message: Buffer.alloc(4096) }))).toBe('accepted');
    expect(await refused(sign({ Message: Buffer.alloc(4097) }))).toBe('ValidationException');
    expect(await refused(sign({ Message: Buffer.alloc(0) }))).toBe('ValidationException');
  });

  test.each<readonly [string, () => Partial<SignCommandInput>, string]>([
    ['a digest with Ed25519', () => ({ MessageType: 'DIGEST', Message: Buffer.alloc(64) }), 'ValidationException'],
    ['a message type of another algorithm', () => ({ MessageType: 'EXTERNAL_MU' }), 'ValidationException'],
    ['an algorithm of another key spec', () => ({ SigningAlgorithm: 'ECDSA_SHA_256' }), 'InvalidKeyUsageException'],
    ['an algorithm that is not here', () => ({ SigningAlgorithm: 'RSASSA_PSS_SHA_256' }), 'InvalidKeyUsageException'],
    ['a key that encrypts', () => ({ KeyId: symmetric }), 'InvalidKeyUsageException'],
    ['a key that is not there', () => ({ KeyId: '00000000-0000-4000-8000-000000000000' }), 'NotFoundException'],
    ['a key that cannot be one', () => ({ KeyId: 'my-key' }), 'NotFoundException'],
    ['a key of another region', () => ({ KeyId: KeyId.replace('us-east-1', 'eu-west-1') }), 'NotFoundException'],
    ['an alias that is not there', () => ({ KeyId: 'alias/nobody' }), 'NotFoundException'],
  ])('refuses %s', async (_title, over, code) => {
    expect(await refused(sign(over()))).toBe(code);
  });

  test('tells no public half of a symmetric key', async () => {
    expect(await refused(client.send(new GetPublicKeyCommand({ KeyId: symmetric })))).toBe('UnsupportedOperationException');
  });
});

describe('encryption', () => {
  let KeyId: string;
  beforeAll(async () => {
    KeyId = await aSymmetricKey();
  });
  const Plaintext = Buffer.from('whsec_secret');
  const sealed = async (EncryptionContext: Record<string, string> = {}) =>
    (await client.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext }))).CiphertextBlob ?? new Uint8Array();

  test('gives back what was sealed, without being told the key, under the same context only', async () => {
    const CiphertextBlob = await sealed({ tenant: 't', connection: 'c' });
    const same = new DecryptCommand({ CiphertextBlob, EncryptionContext: { connection: 'c', tenant: 't' } });
    const opened = await client.send(same);
    expect(Buffer.from(opened.Plaintext ?? []).toString()).toBe('whsec_secret');
    expect(opened).toMatchObject({ KeyId, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
    for (const EncryptionContext of [{}, { tenant: 'u', connection: 'c' }, { tenant: 't' }, { tenant: 't', connection: 'c', more: '' }]) {
      const other = new DecryptCommand({ CiphertextBlob, EncryptionContext });
      expect(await refused(client.send(other))).toBe('InvalidCiphertextException');
    }
  });

  test('never opens a ciphertext of which one bit was changed', async () => {
    const CiphertextBlob = await sealed();
    await fc.assert(
      fc.asyncProperty(fc.nat(CiphertextBlob.length - 1), fc.nat(7), async (at, bit) => {
        const changed = Uint8Array.from(CiphertextBlob, (byte, index) => (index === at ? byte ^ (1 << bit) : byte));
        // Of another version, of a key that does not exist, or changed within.
        expect(['InvalidCiphertextException', 'NotFoundException']).toContain(
          await refused(client.send(new DecryptCommand({ CiphertextBlob: changed }))),
        );
      }),
      { numRuns: 50 },
    );
    expect(await refused(client.send(new DecryptCommand({ CiphertextBlob: Buffer.alloc(20) })))).toBe('InvalidCiphertextException');
  });

  test('holds to the key that the caller expects', async () => {
    const CiphertextBlob = await sealed();
    expect(await refused(client.send(new DecryptCommand({ CiphertextBlob, KeyId })))).toBe('accepted');
    expect(await refused(client.send(new DecryptCommand({ CiphertextBlob, KeyId: await aSymmetricKey() })))).toBe('IncorrectKeyException');
  });

  test('takes 4,096 bytes and no more, with a key for it and no other algorithm', async () => {
    const encrypt = (over: object) => refused(client.send(new EncryptCommand({ KeyId, Plaintext, ...over })));
    expect(await encrypt({ Plaintext: Buffer.alloc(4096) })).toBe('accepted');
    expect(await encrypt({ Plaintext: Buffer.alloc(4097) })).toBe('ValidationException');
    expect(await encrypt({ KeyId: await aKey() })).toBe('InvalidKeyUsageException');
    expect(await encrypt({ EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' })).toBe('InvalidKeyUsageException');
  });
});
