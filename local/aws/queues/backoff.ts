/** How long a record waits after it failed: shorter than in the cloud, where a visibility timeout is minutes, so that one machine does not keep its user waiting. */

export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

export const BACKOFF: Backoff = { firstMs: 1000, maxMs: 30_000 };

/** Doubles with every failure; `failures` counts from 1. */
export const backoffMs = ({ firstMs, maxMs }: Backoff, failures: number): number => Math.min(maxMs, firstMs * 2 ** (failures - 1));
