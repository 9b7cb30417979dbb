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
import { ASSESSOR, PEOPLE, type PersonId } from './sample-people.ts';

/** `verificationUrl` comes last: the machine is ready before its demonstration badge is. */
export const Seeded = z.object({ hookUrl: z.string(), webhookSecret: z.string(), verificationUrl: z.string().exactOptional() });
export type Seeded = z.infer<typeof Seeded>;

const OPERATOR: PersonId = 'olu';
/** The badge of the demonstration is his, so that Maya is free to earn one. */
const LEARNER: PersonId = 'tom';

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

/** Issuers, micro-credentials, an assessor and a connected tool: what anyone needs to begin. */
export const seedSamples = async (client: ApiClient): Promise<Seeded> => {
  await publishSamples(client);
  const definition = sampleDefinition('coaching-and-mentoring');
  const programme = programmeOf(tenantOfSample(definition));
  await registerAssessor(client, ASSESSOR, programme);
  const { hookUrl, secret } = await connectTool(client, 'assessment-tool', { microCredentials: [definition.id], programme });
  return { hookUrl, webhookSecret: secret };
};

/**
 * Walks the whole path once, as people would. @returns the badge's address; undefined if an earlier start was cut off in
 * the middle of it: what that learner handed in is left as it is.
 */
export const earnDemonstration = async (client: ApiClient, { hookUrl, webhookSecret }: Seeded): Promise<string | undefined> => {
  const definition = sampleDefinition('coaching-and-mentoring');
  if (await isEnrolled(client)) return undefined;
  const { enrolmentId, submissions } = await enrol(client, definition.id, LEARNER);
  for (const submission of submissions) {
    await handInFiles(client, submission, { files: coachingFiles(submission.component), learner: LEARNER });
    const sealing = await submit(client, submission, LEARNER);
    await approve(client, { connectionId: '', hookUrl, secret: webhookSecret }, passingMark(definition, sealing, ASSESSOR.id));
  }
  return (await badgeOf(client, enrolmentId, LEARNER)).verificationUrl;
};

const isEnrolled = async (client: ApiClient): Promise<boolean> => {
  const { enrolments } = await client.ask('GET', '/v1/enrolments', { as: LEARNER, expect: z.object({ enrolments: z.array(z.unknown()) }) });
  return enrolments.length > 0;
};
