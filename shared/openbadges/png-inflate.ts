/** The one use that reading a PNG makes of Node itself. A build for a browser puts another file with the same export in this one's place. */
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';

const inflateZlib = promisify(inflate);

/** Inflates a zlib stream up to a bound, whatever a bomb promises. RFC 1950. */
export const inflated = async (bytes: Uint8Array, bytesMax: number): Promise<Uint8Array | 'malformed' | 'too-large'> => {
  try {
    return await inflateZlib(bytes, { maxOutputLength: bytesMax });
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'malformed';
  }
};
