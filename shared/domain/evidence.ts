/** Evidence: one file that a learner hands in for a component. What is believed about it is read from its bytes, never from its name. */
import * as z from 'zod';
import { EnrolmentId, EvidenceId, type Instant, isBefore, type Sha256, SubmissionId, TenantId } from './ids.ts';

/** What the learner's client said it would send; the presigned address enforces length, type and digest. */
export interface AnnouncedFile {
  readonly bytes: number;
  readonly mediaType: string;
  readonly sha256: Sha256;
  /** For display only; never part of a key. */
  readonly fileName: string;
}

/** The stored object as it was read: decisions bind to this digest and object version. */
export interface InspectedObject {
  readonly versionId: string;
  readonly bytes: number;
  readonly sha256: Sha256;
  readonly mediaType: string;
}

export type ScanVerdict = 'clean' | 'threat' | 'undecided';

export type RejectionReason = 'length-mismatch' | 'digest-mismatch' | 'type-mismatch';

interface Slot {
  readonly id: EvidenceId;
  readonly key: string;
  /** The declared companion file that this is (timestamps, captions); absent on an item of evidence proper. */
  readonly companion?: string;
  readonly announced: AnnouncedFile;
  readonly reservedAt: Instant;
  readonly expiresAt: Instant;
}

/**
 * `earlyScan`: events arrive in any order, so a scan result may come before the object was inspected.
 * `undecided`: the scan ended without a verdict, so that a person has to look.
 */
export type EvidenceItem = Slot &
  (
    | { readonly state: 'slot-reserved'; readonly earlyScan?: ScanVerdict }
    | { readonly state: 'abandoned' }
    | { readonly state: 'scanning'; readonly object: InspectedObject; readonly undecided?: true }
    | { readonly state: 'clean'; readonly object: InspectedObject }
    | { readonly state: 'rejected'; readonly object: InspectedObject; readonly reason: RejectionReason }
    | { readonly state: 'quarantined'; readonly object?: InspectedObject }
    | { readonly state: 'sealed'; readonly object: InspectedObject }
    | { readonly state: 'purged'; readonly object: InspectedObject }
  );

/** A slot that the learner gave up, or whose address ran out unused. The latter is computed, so that no job has to run for it. */
export const isAbandoned = (item: EvidenceItem, now: Instant): boolean =>
  item.state === 'abandoned' || (item.state === 'slot-reserved' && isBefore(item.expiresAt, now));

/** The learner gives up a slot: what still arrives there is nobody's evidence. */
export const givenUp = (item: EvidenceItem & { state: 'slot-reserved' }): EvidenceItem => ({ ...slotOf(item), state: 'abandoned' });

const verdictApplied = (item: EvidenceItem, object: InspectedObject, verdict: ScanVerdict | undefined): EvidenceItem => {
  const slot = slotOf(item);
  if (verdict === 'clean') return { ...slot, state: 'clean', object };
  if (verdict === 'threat') return { ...slot, state: 'quarantined', object };
  return { ...slot, state: 'scanning', object, ...(verdict === undefined ? {} : { undecided: true }) };
};

const slotOf = ({ id, key, companion, announced, reservedAt, expiresAt }: EvidenceItem): Slot => ({
  id,
  key,
  announced,
  reservedAt,
  expiresAt,
  ...(companion === undefined ? {} : { companion }),
});

const rejection = (announced: AnnouncedFile, object: InspectedObject): RejectionReason | undefined => {
  if (object.bytes !== announced.bytes) return 'length-mismatch';
  if (object.sha256 !== announced.sha256) return 'digest-mismatch';
  if (object.mediaType !== announced.mediaType) return 'type-mismatch';
  return undefined;
};

/**
 * The object was read. S3 reports at least once, so a report about an item already past its slot is no news and changes nothing.
 * @param scanned false where the deployment runs no malware scan: then inspection alone makes the item clean.
 */
export const inspected = (item: EvidenceItem, object: InspectedObject, scanned: boolean): EvidenceItem => {
  if (item.state === 'quarantined' && item.object === undefined) return { ...item, object };
  if (item.state !== 'slot-reserved') return item;
  const reason = rejection(item.announced, object);
  if (reason !== undefined) return { ...slotOf(item), state: 'rejected', object, reason };
  return verdictApplied(item, object, scanned ? item.earlyScan : 'clean');
};

/** Of several verdicts on the same bytes the gravest counts, whichever comes last: threat, then clean, then undecided. */
const earlyScan = (item: EvidenceItem & { state: 'slot-reserved' }, verdict: ScanVerdict): EvidenceItem => {
  if (verdict === 'threat') return { ...slotOf(item), state: 'quarantined' };
  return item.earlyScan === 'clean' || item.earlyScan === verdict ? item : { ...item, earlyScan: verdict };
};

/**
 * A malware scan ended. Only a clean verdict lets an item go on; an undecided one (unsupported, failed) leaves it waiting for a person.
 * A threat found in a file that was not handed in yet quarantines it, whatever was known before: reports come in any order.
 */
export const scanned = (item: EvidenceItem, verdict: ScanVerdict): EvidenceItem => {
  switch (item.state) {
    case 'slot-reserved':
      return earlyScan(item, verdict);
    case 'scanning':
      return verdict === 'undecided' && item.undecided === true ? item : verdictApplied(item, item.object, verdict);
    case 'clean':
    case 'rejected':
      return verdict === 'threat' ? verdictApplied(item, item.object, verdict) : item;
    case 'abandoned':
    case 'quarantined':
    case 'sealed':
    case 'purged':
      return item;
  }
};

const KEY = /^evidence\/([^/]+)\/([^/]+)\/([^/]+)\/([^/]+)$/;

/** The place of a file in the evidence bucket; made here, read back by {@link parseEvidenceKey}. */
export interface EvidenceAddress {
  readonly tenant: TenantId;
  readonly enrolmentId: EnrolmentId;
  readonly submissionId: SubmissionId;
  readonly evidenceId: EvidenceId;
}

export const evidenceKey = ({ tenant, enrolmentId, submissionId, evidenceId }: EvidenceAddress): string =>
  `evidence/${tenant}/${enrolmentId}/${submissionId}/${evidenceId}`;

const Address = z.object({ tenant: TenantId, enrolmentId: EnrolmentId, submissionId: SubmissionId, evidenceId: EvidenceId });

/** @returns undefined for a key that no slot could have: such an object is nobody's evidence. */
export const parseEvidenceKey = (key: string): EvidenceAddress | undefined => {
  const [, tenant, enrolmentId, submissionId, evidenceId] = KEY.exec(key) ?? [];
  const parsed = Address.safeParse({ tenant, enrolmentId, submissionId, evidenceId });
  return parsed.success ? parsed.data : undefined;
};
