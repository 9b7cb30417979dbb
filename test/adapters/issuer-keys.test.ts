import { createPublicKey, randomBytes, verify } from 'node:crypto';
import {
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  KMSClient,
  ListResourceTagsCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sign } from '#shared/ports.ts';
import { SIGNING_KEY_TAG } from '../../functions/grants.ts';
import { TENANT } from '../factories.ts';
import { openScripted, refusal, type Scripted } from './scripted.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let operator: KMSClient;

const load = () => import('#adapters/kms/issuer-keys.ts');

beforeAll(async () => {
  stage = await openStage();
  operator = new KMSClient(stage.operator);
});
afterAll(async () => {
  operator.destroy();
  await stage.close();
});

const created = async (): Promise<string> =>
  (await stage.as('programme-api', load))
    .kmsIssuerKeys()
    .create(TENANT)
    .then(({ arn }) => arn);

/** As RFC 8410 writes an Ed25519 key. */
const isSignedBy = (raw: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean => {
  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(raw).toString('base64url') } });
  return verify(null, bytes, key, signature);
};

describe('a key of an issuer', () => {
  it('is made for Ed25519, marked as one that signs badges, and for whom', async () => {
    const KeyId = await created();
    const { KeyMetadata } = await operator.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata).toMatchObject({
      KeySpec: 'ECC_NIST_EDWARDS25519',
      KeyUsage: 'SIGN_VERIFY',
      Description: `Signs the badges of ${TENANT}`,
    });
    const { Tags } = await operator.send(new ListResourceTagsCommand({ KeyId }));
    expect(Tags).toEqual([
      { TagKey: SIGNING_KEY_TAG.key, TagValue: SIGNING_KEY_TAG.value },
      { TagKey: 'assay:tenant', TagValue: TENANT },
    ]);
  });

  it('gives its public half, 32 bytes, and another key gives another', async () => {
    const [one, other] = [await created(), await created()];
    const keys = (await stage.as('on-issuer-registered', load)).kmsIssuerKeys();
    const [left, right] = [await keys.publicKey(one), await keys.publicKey(other)];
    expect([left.byteLength, right.byteLength]).toEqual([32, 32]);
    expect(Buffer.from(left).equals(right)).toBe(false);
    expect(await keys.publicKey(one)).toEqual(left);
  });

  it('of another kind is refused: its public half would make no identifier', async () => {
    const Tags = [{ TagKey: SIGNING_KEY_TAG.key, TagValue: SIGNING_KEY_TAG.value }];
    const { KeyMetadata } = await operator.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', Tags }));
    const keys = (await stage.as('on-issuer-registered', load)).kmsIssuerKeys();
    await expect(keys.publicKey(KeyMetadata?.Arn ?? '')).rejects.toThrow('is not an Ed25519 key');
  });
});

describe('a signature', () => {
  let arn: string;
  let sign: Sign;
  let publicKey: Uint8Array;
  beforeAll(async () => {
    arn = await created();
    const module = await stage.as('on-credential-earned', load);
    sign = module.kmsSign;
    publicKey = await module.kmsIssuerKeys().publicKey(arn);
  });

  it('has 64 bytes, is that of the key over these bytes, and always the same', async () => {
    const bytes = randomBytes(64);
    const signature = await sign(arn, bytes);
    expect(signature.byteLength).toBe(64);
    expect(isSignedBy(publicKey, bytes, signature)).toBe(true);
    expect(isSignedBy(publicKey, randomBytes(64), signature)).toBe(false);
    expect(await sign(arn, bytes)).toEqual(signature);
  });

  it('covers at most 4,096 bytes; more is a mistake of the caller, not a key that refuses', async () => {
    const bytes = randomBytes(4096);
    expect(isSignedBy(publicKey, bytes, await sign(arn, bytes))).toBe(true);
    await expect(sign(arn, randomBytes(4097))).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('comes although KMS throttles, or an answer is lost', async () => {
    stage.befall('kms Sign', 'throttle', 'lose');
    expect((await sign(arn, randomBytes(8))).byteLength).toBe(64);
  });

  it('is refused for good by a key that is disabled, waits for deletion, or never was', async () => {
    const [disabled, doomed] = [await created(), await created()];
    await operator.send(new DisableKeyCommand({ KeyId: disabled }));
    await operator.send(new ScheduleKeyDeletionCommand({ KeyId: doomed, PendingWindowInDays: 7 }));
    const module = await stage.as('on-credential-earned', load);
    for (const [keyArn, code] of [
      [disabled, 'DisabledException'],
      [doomed, 'KMSInvalidStateException'],
    ] as const) {
      const refused = await module.kmsSign(keyArn, randomBytes(8)).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(module.SigningRefused);
      expect(refused).toMatchObject({ name: 'SigningRefused', code, message: code });
    }
  });
});

describe('what KMS may say besides', () => {
  let scripted: Scripted;
  let module: Awaited<ReturnType<typeof load>>;
  beforeAll(async () => {
    scripted = await openScripted();
    module = await scripted.load(load);
  });
  afterAll(() => scripted.close());

  it.each(['NotFoundException', 'InvalidKeyUsageException'])('%s is a refusal for good', async (code) => {
    scripted.answers(refusal(code));
    await expect(module.kmsSign('arn', randomBytes(8))).rejects.toBeInstanceOf(module.SigningRefused);
  });

  it.each(['KMSInternalException', 'KeyUnavailableException', 'AccessDeniedException'])(
    '%s is none: it may pass, or someone must look',
    async (code) => {
      scripted.answers(refusal(code));
      await expect(module.kmsSign('arn', randomBytes(8))).rejects.toMatchObject({ name: code });
    },
  );

  it('an answer without what was asked for is a failure', async () => {
    scripted.answers({ body: {} });
    await expect(module.kmsSign('the-key', randomBytes(8))).rejects.toThrow('KMS gave no signature of the-key');
    await expect(module.kmsIssuerKeys().create(TENANT)).rejects.toThrow('KMS made a key without an ARN');
    await expect(module.kmsIssuerKeys().publicKey('the-key')).rejects.toThrow('the-key is not an Ed25519 key');
  });
});
