/** What a learner does up to a submission that waits for its mark. */
import * as z from 'zod';
import type { ApiClient } from '../../local/api-client.ts';
import { coachingFiles, handInFiles, type Sealing, type Submission, submit } from '../../local/main-job.ts';
import type { PersonId } from '../../local/sample-people.ts';

interface Joining {
  readonly learner: PersonId;
  readonly showName?: boolean;
  readonly publication?: 'automatic' | 'on-request';
}

const Enrolled = z.looseObject({
  enrolmentId: z.string(),
  submissions: z.array(z.looseObject({ submissionId: z.string(), component: z.string(), attempt: z.number() })),
});

export interface HandedIn {
  readonly enrolmentId: string;
  readonly sealing: Sealing;
}

/** Uploads the reflection of the samples and hands it in. */
export const handedIn = async (client: ApiClient, submission: Submission, learner: PersonId): Promise<Sealing> => {
  await handInFiles(client, submission, { files: coachingFiles(submission.component), learner });
  return submit(client, submission, learner);
};

/** Enrols in a micro-credential of one component and hands it in. */
export const enrolledAndHandedIn = async (client: ApiClient, microCredentialId: string, joining: Joining): Promise<HandedIn> => {
  const { enrolmentId, submission } = await enrolledIn(client, microCredentialId, joining);
  return { enrolmentId, sealing: await handedIn(client, submission, joining.learner) };
};

/** Enrols in a micro-credential of one component. */
export const enrolledIn = async (
  client: ApiClient,
  microCredentialId: string,
  { learner, ...choices }: Joining,
): Promise<{ enrolmentId: string; submission: Submission }> => {
  const path = `/v1/micro-credentials/${microCredentialId}/enrolments`;
  const { enrolmentId, submissions } = await client.ask('POST', path, { as: learner, body: choices, expect: Enrolled });
  const [submission] = submissions;
  if (submission === undefined) throw new Error(`${microCredentialId} asks for nothing`);
  return { enrolmentId, submission };
};

const Shown = z.looseObject({
  state: z.string(),
  attempt: z.number(),
  items: z
    .array(z.looseObject({ evidenceId: z.string(), state: z.string(), sha256: z.string(), reason: z.string().optional() }))
    .default([]),
});

export const submissionAs = (client: ApiClient, submissionId: string, as: PersonId) =>
  client.ask('GET', `/v1/submissions/${submissionId}`, { as, expect: Shown });
