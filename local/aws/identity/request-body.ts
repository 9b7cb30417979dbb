/** Bodies that the identity provider reads itself: a few dozen bytes each. */
import type { IncomingMessage } from 'node:http';

const BODY_BYTES_MAX = 4096;

/** @returns undefined when the body is too long to be meant for us */
export const smallBody = async (request: IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
};
