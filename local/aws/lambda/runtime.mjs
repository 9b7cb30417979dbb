/**
 * The inside of a function instance: loads its bundle once, then answers one event at a time, as Lambda's runtime does.
 * JavaScript without imports, since every cold start pays for loading it: stripping types in a fresh thread and loading
 * a parser took four times as long as all the rest. What it says to whoever runs it is typed in instance.ts (`Told`).
 */
import { parentPort, workerData } from 'node:worker_threads';

const { bundle, functionName, functionArn, memoryMb } = workerData;

const MEGABYTE = 1024 * 1024;
const LOOK_AT_MEMORY_MS = 200;

/** @param {unknown} thrown */
const described = (thrown) =>
  thrown instanceof Error
    ? { errorType: thrown.name, errorMessage: thrown.message, trace: thrown.stack ?? thrown.message }
    : { errorType: 'Error', errorMessage: String(thrown), trace: String(thrown) };

const named = (name, message) => Object.assign(new Error(message), { name });

const load = async () => {
  const { handler } = await import(bundle);
  if (typeof handler !== 'function') throw named('Runtime.HandlerNotFound', 'index.handler is undefined or not exported');
  // As on nodejs24.x, where a callback would never be called.
  if (handler.length > 2)
    throw named('Runtime.CallbackHandlerDeprecated', 'Handlers with a callback are not supported from Node.js 24 on: return a promise');
  return handler;
};

/** @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
const contextOf = (/** @type {string} */ awsRequestId, /** @type {number} */ deadlineMs) => ({
  functionName,
  functionVersion: '$LATEST',
  invokedFunctionArn: functionArn,
  memoryLimitInMB: String(memoryMb),
  awsRequestId,
  logGroupName: `/aws/lambda/${functionName}`,
  logStreamName: 'local',
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
});

/** The engine limits its own heap; buffers lie outside it and are counted here. */
const lookAtMemory = () => {
  const { heapUsed, external } = process.memoryUsage();
  if (heapUsed + external <= memoryMb * MEGABYTE) return;
  parentPort.postMessage({ kind: 'out-of-memory' });
  process.exit(1);
};

const answer = async (handler, { requestId, deadlineMs, event }) => {
  const memory = setInterval(lookAtMemory, LOOK_AT_MEMORY_MS);
  try {
    const result = await handler(JSON.parse(event), contextOf(requestId, deadlineMs));
    return { kind: 'answered', payload: JSON.stringify(result) ?? 'null' };
  } catch (thrown) {
    return { kind: 'failed', ...described(thrown) };
  } finally {
    clearInterval(memory);
  }
};

try {
  const handler = await load();
  parentPort.on('message', async (asked) => parentPort.postMessage(await answer(handler, asked)));
  parentPort.postMessage({ kind: 'ready' });
} catch (thrown) {
  parentPort.postMessage({ kind: 'not-started', ...described(thrown) });
}
