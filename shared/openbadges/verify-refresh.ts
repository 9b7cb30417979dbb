/**
 * Whether the issuer has a newer copy of a credential. Asked only once the proof has passed, or a stranger's address
 * would be followed; done once, however often the newer copy points on.
 * @see https://www.imsglobal.org/spec/vccr/v1p0/ and https://www.imsglobal.org/spec/ob/v3p0/#verification step 3
 */
import { notChecked, type Outcome, PASSED } from './check.ts';
import { idOf, isObject, type JsonObject, listOf, textOf } from './json-object.ts';
import { documentUrlOf } from './keys/resolve-key.ts';
import { isTrusted, openCredential } from './verify-opening.ts';
import type { Run } from './verify-run.ts';
import { checkSchema } from './verify-schema.ts';

export interface Refresh {
  readonly outcome: Outcome;
  /** What the service answered, genuine and of the same issuer. */
  readonly refreshed?: JsonObject;
}

/** Asks the first service of the kind that is understood here. */
export const refresh = async (credential: JsonObject, run: Run): Promise<Refresh> => {
  const services = listOf(credential.refreshService).filter(isObject);
  const service = services.find(({ type }) => listOf(type).includes('1EdTechCredentialRefresh'));
  if (service === undefined) return { outcome: notChecked('refresh/unsupported') };
  const address = textOf(service.id) ?? '';
  const answer = documentUrlOf(address) === address ? await run.load(address).catch(() => undefined) : undefined;
  const opened = openCredential(answer);
  if (opened === undefined) return { outcome: notChecked('refresh/unreachable') };
  const { credential: refreshed } = opened;
  const isSame = refreshed.id === credential.id && idOf(refreshed.issuer) === idOf(credential.issuer);
  const isBadge = isSame && checkSchema(refreshed, run.accept ?? 'open-badges').state === 'passed';
  return isBadge && (await isTrusted(opened, run)) ? { outcome: PASSED, refreshed } : { outcome: notChecked('refresh/not-genuine') };
};
