/** Supporting curriculum: delivered elsewhere (an LMS, a classroom), described and linked here. It prepares for evidence and never replaces it. */
import * as z from 'zod';
import { Duration } from '../duration.ts';
import { Fraction, line, prose, Slug, WebAddress } from './text.ts';

/** Form of participation. @see EU Council Recommendation 2022/C 243/02, Annex I */
export const LearningMode = z.enum(['online', 'presential', 'blended', 'work-based']);

/** How it becomes known that a learner has completed the module. `minScore`: a share of the full score. */
const Completion = z.strictObject({ event: z.literal('curriculum.module.completed'), minScore: Fraction.exactOptional() });

export const CurriculumModule = z.strictObject({
  id: Slug,
  name: line(200),
  description: prose(2000).exactOptional(),
  url: WebAddress.exactOptional(),
  duration: Duration.exactOptional(),
  mode: LearningMode.exactOptional(),
  topics: z.array(line(200)).max(30).exactOptional(),
  /** Ids of competencies. */
  supports: z.array(Slug).max(30),
  completion: Completion.exactOptional(),
});
export type CurriculumModule = z.infer<typeof CurriculumModule>;

/** `required`: no award without every module. */
export const Curriculum = z.strictObject({ required: z.boolean(), modules: z.array(CurriculumModule).max(50) });

/** Notional workload. `breakdown`: how the volume divides; `indicative`: no body has confirmed the credit points. */
export const Workload = z.strictObject({
  volumeOfLearning: Duration,
  breakdown: z
    .strictObject({ guided: Duration.exactOptional(), practice: Duration.exactOptional(), evidence: Duration.exactOptional() })
    .exactOptional(),
  creditPoint: z
    .strictObject({
      framework: line(60),
      frameworkId: WebAddress.exactOptional(),
      point: z.number().positive().max(1000),
      indicative: z.boolean().exactOptional(),
    })
    .nullable()
    .exactOptional(),
});

const levelIn = <Value extends z.ZodType>(value: Value) =>
  z.strictObject({ value, id: WebAddress.exactOptional(), basis: prose(300).exactOptional(), indicative: z.boolean().exactOptional() });

/** Level by framework: European (1 to 8), Australian (1 to 10), a national one; or in words where no framework applies. `basis`: who says so. */
export const Level = z.strictObject({
  eqf: levelIn(z.int().min(1).max(8)).exactOptional(),
  aqf: levelIn(z.enum(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'])).exactOptional(),
  nqf: levelIn(line(60))
    .extend({ framework: line(100) })
    .exactOptional(),
  statement: prose(500).exactOptional(),
});
