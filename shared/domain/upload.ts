/** Upload: whether a file may be handed in for a component, judged by what is announced before a byte is sent. */
import { DomainError } from './errors.ts';
import { type AnnouncedFile, type EvidenceItem, givenUp } from './evidence.ts';
import { type EvidenceId, type Instant, secondsAfter } from './ids.ts';
import { normalMediaType } from './media-type.ts';
import type { EvidenceRequirement } from './micro-credential.ts';
import { liveEvidence, requireDraft, type Submission, withEvidence } from './submission.ts';

/** A single presigned PUT may carry this much; S3 itself would take 5 GiB, but a line that breaks at 99 % should not cost more. */
export const SINGLE_UPLOAD_BYTES_MAX = 100 * 1024 * 1024;

/** How long an upload address works. */
export const UPLOAD_URL_SECONDS = 15 * 60;

/** A companion is a few lines beside the evidence proper; where its definition names no size, it may have this. */
export const COMPANION_BYTES_MAX = 10 * 1024 * 1024;

/** Slots of one submission, unused and refused ones included: with names of 255 characters still well under the 400 KB of a DynamoDB item. */
export const SLOTS_MAX = 200;

export interface UploadAsk {
  readonly file: AnnouncedFile;
  readonly companion?: string;
}

const requireAccepted = (file: AnnouncedFile, accepts: readonly { mediaTypes: readonly string[]; maxBytes: number }[]): void => {
  const fitting = accepts.filter(({ mediaTypes }) => mediaTypes.map(normalMediaType).includes(normalMediaType(file.mediaType)));
  if (fitting.length === 0)
    throw new DomainError('upload/media-type-not-accepted', {
      mediaType: file.mediaType,
      accepts: accepts.flatMap(({ mediaTypes }) => mediaTypes),
    });
  const bytesMax = Math.min(SINGLE_UPLOAD_BYTES_MAX, Math.max(...fitting.map(({ maxBytes }) => maxBytes)));
  if (file.bytes > bytesMax) throw new DomainError('upload/too-large', { bytes: file.bytes, bytesMax });
  if (file.bytes < 1) throw new DomainError('upload/empty', {});
};

const requireRoom = (submission: Submission, ask: UploadAsk & { now: Instant }, requirement: EvidenceRequirement): void => {
  const same = liveEvidence(submission, ask.now).filter((item) => item.companion === ask.companion).length;
  const itemsMax = ask.companion === undefined ? requirement.maxItems : 1;
  if (same >= itemsMax) throw new DomainError('upload/too-many-items', { itemsMax, companion: ask.companion ?? null });
  if (submission.evidence.length >= SLOTS_MAX) throw new DomainError('upload/too-many-items', { slotsMax: SLOTS_MAX });
};

const acceptsFor = (ask: UploadAsk, requirement: EvidenceRequirement) => {
  if (ask.companion === undefined) return requirement.accepts;
  const companion = requirement.companions?.find(({ id }) => id === ask.companion);
  if (companion === undefined) throw new DomainError('upload/unknown-companion', { companion: ask.companion });
  return [{ mediaTypes: companion.mediaTypes, maxBytes: companion.maxBytes ?? COMPANION_BYTES_MAX }];
};

/**
 * Reserves a slot for one file.
 * @throws DomainError submission/illegal-transition, upload/nothing-expected, upload/unknown-companion,
 * upload/media-type-not-accepted, upload/too-large, upload/empty, upload/too-many-items
 */
export const slotReserved = (
  submission: Submission,
  requirement: EvidenceRequirement,
  ask: UploadAsk & { id: EvidenceId; key: string; now: Instant },
): { submission: Submission; item: EvidenceItem } => {
  // Such a component is open to its mark from the start: that it is no draft would tell the learner nothing.
  if (requirement.maxItems === 0) throw new DomainError('upload/nothing-expected', { component: requirement.id });
  requireDraft(submission, 'RequestUpload');
  requireAccepted(ask.file, acceptsFor(ask, requirement));
  requireRoom(submission, ask, requirement);
  const item: EvidenceItem = {
    id: ask.id,
    key: ask.key,
    announced: { ...ask.file, mediaType: normalMediaType(ask.file.mediaType) },
    reservedAt: ask.now,
    expiresAt: secondsAfter(ask.now, UPLOAD_URL_SECONDS),
    state: 'slot-reserved',
    ...(ask.companion === undefined ? {} : { companion: ask.companion }),
  };
  return { submission: withEvidence(submission, item), item };
};

/**
 * Takes an item out of a draft. Its bytes stay for retention to purge; it counts no more.
 * @throws DomainError submission/illegal-transition, evidence/not-removable
 */
export const removed = (submission: Submission, item: EvidenceItem): Submission => {
  requireDraft(submission, 'LearnerRemoves');
  if (item.state === 'purged' || item.state === 'abandoned') return submission;
  if (item.state === 'slot-reserved') return withEvidence(submission, givenUp(item));
  if (item.state !== 'clean' && item.state !== 'scanning')
    throw new DomainError('evidence/not-removable', { evidenceId: item.id, state: item.state });
  return withEvidence(submission, { ...item, state: 'purged' });
};
