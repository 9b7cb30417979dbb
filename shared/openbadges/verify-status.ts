/**
 * Whether a badge was suspended or revoked, as its issuer's status list says. Trouble with the list is an obstacle,
 * trouble with the entry a failure: the entry is part of what was signed.
 * @see https://www.w3.org/TR/vc-bitstring-status-list/#validate-algorithm
 */
import { bitAt, decodeList } from './bitstring-status-list.ts';
import { failed, notChecked, type Outcome, PASSED } from './check.ts';
import { idOf, instantOf, isObject, type JsonObject, listOf, textOf } from './json-object.ts';
import { checkProofs, type ProofCheckNeeds } from './verify-proofs.ts';

interface Entry {
  readonly list: string;
  readonly index: number;
  readonly purpose: string;
}

/** @param controller DID document of the badge's issuer; a list of anyone else says nothing about the badge. */
export const checkStatus = async (credential: JsonObject, controller: JsonObject, needs: ProofCheckNeeds): Promise<Outcome> => {
  const { credentialStatus } = credential;
  if (!isObject(credentialStatus) || credentialStatus.type !== 'BitstringStatusListEntry') return notChecked('status/unsupported');
  const entry = entryOf(credentialStatus);
  if (entry === undefined) return failed('status/malformed');
  const list = await needs.load(entry.list).catch(() => undefined);
  if (!isObject(list)) return notChecked('status/unreachable');
  if (!isListFor(list, entry, idOf(credential.issuer)) || !isCurrent(list, needs.nowMs)) return notChecked('status/list-not-genuine');
  const proof = await checkProofs(list, controller, needs);
  if (proof.state !== 'passed') return notChecked('status/list-not-genuine');
  return readBit(list, entry);
};

const entryOf = ({ statusListCredential, statusListIndex, statusPurpose, statusSize }: JsonObject): Entry | undefined => {
  const list = textOf(statusListCredential);
  const purpose = textOf(statusPurpose);
  const index = /^(0|[1-9]\d{0,14})$/.test(textOf(statusListIndex) ?? '') ? Number(statusListIndex) : undefined;
  const isOneBit = statusSize === undefined || statusSize === 1;
  return list === undefined || purpose === undefined || index === undefined || !isOneBit ? undefined : { list, index, purpose };
};

const isListFor = ({ id, type, issuer, credentialSubject: subject }: JsonObject, entry: Entry, badgeIssuer: string | undefined): boolean =>
  id === entry.list &&
  idOf(issuer) === badgeIssuer &&
  listOf(type).includes('BitstringStatusListCredential') &&
  isObject(subject) &&
  subject.type === 'BitstringStatusList' &&
  listOf(subject.statusPurpose).includes(entry.purpose);

const isCurrent = ({ validFrom, validUntil }: JsonObject, nowMs: number): boolean =>
  (validFrom === undefined || (instantOf(validFrom) ?? Number.POSITIVE_INFINITY) <= nowMs) &&
  (validUntil === undefined || (instantOf(validUntil) ?? Number.NEGATIVE_INFINITY) >= nowMs);

const readBit = ({ credentialSubject }: JsonObject, { index, purpose }: Entry): Outcome => {
  const decoded = decodeList(isObject(credentialSubject) ? (textOf(credentialSubject.encodedList) ?? '') : '');
  if (!('bytes' in decoded)) return notChecked('status/list-not-genuine');
  const raised = bitAt(decoded.bytes, index);
  if (raised === undefined) return failed('status/malformed');
  if (!raised) return PASSED;
  return purpose === 'suspension' ? failed('status/suspended') : failed('status/revoked');
};
