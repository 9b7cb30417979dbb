/** Where a path-style request points: `/bucket` or `/bucket/key`. */
import { AwsError } from '../service.ts';

export interface Address {
  readonly bucket: string;
  /** Empty for the bucket itself. */
  readonly key: string;
}

/** Amazon S3 User Guide, "Naming Amazon S3 objects". */
export const KEY_BYTES_MAX = 1024;

/** Undefined where the path names no bucket or is no UTF-8. A key is never normalised: `a/../b` is a key of its own. */
export const addressOf = (path: string): Address | undefined => {
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  if (bucket === '') return undefined;
  try {
    return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(key) };
  } catch {
    return undefined;
  }
};

/** @throws AwsError KeyTooLongError */
export const holdKeyLength = (key: string): void => {
  const bytes = Buffer.byteLength(key);
  if (bytes <= KEY_BYTES_MAX) return;
  throw new AwsError('KeyTooLongError', 'Your key is too long', { extra: { Size: bytes, MaxSizeAllowed: KEY_BYTES_MAX } });
};
