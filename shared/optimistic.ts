/** Optimistic concurrency: load, decide, save; and again from the start when someone else saved in between. */
import { WriteConflict } from './ports.ts';

const ATTEMPTS_MAX = 8;

/**
 * Runs a load-decide-save until its save finds what its load saw. A conflict whose label is in `final` is an answer, not a race.
 * @throws WriteConflict after {@link ATTEMPTS_MAX} lost races: a queue tries later, a caller may too.
 */
export const untilSaved = async <T>(run: () => Promise<T>, final: readonly string[] = []): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      const lost = error instanceof WriteConflict && !error.labels.some((label) => final.includes(label));
      if (!lost || attempt === ATTEMPTS_MAX) throw error;
      await new Promise((resolve) => setTimeout(resolve, 2 ** attempt * 5));
    }
  }
};
