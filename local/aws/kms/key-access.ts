/** From the `KeyId` of a call to its key: found, allowed to the caller, and in a state that permits the operation. */
import { AwsError, type Caller } from '../service.ts';
import { usageOf } from './key-spec.ts';
import { aliasArn, type KeyStore, keyArn, resourceOfArn, type StoredKey } from './key-store.ts';

/** A call of an action on KMS. */
export interface Call {
  readonly store: KeyStore;
  readonly caller: Caller;
  readonly now: () => number;
}

export interface Wanted {
  /** `kms:Sign`. */
  readonly action: string;
  readonly keyId: string;
  /** Condition keys beside those of the key itself. */
  readonly context?: Readonly<Record<string, string>>;
  /** Administrative operations know keys by id or ARN only. */
  readonly aliases?: 'resolved' | 'refused';
  /** AWS KMS Developer Guide, "Key states of AWS KMS keys". */
  readonly states: 'enabled' | 'not-pending-deletion' | 'pending-deletion' | 'any';
}

/**
 * Authorised before anything is told: a caller that may not use a key learns neither its state nor that it exists.
 * @throws AwsError AccessDenied, NotFoundException, DisabledException or KMSInvalidStateException
 */
export const accessKey = ({ store, caller }: Pick<Call, 'store' | 'caller'>, wanted: Wanted): StoredKey => {
  const found = lookUp(store, wanted);
  if (found.key === undefined) {
    caller.authorize(wanted.action, found.arn, wanted.context);
    throw new AwsError('NotFoundException', found.message);
  }
  caller.authorize(wanted.action, keyArn(found.key.id), { ...contextOf(found.key), ...found.context, ...wanted.context });
  checkState(found.key, wanted.states);
  return found.key;
};

interface Found {
  readonly key: StoredKey;
  readonly context: Readonly<Record<string, string>>;
}

interface Missing {
  readonly key?: undefined;
  readonly arn: string;
  readonly message: string;
}

const KEY_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const lookUp = (store: KeyStore, { keyId, aliases = 'resolved' }: Wanted): Found | Missing => {
  const resource = keyId.startsWith('arn:') ? resourceOfArn(keyId) : keyId.startsWith('alias/') ? keyId : `key/${keyId}`;
  if (resource?.startsWith('alias/') && aliases === 'resolved') return throughAlias(store, resource);
  const id = resource?.startsWith('key/') ? resource.slice('key/'.length) : '';
  if (!KEY_ID.test(id)) return { arn: keyArn('invalid'), message: `Invalid keyId '${keyId}'` };
  const key = store.find(id);
  return key === undefined ? { arn: keyArn(id), message: `Key '${keyArn(id)}' does not exist` } : { key, context: {} };
};

const throughAlias = (store: KeyStore, name: string): Found | Missing => {
  const alias = store.findAlias(name);
  const key = alias && store.find(alias.keyId);
  if (key === undefined) return { arn: aliasArn(name), message: `Alias ${aliasArn(name)} is not found.` };
  return { key, context: { 'kms:RequestAlias': name } };
};

/** Condition keys that every operation on a key carries. */
const contextOf = (key: StoredKey): Readonly<Record<string, string>> => ({
  'kms:KeySpec': key.spec,
  'kms:KeyUsage': usageOf(key.spec),
  'kms:KeyOrigin': 'AWS_KMS',
  ...Object.fromEntries(Object.entries(key.tags).map(([name, value]) => [`aws:ResourceTag/${name}`, value])),
});

const checkState = (key: StoredKey, states: Wanted['states']): void => {
  const pending = key.state === 'PendingDeletion';
  if (states === 'pending-deletion' && !pending)
    throw new AwsError('KMSInvalidStateException', `${keyArn(key.id)} is not pending deletion.`);
  if (states === 'any' || states === 'pending-deletion') return;
  if (pending) throw new AwsError('KMSInvalidStateException', `${keyArn(key.id)} is pending deletion.`);
  if (states === 'enabled' && key.state === 'Disabled') throw new AwsError('DisabledException', `${keyArn(key.id)} is disabled.`);
};
