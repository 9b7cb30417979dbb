/** The instances of one function, opened on demand up to its limit and kept warm. Callers over the limit wait their turn, first come, first served. */
import { type FunctionSettings, type Instance, openInstance } from './instance.ts';
import { failure, type Invocation, PAYLOAD_BYTES_MAX, TOO_LARGE } from './invocation.ts';
import { openLogFile } from './log-file.ts';

export interface FunctionStats {
  readonly invocations: number;
  /** Instances opened. */
  readonly coldStarts: number;
  readonly failures: number;
  readonly durationMs: number;
}

export interface Pool {
  invoke(event: unknown): Promise<Invocation>;
  /** Opens an instance, unless there is one. */
  warm(): Promise<void>;
  stats(): FunctionStats;
  /** Ends instances that have had no work since this time, in milliseconds since the epoch. */
  reap(idleSinceMs: number): void;
  /** Refuses those who wait, gives what is running so long to finish, then ends every instance. */
  close(patienceMs: number): Promise<void>;
}

interface Warm {
  readonly instance: Instance;
  readonly sinceMs: number;
}

const stopping = (): Invocation => failure('ServiceException', 'this machine is stopping');

const tooLarge = (): Invocation => failure(TOO_LARGE, `${PAYLOAD_BYTES_MAX} bytes is the largest event of a synchronous invocation`);

/** A place is handed from who leaves to who waits longest: nobody slips in between, and no place is lost. */
const createTurns = (places: number) => {
  const waiting: ((mayEnter: boolean) => void)[] = [];
  const empty = Promise.withResolvers<void>();
  let free = places;
  let open = true;
  const noticeEmpty = (): void => {
    if (!open && free === places) empty.resolve();
  };
  return {
    /** @returns false once closed */
    enter: (): boolean | Promise<boolean> => {
      if (!open) return false;
      if (free === 0) return new Promise<boolean>((resolve) => waiting.push(resolve));
      free -= 1;
      return true;
    },
    leave: (): void => {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next(true);
      noticeEmpty();
    },
    /** Refuses those who wait. @returns when everyone has left */
    close: (): Promise<void> => {
      open = false;
      for (const refuse of waiting.splice(0)) refuse(false);
      noticeEmpty();
      return empty.promise;
    },
  };
};

const within = async (patienceMs: number, work: Promise<unknown>): Promise<void> => {
  const patience = Promise.withResolvers<void>();
  const timer = setTimeout(patience.resolve, patienceMs);
  await Promise.race([work, patience.promise]);
  clearTimeout(timer);
};

export const createPool = (settings: FunctionSettings, logsFolder: string): Pool => {
  const write = openLogFile(logsFolder, settings.name);
  const turns = createTurns(settings.maxConcurrency);
  const busy = new Set<Instance>();
  let warm: Warm[] = [];
  const counts = { invocations: 0, coldStarts: 0, failures: 0, durationMs: 0 };

  const opened = (): Instance => {
    counts.coldStarts += 1;
    return openInstance(settings, write);
  };
  /** The one that worked last: the others may grow old. */
  const taken = (): Instance => {
    const found = warm.pop()?.instance;
    if (found === undefined) return opened();
    return found.isAlive() ? found : taken();
  };
  const keepWarm = (instance: Instance): void => {
    if (instance.isAlive()) warm.push({ instance, sinceMs: Date.now() });
  };
  const counted = (outcome: Invocation, durationMs: number): Invocation => {
    counts.invocations += 1;
    counts.durationMs += durationMs;
    if (!outcome.ok) counts.failures += 1;
    if (!outcome.ok) write(`${outcome.errorType}: ${outcome.errorMessage}\n`);
    return outcome;
  };
  const run = async (event: string): Promise<Invocation> => {
    const instance = taken();
    busy.add(instance);
    const outcome = await instance.run(event);
    busy.delete(instance);
    keepWarm(instance);
    return outcome;
  };
  return {
    invoke: async (event) => {
      const text = JSON.stringify(event) ?? 'null';
      if (Buffer.byteLength(text) > PAYLOAD_BYTES_MAX) return tooLarge();
      if (!(await turns.enter())) return stopping();
      const from = performance.now();
      try {
        return counted(await run(text), performance.now() - from);
      } finally {
        turns.leave();
      }
    },
    warm: async () => {
      if (busy.size > 0 || warm.length > 0) return;
      const instance = opened();
      keepWarm(instance);
      await instance.ready;
    },
    stats: () => ({ ...counts }),
    reap: (idleSinceMs) => {
      const old = warm.filter(({ sinceMs }) => sinceMs < idleSinceMs);
      warm = warm.filter((kept) => !old.includes(kept));
      for (const { instance } of old) void instance.close();
    },
    close: async (patienceMs) => {
      await within(patienceMs, turns.close());
      await Promise.all([...busy, ...warm.map(({ instance }) => instance)].map((instance) => instance.close()));
    },
  };
};
