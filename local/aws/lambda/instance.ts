/** One instance of a function: a worker thread with its own environment and memory limit, which takes one event at a time. */
import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { ACCOUNT, REGION } from '../service.ts';
import { failure, type Invocation, TIMED_OUT } from './invocation.ts';
import type { WriteLog } from './log-file.ts';
import type { Told } from './worker.ts';

export interface FunctionSettings {
  readonly name: string;
  /** Path of the ES module that exports `handler`. */
  readonly bundle: string;
  /** The whole environment: nothing of this process reaches the function. */
  readonly env: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly maxConcurrency: number;
}

export interface Instance {
  /** Resolves once the bundle is loaded, or when that failed. */
  readonly ready: Promise<void>;
  run(event: unknown): Promise<Invocation>;
  /** False once it timed out, ran out of memory or crashed: it answers nothing more. */
  isAlive(): boolean;
  close(): Promise<void>;
}

const lambdaEnvironment = ({ name, memoryMb, env }: FunctionSettings): Record<string, string> => ({
  TZ: ':UTC',
  LANG: 'en_US.UTF-8',
  AWS_LAMBDA_FUNCTION_NAME: name,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  _HANDLER: 'index.handler',
  ...env,
});

const started = (settings: FunctionSettings, write: WriteLog): Worker => {
  const { name, bundle, memoryMb } = settings;
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    env: lambdaEnvironment(settings),
    workerData: {
      bundle: pathToFileURL(bundle).href,
      functionName: name,
      functionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`,
      memoryMb,
    },
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    stdout: true,
    stderr: true,
    name,
  });
  worker.stdout.on('data', write);
  worker.stderr.on('data', write);
  worker.unref();
  return worker;
};

const invocationOf = (told: Exclude<Told, { kind: 'ready' }>): Invocation =>
  told.kind === 'answer'
    ? { ok: true, payload: told.payload === undefined ? null : JSON.parse(told.payload) }
    : failure(told.errorType, told.errorMessage);

export const openInstance = (settings: FunctionSettings, write: WriteLog): Instance => {
  const worker = started(settings, write);
  let alive = true;
  let finish: ((invocation: Invocation) => void) | undefined;
  const loaded = Promise.withResolvers<void>();

  const settle = (invocation: Invocation): void => {
    const settled = finish;
    finish = undefined;
    settled?.(invocation);
  };
  const die = (invocation: Invocation): void => {
    alive = false;
    loaded.resolve();
    settle(invocation);
  };
  worker.on('message', (told: Told) => {
    if (told.kind === 'ready') loaded.resolve();
    else settle(invocationOf(told));
  });
  worker.on('error', (error) => {
    write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    die(failure('Runtime.ExitError', error instanceof Error ? error.message : String(error)));
  });
  worker.on('exit', () => die(failure('Runtime.ExitError', 'the runtime exited before it answered')));

  return {
    ready: loaded.promise,
    isAlive: () => alive,
    run: (event) =>
      new Promise((resolve) => {
        const timeoutMs = settings.timeoutSeconds * 1000;
        const timer = setTimeout(() => {
          die(failure(TIMED_OUT, `Task timed out after ${settings.timeoutSeconds.toFixed(2)} seconds`));
          void worker.terminate();
        }, timeoutMs);
        finish = (invocation) => {
          clearTimeout(timer);
          resolve(invocation);
        };
        if (alive) worker.postMessage({ requestId: randomUUID(), deadlineMs: Date.now() + timeoutMs, event });
        else settle(failure('Runtime.ExitError', 'the runtime exited before it was asked'));
      }),
    close: async () => {
      alive = false;
      await worker.terminate();
    },
  };
};
