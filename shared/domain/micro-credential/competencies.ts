/** What a holder can do: competencies, their learning outcomes, and their places in skills frameworks. */
import * as z from 'zod';
import { line, OutcomeId, prose, Slug, WebAddress } from './text.ts';

/** @see Open Badges 3.0, "AlignmentTargetType Enumeration" */
const TARGET_TYPE =
  /^(ext:[A-Za-z0-9]{1,60}|ceasn:Competency|ceterms:Credential|CFItem|CFRubric|CFRubricCriterion|CFRubricCriterionLevel|CTDL)$/;

/** The place of a competency in a published framework (ESCO, O*NET, CASE, CTDL …). `verified`: someone has looked it up there. */
export const Alignment = z.strictObject({
  targetName: line(300),
  targetUrl: WebAddress,
  targetFramework: line(200),
  targetType: z
    .string()
    .regex(TARGET_TYPE, {
      error: 'must be an alignment target type of Open Badges 3.0, such as "CFItem", or one of your own in the form "ext:YourTerm"',
    })
    .exactOptional(),
  targetCode: line(100).exactOptional(),
  targetDescription: prose(1000).exactOptional(),
  verified: z.boolean().exactOptional(),
  note: prose(500).exactOptional(),
});
export type Alignment = z.infer<typeof Alignment>;

const LearningOutcome = z.strictObject({
  id: OutcomeId,
  statement: prose(500),
  /** Of the taxonomy that the programme uses: `apply`, `evaluate` … */
  verb: line(40).exactOptional(),
});

/** `rationale`: why it is worth learning and why this evidence shows it; `method`: how it is done, in the words of the field. */
export const Competency = z.strictObject({
  id: Slug,
  name: line(120),
  statement: prose(1000),
  learningOutcomes: z.array(LearningOutcome).min(1).max(20),
  rationale: prose(2000).exactOptional(),
  method: prose(2000).exactOptional(),
  alignment: z.array(Alignment).max(20),
});
export type Competency = z.infer<typeof Competency>;
