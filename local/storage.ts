/** The storage of this machine: what outlives a restart. */
import { EVIDENCE_CORS } from '../functions/buckets.ts';
import { type CredentialsFile, openCredentials } from './aws/credentials.ts';
import { type DynamoDb, openDynamoDb } from './aws/dynamodb/dynamodb.ts';
import { type Kms, openKms } from './aws/kms/kms.ts';
import { openS3, type S3 } from './aws/s3/s3.ts';
import { EVIDENCE_BUCKET, HOSTED_BUCKET, SECRETS_KEY_ALIAS } from './resources.ts';
import { ensureTable } from './table.ts';

export interface Ground {
  readonly credentials: CredentialsFile;
  readonly dynamodb: DynamoDb;
  readonly s3: S3;
  readonly kms: Kms;
  readonly streamArn: string;
  readonly secretsKeyArn: string;
}

/** Idempotent: a restart finds its tables, buckets and keys. `folder` is `aws/` of the home. */
export const openGround = async (folder: string, origin: string): Promise<Ground> => {
  const dynamodb = openDynamoDb({ folder });
  const s3 = openS3({ folder });
  const kms = openKms({ folder });
  const streamArn = await ensureTable(dynamodb);
  ensureBuckets(s3, origin);
  const secretsKeyArn = await kms.ensureKey(SECRETS_KEY_ALIAS, 'SYMMETRIC_DEFAULT', {});
  return { credentials: openCredentials(folder), dynamodb, s3, kms, streamArn, secretsKeyArn };
};

const ensureBuckets = (s3: S3, origin: string): void => {
  const { methods, requestHeaders, responseHeaders, maxAgeSeconds } = EVIDENCE_CORS;
  s3.createBucket(EVIDENCE_BUCKET, {
    versioned: true,
    notify: true,
    cors: [{ origins: [origin], methods, headers: requestHeaders, exposeHeaders: responseHeaders, maxAgeSeconds }],
  });
  s3.createBucket(HOSTED_BUCKET, { versioned: true });
};
