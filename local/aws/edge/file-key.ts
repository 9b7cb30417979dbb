/** The key of a hosted file, read from the path of a request; a path that could mean something else has none. */

/** Amazon S3, "Naming Amazon S3 objects": a key has up to 1,024 bytes. */
const KEY_BYTES_MAX = 1024;
/** Every byte may be percent-encoded. */
const PATH_LENGTH_MAX = 3 * KEY_BYTES_MAX;

/** A slash or backslash that is encoded stands inside a name for us and between names for what comes after. */
const AMBIGUOUS = /%2f|%5c|\\/i;
const CONTROL = /\p{Cc}/u;

const decoded = (path: string): string | undefined => {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
};

export const fileKey = (path: string): string | undefined => {
  if (!path.startsWith('/') || path.length > PATH_LENGTH_MAX || AMBIGUOUS.test(path)) return undefined;
  const key = decoded(path)?.slice(1);
  if (key === undefined || CONTROL.test(key) || Buffer.byteLength(key) > KEY_BYTES_MAX) return undefined;
  return key.split('/').some((name) => name === '.' || name === '..') ? undefined : key;
};
