/** Lambda on one machine: instances on demand up to a limit per function, kept warm for a while, each with one event at a time. */

import { type FunctionSettings, type Instance, openInstance } from './instance.ts';
import { failure, type Invocation, type Invoke } from './invocation.ts';
import { openLogFile } from './log-file.ts';

export interface FunctionStats {
  readonly invocations: number;
  readonly coldStarts: number;
  readonly failures: number;
  readonly durationMs: number;
}

export interface Lambda {
  readonly invoke: Invoke;
  /** Opens an instance of each function, one after the other, so that the first event of each finds it warm. */
  warm(): Promise<void>;
  stats(): Readonly<Record<string, FunctionStats>>;
  /** Takes nothing more, waits a little for what is running, then ends every instance. */
  close(): Promise<void>;
}

export interface LambdaOptions {
  readonly functions: readonly FunctionSettings[];
  readonly logsFolder: string;
  /** An instance without work for this long is ended. */
  readonly idleMs?: number;
}

const IDLE_MS = 5 * 60 * 1000;
const CLOSE_PATIENCE_MS = 5000;

interface Pooled {
  readonly invoke: (event: unknown) => Promise<Invocation>;
  readonly warm: () => Promise<void>;
  readonly stats: () => FunctionStats;
  readonly reap: (olderThanMs: number) => void;
  readonly running: () => number;
  readonly close: () => Promise<void>;
}

interface Warm {
  readonly instance: Instance;
  readonly sinceMs: number;
}

/** The instances of one function. Callers over the limit wait their turn, first come, first served. */
const pool = (settings: FunctionSettings, logsFolder: string): Pooled => {
  const write = openLogFile(logsFolder, settings.name);
  const waiting: (() => void)[] = [];
  const busy = new Set<Instance>();
  let warm: Warm[] = [];
  const counts = { invocations: 0, coldStarts: 0, failures: 0, durationMs: 0 };

  const taken = (): Instance => {
    const found = warm.pop()?.instance;
    if (found?.isAlive()) return found;
    if (found !== undefined) return taken();
    counts.coldStarts += 1;
    return openInstance(settings, write);
  };
  const turn = async (): Promise<Instance> => {
    while (busy.size >= settings.maxConcurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    const instance = taken();
    busy.add(instance);
    return instance;
  };
  const giveBack = (instance: Instance): void => {
    busy.delete(instance);
    if (instance.isAlive()) warm.push({ instance, sinceMs: Date.now() });
    waiting.shift()?.();
  };
  return {
    invoke: async (event) => {
      const instance = await turn();
      const from = performance.now();
      const outcome = await instance.run(event);
      counts.invocations += 1;
      counts.durationMs += performance.now() - from;
      if (!outcome.ok) counts.failures += 1;
      if (!outcome.ok) write(`${outcome.errorType}: ${outcome.errorMessage}\n`);
      giveBack(instance);
      return outcome;
    },
    warm: async () => {
      if (busy.size > 0 || warm.length > 0) return;
      const instance = taken();
      warm.push({ instance, sinceMs: Date.now() });
      await instance.ready;
    },
    stats: () => ({ ...counts }),
    reap: (olderThanMs) => {
      const old = warm.filter(({ sinceMs }) => sinceMs < olderThanMs);
      warm = warm.filter((kept) => !old.includes(kept));
      for (const { instance } of old) void instance.close();
    },
    running: () => busy.size,
    close: async () => {
      await Promise.all([...busy, ...warm.map(({ instance }) => instance)].map((instance) => instance.close()));
    },
  };
};

export const createLambda = ({ functions, logsFolder, idleMs = IDLE_MS }: LambdaOptions): Lambda => {
  const pools = new Map(functions.map((settings) => [settings.name, pool(settings, logsFolder)]));
  const reaper = setInterval(() => {
    for (const { reap } of pools.values()) reap(Date.now() - idleMs);
  }, idleMs / 2);
  reaper.unref();
  let open = true;

  const quiet = async (): Promise<void> => {
    const deadline = Date.now() + CLOSE_PATIENCE_MS;
    while ([...pools.values()].some(({ running }) => running() > 0) && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
  };
  return {
    invoke: async (name, event) => {
      const found = pools.get(name);
      if (found === undefined) throw new Error(`no function ${name}`);
      return open ? found.invoke(event) : failure('ServiceException', 'this machine is stopping');
    },
    warm: async () => {
      for (const { warm } of pools.values()) if (open) await warm();
    },
    stats: () => Object.fromEntries([...pools].map(([name, { stats }]) => [name, stats()])),
    close: async () => {
      open = false;
      clearInterval(reaper);
      await quiet();
      await Promise.all([...pools.values()].map(({ close }) => close()));
    },
  };
};
