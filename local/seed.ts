/** What a new machine begins with: the samples published, an assessor, a connected tool, and a badge that was really earned. */
import * as z from 'zod';
import type { ApiClient } from './api-client.ts';
import {
  approve,
  badgeOf,
  coachingFiles,
  connectTool,
  enrol,
  handInFiles,
  passingMark,
  publish,
  registerAssessor,
  registerIssuer,
  SAMPLE_IDS,
  sampleDefinition,
  submit,
  tenantOfSample,
} from './main-job.ts';
import { PEOPLE, type PersonId } from './sample-people.ts';

export const Seeded = z.object({ verificationUrl: z.string(), hookUrl: z.string(), webhookSecret: z.string() });
export type Seeded = z.infer<typeof Seeded>;

const OPERATOR: PersonId = 'olu';
/** The badge of the demonstration is his, so that Maya is free to earn one. */
const LEARNER: PersonId = 'tom';
const ASSESSOR = { id: 'assessor-17', name: 'Inês Carvalho', email: 'ines@harbour-learning.example' } as const;

const programmeOf = (tenant: string): PersonId => {
  const found = PEOPLE.find(({ groups }) => groups.some((group) => group === `${tenant}:programme`));
  if (found === undefined) throw new Error(`the samples name nobody who runs ${tenant}`);
  return found.sub;
};

const publishSamples = async (client: ApiClient): Promise<void> => {
  const definitions = SAMPLE_IDS.map(sampleDefinition);
  const issuers = new Map(definitions.map((definition) => [tenantOfSample(definition), definition]));
  await Promise.all([...issuers.values()].map((definition) => registerIssuer(client, definition, OPERATOR)));
  await Promise.all(definitions.map((definition) => publish(client, definition, programmeOf(tenantOfSample(definition)))));
};

/** Walks the whole path once, as people would. */
export const seed = async (client: ApiClient): Promise<Seeded> => {
  await publishSamples(client);
  const definition = sampleDefinition('coaching-and-mentoring');
  const programme = programmeOf(tenantOfSample(definition));
  await registerAssessor(client, ASSESSOR, programme);
  const connection = await connectTool(client, 'assessment-tool', { microCredentials: [definition.id], programme });
  const { enrolmentId, submissions } = await enrol(client, definition.id, LEARNER);
  for (const submission of submissions) {
    await handInFiles(client, submission, { files: coachingFiles(submission.component), learner: LEARNER });
    const sealing = await submit(client, submission, LEARNER);
    await approve(client, connection, passingMark(definition, sealing, ASSESSOR.id));
  }
  const { verificationUrl } = await badgeOf(client, enrolmentId, LEARNER);
  return { verificationUrl, hookUrl: connection.hookUrl, webhookSecret: connection.secret };
};
