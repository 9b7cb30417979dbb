/** A component of evidence: what a learner hands in or is examined in, on what terms, and the rubric that judges it. */
import * as z from 'zod';
import { Duration } from '../duration.ts';
import { line, MediaType, prose, Slug } from './text.ts';

/** An evening's work has fewer files; each is uploaded, scanned and opened by a person. */
const ITEMS_MAX = 50;

/** The largest object that S3 documents for a multipart upload of 10,000 parts at its classic limit: 5 TiB. */
const FILE_BYTES_MAX = 5 * 2 ** 40;

const DURATION_SECONDS_MAX = 24 * 60 * 60;
const WORDS_MAX = 100_000;

const FileBytes = z.int().min(1).max(FILE_BYTES_MAX);
const DurationSeconds = z.int().min(0).max(DURATION_SECONDS_MAX);
const Words = z.int().min(0).max(WORDS_MAX);

/** One kind of file that is accepted; judged by its bytes. Length in seconds is for recordings, in words for texts. */
export const AcceptedFile = z.strictObject({
  mediaTypes: z.array(MediaType).min(1).max(30),
  maxBytes: FileBytes,
  minDurationSeconds: DurationSeconds.exactOptional(),
  maxDurationSeconds: DurationSeconds.exactOptional(),
  minWords: Words.exactOptional(),
  maxWords: Words.exactOptional(),
});
export type AcceptedFile = z.infer<typeof AcceptedFile>;

/** A file that goes with the evidence: captions, timestamps. */
const Companion = z.strictObject({
  id: Slug,
  name: line(120),
  required: z.boolean(),
  mediaTypes: z.array(MediaType).min(1).max(30),
  maxBytes: FileBytes.exactOptional(),
});

/** Where the result or the evidence comes from if the learner does not upload it. */
const Source = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('external-tool'), event: z.literal('assessment.completed') }),
  z.strictObject({ kind: z.literal('third-party-attestation'), event: z.literal('evidence.attested') }),
]);

/** `requiredFrom`: whose consent there must be, in words, or `none`. Purposes are terms: `assessment`, `public-display`, `assessor-training` … */
const Consent = z.strictObject({
  requiredFrom: line(200),
  minorsAllowed: z.boolean(),
  purposes: z.array(Slug).max(10),
  optionalPurposes: z.array(Slug).max(10),
  withdrawable: z.boolean(),
  prohibitedContent: z.array(line(200)).max(20).exactOptional(),
});

const Accessibility = z.strictObject({
  captions: z.enum(['required', 'recommended', 'optional', 'not-applicable']),
  transcriptAccepted: z.boolean(),
  /** Other ways to show the same, for those whom the usual way shuts out. */
  alternatives: z.array(line(300)).max(20),
});

const Authenticity = z.strictObject({
  learnerDeclaration: z.boolean(),
  aiPolicy: z.enum(['not-permitted', 'not-permitted-in-performance', 'assistance-must-be-declared', 'permitted']),
  similarityCheck: z.boolean().exactOptional(),
  identityCheck: Slug,
});

/** A statement that somebody other than the learner signs. */
const Attestation = z.strictObject({
  required: z.boolean(),
  by: line(200),
  statement: prose(1000),
  minCount: z.int().min(1).max(20),
  mayNotBe: z.array(Slug).max(20).exactOptional(),
});

const EvidenceVisibility = z.strictObject({
  default: z.enum(['private', 'link-only', 'public']),
  learnerMayPublish: z.boolean(),
  publishableDerivative: line(200).exactOptional(),
});

const Retention = z.strictObject({ keepUntil: Slug, thenKeepFor: Duration, metadataKeptFor: Duration });

/** @see glossary: EvidenceRequirement; in the badge it becomes a ResultDescription with `assessmentType` */
export const EvidenceRequirement = z.strictObject({
  id: Slug,
  name: line(120),
  genre: line(60),
  assessmentType: z.enum(['Exam', 'Performance', 'Artifact']),
  required: z.boolean(),
  minItems: z.int().min(0).max(ITEMS_MAX),
  /** 0 where nothing is uploaded, because a tool sends the result. */
  maxItems: z.int().min(0).max(ITEMS_MAX),
  instructions: prose(5000),
  accepts: z.array(AcceptedFile).max(10),
  companions: z.array(Companion).max(10).exactOptional(),
  source: Source.exactOptional(),
  /** Ids of competencies. */
  competencies: z.array(Slug).max(30),
  rubricId: Slug,
  consent: Consent,
  accessibility: Accessibility,
  authenticity: Authenticity,
  attestation: Attestation.exactOptional(),
  visibility: EvidenceVisibility,
  retention: Retention,
});
export type EvidenceRequirement = z.infer<typeof EvidenceRequirement>;
