import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FunctionSettings } from '../../../local/aws/lambda/instance.ts';
import { createLambda, type Lambda, type LambdaOptions } from '../../../local/aws/lambda/lambda.ts';
import { buildFixtures, eventFunction, settingsOf, temporaryFolder } from '../fixtures/bundles.ts';

const folder = temporaryFolder();
const logsFolder = join(folder.path, 'logs');
const NAMES = ['echo', 'misbehave', 'unloadable'];
let lambda: Lambda;

const start = (change: Partial<FunctionSettings> = {}, options: Partial<LambdaOptions> = {}): Lambda => {
  lambda = createLambda({ functions: NAMES.map((name) => settingsOf(folder.path, name, change)), logsFolder, ...options });
  return lambda;
};

beforeAll(() => buildFixtures(folder.path, NAMES.map(eventFunction)));
afterEach(() => lambda.close());
afterAll(folder.remove);

interface Echo {
  readonly event: unknown;
  readonly env: Record<string, string>;
  readonly context: Record<string, unknown>;
}

const echo = async (event: unknown): Promise<Echo> => {
  const invocation = await lambda.invoke('echo', event);
  if (!invocation.ok) throw new Error(invocation.errorMessage);
  return invocation.payload as Echo;
};

describe('a function', () => {
  it('gets the event and answers, both as JSON', async () => {
    start();
    expect((await echo({ n: 1, absent: undefined, when: new Date(0) })).event).toEqual({ n: 1, when: '1970-01-01T00:00:00.000Z' });
    expect(await lambda.invoke('misbehave', { do: 'nothing' })).toEqual({ ok: true, payload: null });
  });

  it('finds in its environment what its row grants and what Lambda sets, and nothing of the machine', async () => {
    process.env.SECRET_OF_THE_OPERATOR = 'not for functions';
    start({ env: { TABLE_NAME: 'assay', AWS_ACCESS_KEY_ID: 'AKIAECHO', AWS_REGION: 'eu-west-1' } });
    const { env } = await echo({});
    expect(env).toMatchObject({
      TABLE_NAME: 'assay',
      AWS_ACCESS_KEY_ID: 'AKIAECHO',
      AWS_REGION: 'eu-west-1',
      AWS_LAMBDA_FUNCTION_NAME: 'echo',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      _HANDLER: 'index.handler',
    });
    for (const foreign of ['SECRET_OF_THE_OPERATOR', 'PATH', 'HOME', 'USER', 'NODE_OPTIONS', 'VITEST'])
      expect(env).not.toHaveProperty(foreign);
  });

  it('is told who it is and how much time is left', async () => {
    start({ timeoutSeconds: 20 });
    const { context } = await echo({});
    expect(context).toMatchObject({
      functionName: 'echo',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:echo',
      memoryLimitInMB: '256',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(context.remainingMs).toBeGreaterThan(0);
    expect(context.remainingMs).toBeLessThanOrEqual(20_000);
  });

  it('that throws has failed with the name and message of its error, and stays warm', async () => {
    start();
    expect(await lambda.invoke('misbehave', { do: 'throw' })).toEqual({ ok: false, errorType: 'RangeError', errorMessage: 'out of range' });
    expect(await lambda.invoke('misbehave', { do: 'reject-with-text' })).toMatchObject({ ok: false, errorMessage: 'just text' });
    expect(lambda.stats().misbehave).toMatchObject({ invocations: 2, failures: 2, coldStarts: 1 });
  });

  it.each([
    ['exits', 'exit'],
    ['throws where nobody catches', 'throw-later'],
    ['fills its heap', 'heap'],
    ['fills buffers outside its heap', 'buffers'],
  ])('that %s has failed, and a new instance takes its place', async (_title, deed) => {
    start({ memoryMb: 128 });
    expect(await lambda.invoke('misbehave', { do: deed })).toMatchObject({
      ok: false,
      errorType: expect.stringMatching(/^Runtime\.(ExitError|OutOfMemory)$/),
    });
    await expect.poll(() => lambda.invoke('misbehave', { do: 'count' })).toEqual({ ok: true, payload: 1 });
    expect(lambda.stats().misbehave?.coldStarts).toBe(2);
  });

  it.each(['hang', 'spin'])('that takes too long (%s) is ended and told as Lambda tells it', async (deed) => {
    start({ timeoutSeconds: 1 });
    expect(await lambda.invoke('misbehave', { do: deed })).toMatchObject({
      ok: false,
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringContaining('Task timed out after 1.00 seconds'),
    });
    expect(await lambda.invoke('misbehave', { do: 'count' })).toEqual({ ok: true, payload: 1 });
  });

  it('that cannot be loaded fails every event with the reason', async () => {
    start();
    const missing = { ok: false, errorMessage: 'environment variable ABSENT: missing' };
    expect(await lambda.invoke('unloadable', {})).toMatchObject(missing);
    expect(await lambda.invoke('unloadable', {})).toMatchObject(missing);
  });

  it('writes its output and its failures to a log of its own', async () => {
    start();
    await lambda.invoke('misbehave', { do: 'log' });
    await lambda.invoke('misbehave', { do: 'throw' });
    await expect.poll(() => readFileSync(join(logsFolder, 'misbehave.log'), 'utf8')).toMatch(/^one\ntwo$/m);
    expect(readFileSync(join(logsFolder, 'misbehave.log'), 'utf8')).toMatch(/RangeError: out of range/);
  });
});

describe('instances', () => {
  it('are as many as events at once, up to the limit; further events wait', async () => {
    start({ maxConcurrency: 2 });
    const answers = await Promise.all(Array.from({ length: 6 }, () => lambda.invoke('misbehave', { do: 'sleep', ms: 30 })));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(lambda.stats().misbehave).toMatchObject({ invocations: 6, coldStarts: 2 });
  });

  it('handle one event at a time', async () => {
    start({ maxConcurrency: 1 });
    const answers = await Promise.all([1, 2, 3].map(() => lambda.invoke('misbehave', { do: 'sleep', ms: 20 })));
    expect(answers.map((answer) => answer.ok && answer.payload)).toEqual([0, 1, 2]);
  });

  it('can be opened before the first event, which then finds one warm', async () => {
    start({}, { functions: [settingsOf(folder.path, 'misbehave')] });
    await lambda.warm();
    expect(lambda.stats().misbehave).toMatchObject({ invocations: 0, coldStarts: 1 });
    expect(await lambda.invoke('misbehave', { do: 'count' })).toEqual({ ok: true, payload: 1 });
    expect(lambda.stats().misbehave).toMatchObject({ invocations: 1, coldStarts: 1 });
  });

  it('that have been idle are ended, and the next event starts cold', async () => {
    start({}, { idleMs: 20 });
    const countAgain = async (): Promise<unknown> => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return lambda.invoke('misbehave', { do: 'count' });
    };
    await lambda.invoke('misbehave', { do: 'count' });
    await expect.poll(countAgain).toEqual({ ok: true, payload: 1 });
    expect(lambda.stats().misbehave?.coldStarts).toBeGreaterThan(1);
  });

  it('finish what they are doing when the machine is shut down, and take nothing more', async () => {
    start({ maxConcurrency: 1 });
    const running = lambda.invoke('misbehave', { do: 'sleep', ms: 100 });
    await lambda.close();
    expect(await running).toEqual({ ok: true, payload: 0 });
    expect(await lambda.invoke('misbehave', { do: 'count' })).toMatchObject({ ok: false, errorType: 'ServiceException' });
  });
});
