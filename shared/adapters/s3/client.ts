/** One S3 client for a function. Checksums are ours to name: by default the SDK would add the CRC of an empty body to a presigned address. */
import { S3Client } from '@aws-sdk/client-s3';

let client: S3Client | undefined;

export const s3 = (): S3Client => {
  client ??= new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' });
  return client;
};
