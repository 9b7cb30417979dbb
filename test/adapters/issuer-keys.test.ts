import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { DescribeKeyCommand, DisableKeyCommand, KMSClient, ListResourceTagsCommand, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeyAlgorithm } from '#domain/issuer.ts';
import { rawKeyOf } from '#openbadges/ed25519-key.ts';
import { keyIdOf } from '#openbadges/issuer-identity.ts';
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

const created = async (algorithm: KeyAlgorithm = 'EdDSA'): Promise<string> =>
  (await stage.as('programme-api', load))
    .kmsIssuerKeys()
    .create(TENANT, algorithm)
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

  it.each([
    ['EdDSA', 'ed25519'],
    ['RS256', 'rsa'],
    ['ES256', 'ec'],
  ] as const)('for %s gives its public half, always the same, and another key another', async (algorithm, kind) => {
    const [one, other] = [await created(algorithm), await created(algorithm)];
    const keys = (await stage.as('programme-api', load)).kmsIssuerKeys();
    const [left, right] = [await keys.publicKey(one), await keys.publicKey(other)];
    expect(createPublicKey({ key: Buffer.from(left), format: 'der', type: 'spki' }).asymmetricKeyType).toBe(kind);
    expect(keyIdOf(algorithm, left)).not.toBe(keyIdOf(algorithm, right));
    expect(await keys.publicKey(one)).toEqual(left);
  });

  it('that is given up signs nothing from then on, however often it is given up', async () => {
    const arn = await created('RS256');
    const { kmsIssuerKeys, kmsSignDigest, SigningRefused } = await stage.as('on-credential-earned', load);
    const sign = () => kmsSignDigest({ arn, algorithm: 'RS256' }, randomBytes(32));
    expect((await sign()).byteLength).toBe(256);
    await expect(kmsIssuerKeys().retire(arn)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const operating = (await stage.as('programme-api', load)).kmsIssuerKeys();
    await operating.retire(arn);
    await operating.retire(arn);
    const { KeyMetadata } = await operator.send(new DescribeKeyCommand({ KeyId: arn }));
    expect(KeyMetadata?.KeyState).toBe('PendingDeletion');
    await expect(sign()).rejects.toBeInstanceOf(SigningRefused);
  });
});

describe('a signature', () => {
  let arn: string;
  let sign: Sign;
  let publicKey: Uint8Array;
  beforeAll(async () => {
    arn = await created();
    const operating = await stage.as('programme-api', load);
    const spki = await operating.kmsIssuerKeys().publicKey(arn);
    sign = (await stage.as('on-credential-earned', load)).kmsSign;
    publicKey = rawKeyOf(keyIdOf('EdDSA', spki)) ?? new Uint8Array();
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
    await expect(module.kmsIssuerKeys().create(TENANT, 'EdDSA')).rejects.toThrow('KMS made a key without an ARN');
    await expect(module.kmsIssuerKeys().publicKey('the-key')).rejects.toThrow('KMS shows no public half of the-key');
  });
});
