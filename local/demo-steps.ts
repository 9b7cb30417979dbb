/** The steps of the demonstration, each by the person who would take it. */
import * as z from 'zod';
import type { ApiClient } from './api-client.ts';
import { verifyIndependently } from './independent-verifier.ts';
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
  type SampleDefinition,
  type Sealing,
  type Submission,
  sampleDefinition,
  submit,
  tenantOfSample,
} from './main-job.ts';
import type { Narrator } from './narrator.ts';
import { ASSESSOR } from './sample-people.ts';

export interface DemoResult {
  readonly verificationUrl: string;
  readonly credentialId: string;
  readonly verified: boolean;
  readonly error?: string;
  /** From sending the last webhook to the first 200 of the badge's public JSON, milliseconds. */
  readonly pipelineMs: number;
  /** Every published form of the badge, the DID document and the status list, by file name. */
  readonly files: ReadonlyMap<string, Buffer>;
}

const Badge = z.looseObject({ credentialStatus: z.looseObject({ statusListCredential: z.string() }) });
const Assertion = z.looseObject({ badge: z.string() });
const BadgeClass = z.looseObject({ issuer: z.string() });

const bytesAt = async (url: string): Promise<Buffer> => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
};

const parsed = <T>(schema: z.ZodType<T>, bytes: Buffer | undefined): T => schema.parse(JSON.parse(bytes?.toString('utf8') ?? ''));

/** The forms of a badge, by suffix. */
const FORMS = ['.json', '.html', '.jwt', '.ob2.json', '.png', '.svg'] as const;

const publishedFiles = async (
  client: ApiClient,
  verificationUrl: string,
  definition: SampleDefinition,
): Promise<ReadonlyMap<string, Buffer>> => {
  const forms = new Map(
    await Promise.all(FORMS.map(async (suffix) => [`badge${suffix}`, await bytesAt(`${verificationUrl}${suffix}`)] as const)),
  );
  const { credentialStatus } = parsed(Badge, forms.get('badge.json'));
  const issuer = `${client.baseUrl}/i/${tenantOfSample(definition)}`;
  const badgeClass = await bytesAt(parsed(Assertion, forms.get('badge.ob2.json')).badge);
  return new Map([
    ...forms,
    ['badge-class.ob2.json', badgeClass],
    ['issuer.ob2.json', await bytesAt(parsed(BadgeClass, badgeClass).issuer)],
    ['did.json', await bytesAt(`${issuer}/did.json`)],
    ['jwks.json', await bytesAt(`${issuer}/jwks.json`)],
    ['status-list.json', await bytesAt(`${credentialStatus.statusListCredential}.json`)],
  ]);
};

const prepare = async (client: ApiClient, narrator: Narrator, definition: SampleDefinition) => {
  const { did } = await narrator.step(`The operator registers ${definition.issuer.name}`, () => registerIssuer(client, definition, 'olu'));
  narrator.say(`signs as ${did}`);
  const { url } = await narrator.step(`The programme director publishes “${definition.name}” ${definition.version}`, () =>
    publish(client, definition, 'dana'),
  );
  narrator.say(`what it takes: ${url}`);
  await narrator.step('The programme director registers an assessor', () => registerAssessor(client, ASSESSOR, 'dana'));
  return narrator.step('The programme director connects the assessment tool', () =>
    connectTool(client, 'assessment-tool', { microCredentials: [definition.id], programme: 'dana' }),
  );
};

const handIn = async (client: ApiClient, narrator: Narrator, submission: Submission): Promise<Sealing> => {
  const files = coachingFiles(submission.component);
  const size = Math.ceil(files.reduce((sum, { bytes }) => sum + bytes.byteLength, 0) / 1024);
  await narrator.step(`Maya uploads ${files.length} file${files.length === 1 ? '' : 's'} (${size} KB) for ${submission.component}`, () =>
    handInFiles(client, submission, { files, learner: 'maya' }),
  );
  return narrator.step(`Maya hands in ${submission.component}; the evidence is sealed`, () => submit(client, submission, 'maya'));
};

export const runDemo = async (client: ApiClient, narrator: Narrator): Promise<DemoResult> => {
  const definition = sampleDefinition('coaching-and-mentoring');
  const connection = await prepare(client, narrator, definition);
  const { enrolmentId, submissions } = await narrator.step('Maya, a learner, enrols; the version is pinned', () =>
    enrol(client, definition.id, 'maya'),
  );
  const sealed: Sealing[] = [];
  for (const submission of submissions) sealed.push(await handIn(client, narrator, submission));
  let lastWebhookAt = performance.now();
  for (const sealing of sealed) {
    lastWebhookAt = performance.now();
    await narrator.step(`The assessment tool approves ${sealing.submission.component} by a signed webhook`, () =>
      approve(client, connection, passingMark(definition, sealing, ASSESSOR.id)),
    );
  }
  const { verificationUrl, credentialId } = await narrator.step('The award rule is true: the badge is claimed, signed and published', () =>
    badgeOf(client, enrolmentId, 'maya'),
  );
  const pipelineMs = Math.round(performance.now() - lastWebhookAt);
  const files = await publishedFiles(client, verificationUrl, definition);
  const outcome = await narrator.step('A stranger verifies it with @digitalbazaar/vc', () =>
    verifyIndependently(JSON.parse(files.get('badge.json')?.toString('utf8') ?? ''), client.baseUrl),
  );
  return { verificationUrl, credentialId, ...outcome, pipelineMs, files };
};
