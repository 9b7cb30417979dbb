/**
 * Whether a badge was suspended, revoked or otherwise marked, as its issuer's lists say. Trouble with a list is an
 * obstacle, trouble with the entry a failure: the entry is part of what was signed.
 * @see https://www.w3.org/TR/vc-bitstring-status-list/#validate-algorithm
 */
import { failed, notChecked, type Outcome, PASSED, worstOf } from './check.ts';
import { idOf, instantOf, isObject, type JsonObject, listOf, textOf } from './json-object.ts';
import { decodeList, entryAt } from './status-list-bits.ts';
import { isTrusted, openCredential } from './verify-opening.ts';
import { checkRevocationList } from './verify-revocation-list.ts';
import type { Run } from './verify-run.ts';

/** The schema of badges takes one entry; the data model sets no limit, so this one does. */
const ENTRIES_MAX = 8;

/** Bits of one entry: no issuer has more messages than this can number. */
const ENTRY_BITS_MAX = 32;

/** All entries of a credential: the worst is the answer. */
export const checkStatus = async (credential: JsonObject, run: Run): Promise<Outcome> => {
  const entries = listOf(credential.credentialStatus);
  if (entries.length > ENTRIES_MAX) return failed('status/malformed');
  return worstOf(await Promise.all(entries.map((entry) => checkEntry(entry, credential, run))));
};

const checkEntry = async (entry: unknown, credential: JsonObject, run: Run): Promise<Outcome> => {
  if (!isObject(entry)) return failed('status/malformed');
  const types = listOf(entry.type);
  if (types.includes('BitstringStatusListEntry')) return checkListed(entry, credential, { kind: BITSTRING, run });
  if (types.includes('StatusList2021Entry')) return checkListed(entry, credential, { kind: STATUS_LIST_2021, run });
  return types.includes('1EdTechRevocationList') ? checkRevocationList(entry, credential, run) : notChecked('status/unsupported');
};

/** The two kinds of list differ in their names and in one letter of the encoding. */
interface ListKind {
  readonly credentialType: string;
  readonly subjectType: string;
  readonly isPlain: boolean;
}

const BITSTRING: ListKind = { credentialType: 'BitstringStatusListCredential', subjectType: 'BitstringStatusList', isPlain: false };
const STATUS_LIST_2021: ListKind = { credentialType: 'StatusList2021Credential', subjectType: 'StatusList2021', isPlain: true };

interface Entry {
  readonly list: string;
  readonly index: number;
  readonly purpose: string;
  readonly entryBits: number;
}

const entryOf = ({ statusListCredential, statusListIndex, statusPurpose, statusSize = 1 }: JsonObject): Entry | undefined => {
  const [list, purpose] = [textOf(statusListCredential), textOf(statusPurpose)];
  const index = /^(0|[1-9]\d{0,14})$/.test(textOf(statusListIndex) ?? '') ? Number(statusListIndex) : undefined;
  const isSized = Number.isInteger(statusSize) && Number(statusSize) >= 1 && Number(statusSize) <= ENTRY_BITS_MAX;
  if (list === undefined || purpose === undefined || index === undefined || !isSized) return undefined;
  return { list, index, purpose, entryBits: Number(statusSize) };
};

const checkListed = async (
  stated: JsonObject,
  credential: JsonObject,
  { kind, run }: { readonly kind: ListKind; readonly run: Run },
): Promise<Outcome> => {
  const entry = entryOf(stated);
  if (entry === undefined) return failed('status/malformed');
  const loaded = await run.load(entry.list).catch(() => undefined);
  const opened = openCredential(loaded);
  if (opened === undefined) return notChecked('status/unreachable');
  const { credential: list } = opened;
  const isFit = isListFor(list, entry, kind) && isCurrent(list, run.nowMs);
  // A list of anyone else says nothing about the badge, however genuine.
  if (!isFit || idOf(list.issuer) !== idOf(credential.issuer) || !(await isTrusted(opened, run)))
    return notChecked('status/list-not-genuine');
  return readEntry(list, entry, kind);
};

const isListFor = ({ id, type, credentialSubject: subject }: JsonObject, entry: Entry, kind: ListKind): boolean =>
  id === entry.list &&
  listOf(type).includes(kind.credentialType) &&
  isObject(subject) &&
  listOf(subject.type).includes(kind.subjectType) &&
  listOf(subject.statusPurpose).includes(entry.purpose);

const isCurrent = ({ validFrom, validUntil, issuanceDate, expirationDate }: JsonObject, nowMs: number): boolean =>
  [validFrom, issuanceDate].every((from) => from === undefined || (instantOf(from) ?? Number.POSITIVE_INFINITY) <= nowMs) &&
  [validUntil, expirationDate].every((until) => until === undefined || (instantOf(until) ?? Number.NEGATIVE_INFINITY) >= nowMs);

const readEntry = async ({ credentialSubject }: JsonObject, entry: Entry, { isPlain }: ListKind): Promise<Outcome> => {
  const { index, purpose, entryBits } = entry;
  const encoded = isObject(credentialSubject) ? (textOf(credentialSubject.encodedList) ?? '') : '';
  const decoded = await decodeList(encoded, { entryBits, isPlain });
  if (!('bytes' in decoded)) return notChecked('status/list-not-genuine');
  const value = entryAt(decoded.bytes, index, entryBits);
  if (value === undefined) return failed('status/malformed');
  return value === 0 ? PASSED : raisedFor(purpose);
};

const raisedFor = (purpose: string): Outcome => {
  switch (purpose) {
    case 'revocation':
      return failed('status/revoked');
    case 'suspension':
      return failed('status/suspended');
    // They tell a reader something, which no machine can weigh: never a pass, and nothing against the badge.
    case 'message':
    case 'refresh':
      return notChecked('status/message');
    default:
      return failed('status/raised');
  }
};
