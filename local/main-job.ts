/** The main job, as its people do it: a micro-credential is designed, a learner hands in evidence, an assessor's tool approves it, a badge stands at its address. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { ApiClient, FileToSend } from './api-client.ts';
import { fileFrom } from './api-client.ts';
import { samplePdf } from './sample-pdf.ts';
import type { PersonId } from './sample-people.ts';

const SAMPLES = join(import.meta.dirname, 'samples');
const EVIDENCE = join(SAMPLES, 'evidence');

/** What scripts read of a definition; the rest is the service's business. */
const Definition = z.looseObject({
  id: z.string(),
  version: z.string(),
  name: z.string(),
  issuer: z.looseObject({ id: z.string(), name: z.string() }),
  evidenceRequirements: z.array(z.looseObject({ id: z.string(), rubricId: z.string() })),
  rubrics: z.array(
    z.looseObject({ id: z.string(), version: z.string(), criteria: z.array(z.looseObject({ id: z.string(), requiredLevel: z.string() })) }),
  ),
});
export type SampleDefinition = z.infer<typeof Definition>;

export const SAMPLE_IDS = [
  'coaching-and-mentoring',
  'infection-prevention-clinic-staff',
  'data-storytelling',
  'data-communicator',
] as const;

export const sampleDefinition = (id: (typeof SAMPLE_IDS)[number]): SampleDefinition =>
  Definition.parse(JSON.parse(readFileSync(join(SAMPLES, `${id}.json`), 'utf8')));

/** The tenant of a sample's issuer is the last part of its identifier. */
export const tenantOfSample = (definition: SampleDefinition): string => definition.issuer.id.split(':').at(-1) ?? '';

const Shown = z.looseObject({});
const Submissions = z.object({
  enrolmentId: z.string(),
  submissions: z.array(z.object({ submissionId: z.string(), component: z.string(), attempt: z.number() })),
});
const Sealed = z.object({ evidence: z.array(z.object({ id: z.string(), sha256: z.string() })) });
const Items = z.looseObject({
  items: z.array(z.looseObject({ evidenceId: z.string(), state: z.string(), reason: z.string().optional() })),
});
const Connected = z.object({ connectionId: z.string(), hookUrl: z.string(), secret: z.string() });
const Enrolment = z.looseObject({ state: z.string(), verificationUrl: z.string().optional(), credentialId: z.string().optional() });
const Receipted = z.object({ receiptId: z.string(), status: z.string() });
export type Connection = z.infer<typeof Connected>;
export type Submission = z.infer<typeof Submissions>['submissions'][number];

export interface Sealing {
  readonly submission: Submission;
  readonly evidence: z.infer<typeof Sealed>['evidence'];
}

const POLL_MS = 40;
const PATIENCE_MS = 60_000;

/** Looks again and again until there is an answer. @throws Error when it takes longer than a minute */
export const until = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`waited a minute for ${what}`);
};

export const registerIssuer = (client: ApiClient, definition: SampleDefinition, operator: PersonId) =>
  client.ask('PUT', `/v1/issuers/${tenantOfSample(definition)}`, {
    as: operator,
    body: definition.issuer,
    expect: z.looseObject({ did: z.string() }),
  });

export const publish = async (client: ApiClient, definition: SampleDefinition, programme: PersonId): Promise<{ url: string }> => {
  const path = `/v1/micro-credentials/${definition.id}/versions/${definition.version}`;
  await client.ask('PUT', path, { as: programme, body: definition, expect: Shown });
  return client.ask('POST', `${path}/publication`, { as: programme, expect: z.looseObject({ url: z.string() }) });
};

export const registerAssessor = (client: ApiClient, assessor: { id: string; name: string; email: string }, programme: PersonId) =>
  client.ask('PUT', `/v1/assessors/${assessor.id}`, {
    as: programme,
    body: { name: assessor.name, emails: [assessor.email] },
    expect: Shown,
  });

export const connectTool = (
  client: ApiClient,
  name: string,
  ask: { microCredentials: readonly string[]; programme: PersonId },
): Promise<Connection> =>
  client.ask('PUT', `/v1/webhook-connections/${name}`, {
    as: ask.programme,
    body: { microCredentials: ask.microCredentials },
    expect: Connected,
  });

export const enrol = (client: ApiClient, microCredentialId: string, learner: PersonId) =>
  client.ask('POST', `/v1/micro-credentials/${microCredentialId}/enrolments`, {
    as: learner,
    body: { showName: true },
    expect: Submissions,
  });

/** The files that the samples' learner hands in for each component of Coaching and Mentoring. */
export const coachingFiles = (component: string): readonly FileToSend[] => {
  switch (component) {
    case 'skill-demonstration':
      return [
        fileFrom(join(EVIDENCE, 'skill-demonstration.mp4'), 'video/mp4'),
        fileFrom(join(EVIDENCE, 'timestamps.txt'), 'text/plain', 'timestamps'),
      ];
    case 'portfolio':
      return ['Working agreement', 'Notes from three conversations', 'Case note'].map((title) => ({
        fileName: `${title.toLowerCase().replaceAll(' ', '-')}.pdf`,
        mediaType: 'application/pdf',
        bytes: samplePdf([title, 'R.Q. and the helper; initials are not those of the people.', 'Sample data of a fictional learner.']),
      }));
    case 'reflection':
      return [fileFrom(join(EVIDENCE, 'reflection.md'), 'text/markdown')];
    default:
      return [];
  }
};

const settledItem = (item: z.infer<typeof Items>['items'][number]): boolean => {
  if (['rejected', 'quarantined'].includes(item.state))
    throw new Error(`evidence ${item.evidenceId} was ${item.state}: ${item.reason ?? ''}`);
  return ['clean', 'abandoned', 'purged'].includes(item.state);
};

/** Uploads files and waits until each was read and scanned. @throws Error if one was refused */
export const handInFiles = async (
  client: ApiClient,
  submission: Submission,
  { files, learner }: { readonly files: readonly FileToSend[]; readonly learner: PersonId },
): Promise<void> => {
  for (const file of files) await client.upload(submission.submissionId, file, learner);
  await until(`the files of ${submission.component} to be checked`, async () => {
    const { items } = await client.ask('GET', `/v1/submissions/${submission.submissionId}`, { as: learner, expect: Items });
    return items.every(settledItem) ? true : undefined;
  });
};

export const submit = async (client: ApiClient, submission: Submission, learner: PersonId): Promise<Sealing> => {
  const body = { declarations: { authenticity: true, consent: true } };
  const { evidence } = await client.ask('POST', `/v1/submissions/${submission.submissionId}/submission`, {
    as: learner,
    body,
    expect: Sealed,
  });
  return { submission, evidence };
};

/** A mark that puts every criterion at its required level. */
export const passingMark = (definition: SampleDefinition, { submission, evidence }: Sealing, assessorId: string) => {
  const requirement = definition.evidenceRequirements.find(({ id }) => id === submission.component);
  const rubric = definition.rubrics.find(({ id }) => id === requirement?.rubricId);
  if (rubric === undefined) throw new Error(`no rubric for ${submission.component}`);
  const criteria = rubric.criteria.map(({ id, requiredLevel }) => ({
    id,
    level: requiredLevel,
    feedback: 'Meets the standard that the rubric describes for this level.',
  }));
  return {
    specVersion: '1.0',
    id: `evt_${submission.submissionId}_${assessorId}`,
    type: 'assessment.completed',
    occurredAt: new Date().toISOString(),
    tenant: tenantOfSample(definition),
    data: {
      microCredential: { id: definition.id, version: definition.version },
      submission: { id: submission.submissionId, component: submission.component, attempt: submission.attempt },
      evidence,
      assessor: {
        externalId: assessorId,
        role: 'first-marker',
        declarations: { conflictOfInterest: false, sawOtherMarks: false, aiAssistance: 'none' },
      },
      rubric: { id: rubric.id, version: rubric.version },
      result: { outcome: 'pass', criteria, overallFeedback: 'A clear piece of work that meets every criterion.' },
    },
  };
};

export const approve = async (client: ApiClient, connection: Connection, message: { id: string }): Promise<string> => {
  const answer = await client.webhook(connection, {
    id: `msg_${message.id}`,
    body: message,
    timestampSeconds: Math.floor(Date.now() / 1000),
  });
  if (answer.status !== 202 && answer.status !== 200)
    throw new Error(`the webhook was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return Receipted.parse(answer.body).receiptId;
};

/** Waits for the badge. @returns its public address, once that answers */
export const badgeOf = (
  client: ApiClient,
  enrolmentId: string,
  learner: PersonId,
): Promise<{ verificationUrl: string; credentialId: string }> =>
  until('the badge', async () => {
    const { verificationUrl, credentialId } = await client.ask('GET', `/v1/enrolments/${enrolmentId}`, { as: learner, expect: Enrolment });
    if (verificationUrl === undefined || credentialId === undefined) return undefined;
    const answer = await fetch(`${verificationUrl}.json`, { method: 'HEAD' });
    return answer.ok ? { verificationUrl, credentialId } : undefined;
  });
