/** One instance of a function: a worker thread with its own environment and memory limit, which takes one event at a time. */
import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { ACCOUNT, REGION } from '../service.ts';
import { failure, type Invocation, PAYLOAD_BYTES_MAX, TIMED_OUT } from './invocation.ts';
import { followLines, type WriteLog } from './log-file.ts';

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
  /** @param event as JSON */
  run(event: string): Promise<Invocation>;
  /** False once it timed out, ran out of memory, crashed or could not be loaded: it answers nothing more. */
  isAlive(): boolean;
  close(): Promise<void>;
}

/** Loading counts apart from the time that a function has for its event, as in the cloud, where it may take this long. */
const LOAD_SECONDS_MAX = 10;

interface Thrown {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: string;
}

/** What runtime.mjs tells. */
type Told =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answered'; readonly payload: string }
  | { readonly kind: 'out-of-memory' }
  | ({ readonly kind: 'failed' | 'not-started' } & Thrown);

export const functionArn = (name: string): string => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;

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
  const worker = new Worker(new URL('./runtime.mjs', import.meta.url), {
    env: lambdaEnvironment(settings),
    workerData: { bundle: pathToFileURL(bundle).href, functionName: name, functionArn: functionArn(name), memoryMb },
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    stdout: true,
    stderr: true,
    name,
  });
  followLines(worker.stdout, write);
  followLines(worker.stderr, write);
  worker.unref();
  return worker;
};

const outOfMemory = ({ memoryMb }: FunctionSettings): Invocation => failure('Runtime.OutOfMemory', `used more than ${memoryMb} MB`);

const timedOut = (seconds: number): Invocation => failure(TIMED_OUT, `Task timed out after ${seconds.toFixed(2)} seconds`);

/** What nobody in the function caught. The engine's own word for a full heap is a code, not a name. */
const crashOf = (error: unknown, settings: FunctionSettings): Invocation => {
  if (!(error instanceof Error)) return failure('Runtime.ExitError', String(error));
  return 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? outOfMemory(settings) : failure(error.name, error.message);
};

const answered = (payload: string): Invocation =>
  Buffer.byteLength(payload) > PAYLOAD_BYTES_MAX
    ? failure('Function.ResponseSizeTooLarge', `Response payload size exceeded maximum allowed payload size (${PAYLOAD_BYTES_MAX} bytes).`)
    : { ok: true, payload: JSON.parse(payload) };

const deadline = (ms: number, miss: () => void): { readonly clear: () => void } => {
  const timer = setTimeout(miss, ms);
  return { clear: () => clearTimeout(timer) };
};

export const openInstance = (settings: FunctionSettings, write: WriteLog): Instance => {
  const worker = started(settings, write);
  let alive = true;
  let answer: ((invocation: Invocation) => void) | undefined;
  const loaded = Promise.withResolvers<Invocation | undefined>();

  /** Dead before anyone hears of it, so that nobody gives it the next event. Only the first word counts. */
  const die = (last: Invocation): void => {
    alive = false;
    loaded.resolve(last);
    answer?.(last);
    void worker.terminate();
  };
  const loading = deadline(LOAD_SECONDS_MAX * 1000, () => die(timedOut(LOAD_SECONDS_MAX)));
  void loaded.promise.then(loading.clear);

  const hear = (told: Told): void => {
    if ('trace' in told) write(`${told.trace}\n`);
    switch (told.kind) {
      case 'ready':
        loaded.resolve(undefined);
        break;
      case 'answered':
        answer?.(answered(told.payload));
        break;
      case 'failed':
        answer?.(failure(told.errorType, told.errorMessage));
        break;
      case 'not-started':
        die(failure(told.errorType, told.errorMessage));
        break;
      case 'out-of-memory':
        die(outOfMemory(settings));
    }
  };
  worker.on('message', hear);
  worker.on('error', (error) => {
    write(`${error instanceof Error ? error.stack : String(error)}\n`);
    die(crashOf(error, settings));
  });
  worker.on('exit', (code) => die(failure('Runtime.ExitError', `Runtime exited with error: exit status ${code}`)));

  return {
    ready: loaded.promise.then(() => undefined),
    isAlive: () => alive,
    run: async (event) => {
      const failed = await loaded.promise;
      if (failed !== undefined) return failed;
      const timeoutMs = settings.timeoutSeconds * 1000;
      const { promise, resolve } = Promise.withResolvers<Invocation>();
      answer = resolve;
      const time = deadline(timeoutMs, () => die(timedOut(settings.timeoutSeconds)));
      worker.postMessage({ requestId: randomUUID(), deadlineMs: Date.now() + timeoutMs, event });
      return promise.finally(time.clear);
    },
    close: async () => {
      die(failure('ServiceException', 'this machine is stopping'));
      await worker.terminate();
    },
  };
};
