import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { ApiClient } from '../../local/api-client.ts';
import { verifyIndependently } from '../../local/independent-verifier.ts';
import {
  approve,
  badgeOf,
  type Connection,
  coachingFiles,
  passingMark,
  type SampleDefinition,
  type Sealing,
  type Submission,
  until,
} from '../../local/main-job.ts';
import { leaves, problem } from './answers.ts';
import { enrolledAndHandedIn, handedIn } from './learning.ts';
import { aMachine, type Site } from './machine.ts';
import { offered, reflection } from './offerings.ts';
import { ASSESSOR, SECOND_ASSESSOR, staffed } from './staff.ts';
import { announce, announcementOf } from './storage.ts';
import { deliver, outcomeOf, receiptIdOf } from './tool.ts';

const WHY =
  'This retells what happened. Say what led to it, what else you could have done, and what theory or feedback tells you about it.';
const DAY_MS = 24 * 60 * 60 * 1000;

const Shown = z.looseObject({ state: z.string() });
const Opened = z.object({ submissionId: z.string(), component: z.string(), attempt: z.number(), state: z.literal('draft') });
const CoolingOff = z.looseObject({ facts: z.object({ openFrom: z.iso.datetime() }) });

let site: Site;
let client: ApiClient;
let connection: Connection;

const path = (submission: Submission): string => `/v1/submissions/${submission.submissionId}`;
const look = (submission: Submission) => () => client.call('GET', path(submission), { as: 'maya' });
const revise = (submission: Submission) => client.call('POST', `${path(submission)}/revision`, { as: 'maya' });

const failingMark = (definition: SampleDefinition, sealing: Sealing) => {
  const { data, ...message } = passingMark(definition, sealing, ASSESSOR.id);
  const criteria = data.result.criteria.map((criterion) =>
    criterion.id === 'refl-depth' ? { ...criterion, level: 'developing', feedback: WHY } : criterion,
  );
  return {
    ...message,
    data: { ...data, result: { outcome: 'fail', criteria, overallFeedback: 'Not yet: a good start that needs one more round.' } },
  };
};

/** Sends a failing mark; @returns once it has decided */
const judgedBelow = async (definition: SampleDefinition, sealing: Sealing): Promise<void> => {
  const body = failingMark(definition, sealing);
  const answer = await deliver(connection, { id: body.id, body });
  expect(await outcomeOf(client, receiptIdOf(answer), ['applied', 'refused'])).toEqual({ status: 'applied' });
  await until('the decision', async () => {
    const { state } = await client.ask('GET', path(sealing.submission), { as: 'maya', expect: Shown });
    return state !== 'in-review' || undefined;
  });
};

const enrolmentState = (enrolmentId: string, state: string) =>
  until(`the enrolment to be ${state}`, async () => {
    const answer = await client.call('GET', `/v1/enrolments/${enrolmentId}`, { as: 'maya' });
    return Shown.parse(answer.body).state === state ? answer : undefined;
  });

beforeAll(async () => {
  site = await aMachine();
  client = site.client;
  connection = await staffed(client, ['patient', 'second-try', 'two-tries']);
});
afterAll(() => site.close());

describe('a submission that is judged below standard', () => {
  it('comes back with feedback on each criterion and never with the name of who judged it', async () => {
    const definition = await offered(client, reflection('patient'));
    const { enrolmentId, sealing } = await enrolledAndHandedIn(client, definition.id, { learner: 'maya' });
    await judgedBelow(definition, sealing);
    const answer = await look(sealing.submission)();
    expect(answer).toMatchObject({
      status: 200,
      body: {
        state: 'revision-requested',
        outcome: 'below',
        feedback: [
          {
            criteria: [
              { id: 'refl-depth', level: 'developing', feedback: WHY },
              { id: 'refl-next', level: 'proficient' },
            ],
            overallFeedback: expect.stringContaining('Not yet'),
          },
        ],
      },
    });
    for (const told of [ASSESSOR.id, ASSESSOR.name, ASSESSOR.email]) expect(JSON.stringify(answer.body)).not.toContain(told);
    expect(await client.call('GET', `/v1/enrolments/${enrolmentId}`, { as: 'maya' })).toMatchObject({
      body: { state: 'in-progress', award: { satisfied: false } },
    });
    expect(await client.call('GET', path(sealing.submission), { as: 'ines' })).not.toHaveProperty('body.feedback');

    const early = await leaves(look(sealing.submission), () => revise(sealing.submission));
    expect(early).toMatchObject(problem(409, 'submission/cooling-off'));
    const waitMs = Date.parse(CoolingOff.parse(early.body).facts.openFrom) - Date.now();
    expect(waitMs).toBeGreaterThan(6.9 * DAY_MS);
    expect(waitMs).toBeLessThan(7.1 * DAY_MS);
  });

  it('is tried again, and a pass then earns the badge', async () => {
    const definition = await offered(client, reflection('second-try', { attempts: { coolingOff: 'P0D' } }));
    const { enrolmentId, sealing } = await enrolledAndHandedIn(client, definition.id, { learner: 'maya' });
    await judgedBelow(definition, sealing);
    const answer = await revise(sealing.submission);
    expect(answer).toMatchObject({ status: 201, body: { component: 'reflection', attempt: 2, state: 'draft' } });
    const second = Opened.parse(answer.body);
    expect(await leaves(look(sealing.submission), () => revise(sealing.submission))).toMatchObject(
      problem(409, 'submission/illegal-transition'),
    );

    const again = await handedIn(client, second, 'maya');
    const late = await deliver(connection, { id: 'late-second-opinion', body: passingMark(definition, sealing, SECOND_ASSESSOR.id) });
    expect(await outcomeOf(client, receiptIdOf(late), ['applied', 'refused'])).toEqual({ status: 'refused', code: 'stale_attempt' });
    await approve(client, connection, passingMark(definition, again, ASSESSOR.id));
    const { verificationUrl } = await badgeOf(client, enrolmentId, 'maya');
    expect(await verifyIndependently(await (await fetch(`${verificationUrl}.json`)).json(), site.baseUrl)).toEqual({ verified: true });
    expect(await look(sealing.submission)()).toMatchObject({ body: { state: 'revision-requested', outcome: 'below' } });
    expect(await look(second)()).toMatchObject({ body: { state: 'passed', outcome: 'pass', attempt: 2 } });
  });

  it('for the last time ends the enrolment without a badge, and leaves the learner free to enrol again', async () => {
    const definition = await offered(
      client,
      reflection('two-tries', { attempts: { max: 2, coolingOff: 'P0D', afterMax: 'new-enrolment' } }),
    );
    const { enrolmentId, sealing } = await enrolledAndHandedIn(client, definition.id, { learner: 'maya' });
    await judgedBelow(definition, sealing);
    const second = Opened.parse((await revise(sealing.submission)).body);
    await judgedBelow(definition, await handedIn(client, second, 'maya'));
    expect(await look(second)()).toMatchObject({
      body: { state: 'failed', outcome: 'below', feedback: [{ criteria: [{ feedback: WHY }, {}] }] },
    });
    const ended = await enrolmentState(enrolmentId, 'unsuccessful');
    expect(ended.body).not.toHaveProperty('credentialId');
    await site.idle();
    expect(await leaves(look(second), () => revise(second))).toMatchObject(problem(409, 'submission/illegal-transition'));
    const [essay] = coachingFiles('reflection');
    const upload = () => announce(client, second.submissionId, { as: 'maya', body: announcementOf(essay!) });
    expect(await leaves(look(second), upload)).toMatchObject(
      problem(409, 'enrolment/closed', { facts: { enrolmentId, state: 'unsuccessful' } }),
    );

    const anew = await client.call('POST', `/v1/micro-credentials/${definition.id}/enrolments`, { as: 'maya' });
    expect(anew).toMatchObject({ status: 201, body: { state: 'enrolled', submissions: [{ attempt: 1, state: 'draft' }] } });
    expect(await client.call('GET', `/v1/enrolments/${enrolmentId}`, { as: 'maya' })).toEqual(ended);
  });
});
