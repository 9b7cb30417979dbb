import { randomBytes } from 'node:crypto';
import { CreateKeyCommand, KMSClient, SignCommand, VerifyCommand } from '@aws-sdk/client-kms';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Instant } from '#domain/ids.ts';
import { SIGNING_KEY_TAG } from '../../functions/grants.ts';
import { EVIDENCE_BUCKET, HOSTED_BUCKET } from '../../local/resources.ts';
import { aFile, aReceipt, receiptId, TENANT } from '../factories.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let signingKey: string;

beforeAll(async () => {
  stage = await openStage();
  const { kmsIssuerKeys } = await stage.as('programme-api', () => import('#adapters/kms/issuer-keys.ts'));
  signingKey = (await kmsIssuerKeys().create(TENANT, 'EdDSA')).arn;
});
afterAll(() => stage.close());

const DENIED = {
  name: expect.stringMatching(/^AccessDenied(Exception)?$/),
  $metadata: expect.objectContaining({ httpStatusCode: expect.any(Number) }),
};

const adapters = {
  table: () => import('#adapters/dynamodb/table.ts').then(({ table }) => table()),
  sign: () => import('#adapters/kms/issuer-keys.ts'),
  box: () => import('#adapters/kms/secret-box.ts').then(({ kmsSecretBox }) => kmsSecretBox()),
  evidence: () => import('#adapters/s3/evidence-store.ts').then(({ s3EvidenceStore }) => s3EvidenceStore()),
  hosted: () => import('#adapters/s3/hosted-files.ts').then(({ s3HostedFiles }) => s3HostedFiles()),
  bus: () => import('#adapters/eventbridge/event-bus.ts'),
  timers: () => import('#adapters/scheduler/timers.ts').then(({ schedulerTimers }) => schedulerTimers(() => `evt_${'0'.repeat(26)}`)),
};

/** Variables that a function has no row for are lent to it: what stops it must be the policy. */
const lend = (): void => {
  Object.assign(process.env, {
    TABLE_NAME: 'assay',
    EVIDENCE_BUCKET,
    HOSTED_BUCKET,
    BUS_NAME: 'assay',
    BUS_ARN: 'arn:aws:events:us-east-1:000000000000:event-bus/assay',
    SECRETS_KEY_ARN: stage.ground.secretsKeyArn,
    SCHEDULE_GROUP: 'assay',
    SCHEDULE_ROLE_ARN: 'arn:aws:iam::000000000000:role/assay-timers',
  });
};

const as = <T>(functionName: string, load: () => Promise<T>): Promise<T> =>
  stage.as(functionName, () => {
    lend();
    return load();
  });

const hostedFile = { key: 'c/x.json', body: '{}', contentType: 'application/json', cacheControl: 'no-store' };
const elapsed = () => ({
  type: 'parking.elapsed' as const,
  data: { receiptId: receiptId(), connectionId: aReceipt().connectionId, submissionId: 'sub' },
  tenant: TENANT,
});

describe('a function whose row does not say so', () => {
  it.each<[string, string, () => Promise<unknown>]>([
    ['relay-events', 'read the table', async () => (await as('relay-events', adapters.table)).get('a', 'b')],
    ['relay-events', 'query the table', async () => (await as('relay-events', adapters.table)).query('a')],
    [
      'on-issuer-changed',
      'write to the table',
      async () =>
        (await as('on-issuer-changed', adapters.table)).commit([{ partition: 'a', sort: 'b', expect: 'anything', label: 'x', item: {} }]),
    ],
    [
      'on-issuer-changed',
      'delete from it',
      async () => (await as('on-issuer-changed', adapters.table)).commit([{ partition: 'a', sort: 'b', expect: 'anything', label: 'x' }]),
    ],
    ['learner-api', 'sign a badge', async () => (await as('learner-api', adapters.sign)).kmsSign(signingKey, randomBytes(8))],
    ['programme-api', 'sign a badge', async () => (await as('programme-api', adapters.sign)).kmsSign(signingKey, randomBytes(8))],
    ['on-decision-made', 'sign a badge', async () => (await as('on-decision-made', adapters.sign)).kmsSign(signingKey, randomBytes(8))],
    [
      'on-credential-earned',
      'make a key',
      async () => (await as('on-credential-earned', adapters.sign)).kmsIssuerKeys().create(TENANT, 'EdDSA'),
    ],
    ['webhook-api', 'read a public key', async () => (await as('webhook-api', adapters.sign)).kmsIssuerKeys().publicKey(signingKey)],
    ['learner-api', 'open a secret', async () => (await as('learner-api', adapters.box)).open('c2VhbGVk', {})],
    [
      'programme-api',
      'open a secret that it sealed',
      async () => {
        const box = await as('programme-api', adapters.box);
        return box.open(await box.seal('whsec_x', {}), {});
      },
    ],
    ['webhook-api', 'seal a secret', async () => (await as('webhook-api', adapters.box)).seal('whsec_x', {})],
    ['learner-api', 'read evidence', async () => (await as('learner-api', adapters.evidence)).inspect('evidence/x', 'v')],
    ['learner-api', 'publish a file', async () => (await as('learner-api', adapters.hosted)).create(hostedFile)],
    ['on-credential-earned', 'publish a file', async () => (await as('on-credential-earned', adapters.hosted)).replace(hostedFile)],
    ['on-evidence-uploaded', 'remove a file', async () => (await as('on-evidence-uploaded', adapters.hosted)).remove('c/x.json')],
    [
      'on-decision-made',
      'put an event on the bus',
      async () => (await as('on-decision-made', adapters.bus)).putEvents([{ source: 'assay.x', detailType: 'x', detail: '{}' }]),
    ],
    [
      'on-parked-mark-due',
      'set a timer',
      async () => (await as('on-parked-mark-due', adapters.timers)).set('x', Instant.parse('2030-01-01T00:00:00.000Z'), elapsed()),
    ],
    ['on-webhook-received', 'clear a timer', async () => (await as('on-webhook-received', adapters.timers)).clear('x')],
  ])('%s may not %s', async (_name, _deed, work) => {
    await expect(work()).rejects.toMatchObject(DENIED);
  });

  it('learner-api makes an address for an upload, but only of evidence: signing one elsewhere gives nothing', async () => {
    const store = await as('learner-api', adapters.evidence);
    process.env.EVIDENCE_BUCKET = HOSTED_BUCKET;
    const bytes = Buffer.from('x');
    const { url, headers } = await store.presignPut('c/forged.json', aFile({ bytes: 1 }), 900);
    expect((await fetch(url, { method: 'PUT', headers, body: bytes })).status).toBe(403);
  });
});

const clientOf = async (functionName: string): Promise<KMSClient> => as(functionName, async () => new KMSClient({}));

describe('who may sign', () => {
  const signWith = (client: KMSClient, KeyId: string, over: object = {}) =>
    client.send(new SignCommand({ KeyId, Message: randomBytes(64), MessageType: 'RAW', SigningAlgorithm: 'ED25519_SHA_512', ...over }));

  it.each(['on-credential-earned', 'on-status-list-changed'])('%s signs with a key that is marked for badges', async (name) => {
    const client = await clientOf(name);
    expect((await signWith(client, signingKey)).Signature?.byteLength).toBe(64);
  });

  it('may not with a key that is not marked so', async () => {
    const operator = new KMSClient(stage.operator);
    const untagged = await operator.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' }));
    const Tags = [{ TagKey: SIGNING_KEY_TAG.key, TagValue: 'something-else' }];
    const otherwise = await operator.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY', Tags }));
    const client = await clientOf('on-credential-earned');
    for (const { KeyMetadata } of [untagged, otherwise]) {
      await expect(signWith(client, KeyMetadata?.Arn ?? '')).rejects.toMatchObject(DENIED);
      const { kmsIssuerKeys } = await as('on-credential-earned', adapters.sign);
      await expect(kmsIssuerKeys().publicKey(KeyMetadata?.Arn ?? '')).rejects.toMatchObject(DENIED);
    }
  });

  it('may not with another algorithm, nor over a digest, even if the key could', async () => {
    const operator = new KMSClient(stage.operator);
    const Tags = [{ TagKey: SIGNING_KEY_TAG.key, TagValue: SIGNING_KEY_TAG.value }];
    const { KeyMetadata } = await operator.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', Tags }));
    const client = await clientOf('on-credential-earned');
    await expect(signWith(client, KeyMetadata?.Arn ?? '', { SigningAlgorithm: 'ECDSA_SHA_256' })).rejects.toMatchObject(DENIED);
    await expect(signWith(client, signingKey, { MessageType: 'DIGEST' })).rejects.toMatchObject(DENIED);
  });

  it('may not ask KMS to verify, which nobody needs: verifying takes the public key alone', async () => {
    const client = await clientOf('on-credential-earned');
    const verify = new VerifyCommand({
      KeyId: signingKey,
      Message: randomBytes(8),
      Signature: randomBytes(64),
      SigningAlgorithm: 'ED25519_SHA_512',
    });
    await expect(client.send(verify)).rejects.toMatchObject(DENIED);
  });

  it('cannot make itself a key that is not marked for badges', async () => {
    const client = await clientOf('programme-api');
    const untagged = new CreateKeyCommand({ KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' });
    await expect(client.send(untagged)).rejects.toMatchObject(DENIED);
  });
});

describe('buckets', () => {
  const s3Of = (functionName: string): Promise<S3Client> => as(functionName, async () => new S3Client({}));

  it('of evidence cannot be listed or read by who hands in', async () => {
    const client = await s3Of('learner-api');
    await expect(client.send(new ListObjectsV2Command({ Bucket: EVIDENCE_BUCKET }))).rejects.toMatchObject(DENIED);
    await expect(client.send(new GetObjectCommand({ Bucket: EVIDENCE_BUCKET, Key: 'evidence/x' }))).rejects.toMatchObject(DENIED);
  });

  it('of evidence cannot be written by who inspects', async () => {
    const client = await s3Of('on-evidence-uploaded');
    await expect(client.send(new PutObjectCommand({ Bucket: EVIDENCE_BUCKET, Key: 'evidence/x', Body: 'x' }))).rejects.toMatchObject(
      DENIED,
    );
  });

  it('of evidence are out of reach for who publishes', async () => {
    const client = await s3Of('on-credential-changed');
    await expect(client.send(new GetObjectCommand({ Bucket: EVIDENCE_BUCKET, Key: 'evidence/x' }))).rejects.toMatchObject(DENIED);
  });
});
