/**
 * AWS KMS on one machine: keys that sign badges and keep webhook secrets. It enforces what the cloud enforces: who may
 * use which key for what, key states, key usage, 4,096 bytes a message.
 */
import { AwsError, type JsonService } from '../service.ts';
import type { Action } from './action.ts';
import { ALIAS_ACTIONS } from './aliases.ts';
import { CRYPTOGRAPHIC_ACTIONS } from './cryptography.ts';
import type { KeySpec } from './key-spec.ts';
import { type KeyStore, keyArn, openKeyStore, type Tags } from './key-store.ts';
import { LIFECYCLE_ACTIONS, storeNewKey } from './lifecycle.ts';

/** What must be there before the first call: named by an alias, described by tags. */
interface InfrastructureKey {
  /** `alias/assay-secrets`. */
  readonly alias: string;
  readonly spec: KeySpec;
  readonly tags: Tags;
}

export interface Kms {
  readonly service: JsonService;
  /** The key with this alias, made if there is none. @returns its ARN @throws if the alias names a key of another spec */
  ensureKey(alias: string, spec: KeySpec, tags: Tags): Promise<string>;
  close(): void;
}

export interface KmsOptions {
  /** `aws/` under ASSAY_HOME, or `:memory:`. */
  readonly folder: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

const ACTIONS: ReadonlyMap<string, Action> = new Map(Object.entries({ ...LIFECYCLE_ACTIONS, ...ALIAS_ACTIONS, ...CRYPTOGRAPHIC_ACTIONS }));

export const openKms = ({ folder, now = Date.now }: KmsOptions): Kms => {
  const store = openKeyStore(folder, now);
  const underway = new Map<string, Promise<string>>();
  return {
    service: {
      handle: async (name, input, caller) => {
        const action = ACTIONS.get(name);
        if (action === undefined) throw new AwsError('UnknownOperationException', `KMS here has no operation ${name}.`);
        return action(input, { store, caller, now });
      },
    },
    ensureKey: (alias, spec, tags) => {
      // Making a key takes its time; a second caller waits for the same one.
      const ensured = (underway.get(alias) ?? ensure(store, { alias, spec, tags })).finally(() => underway.delete(alias));
      underway.set(alias, ensured);
      return ensured;
    },
    close: () => store.close(),
  };
};

const ensure = async (store: KeyStore, { alias, spec, tags }: InfrastructureKey): Promise<string> => {
  const found = store.findAlias(alias);
  const known = found && store.find(found.keyId);
  const key = known ?? (await storeNewKey(store, { spec, description: alias, tags }, alias));
  if (key.spec !== spec) throw new Error(`${alias} names a key of spec ${key.spec}, not ${spec}`);
  return keyArn(key.id);
};
