/** Bytes on their way into a file of their own: kept when the source ends well, gone when it does not. */
import type { Blobs } from './blobs.ts';
import type { Digests } from './payload.ts';

type Write = (bytes: Uint8Array) => Promise<void>;

export interface TakenIn {
  readonly blob: string;
  readonly digests: Digests;
}

export const takeIn = async (blobs: Blobs, source: (write: Write) => Promise<Digests>): Promise<TakenIn> => {
  const intake = await blobs.intake();
  try {
    const digests = await source(intake.write);
    return { digests, blob: await intake.keep() };
  } catch (error) {
    await intake.discard();
    throw error;
  }
};
