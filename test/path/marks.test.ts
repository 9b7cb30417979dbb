import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../../local/api-client.ts';
import { badgeOf, type Connection, coachingFiles, handInFiles, passingMark, type SampleDefinition, submit } from '../../local/main-job.ts';
import { problem } from './answers.ts';
import { enrolledAndHandedIn, enrolledIn, type HandedIn, submissionAs } from './learning.ts';
import { aMachine, type Site } from './machine.ts';
import { offered, reflection } from './offerings.ts';
import { ASSESSOR, staffed } from './staff.ts';
import { deliver, outcomeOf, receiptIdOf, type Told } from './tool.ts';

type Mark = ReturnType<typeof passingMark>;
type Data = Mark['data'];

/** A submission id that no enrolment has. */
const NOBODYS = 'sub_0123456789abcdefghjkmnpqrs_0_1';

let site: Site;
let client: ApiClient;
let connection: Connection;
let definition: SampleDefinition;
let maya: HandedIn;
let mark: Mark;
let sent = 0;

/** Sends a mark and waits until it is settled or parked. */
const outcome = async (data: Data): Promise<Told> => {
  sent += 1;
  const answer = await deliver(connection, { id: `mark-${sent}`, body: { ...mark, id: `evt_${sent}`, data } });
  expect(answer).toMatchObject({ status: 202, body: { status: 'accepted' } });
  return outcomeOf(client, receiptIdOf(answer), ['applied', 'refused', 'parked']);
};

const levels = (...given: readonly (readonly [id: string, level: string, feedback?: string])[]) =>
  given.map(([id, level, feedback = 'Meets the standard that the rubric describes for this level.']) => ({ id, level, feedback }));

beforeAll(async () => {
  site = await aMachine();
  client = site.client;
  connection = await staffed(client, ['marked', 'early', 'other', 'revoked-assessor', 'moment-1', 'moment-2', 'moment-3', 'moment-4']);
  const people = [
    { id: 'maya-herself', name: 'M. O.', emails: ['Maya+marking@MEMBERS.example'] },
    { id: 'maya-by-sign-in', name: 'M. O.', subjects: ['maya'] },
    { id: 'retired', name: 'R. T.', emails: ['retired@harbour-learning.example'], active: false },
  ];
  for (const { id, ...body } of people)
    expect(await client.call('PUT', `/v1/assessors/${id}`, { as: 'dana', body })).toMatchObject({ status: 201 });
  definition = await offered(client, reflection('marked'));
  await offered(client, reflection('other'));
  maya = await enrolledAndHandedIn(client, definition.id, { learner: 'maya' });
  mark = passingMark(definition, maya.sealing, ASSESSOR.id);
});
afterAll(() => site.close());

describe('a mark is refused, with a code on its receipt,', () => {
  interface Refusal {
    readonly why: string;
    readonly code: string;
    readonly changed: (data: Data) => Data;
  }
  const submission = (change: Partial<Data['submission']>) => (data: Data) => ({ ...data, submission: { ...data.submission, ...change } });
  const by = (externalId: string) => (data: Data) => ({ ...data, assessor: { ...data.assessor, externalId } });
  const result = (change: Partial<Data['result']>) => (data: Data) => ({ ...data, result: { ...data.result, ...change } });
  const LONG = 'This describes what happened, but the reasons for it, and what else could have been done, are still missing.';

  it.each<Refusal>([
    {
      why: 'of another version',
      code: 'version_mismatch',
      changed: (data) => ({ ...data, microCredential: { ...data.microCredential, version: '1.0.1' } }),
    },
    {
      why: 'of another micro-credential',
      code: 'version_mismatch',
      changed: (data) => ({ ...data, microCredential: { ...data.microCredential, id: 'other' } }),
    },
    { why: 'of a component that this submission is not for', code: 'unknown_submission', changed: submission({ component: 'portfolio' }) },
    { why: 'of another attempt', code: 'stale_attempt', changed: submission({ attempt: 2 }) },
    { why: 'by someone who is not in the directory', code: 'assessor_not_eligible', changed: by('somebody') },
    { why: 'by someone whose name cannot be one', code: 'assessor_not_eligible', changed: by('../assessor-17') },
    { why: 'by an assessor who is no longer active', code: 'assessor_not_eligible', changed: by('retired') },
    { why: 'by the learner, under an alias of the same mailbox', code: 'assessor_is_learner', changed: by('maya-herself') },
    { why: 'by the learner, under the same sign-in', code: 'assessor_is_learner', changed: by('maya-by-sign-in') },
    {
      why: 'by an assessor who declares a conflict of interest',
      code: 'conflict_of_interest',
      changed: (data) => ({
        ...data,
        assessor: { ...data.assessor, declarations: { ...data.assessor.declarations, conflictOfInterest: true } },
      }),
    },
    {
      why: 'by another version of the rubric',
      code: 'rubric_version_mismatch',
      changed: (data) => ({ ...data, rubric: { ...data.rubric, version: '1.0.1' } }),
    },
    {
      why: 'by another rubric',
      code: 'rubric_version_mismatch',
      changed: (data) => ({ ...data, rubric: { ...data.rubric, id: 'r-demo' } }),
    },
    {
      why: 'of other bytes',
      code: 'evidence_digest_mismatch',
      changed: (data) => ({ ...data, evidence: data.evidence.map((item) => ({ ...item, sha256: '0'.repeat(64) })) }),
    },
    { why: 'of less than was sealed', code: 'evidence_digest_mismatch', changed: (data) => ({ ...data, evidence: [] }) },
    {
      why: 'of more than was sealed',
      code: 'evidence_digest_mismatch',
      changed: (data) => ({ ...data, evidence: [...data.evidence, ...data.evidence] }),
    },
    {
      why: 'with a level that the rubric has not',
      code: 'unknown_level',
      changed: result({ criteria: levels(['refl-depth', 'superb'], ['refl-next', 'proficient']) }),
    },
    {
      why: 'with a criterion that the rubric has not',
      code: 'unknown_level',
      changed: result({ criteria: levels(['refl-depth', 'proficient'], ['refl-next', 'proficient'], ['refl-style', 'proficient']) }),
    },
    { why: 'with a criterion left out', code: 'criterion_missing', changed: result({ criteria: levels(['refl-depth', 'proficient']) }) },
    {
      why: 'with a criterion judged twice',
      code: 'criterion_missing',
      changed: result({ criteria: levels(['refl-depth', 'proficient'], ['refl-depth', 'exemplary'], ['refl-next', 'proficient']) }),
    },
    {
      why: 'that calls a pass what is below standard',
      code: 'outcome_mismatch',
      changed: result({ criteria: levels(['refl-depth', 'developing', LONG], ['refl-next', 'proficient']) }),
    },
    { why: 'that calls a fail what meets the standard', code: 'outcome_mismatch', changed: result({ outcome: 'fail' }) },
    {
      why: 'that finds it below standard and hardly says why',
      code: 'feedback_missing',
      changed: result({ outcome: 'fail', criteria: levels(['refl-depth', 'developing', 'Too shallow.'], ['refl-next', 'proficient']) }),
    },
    {
      why: 'without a word on the whole, where the policy asks for one',
      code: 'feedback_missing',
      changed: result({ overallFeedback: '   ' }),
    },
  ])('$why', async ({ code, changed }) => {
    expect(await outcome(changed(mark.data))).toMatchObject({ status: 'refused', code });
    expect(await client.call('GET', `/v1/submissions/${maya.sealing.submission.submissionId}`, { as: 'maya' })).toMatchObject({
      body: { state: 'in-review' },
    });
  });

  it('and the learner is none the wiser: no feedback, no outcome, no award', async () => {
    const { body } = await client.call('GET', `/v1/submissions/${maya.sealing.submission.submissionId}`, { as: 'maya' });
    expect(body).not.toHaveProperty('feedback');
    expect(body).not.toHaveProperty('outcome');
    expect(await client.call('GET', `/v1/enrolments/${maya.enrolmentId}`, { as: 'maya' })).toMatchObject({
      body: { state: 'in-progress' },
    });
  });

  it('by the same assessor a second time, or of what is decided', async () => {
    expect(await outcome(mark.data)).toMatchObject({ status: 'applied' });
    expect(await outcome(mark.data)).toMatchObject({ status: 'refused', code: 'duplicate_mark' });
    await badgeOf(client, maya.enrolmentId, 'maya');
    expect(await outcome(passingMark(definition, maya.sealing, 'assessor-18').data)).toMatchObject({
      status: 'refused',
      code: 'submission_not_open',
    });
  });
});

describe('a mark that comes early', () => {
  it('waits, if nobody knows its submission yet', async () => {
    const ids = ['sub_not-one-of-ours', NOBODYS];
    for (const submissionId of ids) {
      const told = await outcome({ ...mark.data, submission: { ...mark.data.submission, id: submissionId } });
      expect(told).toEqual({ status: 'parked' });
    }
    await site.idle();
    expect(site.deadLetters()).toEqual({});
  });

  it('waits for its submission to be handed in, and counts then', async () => {
    const early = await offered(client, reflection('early'));
    const { enrolmentId, submission } = await enrolledIn(client, early.id, { learner: 'tom' });
    await handInFiles(client, submission, { files: coachingFiles('reflection'), learner: 'tom' });
    const { items } = await submissionAs(client, submission.submissionId, 'tom');
    const evidence = items.map(({ evidenceId, sha256 }) => ({ id: evidenceId, sha256 }));
    const body = passingMark(early, { submission, evidence }, ASSESSOR.id);
    const answer = await deliver(connection, { id: 'early', body });
    expect(await outcomeOf(client, receiptIdOf(answer), ['parked', 'applied', 'refused'])).toEqual({ status: 'parked' });
    expect(await deliver(connection, { id: 'early', body })).toMatchObject({ status: 200, body: { status: 'parked' } });

    await submit(client, submission, 'tom');
    expect(await outcomeOf(client, receiptIdOf(answer), ['applied', 'refused'])).toEqual({ status: 'applied' });
    await badgeOf(client, enrolmentId, 'tom');
  });
});

describe('a mark that comes at the very moment of handing in', () => {
  it.each(['moment-1', 'moment-2', 'moment-3', 'moment-4'])('is never lost (%s)', async (id) => {
    const offering = await offered(client, reflection(id));
    const { enrolmentId, submission } = await enrolledIn(client, id, { learner: 'tom' });
    await handInFiles(client, submission, { files: coachingFiles('reflection'), learner: 'tom' });
    const { items } = await submissionAs(client, submission.submissionId, 'tom');
    const evidence = items.map(({ evidenceId, sha256 }) => ({ id: evidenceId, sha256 }));
    const body = passingMark(offering, { submission, evidence }, ASSESSOR.id);
    const [answer] = await Promise.all([deliver(connection, { id, body }), submit(client, submission, 'tom')]);
    expect(await outcomeOf(client, receiptIdOf(answer), ['applied', 'refused'])).toEqual({ status: 'applied' });
    await badgeOf(client, enrolmentId, 'tom');
  });
});

describe('the directory of assessors', () => {
  it('is changed as a whole, and a change counts from the next mark on', async () => {
    const other = await offered(client, reflection('revoked-assessor'));
    const tom = await enrolledAndHandedIn(client, other.id, { learner: 'tom' });
    const data = passingMark(other, tom.sealing, 'assessor-19').data;
    const entry = { name: 'Noor Haddad', emails: ['noor@harbour-learning.example'] };
    const put = (body: object) => client.call('PUT', '/v1/assessors/assessor-19', { as: 'dana', body });
    expect(await put({ ...entry, active: false })).toMatchObject({ status: 201, body: { active: false } });
    expect(await outcome(data)).toMatchObject({ status: 'refused', code: 'assessor_not_eligible' });
    expect(await put(entry)).toMatchObject({ status: 200, body: { active: true } });
    expect(await outcome(data)).toMatchObject({ status: 'applied' });
    await badgeOf(client, tom.enrolmentId, 'tom');
  });

  it('takes nobody whom it could not tell from a learner', async () => {
    const answer = await client.call('PUT', '/v1/assessors/nameless', { as: 'dana', body: { name: 'Nobody' } });
    expect(answer).toMatchObject(problem(400, 'request/malformed'));
  });
});
