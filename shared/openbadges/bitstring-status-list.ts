/**
 * Bitstring Status List: one bit per badge says whether it must not be relied on.
 * @see https://www.w3.org/TR/vc-bitstring-status-list/
 */
import { gzipSync } from 'node:zlib';
import { CREDENTIALS_V2 } from './contexts.ts';
import { base64urlEncode } from './multibase.ts';
import { present } from './present.ts';
import { STATUS_ENTRIES_MIN } from './status-list-bits.ts';

/** The smallest list that the specification allows (16 KiB of bits): a badge hides in a crowd of this size. */
export const STATUS_LIST_BITS = STATUS_ENTRIES_MIN;

/** Level 9 takes twenty times as long for nothing. */
const GZIP_LEVEL = 6;

export type StatusPurpose = 'revocation' | 'suspension';

/** Bits of a list with these indices raised. @throws RangeError for an index outside it */
export const bitstring = (raised: Iterable<number>, bits: number = STATUS_LIST_BITS): Uint8Array => {
  const bytes = new Uint8Array(bits / 8);
  for (const index of raised) {
    if (!Number.isInteger(index) || index < 0 || index >= bits) throw new RangeError(`no index ${index} in a list of ${bits}`);
    bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (0x80 >> (index & 7));
  }
  return bytes;
};

/** `encodedList`: multibase base64url of the gzipped bits. */
export const encodeList = (bytes: Uint8Array): string => base64urlEncode(gzipSync(bytes, { level: GZIP_LEVEL }));

export interface StatusPlace {
  /** Address of the list's credential. */
  readonly list: string;
  readonly index: number;
  readonly purpose: StatusPurpose;
}

/** Both schema flavours want one object with a plain `type`; `statusListIndex` is a text by the specification. */
export interface StatusEntry {
  readonly id: string;
  readonly type: 'BitstringStatusListEntry';
  readonly statusPurpose: StatusPurpose;
  readonly statusListIndex: string;
  readonly statusListCredential: string;
}

/** `credentialStatus` of a badge. */
export const statusEntry = ({ list, index, purpose }: StatusPlace): StatusEntry => ({
  id: `${list}#${index}`,
  type: 'BitstringStatusListEntry',
  statusPurpose: purpose,
  statusListIndex: String(index),
  statusListCredential: list,
});

export interface StatusListFacts {
  /** Address at which the list is published; also its id. */
  readonly id: string;
  /** Must be the issuer of the badges: a verifier refuses another one's list. */
  readonly issuer: string;
  readonly purpose: StatusPurpose;
  readonly bytes: Uint8Array;
  /** Instant of this state of the list, ISO 8601. */
  readonly validFrom: string;
  readonly validUntil?: string | undefined;
  /** How long a copy may be relied on, in milliseconds. */
  readonly ttlMs?: number | undefined;
}

/** The list as a credential, still without its proof. */
export const statusListCredential = ({ id, issuer, purpose, bytes, validFrom, validUntil, ttlMs }: StatusListFacts) =>
  present({
    '@context': [CREDENTIALS_V2],
    id,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer,
    validFrom,
    validUntil,
    credentialSubject: present({
      id: `${id}#list`,
      type: 'BitstringStatusList',
      statusPurpose: purpose,
      encodedList: encodeList(bytes),
      ttl: ttlMs,
    }),
  });
