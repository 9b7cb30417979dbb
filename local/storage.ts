/** The storage of this machine: what outlives a restart. */
import * as z from 'zod';
import { EVIDENCE_CORS } from '../functions/buckets.ts';
import { TABLE } from '../shared/table-shape.ts';
import { type CredentialsFile, openCredentials, ROOT } from './aws/credentials.ts';
import { type DynamoDb, openDynamoDb } from './aws/dynamodb/dynamodb.ts';
import { type Kms, openKms } from './aws/kms/kms.ts';
import { openS3, type S3 } from './aws/s3/s3.ts';
import { AwsError } from './aws/service.ts';
import { EVIDENCE_BUCKET, HOSTED_BUCKET, SECRETS_KEY_ALIAS, TABLE_NAME } from './resources.ts';

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

const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName, KeyType });

/** In the form of CreateTable. */
const tableDefinition = () => ({
  TableName: TABLE_NAME,
  AttributeDefinitions: [
    TABLE.partitionKey,
    TABLE.sortKey,
    ...Object.values(TABLE.indexes).flatMap(({ partitionKey, sortKey }) => [partitionKey, sortKey]),
  ].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  KeySchema: [key(TABLE.partitionKey, 'HASH'), key(TABLE.sortKey, 'RANGE')],
  BillingMode: 'PAY_PER_REQUEST',
  GlobalSecondaryIndexes: Object.entries(TABLE.indexes).map(([name, { partitionKey, sortKey }]) => ({
    IndexName: name,
    KeySchema: [key(partitionKey, 'HASH'), key(sortKey, 'RANGE')],
    Projection: { ProjectionType: 'ALL' },
  })),
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
});

const Described = z.object({ Table: z.object({ LatestStreamArn: z.string() }) });

/** @returns the ARN of its stream */
const ensureTable = async ({ tables }: DynamoDb): Promise<string> => {
  const caller = { principal: ROOT, authorize: () => undefined };
  try {
    await tables.handle('CreateTable', tableDefinition(), caller);
    await tables.handle(
      'UpdateTimeToLive',
      { TableName: TABLE_NAME, TimeToLiveSpecification: { AttributeName: TABLE.ttl, Enabled: true } },
      caller,
    );
  } catch (error) {
    if (!(error instanceof AwsError && error.code === 'ResourceInUseException')) throw error;
  }
  return Described.parse(await tables.handle('DescribeTable', { TableName: TABLE_NAME }, caller)).Table.LatestStreamArn;
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
