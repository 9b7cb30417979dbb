/** What the adapters of the table are made with: real identifiers, and a clock that a test moves. */
import { randomId } from '#adapters/system.ts';
import type { Instant } from '#domain/ids.ts';
import type { Cause } from '#shared/ports.ts';
import { NOW } from '../factories.ts';

export const CAUSE: Cause = { actor: { type: 'learner', id: 'maya' }, correlationId: 'request-1', causationId: null };

export const movableClock = () => {
  let now = NOW;
  return {
    needs: { clock: () => now, newId: randomId },
    set: (instant: Instant) => {
      now = instant;
    },
  };
};
