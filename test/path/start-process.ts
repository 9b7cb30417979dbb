/** `npm start` as a process of its own, to be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { type ApiClient, createApiClient } from '../../local/api-client.ts';
import { until } from '../../local/main-job.ts';

const ROOT = resolve(import.meta.dirname, '../..');

export interface Started {
  readonly client: ApiClient;
  readonly baseUrl: string;
  /** All that it has printed. */
  printed(): string;
  /** As a power cut would: nothing is finished, nothing is told. */
  kill(): Promise<void>;
  /** As Ctrl-C. @returns the exit code */
  interrupt(): Promise<number | null>;
}

interface Ended {
  readonly code: number | null;
  readonly printed: string;
  readonly complained: string;
}

/** Starts one, without waiting for anything but its output. */
const launched = (env: Readonly<Record<string, string>>) => {
  const { PORT: _, ...inherited } = process.env;
  const child: ChildProcess = spawn(process.execPath, ['local/start.ts'], {
    cwd: ROOT,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { printed: '', complained: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said.printed += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said.complained += text;
  });
  const ended = once(child, 'close').then(([code]): Ended => ({ code: typeof code === 'number' ? code : null, ...said }));
  return { child, said, ended };
};

/** A start that is expected to give up by itself. */
export const refusedStart = (env: Readonly<Record<string, string>>): Promise<Ended> => launched(env).ended;

/** @returns once it says that it is ready. @throws Error if it ends before that */
export const started = async (env: Readonly<Record<string, string>>): Promise<Started> => {
  const { child, said, ended } = launched(env);
  let over: Ended | undefined;
  void ended.then((end) => {
    over = end;
  });
  const baseUrl = await until('the greeting', async () => {
    if (over !== undefined) throw new Error(`it ended with ${over.code}: ${over.complained}`);
    return /^Assay is ready: +(http\S+) .*Stop with Ctrl-C/ms.exec(said.printed)?.[1];
  }).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    client: createApiClient(baseUrl),
    baseUrl,
    printed: () => said.printed,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    interrupt: async () => {
      child.kill('SIGINT');
      return (await ended).code;
    },
  };
};
