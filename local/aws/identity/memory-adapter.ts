/** Sessions, codes and grants of sign-ins. In memory: after a restart one signs in again, which here is one click. */
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

interface Entry {
  readonly payload: AdapterPayload;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Sign-ins of one machine; the oldest go first, so that a client in a loop cannot fill the memory. */
const ENTRIES_MAX = 10_000;

export const memoryAdapter = (): AdapterFactory => {
  const entries = new Map<string, Entry>();
  return (model) => adapterOf(entries, `${model}:`);
};

const adapterOf = (entries: Map<string, Entry>, prefix: string): Adapter => {
  const alive = (key: string): AdapterPayload | undefined => {
    const entry = entries.get(key);
    if (entry !== undefined && entry.expiresAt > Date.now()) return entry.payload;
    entries.delete(key);
    return undefined;
  };
  const search = (fits: (payload: AdapterPayload) => boolean): AdapterPayload | undefined =>
    [...entries.keys()]
      .filter((key) => key.startsWith(prefix))
      .map(alive)
      .find((payload) => payload !== undefined && fits(payload));
  return {
    upsert: async (id, payload, expiresIn) => {
      entries.delete(prefix + id);
      entries.set(prefix + id, { payload, expiresAt: expiresIn === undefined ? Number.POSITIVE_INFINITY : Date.now() + expiresIn * 1000 });
      const [oldest] = entries.keys();
      if (entries.size > ENTRIES_MAX && oldest !== undefined) entries.delete(oldest);
    },
    find: async (id) => alive(prefix + id),
    findByUid: async (uid) => search((payload) => payload.uid === uid),
    findByUserCode: async (userCode) => search((payload) => payload.userCode === userCode),
    consume: async (id) => {
      const payload = alive(prefix + id);
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000);
    },
    destroy: async (id) => {
      entries.delete(prefix + id);
    },
    revokeByGrantId: async (grantId) => {
      for (const [key, { payload }] of entries) if (key.startsWith(prefix) && payload.grantId === grantId) entries.delete(key);
    },
  };
};
