/**
 * The life of an issuer's key: announced before it signs, followed by a successor, retired, or given up when someone
 * else may have it. At any time exactly one key of each use signs.
 */
import { DomainError } from './errors.ts';
import type { Instant } from './ids.ts';
import { type Issuer, type IssuerKey, type KeyUse, keyUse } from './issuer.ts';

export type NewKey = Pick<IssuerKey, 'id' | 'arn' | 'algorithm' | 'publicKey'>;

const replaced = (issuer: Issuer, change: (key: IssuerKey) => IssuerKey): Issuer => ({ ...issuer, keys: issuer.keys.map(change) });

/** The successor that is announced already; asking for another before it signs gives this one. */
export const pendingKey = (issuer: Issuer, use: KeyUse): IssuerKey | undefined =>
  issuer.keys.find((key) => key.state === 'pending' && keyUse(key) === use);

/** @throws DomainError issuer/key-not-found */
export const keyNamed = (issuer: Issuer, id: string): IssuerKey => {
  const key = issuer.keys.find((candidate) => candidate.id === id);
  if (key === undefined) throw new DomainError('issuer/key-not-found', { issuerId: issuer.id, keyId: id });
  return key;
};

/** Published from now on, signing from `signsFrom`: by then every copy of the older key set is out of date. */
export const announced = (issuer: Issuer, key: NewKey, signsFrom: Instant): Issuer => ({
  ...issuer,
  keys: [...issuer.keys, { ...key, state: 'pending', signsFrom }],
});

/** The issuer whose announced keys take over where their time has come, the last announced of each use. @returns the same object if none has. */
export const activated = (issuer: Issuer, now: Instant): Issuer => {
  const due = issuer.keys.filter(({ state, signsFrom }) => state === 'pending' && Date.parse(signsFrom) <= Date.parse(now));
  if (due.length === 0) return issuer;
  const successors = new Map(due.map((key) => [keyUse(key), key]));
  return replaced(issuer, (key) => {
    const successor = successors.get(keyUse(key));
    if (key === successor) return { ...key, state: 'active' };
    return successor !== undefined && (key.state === 'active' || due.includes(key)) ? { ...key, state: 'retiring' } : key;
  });
};

/**
 * The key whose private half is given up. Asking again changes nothing.
 * @throws DomainError issuer/key-not-found, issuer/key-in-use for one that signs or will
 */
export const retired = (issuer: Issuer, id: string): Issuer => {
  const { state } = keyNamed(issuer, id);
  if (state === 'retired' || state === 'compromised') return issuer;
  if (state !== 'retiring') throw new DomainError('issuer/key-in-use', { keyId: id, state });
  return replaced(issuer, (key) => (key.id === id ? { ...key, state: 'retired' } : key));
};

/** Whether a key that is given up leaves nobody to sign, so that a successor must stand in at once. */
export const needsSuccessor = (issuer: Issuer, id: string): boolean => keyNamed(issuer, id).state === 'active';

/**
 * The key that someone else may have. If it signed until now, the successor signs from the same moment: stale copies of the
 * key set then fail to verify new badges for a few minutes, which is better than to go on signing with a stolen key.
 * @throws DomainError issuer/key-not-found
 */
export const compromised = (issuer: Issuer, id: string, { at, successor }: { at: Instant; successor?: NewKey | undefined }): Issuer => {
  if (keyNamed(issuer, id).state === 'compromised') return issuer;
  const marked = replaced(issuer, (key) => (key.id === id ? { ...key, state: 'compromised', compromisedAt: at } : key));
  if (successor === undefined) return marked;
  return { ...marked, keys: [...marked.keys, { ...successor, state: 'active', signsFrom: at }] };
};
