/**
 * 1EdTech's revocation list: the ids of withdrawn credentials, at an address that the badge names.
 * @see https://www.imsglobal.org/spec/vcrl/v1p0/
 */
import { failed, notChecked, type Outcome, PASSED } from './check.ts';
import { idOf, isObject, type JsonObject, listOf, textOf } from './json-object.ts';
import { documentUrlOf } from './keys/resolve-key.ts';
import { isTrusted } from './verify-opening.ts';
import type { Run } from './verify-run.ts';

/** More than any list read at once should hold. */
const REVOKED_MAX = 100_000;

/**
 * The list needs no proof, since the badge's own proof covers its address and the address answers over https; one that
 * it has must be genuine.
 */
export const checkRevocationList = async (entry: JsonObject, credential: JsonObject, run: Run): Promise<Outcome> => {
  const address = textOf(entry.id);
  if (address === undefined) return failed('status/malformed');
  const list = documentUrlOf(address) === address ? await run.load(address).catch(() => undefined) : undefined;
  if (!isObject(list)) return notChecked('status/unreachable');
  const revoked = list.revokedCredential ?? list.revokedCredentials;
  const isOfIssuer = list.id === address && idOf(list.issuer) === idOf(credential.issuer);
  const isReadable = revoked !== undefined && listOf(revoked).length <= REVOKED_MAX;
  if (!isOfIssuer || !isReadable || !(await isGenuine(list, run))) return notChecked('status/list-not-genuine');
  return listOf(revoked).some((item) => isRevoked(item, credential.id)) ? failed('status/revoked') : PASSED;
};

const isGenuine = async (list: JsonObject, run: Run): Promise<boolean> =>
  listOf(list.proof).length === 0 || isTrusted({ credential: list }, run);

// `revoked` may be left out; only an explicit no takes an entry back.
const isRevoked = (item: unknown, id: unknown): boolean => idOf(item) === id && !(isObject(item) && item.revoked === false);
