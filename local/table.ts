/** The table of this machine: made at the first start, brought to the present shape at every later one. */
import * as z from 'zod';
import { TABLE } from '../shared/table-shape.ts';
import { ROOT } from './aws/credentials.ts';
import type { DynamoDb } from './aws/dynamodb/dynamodb.ts';
import { AwsError } from './aws/service.ts';
import { TABLE_NAME } from './resources.ts';

const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName, KeyType });
const texts = (names: readonly string[]) => names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' }));

const INDEXES = Object.entries(TABLE.indexes).map(([IndexName, { partitionKey, sortKey }]) => ({
  IndexName,
  KeySchema: [key(partitionKey, 'HASH'), key(sortKey, 'RANGE')],
  Projection: { ProjectionType: 'ALL' },
}));
type Index = Pick<(typeof INDEXES)[number], 'IndexName' | 'KeySchema'>;

const keyNames = ({ KeySchema }: Pick<Index, 'KeySchema'>): readonly string[] => KeySchema.map(({ AttributeName }) => AttributeName);

/** In the form of CreateTable. */
const DEFINITION = {
  AttributeDefinitions: texts([TABLE.partitionKey, TABLE.sortKey, ...INDEXES.flatMap(keyNames)]),
  KeySchema: [key(TABLE.partitionKey, 'HASH'), key(TABLE.sortKey, 'RANGE')],
  BillingMode: 'PAY_PER_REQUEST',
  GlobalSecondaryIndexes: INDEXES,
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
};

const Described = z.object({
  Table: z.object({
    LatestStreamArn: z.string(),
    GlobalSecondaryIndexes: z
      .array(
        z.object({
          IndexName: z.string(),
          KeySchema: z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) })),
        }),
      )
      .default([]),
  }),
});
const DescribedExpiry = z.object({ TimeToLiveDescription: z.object({ TimeToLiveStatus: z.string() }) });

type Ask = (action: string, input?: object) => Promise<unknown>;

const askOf =
  ({ tables }: DynamoDb): Ask =>
  (action, input = {}) =>
    tables.handle(action, { TableName: TABLE_NAME, ...input }, { principal: ROOT, authorize: () => undefined });

const create = async (ask: Ask): Promise<void> => {
  try {
    await ask('CreateTable', DEFINITION);
  } catch (error) {
    if (!(error instanceof AwsError && error.code === 'ResourceInUseException')) throw error;
  }
};

const isSame = (one: Index, other: Index): boolean => one.IndexName === other.IndexName && keyNames(one).join() === keyNames(other).join();

/** One index at a time, as DynamoDB takes them. What an index held can be found again in the items. */
const bringIndexes = async (ask: Ask, found: readonly Index[]): Promise<void> => {
  for (const index of found.filter((old) => !INDEXES.some((present) => isSame(present, old))))
    await ask('UpdateTable', { GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: index.IndexName } }] });
  for (const index of INDEXES.filter((present) => !found.some((old) => isSame(present, old))))
    await ask('UpdateTable', { AttributeDefinitions: texts(keyNames(index)), GlobalSecondaryIndexUpdates: [{ Create: index }] });
};

/** Asked by itself: a first start may have been cut off between the table and its expiry. */
const bringExpiry = async (ask: Ask): Promise<void> => {
  const { TimeToLiveDescription } = DescribedExpiry.parse(await ask('DescribeTimeToLive'));
  if (TimeToLiveDescription.TimeToLiveStatus === 'ENABLED') return;
  await ask('UpdateTimeToLive', { TimeToLiveSpecification: { AttributeName: TABLE.ttl, Enabled: true } });
};

/** Any number of times: what already is so stays as it is. @returns the ARN of its stream */
export const ensureTable = async (dynamodb: DynamoDb): Promise<string> => {
  const ask = askOf(dynamodb);
  await create(ask);
  const { LatestStreamArn, GlobalSecondaryIndexes } = Described.parse(await ask('DescribeTable')).Table;
  await bringIndexes(ask, GlobalSecondaryIndexes);
  await bringExpiry(ask);
  return LatestStreamArn;
};
