/** Mark and decision: what one assessor judged, and what came of the marks. How they come about is assessment.ts and marking.ts. */
import * as z from 'zod';
import { type AssessorId, type Instant, MicroCredentialId, Sha256, type SubmissionId, Version } from './ids.ts';
import { manyLines, oneLine } from './plain-text.ts';

const FEEDBACK_CHARACTERS_MAX = 10_000;
/** The most points of a rubric level; thousandths are the finest step anyone needs. */
const POINTS_MAX = 1000;
const CRITERIA_MAX = 200;

const Criterion = z.strictObject({
  id: oneLine(100),
  level: oneLine(100),
  points: z.number().min(0).max(POINTS_MAX).multipleOf(0.001).optional(),
  feedback: manyLines(FEEDBACK_CHARACTERS_MAX).optional(),
});

/** `data` of `assessment.completed`: ids, levels and feedback; no name, no address of evidence. */
export const AssessmentCompleted = z.strictObject({
  microCredential: z.strictObject({ id: MicroCredentialId, version: Version }),
  submission: z.strictObject({ id: oneLine(200), component: oneLine(100), attempt: z.int().min(1) }),
  evidence: z.array(z.strictObject({ id: oneLine(100), sha256: Sha256 })).max(100),
  assessor: z.strictObject({
    externalId: oneLine(100),
    role: z.enum(['first-marker', 'second-marker', 'moderator', 'adjudicator']),
    declarations: z.strictObject({
      conflictOfInterest: z.boolean(),
      sawOtherMarks: z.boolean().optional(),
      aiAssistance: oneLine(200).optional(),
    }),
  }),
  rubric: z.strictObject({ id: oneLine(100), version: Version }),
  result: z.strictObject({
    outcome: z.enum(['pass', 'fail', 'below']),
    criteria: z.array(Criterion).max(CRITERIA_MAX),
    overallFeedback: manyLines(FEEDBACK_CHARACTERS_MAX).optional(),
  }),
});
export type AssessmentCompleted = z.infer<typeof AssessmentCompleted>;

/** A mark that stands: frozen, and bound to the bytes that were judged. */
export interface Mark {
  readonly id: string;
  readonly submissionId: SubmissionId;
  readonly attempt: number;
  readonly assessorId: AssessorId;
  readonly role: AssessmentCompleted['assessor']['role'];
  readonly rubric: { readonly id: string; readonly version: string };
  readonly evidence: readonly { readonly id: string; readonly sha256: Sha256 }[];
  readonly criteria: AssessmentCompleted['result']['criteria'];
  readonly overallFeedback?: string;
  readonly outcome: 'pass' | 'below';
  readonly recordedAt: Instant;
}

/** The effective outcome for a submission; append-only, a correction supersedes. */
export interface Decision {
  readonly id: string;
  readonly submissionId: SubmissionId;
  readonly component: string;
  readonly attempt: number;
  readonly outcome: 'pass' | 'below';
  readonly markIds: readonly string[];
  readonly decidedAt: Instant;
}
