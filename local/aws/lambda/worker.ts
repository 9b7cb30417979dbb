/** The inside of a function instance: loads its bundle once, then answers one event at a time, as Lambda's runtime does. */
import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';

const Given = z.object({ bundle: z.string(), functionName: z.string(), functionArn: z.string(), memoryMb: z.number() });
const Asked = z.object({ requestId: z.string(), deadlineMs: z.number(), event: z.unknown() });

/** What the instance tells whoever runs it. */
export type Told =
  | { readonly kind: 'answer'; readonly payload: string | undefined }
  | { readonly kind: 'error'; readonly errorType: string; readonly errorMessage: string }
  | { readonly kind: 'ready' };

type Handler = (event: unknown, context: object) => unknown;

const MEGABYTE = 1024 * 1024;
const LOOK_AT_MEMORY_MS = 200;

const given = Given.parse(workerData);
const tell = (told: Told): void => parentPort?.postMessage(told);

const errorOf = (error: unknown): Told =>
  error instanceof Error
    ? { kind: 'error', errorType: error.name, errorMessage: error.message }
    : { kind: 'error', errorType: 'Error', errorMessage: String(error) };

const contextOf = ({ requestId, deadlineMs }: z.infer<typeof Asked>): object => ({
  awsRequestId: requestId,
  functionName: given.functionName,
  functionVersion: '$LATEST',
  invokedFunctionArn: given.functionArn,
  memoryLimitInMB: String(given.memoryMb),
  logGroupName: `/aws/lambda/${given.functionName}`,
  logStreamName: 'local',
  callbackWaitsForEmptyEventLoop: false,
  getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
});

/** The engine limits its own heap; buffers lie outside it and are counted here. */
const watchMemory = (): NodeJS.Timeout =>
  setInterval(() => {
    const { heapUsed, external } = process.memoryUsage();
    if (heapUsed + external > given.memoryMb * MEGABYTE) {
      tell({ kind: 'error', errorType: 'Runtime.OutOfMemory', errorMessage: `used more than ${given.memoryMb} MB` });
      process.exit(1);
    }
  }, LOOK_AT_MEMORY_MS);

const loaded = import(given.bundle).then((bundle: { handler?: unknown }): Handler => {
  if (typeof bundle.handler !== 'function') throw new Error(`${given.bundle} exports no handler`);
  return bundle.handler as Handler;
});

const answer = async (message: unknown): Promise<void> => {
  const asked = Asked.parse(message);
  const memory = watchMemory();
  try {
    const handler = await loaded;
    tell({ kind: 'answer', payload: JSON.stringify(await handler(asked.event, contextOf(asked))) });
  } catch (error) {
    tell(errorOf(error));
  } finally {
    clearInterval(memory);
  }
};

parentPort?.on('message', (message) => void answer(message));
loaded.then(
  () => tell({ kind: 'ready' }),
  () => undefined,
);
