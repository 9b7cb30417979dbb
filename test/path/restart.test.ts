import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { ApiClient, FileToSend } from '../../local/api-client.ts';
import { verifyIndependently } from '../../local/independent-verifier.ts';
import {
  badgeOf,
  coachingFiles,
  enrol,
  passingMark,
  type Sealing,
  type Submission,
  sampleDefinition,
  submit,
  until,
} from '../../local/main-job.ts';
import { handedIn, submissionAs } from './learning.ts';
import { ASSESSOR } from './staff.ts';
import { refusedStart, type Started, started } from './start-process.ts';
import { put, reserved, type Slot, signedHeaders } from './storage.ts';
import { deliver, outcomeOf, receiptIdOf } from './tool.ts';

const [ESSAY] = coachingFiles('reflection') as [FileToSend];

const home = mkdtempSync(join(tmpdir(), 'assay-restart-'));
const definition = sampleDefinition('coaching-and-mentoring');
let running: Started | undefined;

afterAll(async () => {
  await running?.kill();
  rmSync(home, { recursive: true, force: true });
});

/** Each life of the machine has its own client: tokens outlive a restart, connections do not. */
const start = async (env: Readonly<Record<string, string>> = {}): Promise<Started> => {
  running = await started({ ASSAY_HOME: home, ...env });
  return running;
};

/** The address and secret of the assessment tool, as the greeting prints them. */
const toolIn = (greeting: string) => ({
  connectionId: '',
  hookUrl: /address +(http\S+)/.exec(greeting)?.[1] ?? '',
  secret: /secret +(whsec_\S+)/.exec(greeting)?.[1] ?? '',
});

const seededBadge = (greeting: string): string => /A badge that was earned: +(http\S+)/.exec(greeting)?.[1] ?? '';

/** Sends the first half of a file and leaves the connection open. */
const halfSent = (slot: Slot, { bytes }: FileToSend): Promise<void> => {
  const sending = request(slot.url, { method: 'PUT', headers: slot.headers });
  // It is cut off when the machine is killed.
  sending.on('error', () => {});
  return new Promise((resolve) => void sending.write(bytes.subarray(0, bytes.byteLength / 2), () => resolve()));
};

const clean = (client: ApiClient, submission: Submission, evidenceId: string) =>
  until('the file to be clean', async () => {
    const { items } = await submissionAs(client, submission.submissionId, 'maya');
    return items.find((item) => item.evidenceId === evidenceId)?.state === 'clean' || undefined;
  });

// Longer than `until` has patience.
vi.setConfig({ testTimeout: 90_000 });

describe('a machine that is killed and started again', () => {
  let enrolmentId: string;
  let submissions: readonly Submission[];
  let sealings: readonly Sealing[];
  let slot: Slot;
  let halfway: Slot;
  let badge: string;
  let firstGreeting: string;
  const named = (component: string): Submission => submissions.find((one) => one.component === component)!;
  const [portfolioFile] = coachingFiles('portfolio') as [FileToSend];

  it('greets with its addresses, and answers that it is ready', async () => {
    const { client, baseUrl, printed } = await start({ PORT: '0' });
    firstGreeting = printed();
    const health = await fetch(`${baseUrl}/health`);
    expect([health.status, await health.json()]).toEqual([200, { status: 'ready' }]);
    badge = await (await fetch(`${seededBadge(firstGreeting)}.json`)).text();
    expect(await verifyIndependently(JSON.parse(badge), baseUrl)).toEqual({ verified: true });
    expect(toolIn(firstGreeting)).toMatchObject({
      hookUrl: expect.stringContaining(`${baseUrl}/v1/hooks/`),
      secret: expect.stringMatching(/^whsec_/),
    });
    ({ enrolmentId, submissions } = await enrol(client, definition.id, 'maya'));
  });

  it('refuses a second one on the same folder, and says what to do', async () => {
    const { code, complained, printed } = await refusedStart({ ASSAY_HOME: home });
    expect({ code, printed }).toEqual({ code: 1, printed: '' });
    expect(complained).toBe(`${home} is in use by another process. Stop that one, or choose another folder with ASSAY_HOME.\n`);
  });

  it('has lost no file that it took, and kept nothing of one that it did not', async () => {
    const before = alive();
    const demonstration = await handedIn(before.client, named('skill-demonstration'), 'maya');
    slot = await reserved(before.client, named('reflection').submissionId, { as: 'maya', file: ESSAY });
    halfway = await reserved(before.client, named('portfolio').submissionId, { as: 'maya', file: portfolioFile });
    await halfSent(halfway, portfolioFile);
    expect(await put(slot.url, signedHeaders(slot), ESSAY.bytes)).toMatchObject({ status: 200 });
    await before.kill();

    const { client, baseUrl, printed } = await start();
    expect(baseUrl).toBe(before.baseUrl);
    expect(printed()).toBe(firstGreeting);
    expect(await (await fetch(`${seededBadge(firstGreeting)}.json`)).text()).toBe(badge);
    await clean(client, named('reflection'), slot.evidenceId);
    expect(await submissionAs(client, named('portfolio').submissionId, 'maya')).toMatchObject({
      items: [{ evidenceId: halfway.evidenceId, state: 'slot-reserved' }],
    });
    expect(await submissionAs(client, named('skill-demonstration').submissionId, 'maya')).toMatchObject({
      state: 'in-review',
      evidence: demonstration.evidence,
    });
    sealings = [demonstration];
  });

  it('lets the learner give up the upload that was cut off, and send it again', async () => {
    const { client } = alive();
    await client.call('DELETE', `/v1/submissions/${named('portfolio').submissionId}/evidence/${halfway.evidenceId}`, { as: 'maya' });
    sealings = [...sealings, await handedIn(client, named('portfolio'), 'maya'), await submit(client, named('reflection'), 'maya')];
    expect(sealings.map(({ evidence }) => evidence.length)).toEqual([2, 3, 1]);
  });

  it('carries on with every webhook that it had answered, to the badge', async () => {
    const before = alive();
    const tool = toolIn(firstGreeting);
    const answers = await Promise.all(
      sealings.map(async (sealing) => {
        const body = passingMark(definition, sealing, ASSESSOR.id);
        return deliver(tool, { id: body.id, body });
      }),
    );
    await before.kill();
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);

    const { client, baseUrl } = await start();
    for (const answer of answers)
      expect(await outcomeOf(client, receiptIdOf(answer), ['applied', 'refused'])).toEqual({ status: 'applied' });
    const { verificationUrl } = await badgeOf(client, enrolmentId, 'maya');
    expect(await verifyIndependently(await (await fetch(`${verificationUrl}.json`)).json(), baseUrl)).toEqual({ verified: true });
    expect(verificationUrl).not.toBe(seededBadge(firstGreeting));
  });

  it('stopped with Ctrl-C ends cleanly, and answers no more', async () => {
    const { baseUrl, interrupt, printed } = alive();
    expect(await interrupt()).toBe(0);
    expect(printed()).toContain('Stopping; what runs is finished first.');
    await expect(fetch(`${baseUrl}/health`)).rejects.toThrow('fetch failed');
  });
});

/** The one that runs. */
const alive = (): Started => {
  if (running === undefined) throw new Error('none was started');
  return running;
};
