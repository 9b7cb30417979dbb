import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GetPublicKeyCommand,
  KMSClient,
  ListAliasesCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  TagResourceCommand,
  UntagResourceCommand,
  VerifyCommand,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assemble } from '../../functions/assembly.ts';
import { policyOf, principalOf } from '../../local/aws/iam.ts';
import { type Kms, openKms } from '../../local/aws/kms/kms.ts';
import { ARNS, aFolder, aMachine, type Machine } from './machine.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
let elapsed = 0;
let kms: Kms;
let machine: Machine;
let client: KMSClient;
const place = aFolder();

const policies = Object.fromEntries(assemble().map((fn) => [principalOf(fn), policyOf(fn, ARNS)]));

beforeAll(async () => {
  kms = openKms({ folder: place.folder, now: () => Date.now() + elapsed });
  machine = await aMachine({ services: { TrentService: kms.service }, policies });
  client = new KMSClient(machine.client());
});
afterAll(async () => {
  await machine.close();
  kms.close();
  place.remove();
});

const refused = (send: Promise<unknown>) => send.then(() => 'accepted').catch((error: Error) => error.name);
const ed25519 = { KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' } as const;
const aKey = async (input: CreateKeyCommandInput = ed25519): Promise<string> =>
  (await client.send(new CreateKeyCommand(input))).KeyMetadata?.Arn ?? '';
const stateOf = async (KeyId: string) => (await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState;

describe('a key', () => {
  test('says what it is', async () => {
    const tags = [{ TagKey: 'assay:purpose', TagValue: 'badge-signing' }];
    const KeyId = await aKey({ ...ed25519, Description: 'badges of a college', Tags: tags });
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata).toMatchObject({
      Arn: KeyId,
      AWSAccountId: '000000000000',
      Description: 'badges of a college',
      Enabled: true,
      KeyState: 'Enabled',
      KeyManager: 'CUSTOMER',
      KeySpec: 'ECC_NIST_EDWARDS25519',
      KeyUsage: 'SIGN_VERIFY',
      SigningAlgorithms: ['ED25519_SHA_512'],
    });
    expect(KeyMetadata?.CreationDate).toBeInstanceOf(Date);
    expect((await client.send(new ListResourceTagsCommand({ KeyId }))).Tags).toEqual(tags);
  });

  test.each<readonly [string, CreateKeyCommandInput, string]>([
    ['an asymmetric key without a usage', { KeySpec: 'ECC_NIST_P256' }, 'ValidationException'],
    ['a usage that does not fit', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'ENCRYPT_DECRYPT' }, 'ValidationException'],
    ['a kind that is not here', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }, 'UnsupportedOperationException'],
    ['a policy that nobody would enforce', { Policy: '{}' }, 'UnsupportedOperationException'],
    ['a key of several regions', { MultiRegion: true }, 'UnsupportedOperationException'],
    ['material from elsewhere', { Origin: 'EXTERNAL' }, 'UnsupportedOperationException'],
    ['a tag of AWS itself', { Tags: [{ TagKey: 'aws:x', TagValue: '' }] }, 'TagException'],
    ['two tags of one name', { Tags: Array(2).fill({ TagKey: 'x', TagValue: '' }) }, 'TagException'],
    ['a tag too many', { Tags: Array.from({ length: 51 }, (_, at) => ({ TagKey: `t${at}`, TagValue: '' })) }, 'TagException'],
  ])('is not made with %s', async (_title, input, code) => {
    expect(await refused(client.send(new CreateKeyCommand(input)))).toBe(code);
  });

  test('is found by id, ARN, alias and the ARN of its alias', async () => {
    const arn = await aKey();
    await client.send(new CreateAliasCommand({ AliasName: 'alias/issuer/1', TargetKeyId: arn }));
    const names = [arn, arn.replace(/.*\//, ''), 'alias/issuer/1', 'arn:aws:kms:us-east-1:000000000000:alias/issuer/1'];
    for (const KeyId of names) expect((await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.Arn).toBe(arn);
    expect(await refused(client.send(new DisableKeyCommand({ KeyId: 'alias/issuer/1' })))).toBe('NotFoundException');
    const aliases = await client.send(new ListAliasesCommand({ KeyId: arn }));
    expect(aliases.Aliases?.map(({ AliasName }) => AliasName)).toEqual(['alias/issuer/1']);
  });

  test.each([
    ['alias/issuer/1', 'AlreadyExistsException'],
    ['alias/aws/mine', 'NotAuthorizedException'],
    ['issuer', 'ValidationException'],
  ])('cannot be called %s', async (AliasName, code) => {
    expect(await refused(client.send(new CreateAliasCommand({ AliasName, TargetKeyId: await aKey() })))).toBe(code);
  });

  test('is listed, page by page', async () => {
    const made = await Promise.all([aKey(), aKey(), aKey()]);
    const listed: (string | undefined)[] = [];
    let Marker: string | undefined;
    do {
      const page = await client.send(new ListKeysCommand({ Limit: 2, ...(Marker === undefined ? {} : { Marker }) }));
      listed.push(...(page.Keys ?? []).map(({ KeyArn }) => KeyArn));
      Marker = page.NextMarker;
    } while (Marker !== undefined);
    expect(listed).toEqual(expect.arrayContaining(made));
    expect(new Set(listed).size).toBe(listed.length);
  });

  test('does not know an operation that is not here', async () => {
    expect(await refused(client.send(new UntagResourceCommand({ KeyId: await aKey(), TagKeys: ['x'] })))).toBe('UnknownOperationException');
  });
});

describe('the state of a key', () => {
  const Message = Buffer.from('m');
  const signing = { Message, SigningAlgorithm: 'ED25519_SHA_512' } as const;
  const uses = (KeyId: string, symmetric: string, CiphertextBlob: Uint8Array) => ({
    Sign: () => client.send(new SignCommand({ KeyId, ...signing })),
    Verify: () => client.send(new VerifyCommand({ KeyId, ...signing, Signature: Buffer.alloc(64) })),
    GetPublicKey: () => client.send(new GetPublicKeyCommand({ KeyId })),
    Encrypt: () => client.send(new EncryptCommand({ KeyId: symmetric, Plaintext: Message })),
    Decrypt: () => client.send(new DecryptCommand({ CiphertextBlob })),
    TagResource: () => client.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'a', TagValue: 'b' }] })),
    CreateAlias: () => client.send(new CreateAliasCommand({ AliasName: `alias/${KeyId.slice(-12)}`, TargetKeyId: KeyId })),
    DescribeKey: () => client.send(new DescribeKeyCommand({ KeyId })),
    ListResourceTags: () => client.send(new ListResourceTagsCommand({ KeyId })),
    EnableKey: () => client.send(new EnableKeyCommand({ KeyId })),
    DisableKey: () => client.send(new DisableKeyCommand({ KeyId })),
    ScheduleKeyDeletion: () => client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 })),
  });
  const bothKeys = async () => {
    const [key, symmetric] = [await aKey(), await aKey({})];
    const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId: symmetric, Plaintext: Message }));
    return { key, symmetric, uses: uses(key, symmetric, CiphertextBlob ?? new Uint8Array()) };
  };

  test('disabled: it can be administered, not used', async () => {
    const { key, symmetric, uses } = await bothKeys();
    for (const KeyId of [key, symmetric]) await client.send(new DisableKeyCommand({ KeyId }));
    for (const use of [uses.Sign, uses.Verify, uses.GetPublicKey, uses.Encrypt, uses.Decrypt])
      expect(await refused(use())).toBe('DisabledException');
    for (const use of [uses.TagResource, uses.CreateAlias, uses.DescribeKey, uses.ListResourceTags])
      expect(await refused(use())).toBe('accepted');
    await uses.EnableKey();
    expect(await refused(uses.Sign())).toBe('accepted');
  });

  test('pending deletion: it can be looked at and saved, nothing else', async () => {
    const { key, symmetric, uses } = await bothKeys();
    for (const KeyId of [key, symmetric]) await client.send(new ScheduleKeyDeletionCommand({ KeyId }));
    const { DescribeKey, ListResourceTags, ...others } = uses;
    for (const use of Object.values(others)) expect(await refused(use())).toBe('KMSInvalidStateException');
    expect(await refused(ListResourceTags())).toBe('accepted');
    expect((await DescribeKey()).KeyMetadata).toMatchObject({
      KeyState: 'PendingDeletion',
      Enabled: false,
      DeletionDate: expect.any(Date),
    });
    await client.send(new CancelKeyDeletionCommand({ KeyId: key }));
    expect(await stateOf(key)).toBe('Disabled');
    expect(await refused(client.send(new CancelKeyDeletionCommand({ KeyId: key })))).toBe('KMSInvalidStateException');
  });

  test('gone: after the waiting period the key and its alias are no more', async () => {
    const KeyId = await aKey();
    await client.send(new CreateAliasCommand({ AliasName: 'alias/leaving', TargetKeyId: KeyId }));
    await client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    elapsed = 7 * DAY_MS - 60_000;
    expect(await stateOf(KeyId)).toBe('PendingDeletion');
    elapsed = 7 * DAY_MS + 60_000;
    for (const name of [KeyId, 'alias/leaving']) expect(await refused(stateOf(name))).toBe('NotFoundException');
  });

  test.each([6, 31])('deletion does not wait %i days', async (PendingWindowInDays) => {
    expect(await refused(client.send(new ScheduleKeyDeletionCommand({ KeyId: await aKey(), PendingWindowInDays })))).toBe(
      'ValidationException',
    );
  });
});

describe('a function', () => {
  const as = (name: string) => new KMSClient(machine.client(`function/${name}`));
  const Tags = [{ TagKey: 'assay:purpose', TagValue: 'badge-signing' }];
  const sign = (KeyId: string) => new SignCommand({ KeyId, Message: Buffer.from('m'), SigningAlgorithm: 'ED25519_SHA_512' });

  test('makes keys for badges and no others, and cannot sign with what it made', async () => {
    const made = await as('programme-api').send(new CreateKeyCommand({ ...ed25519, Tags }));
    const KeyId = made.KeyMetadata?.Arn ?? '';
    expect(await refused(as('programme-api').send(new GetPublicKeyCommand({ KeyId })))).toBe('accepted');
    expect(await refused(as('programme-api').send(sign(KeyId)))).toBe('AccessDeniedException');
    expect(await refused(as('programme-api').send(new CreateKeyCommand(ed25519)))).toBe('AccessDeniedException');
    expect(await refused(as('learner-api').send(new CreateKeyCommand({ ...ed25519, Tags })))).toBe('AccessDeniedException');
  });

  test('signs with a key for badges; of any other it learns nothing, not even whether it exists', async () => {
    const [badges, other] = [await aKey({ ...ed25519, Tags }), await aKey()];
    await client.send(new DisableKeyCommand({ KeyId: other }));
    expect(await refused(as('on-credential-earned').send(sign(badges)))).toBe('accepted');
    for (const KeyId of [other, '00000000-0000-4000-8000-000000000000', 'my-key', 'alias/nobody']) {
      expect(await refused(as('on-credential-earned').send(sign(KeyId)))).toBe('AccessDeniedException');
    }
  });

  test('cannot tag its way to a key', async () => {
    const KeyId = await aKey();
    expect(await refused(as('on-credential-earned').send(new TagResourceCommand({ KeyId, Tags })))).toBe('AccessDeniedException');
  });
});

describe('the keys of this machine', () => {
  test('are made once for each alias, however often and at once they are asked for', async () => {
    const asked = Array.from({ length: 3 }, () => kms.ensureKey('alias/assay-secrets', 'SYMMETRIC_DEFAULT', { purpose: 'secrets' }));
    const [arn, ...others] = await Promise.all(asked);
    expect(others).toEqual([arn, arn]);
    expect(await kms.ensureKey('alias/assay-secrets', 'SYMMETRIC_DEFAULT', {})).toBe(arn);
    await expect(kms.ensureKey('alias/assay-secrets', 'RSA_2048', {})).rejects.toThrow('names a key of spec SYMMETRIC_DEFAULT');
  });

  test('are in files that only their owner can read', () => {
    const files = readdirSync(place.folder).filter((name) => name.startsWith('kms.sqlite'));
    expect(files).toContain('kms.sqlite');
    for (const name of files) expect(statSync(join(place.folder, name)).mode & 0o777).toBe(0o600);
  });

  test('survive the process that made them being killed', async () => {
    const home = aFolder();
    const module = join(import.meta.dirname, '../../local/aws/kms/kms.ts');
    const script = `
      const { openKms } = await import(${JSON.stringify(module)});
      const kms = openKms({ folder: ${JSON.stringify(home.folder)} });
      console.log(await kms.ensureKey('alias/lasting', 'ECC_NIST_EDWARDS25519', {}));
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const reopened = openKms({ folder: home.folder });
    expect(await reopened.ensureKey('alias/lasting', 'ECC_NIST_EDWARDS25519', {})).toBe(String(line).trim());
    reopened.close();
    home.remove();
  });
});
