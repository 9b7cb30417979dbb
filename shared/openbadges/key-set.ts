/** The key set of a whole deployment, in which each issuer answers for the keys below its own address and for no others. */

import type { PublishedJwk } from './issuer-identity.ts';
import { isObject, listOf } from './json-object.ts';

/** Keys of others as they stand, and this issuer's as they are now. What stands there and is no key set counts for nothing. */
export const mergedKeySet = (
  standing: Uint8Array | undefined,
  { issuerUrl, keys }: { readonly issuerUrl: string; readonly keys: readonly PublishedJwk[] },
): { readonly keys: readonly unknown[] } => {
  const others = keysIn(standing).filter((key) => isObject(key) && typeof key.kid === 'string' && !key.kid.startsWith(`${issuerUrl}/`));
  return { keys: [...others, ...keys] };
};

const keysIn = (standing: Uint8Array | undefined): readonly unknown[] => {
  try {
    const set: unknown = JSON.parse(new TextDecoder().decode(standing));
    return isObject(set) ? listOf(set.keys) : [];
  } catch {
    return [];
  }
};
