/**
 * What runs inside an instance of a Lambda: loads the bundle, then answers one event after another. JavaScript, since
 * every cold start loads it and stripping types in a fresh thread would add 30 ms to each.
 */
import { parentPort, workerData } from 'node:worker_threads';

const { bundle, functionName, memoryMb, functionArn, logStreamName } = workerData;

/** @param {unknown} thrown */
const described = (thrown) =>
  thrown instanceof Error
    ? { errorType: thrown.name, errorMessage: thrown.message, trace: thrown.stack }
    : { errorType: 'UnhandledPromiseRejection', errorMessage: String(thrown), trace: String(thrown) };

const load = async () => {
  const { handler } = await import(bundle);
  if (typeof handler !== 'function') {
    throw Object.assign(new Error('index.handler is undefined or not exported'), { name: 'Runtime.HandlerNotFound' });
  }
  // As on nodejs24.x, where a callback would never be called.
  if (handler.length > 2) {
    throw Object.assign(new Error('AWS Lambda has removed support for callback-based function handlers starting with Node.js 24.'), {
      name: 'Runtime.CallbackHandlerDeprecated',
    });
  }
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
  logStreamName,
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
});

const answer = async (handler, { requestId, event, deadlineMs }) => {
  try {
    const result = await handler(JSON.parse(event), contextOf(requestId, deadlineMs));
    return { kind: 'answered', payload: JSON.stringify(result) ?? 'null' };
  } catch (thrown) {
    return { kind: 'failed', ...described(thrown) };
  }
};

try {
  const handler = await load();
  parentPort.on('message', async (message) => parentPort.postMessage(await answer(handler, message)));
  parentPort.postMessage({ kind: 'ready' });
} catch (thrown) {
  parentPort.postMessage({ kind: 'not-started', ...described(thrown) });
}
