/** Functions of a few lines, each written to a file of its own as a test needs it, and a Lambda that runs them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionSettings } from '../../../local/aws/lambda/instance.ts';
import type { Invocation } from '../../../local/aws/lambda/invocation.ts';
import { createLambda, type Lambda, type LambdaOptions } from '../../../local/aws/lambda/lambda.ts';

export interface Bench {
  readonly lambda: Lambda;
  readonly logsFolder: string;
  invoke(event?: unknown): Promise<Invocation>;
  close(): Promise<void>;
}

type Options = Partial<Omit<FunctionSettings, 'bundle'>> & Partial<Pick<LambdaOptions, 'idleMs' | 'closePatienceMs'>>;

/** One function, called `subject` unless it is named. */
export const aFunction = (source: string, { idleMs, closePatienceMs, ...change }: Options = {}): Bench => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-lambda-'));
  const bundle = join(folder, 'index.mjs');
  writeFileSync(bundle, source);
  const settings = { name: 'subject', bundle, env: {}, memoryMb: 256, timeoutSeconds: 30, maxConcurrency: 5, ...change };
  const logsFolder = join(folder, 'logs');
  const lambda = createLambda({
    functions: [settings],
    logsFolder,
    ...(idleMs === undefined ? {} : { idleMs }),
    ...(closePatienceMs === undefined ? {} : { closePatienceMs }),
  });
  return {
    lambda,
    logsFolder,
    invoke: (event = {}) => lambda.invoke(settings.name, event),
    close: async () => {
      await lambda.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
