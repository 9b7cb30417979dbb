import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { untilSaved } from '#shared/optimistic.ts';
import { WriteConflict } from '#shared/ports.ts';

/** Runs that lose the first so many races, and how often they ran. */
const losing = (times: number, error: Error = new WriteConflict(['revision'])) => {
  const run = vi.fn(async () => {
    if (run.mock.calls.length <= times) throw error;
    return 'saved';
  });
  return run;
};

const outcomeOf = async (saved: Promise<unknown>): Promise<unknown> => {
  const outcome = saved.catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  return outcome;
};

describe('load, decide, save', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([0, 1, 3, 7])('is done again from the start after %d lost races', async (times) => {
    const run = losing(times);
    expect(await outcomeOf(untilSaved(run))).toBe('saved');
    expect(run).toHaveBeenCalledTimes(times + 1);
  });

  it('gives up after eight lost races with the last conflict', async () => {
    const run = losing(8);
    expect(await outcomeOf(untilSaved(run))).toBeInstanceOf(WriteConflict);
    expect(run).toHaveBeenCalledTimes(8);
  });

  it('waits longer after every lost race', async () => {
    const waits = vi.spyOn(globalThis, 'setTimeout');
    await outcomeOf(untilSaved(losing(3)));
    const delays = waits.mock.calls.map(([, delay]) => delay ?? 0);
    expect(delays).toHaveLength(3);
    expect(delays).toEqual(delays.toSorted((left, right) => left - right));
    expect(new Set(delays).size).toBe(3);
  });

  it('is not done again where the conflict is the answer', async () => {
    const run = losing(1, new WriteConflict(['revision', 'award']));
    expect(await outcomeOf(untilSaved(run, ['award']))).toBeInstanceOf(WriteConflict);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('is done again where the conflict is another than the answer, or only met another transaction', async () => {
    for (const labels of [['revision'], []])
      expect(await outcomeOf(untilSaved(losing(1, new WriteConflict(labels)), ['award']))).toBe('saved');
  });

  it('is not done again after a crash', async () => {
    const run = losing(1, new Error('no table'));
    expect(await outcomeOf(untilSaved(run))).toEqual(new Error('no table'));
    expect(run).toHaveBeenCalledTimes(1);
  });
});

describe('a conflict', () => {
  it('says which expectations failed, or that two transactions met', () => {
    expect(new WriteConflict(['revision', 'award']).message).toBe('write conflict: revision, award');
    expect(new WriteConflict([]).message).toBe('write conflict: concurrent transaction');
  });
});
