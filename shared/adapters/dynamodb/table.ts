/** The single table: keys, codec, consistent reads and the one transaction that every state change is. */
import {
  DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type Expectation, type Write, WriteConflict } from '#shared/ports.ts';
import { type IndexName, TABLE } from '#shared/table-shape.ts';
import { environment } from '../environment.ts';

export type Item = Readonly<Record<string, unknown>>;

/** All that begins with a prefix, or all that stands before a key. */
export type SortRange = { readonly prefix: string } | { readonly before: string };

export interface Table {
  get(partition: string, sort: string): Promise<Item | undefined>;
  /** Items of a partition, read consistently, in sort order. */
  query(partition: string, range?: SortRange): Promise<readonly Item[]>;
  /** Items of an index partition, newest sort key first; eventually consistent. */
  queryIndex(name: IndexName, value: string): Promise<readonly Item[]>;
  /** Items of an index partition behind a sort key, oldest first; eventually consistent. */
  indexPage(name: IndexName, value: string, page: { after?: string | undefined; limit: number }): Promise<readonly Item[]>;
  /** @throws WriteConflict */
  commit(writes: readonly Write[]): Promise<void>;
}

/** DynamoDB takes this many actions in one transaction. */
const TRANSACTION_WRITES_MAX = 100;

const condition = (
  expect: Expectation,
): Pick<NonNullable<TransactWriteItem['Put']>, 'ConditionExpression' | 'ExpressionAttributeValues'> => {
  if (expect === 'anything') return {};
  if (expect === 'absent') return { ConditionExpression: 'attribute_not_exists(pk)' };
  if (expect === 'present') return { ConditionExpression: 'attribute_exists(pk)' };
  return { ConditionExpression: 'revision = :revision', ExpressionAttributeValues: marshall({ ':revision': expect.revision }) };
};

const action = (TableName: string, write: Write): TransactWriteItem => {
  const key = { pk: write.partition, sk: write.sort };
  const guard = condition(write.expect);
  if (write.check === true) return { ConditionCheck: { TableName, Key: marshall(key), ConditionExpression: '', ...guard } };
  if (write.item === undefined) return { Delete: { TableName, Key: marshall(key), ...guard } };
  return { Put: { TableName, Item: marshall({ ...write.item, ...key }, { removeUndefinedValues: true }), ...guard } };
};

/** Which items of a partition: the condition on their sort key, and the value in it. */
const keyCondition = (pk: string, range: SortRange | undefined) => {
  if (range === undefined) return { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: marshall({ ':pk': pk }) };
  const [compares, sk] = 'prefix' in range ? (['begins_with(sk, :sk)', range.prefix] as const) : (['sk < :sk', range.before] as const);
  return { KeyConditionExpression: `pk = :pk AND ${compares}`, ExpressionAttributeValues: marshall({ ':pk': pk, ':sk': sk }) };
};

/** The labels of the writes whose condition failed. A transaction that merely met another one has none: it may be tried again. */
const conflictOf = (error: TransactionCanceledException, writes: readonly Write[]): WriteConflict | undefined => {
  const reasons = error.CancellationReasons ?? [];
  const labels = reasons.flatMap(({ Code }, place) => (Code === 'ConditionalCheckFailed' ? [writes[place]?.label ?? ''] : []));
  const raced = reasons.some(({ Code }) => Code === 'TransactionConflict');
  return labels.length > 0 || raced ? new WriteConflict(labels) : undefined;
};

const openTable = (client: DynamoDBClient, TableName: string): Table => ({
  get: async (pk, sk) => {
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: marshall({ pk, sk }), ConsistentRead: true }));
    return Item === undefined ? undefined : unmarshall(Item);
  },
  query: (pk, range) => collect(paginateQuery({ client }, { TableName, ...keyCondition(pk, range), ConsistentRead: true })),
  queryIndex: async (name, value) => {
    const pages = paginateQuery(
      { client },
      {
        TableName,
        IndexName: name,
        KeyConditionExpression: '#key = :value',
        ExpressionAttributeNames: { '#key': TABLE.indexes[name].partitionKey },
        ExpressionAttributeValues: marshall({ ':value': value }),
        ScanIndexForward: false,
      },
    );
    return collect(pages);
  },
  indexPage: async (name, value, { after = '', limit }) => {
    const { partitionKey, sortKey } = TABLE.indexes[name];
    const pages = paginateQuery(
      { client },
      {
        TableName,
        IndexName: name,
        KeyConditionExpression: '#key = :value AND #sort > :after',
        ExpressionAttributeNames: { '#key': partitionKey, '#sort': sortKey },
        // No sort key is empty, and DynamoDB compares with none that is.
        ExpressionAttributeValues: marshall({ ':value': value, ':after': after === '' ? ' ' : after }),
        Limit: limit,
      },
    );
    for await (const { Items = [] } of pages) if (Items.length > 0) return Items.map((item) => unmarshall(item));
    return [];
  },
  commit: async (writes) => {
    if (writes.length > TRANSACTION_WRITES_MAX)
      throw new Error(`a transaction takes ${TRANSACTION_WRITES_MAX} writes, not ${writes.length}`);
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: writes.map((write) => action(TableName, write)) }));
    } catch (error) {
      throw (error instanceof TransactionCanceledException ? conflictOf(error, writes) : undefined) ?? error;
    }
  },
});

const collect = async (
  pages: AsyncIterable<{ Items?: Record<string, never>[] | undefined } | { Items?: unknown }>,
): Promise<readonly Item[]> => {
  const items: Item[] = [];
  for await (const page of pages) for (const item of (page.Items ?? []) as Parameters<typeof unmarshall>[0][]) items.push(unmarshall(item));
  return items;
};

let opened: Table | undefined;

/** The deployment's table; one client for all that a function does. */
export const table = (): Table => {
  opened ??= openTable(dynamodb(), environment('TABLE_NAME'));
  return opened;
};

let client: DynamoDBClient | undefined;

export const dynamodb = (): DynamoDBClient => {
  client ??= new DynamoDBClient({});
  return client;
};

/**
 * The body of an item of the given kind.
 * @throws Error if it is of another kind or of a schema that this code does not know: a newer deploy wrote it.
 */
export const bodyOf = <T>(item: Item, kind: string): T => {
  if (item.kind !== kind || item.schema !== 1)
    throw new Error(`expected item of kind ${kind} and schema 1, found ${String(item.kind)} and ${String(item.schema)}`);
  return item.body as T;
};

export const itemOf = (kind: string, body: unknown): Item => ({ kind, schema: 1, body });
