import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { aFunction, type Bench } from './functions.ts';

let bench: Bench;
afterEach(() => bench.close());

const given = (...[source, options]: Parameters<typeof aFunction>): Bench => {
  bench = aFunction(source, options);
  return bench;
};

const ECHO = 'export const handler = async (event) => event;';
const COUNT = 'let count = 0; export const handler = async () => ++count;';

/** What the event says is done; the count tells whether it is still the same instance. */
const MISBEHAVE = `
  let count = 0;
  const kept = [];
  const deeds = {
    count: () => ++count,
    throw: () => { throw new RangeError('out of range'); },
    text: () => Promise.reject('just text'),
    exit: () => process.exit(7),
    later: () => new Promise(() => setImmediate(() => { throw new TypeError('nobody catches this'); })),
    hang: () => new Promise(() => {}),
    spin: () => { for (;;); },
    heap: () => { for (;;) kept.push(Array.from({ length: 1000 }, () => ({ count: kept.length }))); },
    buffers: async () => {
      for (;;) {
        kept.push(Buffer.alloc(8 * 1024 * 1024, 1));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    bigint: () => 1n,
    afterwards: () => { setImmediate(() => process.exit(3)); return 'answered'; },
  };
  export const handler = async (deed) => deeds[deed]();`;

describe('an event and its answer', () => {
  it('pass as JSON, so that a function finds what the cloud would give it', async () => {
    given(ECHO);
    const event = { n: 1, absent: undefined, when: new Date(0), text: 'ünï😀\u2028' };
    expect(await bench.invoke(event)).toEqual({ ok: true, payload: { n: 1, when: '1970-01-01T00:00:00.000Z', text: 'ünï😀\u2028' } });
  });

  it('may be nothing', async () => {
    given('export const handler = async () => undefined;');
    expect(await bench.lambda.invoke('subject', undefined)).toEqual({ ok: true, payload: null });
  });

  it('have at most six megabytes each', async () => {
    given('export const handler = async ({ bytes }) => "x".repeat(bytes);');
    const six = 6 * 1024 * 1024;
    expect(await bench.invoke('x'.repeat(six))).toMatchObject({ ok: false, errorType: 'RequestEntityTooLargeException' });
    expect(await bench.invoke({ bytes: six - 1 })).toMatchObject({ ok: false, errorType: 'Function.ResponseSizeTooLarge' });
    expect(await bench.invoke({ bytes: six - 2 })).toMatchObject({ ok: true });
  });
});

describe('a function', () => {
  it('finds in its environment what its row grants and what Lambda sets, and nothing of the machine', async () => {
    process.env.SECRET_OF_THE_OPERATOR = 'not for functions';
    given('export const handler = async () => process.env;', {
      name: 'learner-api',
      env: { TABLE_NAME: 'assay', AWS_REGION: 'eu-west-1' },
    });
    expect(await bench.invoke()).toEqual({
      ok: true,
      payload: {
        TZ: ':UTC',
        LANG: 'en_US.UTF-8',
        AWS_LAMBDA_FUNCTION_NAME: 'learner-api',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
        _HANDLER: 'index.handler',
        TABLE_NAME: 'assay',
        AWS_REGION: 'eu-west-1',
      },
    });
  });

  it('that sets a variable sets it for itself alone', async () => {
    given('export const handler = async () => { process.env.LEFT_BEHIND = "by a function"; return process.env.LEFT_BEHIND; };');
    expect(await bench.invoke()).toEqual({ ok: true, payload: 'by a function' });
    expect(process.env).not.toHaveProperty('LEFT_BEHIND');
  });

  it('is told who it is and how much time is left', async () => {
    const source = 'export const handler = async (_, context) => ({ ...context, leftMs: context.getRemainingTimeInMillis() });';
    given(source, { name: 'relay-events', timeoutSeconds: 20, memoryMb: 512 });
    const invocation = await bench.invoke();
    expect(invocation).toEqual({
      ok: true,
      payload: {
        functionName: 'relay-events',
        functionVersion: '$LATEST',
        invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:relay-events',
        memoryLimitInMB: '512',
        awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        logGroupName: '/aws/lambda/relay-events',
        logStreamName: 'local',
        callbackWaitsForEmptyEventLoop: true,
        leftMs: expect.any(Number),
      },
    });
    const { leftMs } = (invocation as { payload: { leftMs: number } }).payload;
    expect(leftMs).toBeGreaterThan(0);
    expect(leftMs).toBeLessThanOrEqual(20_000);
  });

  it('that throws has failed with the name and message of its error, and stays warm', async () => {
    given(MISBEHAVE);
    expect(await bench.invoke('throw')).toEqual({ ok: false, errorType: 'RangeError', errorMessage: 'out of range' });
    expect(await bench.invoke('text')).toEqual({ ok: false, errorType: 'Error', errorMessage: 'just text' });
    expect(await bench.invoke('bigint')).toMatchObject({ ok: false, errorType: 'TypeError' });
    expect(await bench.invoke('count')).toEqual({ ok: true, payload: 1 });
    expect(bench.lambda.stats().subject).toMatchObject({ invocations: 4, failures: 3, coldStarts: 1 });
  });

  it.each([
    ['exits', 'exit', { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited with error: exit status 7' }],
    ['throws where nobody catches', 'later', { errorType: 'TypeError', errorMessage: 'nobody catches this' }],
    ['fills its heap', 'heap', { errorType: 'Runtime.OutOfMemory', errorMessage: 'used more than 64 MB' }],
    ['fills buffers outside its heap', 'buffers', { errorType: 'Runtime.OutOfMemory', errorMessage: 'used more than 64 MB' }],
  ])('that %s has failed, and the very next event finds a new instance', async (_title, deed, outcome) => {
    given(MISBEHAVE, { memoryMb: 64, maxConcurrency: 1 });
    const [failed, next] = await Promise.all([bench.invoke(deed), bench.invoke('count')]);
    expect(failed).toEqual({ ok: false, ...outcome });
    expect(next).toEqual({ ok: true, payload: 1 });
    expect(bench.lambda.stats().subject).toMatchObject({ coldStarts: 2, failures: 1 });
  });

  it.each(['hang', 'spin'])('that takes too long (%s) is ended and told as Lambda tells it', async (deed) => {
    given(MISBEHAVE, { timeoutSeconds: 1, maxConcurrency: 1 });
    const [failed, next] = await Promise.all([bench.invoke(deed), bench.invoke('count')]);
    expect(failed).toEqual({ ok: false, errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 1.00 seconds' });
    expect(next).toEqual({ ok: true, payload: 1 });
  });

  it('that dies after its answer takes the answer with it to nobody', async () => {
    given(MISBEHAVE, { maxConcurrency: 1 });
    expect(await bench.invoke('afterwards')).toEqual({ ok: true, payload: 'answered' });
    await expect.poll(() => bench.invoke('count')).toEqual({ ok: true, payload: 1 });
  });

  it('is not charged for the time that loading it takes', async () => {
    given('await new Promise((resolve) => setTimeout(resolve, 400)); export const handler = async () => "loaded";', {
      timeoutSeconds: 0.2,
    });
    expect(await bench.invoke()).toEqual({ ok: true, payload: 'loaded' });
  });

  it.each([
    ['throws while it is loaded', 'throw new RangeError("ABSENT");', { errorType: 'RangeError', errorMessage: 'ABSENT' }],
    ['is no JavaScript', 'export const handler = ;', { errorType: 'SyntaxError', errorMessage: "Unexpected token ';'" }],
    [
      'exports no handler',
      'export const handle = 1;',
      { errorType: 'Runtime.HandlerNotFound', errorMessage: 'index.handler is undefined or not exported' },
    ],
    [
      'wants a callback',
      'export const handler = (event, context, callback) => callback(null, 1);',
      { errorType: 'Runtime.CallbackHandlerDeprecated', errorMessage: expect.stringContaining('callback') },
    ],
  ])('that %s fails every event with the reason, each in a new instance', async (_title, source, outcome) => {
    given(source);
    expect(await bench.invoke()).toEqual({ ok: false, ...outcome });
    expect(await bench.invoke()).toEqual({ ok: false, ...outcome });
    expect(bench.lambda.stats().subject).toMatchObject({ invocations: 2, coldStarts: 2 });
  });

  it('that is unknown is an answer, not a crash of its caller', async () => {
    given(ECHO);
    expect(await bench.lambda.invoke('no-such-function', {})).toEqual({
      ok: false,
      errorType: 'ResourceNotFoundException',
      errorMessage: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:no-such-function',
    });
  });

  it('writes its output, its traces and the outcome of its failures to a log of its own', async () => {
    given('export const handler = async () => { console.log("one\\ntwo"); console.error("three"); throw new RangeError("four"); };');
    await bench.invoke();
    const log = () => readFileSync(join(bench.logsFolder, 'subject.log'), 'utf8');
    await expect.poll(log).toMatch(/^one\ntwo$/m);
    await expect.poll(log).toMatch(/^three$/m);
    expect(log()).toMatch(/RangeError: four\n\s+at .*index\.mjs:1/);
    expect(log()).toMatch(/^RangeError: four$/m);
  });
});

describe('what is kept of a function', () => {
  it('is counted', async () => {
    given(COUNT);
    expect(bench.lambda.stats()).toEqual({ subject: { invocations: 0, coldStarts: 0, failures: 0, durationMs: 0 } });
    expect(await bench.invoke()).toEqual({ ok: true, payload: 1 });
    expect(await bench.invoke()).toEqual({ ok: true, payload: 2 });
    expect(bench.lambda.stats()).toEqual({ subject: { invocations: 2, coldStarts: 1, failures: 0, durationMs: expect.any(Number) } });
    expect(bench.lambda.stats().subject?.durationMs).toBeGreaterThan(0);
  });
});
