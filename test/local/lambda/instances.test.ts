import { afterEach, describe, expect, it } from 'vitest';
import { aFunction, type Bench } from './functions.ts';

let bench: Bench;
afterEach(() => bench.close());

const given = (...[source, options]: Parameters<typeof aFunction>): Bench => {
  bench = aFunction(source, options);
  return bench;
};

/** Answers how many events this instance handles at once, and how many it has begun. */
const SLEEP = `
  let now = 0, most = 0, count = 0;
  export const handler = async (ms) => {
    most = Math.max(most, ++now);
    const begun = ++count;
    await new Promise((resolve) => setTimeout(resolve, ms));
    now -= 1;
    return { most, begun };
  };`;

const COUNT = 'let count = 0; export const handler = async () => ++count;';

describe('instances', () => {
  it('are as many as events at once, up to the limit; further events wait', async () => {
    given(SLEEP, { maxConcurrency: 2 });
    const answers = await Promise.all(Array.from({ length: 6 }, () => bench.invoke(30)));
    expect(answers.map((answer) => answer.ok && (answer.payload as { most: number }).most)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(bench.lambda.stats().subject).toMatchObject({ invocations: 6, coldStarts: 2, failures: 0 });
  });

  it('take events in the order in which they came', async () => {
    given(SLEEP, { maxConcurrency: 1 });
    const answers = await Promise.all([5, 5, 5, 5].map((ms) => bench.invoke(ms)));
    expect(answers.map((answer) => answer.ok && (answer.payload as { begun: number }).begun)).toEqual([1, 2, 3, 4]);
  });

  it('keep that order when an event comes at the very moment at which a place is free', async () => {
    given(SLEEP, { maxConcurrency: 1 });
    const order: string[] = [];
    const noted = async (name: string): Promise<void> => {
      await bench.invoke(0);
      order.push(name);
    };
    const first = bench.invoke(0);
    const waiting = ['second', 'third'].map(noted);
    const late = first.then(() => noted('late'));
    await Promise.all([...waiting, late]);
    expect(order).toEqual(['second', 'third', 'late']);
  });

  it('that die one after the other leave nobody waiting', async () => {
    given('export const handler = async (event) => event === "die" ? process.exit(1) : "alive";', { maxConcurrency: 1 });
    const outcomes = await Promise.all(['die', 'die', 'live', 'die', 'live'].map(bench.invoke));
    expect(outcomes.map(({ ok }) => ok)).toEqual([false, false, true, false, true]);
    expect(bench.lambda.stats().subject).toMatchObject({ coldStarts: 4, failures: 3 });
  });

  it('that cannot be loaded leave nobody waiting either', async () => {
    given('throw new Error("unloadable");', { maxConcurrency: 1 });
    const outcomes = await Promise.all([1, 2, 3].map(bench.invoke));
    expect(outcomes.map((outcome) => !outcome.ok && outcome.errorMessage)).toEqual(['unloadable', 'unloadable', 'unloadable']);
  });

  it('can be opened before the first event, which then finds one warm', async () => {
    given(COUNT);
    await bench.lambda.warm();
    await bench.lambda.warm();
    expect(bench.lambda.stats().subject).toMatchObject({ invocations: 0, coldStarts: 1 });
    expect(await bench.invoke()).toEqual({ ok: true, payload: 1 });
    expect(bench.lambda.stats().subject).toMatchObject({ invocations: 1, coldStarts: 1 });
  });

  it('that cannot be loaded do not hold up the warming of others', async () => {
    given('throw new Error("unloadable");');
    await bench.lambda.warm();
    expect(await bench.invoke()).toMatchObject({ ok: false, errorMessage: 'unloadable' });
    expect(bench.lambda.stats().subject).toMatchObject({ coldStarts: 2 });
  });

  it('that have been idle are ended, and the next event starts cold', async () => {
    given(COUNT, { idleMs: 20 });
    const afterAWhile = async (): Promise<unknown> => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return bench.invoke();
    };
    await bench.invoke();
    await expect.poll(afterAWhile, { timeout: 10_000 }).toEqual({ ok: true, payload: 1 });
    expect(bench.lambda.stats().subject?.coldStarts).toBeGreaterThan(1);
  });
});

describe('a machine that stops', () => {
  it('lets what is running finish, refuses what waits and takes nothing more', async () => {
    given(SLEEP, { maxConcurrency: 1 });
    const [running, waiting] = [bench.invoke(100), bench.invoke(0)];
    await bench.lambda.close();
    expect(await running).toEqual({ ok: true, payload: { most: 1, begun: 1 } });
    const refused = { ok: false, errorType: 'ServiceException', errorMessage: 'this machine is stopping' };
    expect(await waiting).toEqual(refused);
    expect(await bench.invoke(0)).toEqual(refused);
    expect(bench.lambda.stats().subject).toMatchObject({ coldStarts: 1 });
  });

  it('ends what does not finish in time, and opens nothing in its place', async () => {
    given('export const handler = () => new Promise(() => {});', { closePatienceMs: 50, maxConcurrency: 1 });
    await bench.lambda.warm();
    const [hanging, waiting] = [bench.invoke(), bench.invoke()];
    await bench.lambda.close();
    expect(await hanging).toMatchObject({ ok: false, errorType: 'ServiceException' });
    expect(await waiting).toMatchObject({ ok: false, errorType: 'ServiceException' });
    expect(bench.lambda.stats().subject).toMatchObject({ coldStarts: 1 });
  });

  it('does not wait for one that is still being loaded', async () => {
    given('await new Promise(() => setTimeout(() => {}, 60_000)); export const handler = async () => 1;', { closePatienceMs: 50 });
    const loading = bench.invoke();
    await bench.lambda.close();
    expect(await loading).toMatchObject({ ok: false, errorType: 'ServiceException' });
  });

  it('can be told twice', async () => {
    given(COUNT);
    await bench.invoke();
    await bench.lambda.close();
    await expect(bench.lambda.close()).resolves.toBeUndefined();
  });
});
