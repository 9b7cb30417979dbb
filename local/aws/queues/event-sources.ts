/** All event source mappings of one machine, and the answer to "is everything done?". */
import type { Mapping } from './queue-mapping.ts';

export interface EventSources {
  start(): void;
  /** Resolves when no message waits or is being handled (dead letters apart) and every stream is drained. */
  idle(): Promise<void>;
  /** Takes nothing more and waits for what is being handled. */
  close(): Promise<void>;
}

export interface EventSourcesOptions {
  /** Makes the mappings; each calls `settled` whenever it may have become idle. */
  readonly mappings: (settled: () => void) => readonly Mapping[];
  /** Whether work is pending elsewhere that will come to a queue: the bus, retrying a target. */
  readonly isBusPending?: () => boolean;
}

/** How often to look at what tells nobody when it is done. */
const RECHECK_MS = 100;

export const createEventSources = ({ mappings, isBusPending = () => false }: EventSourcesOptions): EventSources => {
  let waiting: (() => void)[] = [];
  const wake = (): void => {
    const resolvers = waiting;
    waiting = [];
    for (const resolve of resolvers) resolve();
  };
  const all = mappings(wake);
  const isIdle = (): boolean => !isBusPending() && all.every((mapping) => mapping.isIdle());

  /** A turn of the event loop later, a write whose stream has just grown has told its listener. */
  const isStillIdle = async (): Promise<boolean> => {
    if (!isIdle()) return false;
    await new Promise((resolve) => setImmediate(resolve));
    return isIdle();
  };

  const nextChange = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, RECHECK_MS);
      waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });

  return {
    start: () => {
      for (const mapping of all) mapping.start();
    },
    idle: async () => {
      while (!(await isStillIdle())) await nextChange();
    },
    close: async () => {
      await Promise.all(all.map((mapping) => mapping.close()));
      wake();
    },
  };
};
