/** Lambda on one machine: each function of the path with a pool of instances of its own, kept warm for a while. */
import { type FunctionSettings, functionArn } from './instance.ts';
import { failure, type Invoke } from './invocation.ts';
import { createPool, type FunctionStats } from './pool.ts';

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
  /** How long {@link Lambda.close} waits for what is running. */
  readonly closePatienceMs?: number;
}

const IDLE_MS = 5 * 60 * 1000;
const CLOSE_PATIENCE_MS = 5000;

export const createLambda = (options: LambdaOptions): Lambda => {
  const { functions, logsFolder, idleMs = IDLE_MS, closePatienceMs = CLOSE_PATIENCE_MS } = options;
  const pools = new Map(functions.map((settings) => [settings.name, createPool(settings, logsFolder)]));
  const reaper = setInterval(() => {
    for (const { reap } of pools.values()) reap(Date.now() - idleMs);
  }, idleMs / 2);
  reaper.unref();
  let open = true;
  return {
    invoke: async (name, event) =>
      pools.get(name)?.invoke(event) ?? failure('ResourceNotFoundException', `Function not found: ${functionArn(name)}`),
    warm: async () => {
      for (const { warm } of pools.values()) if (open) await warm();
    },
    stats: () => Object.fromEntries([...pools].map(([name, { stats }]) => [name, stats()])),
    close: async () => {
      open = false;
      clearInterval(reaper);
      await Promise.all([...pools.values()].map(({ close }) => close(closePatienceMs)));
    },
  };
};
