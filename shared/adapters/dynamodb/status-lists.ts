/** Status lists in the table: a counter for each list, and one item for each raised bit, in the list's own partition so that a rebuild reads them consistently. */
import { randomBytes } from 'node:crypto';
import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { TenantId } from '#domain/ids.ts';
import { STATUS_LIST_BITS } from '#openbadges/bitstring-status-list.ts';
import { statusIndex } from '#openbadges/status-index.ts';
import type { StatusLists } from '#shared/ports.ts';
import { environment } from '../environment.ts';
import { bodyOf, dynamodb, itemOf, table } from './table.ts';

const partitionOf = (tenant: TenantId, list: number): string => `${tenant}#STATUS#${list}`;
const bitSort = (index: number): string => `BIT#${String(index).padStart(7, '0')}`;

/**
 * A place may be reserved and its claim then lost, and with it the word that the list is new. So the first several say it:
 * to publish a list once more than needed costs a signature, never to publish it costs every badge in it.
 */
const OPENING_PLACES = 16;

/** Takes the next count of a list; undefined when the list is full. The key that scatters its indices is drawn with the first count. */
const count = async (tenant: TenantId, list: number): Promise<{ counter: number; key: Uint8Array } | undefined> => {
  try {
    const { Attributes } = await dynamodb().send(
      new UpdateItemCommand({
        TableName: environment('TABLE_NAME'),
        Key: marshall({ pk: partitionOf(tenant, list), sk: 'COUNTER' }),
        UpdateExpression:
          'SET used = if_not_exists(used, :none) + :one, scatter = if_not_exists(scatter, :scatter), kind = :kind, #schema = :one',
        ConditionExpression: 'attribute_not_exists(used) OR used < :capacity',
        ExpressionAttributeNames: { '#schema': 'schema' },
        ExpressionAttributeValues: marshall({
          ':none': 0,
          ':one': 1,
          ':capacity': STATUS_LIST_BITS,
          ':scatter': randomBytes(32),
          ':kind': 'status-counter',
        }),
        ReturnValues: 'ALL_NEW',
      }),
    );
    const { used, scatter } = unmarshall(Attributes ?? {});
    return { counter: Number(used) - 1, key: scatter as Uint8Array };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
};

/** The list that places are taken from now; only a hint, since a full list sends on to the next. */
const current = async (tenant: TenantId): Promise<number> => {
  const item = await table().get(`${tenant}#STATUS`, 'CURRENT');
  return item === undefined ? 1 : bodyOf<{ list: number }>(item, 'status-current').list;
};

const moveOn = async (tenant: TenantId, list: number): Promise<void> => {
  await table().commit([
    {
      partition: `${tenant}#STATUS`,
      sort: 'CURRENT',
      expect: 'anything',
      label: 'status-current',
      item: itemOf('status-current', { list }),
    },
  ]);
};

export const dynamodbStatusLists = (): StatusLists => ({
  reserve: async (tenant) => {
    const hint = await current(tenant);
    for (let list = hint; ; list += 1) {
      const taken = await count(tenant, list);
      if (taken === undefined) continue;
      if (list !== hint) await moveOn(tenant, list);
      return { list, index: statusIndex(taken.counter, taken.key), opened: taken.counter < OPENING_PLACES };
    }
  },
  current,
  raised: async (tenant, list) => {
    const items = await table().query(partitionOf(tenant, list), { prefix: 'BIT#' });
    return items.map((item) => bodyOf<{ index: number }>(item, 'status-bit').index);
  },
  mark: (tenant, { list, index }, raised) => ({
    partition: partitionOf(tenant, list),
    sort: bitSort(index),
    expect: 'anything',
    label: 'status-bit',
    ...(raised ? { item: itemOf('status-bit', { index }) } : {}),
  }),
});
