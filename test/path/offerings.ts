/** Micro-credentials of one component, made from a sample: small enough for a test to be about one thing. */
import * as z from 'zod';
import type { ApiClient } from '../../local/api-client.ts';
import { publish, type SampleDefinition, sampleDefinition } from '../../local/main-job.ts';

const Parts = z.looseObject({
  assessmentPolicy: z.looseObject({ attempts: z.looseObject({}) }),
  award: z.looseObject({}),
  privacy: z.looseObject({}),
  competencies: z.array(z.looseObject({ id: z.string() })),
  curriculum: z.looseObject({ modules: z.array(z.looseObject({ supports: z.array(z.string()) })) }),
});

export interface Offering {
  readonly version?: string;
  readonly attempts?: { readonly max?: number; readonly coolingOff?: string; readonly afterMax?: string };
  readonly recipientNameOnPublicPage?: 'learner-choice' | 'always' | 'never';
}

const COMPETENCY = 'c4-growth';
const RULE = { allOf: [{ evidence: 'reflection', outcome: 'pass' }] };

/** The reflection of Coaching and Mentoring as a micro-credential of its own. */
export const reflection = (
  id: string,
  { version = '1.0.0', attempts, recipientNameOnPublicPage = 'learner-choice' }: Offering = {},
): SampleDefinition => {
  const sample = sampleDefinition('coaching-and-mentoring');
  const { assessmentPolicy, award, privacy, competencies, curriculum } = Parts.parse(sample);
  return {
    ...sample,
    id,
    version,
    name: `Reflection (${id})`,
    competencies: competencies.filter((competency) => competency.id === COMPETENCY),
    curriculum: { ...curriculum, modules: curriculum.modules.filter(({ supports }) => supports.includes(COMPETENCY)) },
    evidenceRequirements: sample.evidenceRequirements
      .filter((requirement) => requirement.id === 'reflection')
      .map((requirement) => ({ ...requirement, competencies: [COMPETENCY] })),
    rubrics: sample.rubrics.filter((rubric) => rubric.id === 'r-reflection'),
    assessmentPolicy: { ...assessmentPolicy, attempts: { ...assessmentPolicy.attempts, ...attempts } },
    award: { ...award, rule: RULE, renewal: null },
    privacy: { ...privacy, recipientNameOnPublicPage },
  };
};

/** Defines and publishes it; @returns the definition */
export const offered = async (client: ApiClient, definition: SampleDefinition): Promise<SampleDefinition> => {
  await publish(client, definition, 'dana');
  return definition;
};
