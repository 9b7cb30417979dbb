/** Operations on the life of a key: made, described, tagged, disabled, given up. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { ACCOUNT, AwsError } from '../service.ts';
import { type Action, action, KeyId, Page, pageOf, validationError } from './action.ts';
import { accessKey } from './key-access.ts';
import { makeKeyMaterial } from './key-material.ts';
import { isKeySpec, type KeySpec, signingAlgorithmsOf, usageOf } from './key-spec.ts';
import { type KeyState, type KeyStore, keyArn, type StoredKey, type Tags } from './key-store.ts';

/** Deletion waits this long. KMS API Reference, ScheduleKeyDeletion. */
const PENDING_DAYS_MIN = 7;
const PENDING_DAYS_MAX = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

/** KMS Developer Guide, "Quotas": tags of a key. */
const TAGS_MAX = 50;

const Tag = z.object({ TagKey: z.string().min(1).max(128), TagValue: z.string().max(256) });

const CreateKey = z.object({
  KeySpec: z.string().default('SYMMETRIC_DEFAULT'),
  KeyUsage: z.string().optional(),
  Description: z.string().max(8192).default(''),
  Tags: z.array(Tag).default([]),
  Policy: z.string().optional(),
  Origin: z.string().default('AWS_KMS'),
  MultiRegion: z.boolean().default(false),
});
type CreateKey = z.infer<typeof CreateKey>;

const ANY_KEY = keyArn('*');

const createKey = action(CreateKey, async (input, { store, caller }) => {
  const tags = tagsOf(input.Tags, {});
  const requested = Object.fromEntries(Object.entries(tags).map(([name, value]) => [`aws:RequestTag/${name}`, value]));
  const context = { 'kms:KeySpec': input.KeySpec, 'kms:KeyOrigin': input.Origin, ...requested };
  caller.authorize('kms:CreateKey', ANY_KEY, context);
  if (input.Tags.length > 0) caller.authorize('kms:TagResource', ANY_KEY, context);
  return { KeyMetadata: metadataOf(await storeNewKey(store, { spec: supportedSpec(input), description: input.Description, tags })) };
});

/** Makes a key and stores it; with an alias both at once. */
export const storeNewKey = async (
  store: KeyStore,
  key: { readonly spec: KeySpec; readonly description: string; readonly tags: Tags },
  alias?: string,
): Promise<StoredKey> => {
  const id = randomUUID();
  store.insert({ id, ...key, material: await makeKeyMaterial(key.spec) }, alias);
  const stored = store.find(id);
  if (stored === undefined) throw new Error(`key ${id} was stored and is not there`);
  return stored;
};

const unsupported = (message: string): AwsError => new AwsError('UnsupportedOperationException', message);

const supportedSpec = ({
  KeySpec: spec,
  KeyUsage: usage,
  Policy: policy,
  Origin: origin,
  MultiRegion: multiRegion,
}: CreateKey): KeySpec => {
  if (!isKeySpec(spec)) throw unsupported(`KeySpec ${spec} is not supported.`);
  // To accept a policy and not to enforce it would be worse than to refuse it.
  if (policy !== undefined) throw unsupported('Key policies are not supported.');
  if (origin !== 'AWS_KMS' || multiRegion) throw unsupported('Only single-region keys of origin AWS_KMS are supported.');
  if (usage === undefined && spec !== 'SYMMETRIC_DEFAULT')
    throw validationError('You must specify a KeyUsage value for an asymmetric KMS key.');
  if (usage !== undefined && usage !== usageOf(spec)) throw validationError(`KeyUsage ${usage} is not compatible with KeySpec ${spec}`);
  return spec;
};

const tagsOf = (added: readonly z.infer<typeof Tag>[], present: Tags): Tags => {
  const names = new Set(added.map((tag) => tag.TagKey));
  if (names.size !== added.length) throw new AwsError('TagException', 'Duplicate tag keys');
  if ([...names].some((name) => name.startsWith('aws:'))) throw new AwsError('TagException', "Tag keys must not start with 'aws:'");
  const tags = { ...present, ...Object.fromEntries(added.map((tag) => [tag.TagKey, tag.TagValue])) };
  if (Object.keys(tags).length > TAGS_MAX) throw new AwsError('TagException', `Too many tags: at most ${TAGS_MAX}`);
  return tags;
};

const seconds = (milliseconds: number): number => milliseconds / 1000;

const metadataOf = (key: StoredKey) => {
  const signing = signingAlgorithmsOf(key.spec);
  return {
    AWSAccountId: ACCOUNT,
    KeyId: key.id,
    Arn: keyArn(key.id),
    CreationDate: seconds(key.createdAt),
    Enabled: key.state === 'Enabled',
    Description: key.description,
    KeyUsage: usageOf(key.spec),
    KeyState: key.state,
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    KeySpec: key.spec,
    CustomerMasterKeySpec: key.spec,
    MultiRegion: false,
    ...(signing.length > 0 ? { SigningAlgorithms: signing } : { EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'] }),
    ...(key.state === 'PendingDeletion' ? { DeletionDate: seconds(key.deletionAt) } : {}),
  };
};

const OneKey = z.object({ KeyId });

const describeKey = action(OneKey, ({ KeyId: keyId }, call) => ({
  KeyMetadata: metadataOf(accessKey(call, { action: 'kms:DescribeKey', keyId, states: 'any' })),
}));

const listKeys = action(z.object(Page), ({ Limit: limit, Marker: marker }, { store, caller }) => {
  caller.authorize('kms:ListKeys', '*');
  const { page, paging } = pageOf(store.idsAfter(marker, limit + 1), limit, (id) => id);
  return { Keys: page.map((id) => ({ KeyId: id, KeyArn: keyArn(id) })), ...paging };
});

const tagResource = action(z.object({ KeyId, Tags: z.array(Tag) }), ({ KeyId: keyId, Tags: added }, call) => {
  const context = Object.fromEntries(added.map((tag) => [`aws:RequestTag/${tag.TagKey}`, tag.TagValue]));
  const key = accessKey(call, { action: 'kms:TagResource', keyId, context, aliases: 'refused', states: 'not-pending-deletion' });
  call.store.setTags(key.id, tagsOf(added, key.tags));
});

const listResourceTags = action(OneKey, ({ KeyId: keyId }, call) => {
  const { tags } = accessKey(call, { action: 'kms:ListResourceTags', keyId, aliases: 'refused', states: 'any' });
  return { Tags: Object.entries(tags).map(([name, value]) => ({ TagKey: name, TagValue: value })), Truncated: false };
});

const changeState = (name: string, state: KeyState): Action =>
  action(OneKey, ({ KeyId: keyId }, call) => {
    const key = accessKey(call, { action: `kms:${name}`, keyId, aliases: 'refused', states: 'not-pending-deletion' });
    call.store.setState(key.id, state);
  });

const ScheduleKeyDeletion = z.object({
  KeyId,
  PendingWindowInDays: z.int().min(PENDING_DAYS_MIN).max(PENDING_DAYS_MAX).default(PENDING_DAYS_MAX),
});

const scheduleKeyDeletion = action(ScheduleKeyDeletion, ({ KeyId: keyId, PendingWindowInDays: days }, call) => {
  const context = { 'kms:ScheduleKeyDeletionPendingWindowInDays': String(days) };
  const key = accessKey(call, { action: 'kms:ScheduleKeyDeletion', keyId, context, aliases: 'refused', states: 'not-pending-deletion' });
  const deletionAt = call.now() + days * DAY_MS;
  call.store.setState(key.id, { state: 'PendingDeletion', deletionAt });
  return { KeyId: keyArn(key.id), DeletionDate: seconds(deletionAt), KeyState: 'PendingDeletion', PendingWindowInDays: days };
});

const cancelKeyDeletion = action(OneKey, ({ KeyId: keyId }, call) => {
  const key = accessKey(call, { action: 'kms:CancelKeyDeletion', keyId, aliases: 'refused', states: 'pending-deletion' });
  call.store.setState(key.id, { state: 'Disabled' });
  return { KeyId: keyArn(key.id) };
});

export const LIFECYCLE_ACTIONS: Readonly<Record<string, Action>> = {
  CreateKey: createKey,
  DescribeKey: describeKey,
  ListKeys: listKeys,
  TagResource: tagResource,
  ListResourceTags: listResourceTags,
  EnableKey: changeState('EnableKey', { state: 'Enabled' }),
  DisableKey: changeState('DisableKey', { state: 'Disabled' }),
  ScheduleKeyDeletion: scheduleKeyDeletion,
  CancelKeyDeletion: cancelKeyDeletion,
};
