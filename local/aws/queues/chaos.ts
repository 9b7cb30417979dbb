/**
 * What "at least once" allows, made to happen: messages delivered twice, late and out of order, and invocations whose
 * answer is lost although they did their work. Seeded, so that a schedule of chances can be repeated.
 */

export interface Chaos {
  /** Milliseconds after which a second copy of a sent message arrives, or nothing. */
  secondCopyMs(): number | undefined;
  /** Milliseconds by which a sent message is held up. */
  lateMs(): number;
  /** Whether the consumer's answer to a batch gets lost. */
  losesAnswer(): boolean;
  /** How many messages to look at for each one that is taken; the more, the more disorder. */
  readonly lookahead: number;
  shuffled<Item>(items: readonly Item[]): Item[];
}

export const CALM: Chaos = {
  secondCopyMs: () => undefined,
  lateMs: () => 0,
  losesAnswer: () => false,
  lookahead: 1,
  shuffled: (items) => [...items],
};

export interface ChaosRates {
  readonly seed: number;
  /** Probabilities, 0 to 1. */
  readonly duplicate?: number;
  readonly late?: number;
  readonly loseAnswer?: number;
  readonly lateMsMax?: number;
}

/** Mulberry32: small, well spread, and no secret depends on it. */
const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

export const createChaos = ({ seed, duplicate = 0.2, late = 0.2, loseAnswer = 0.1, lateMsMax = 1500 }: ChaosRates): Chaos => {
  const random = randomFrom(seed);
  const delayMs = (): number => Math.floor(random() * lateMsMax);
  return {
    secondCopyMs: () => (random() < duplicate ? delayMs() : undefined),
    lateMs: () => (random() < late ? delayMs() : 0),
    losesAnswer: () => random() < loseAnswer,
    lookahead: 8,
    shuffled: (items) => {
      const left = [...items];
      return items.flatMap(() => left.splice(Math.floor(random() * left.length), 1));
    },
  };
};
