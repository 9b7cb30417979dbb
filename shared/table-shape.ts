/** The shape of the single table, known to whoever makes it and to whoever reads and writes it. */

/** An item that stands in an index carries the index's two keys; all keys are strings. */
export const TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Seconds since 1970. DynamoDB deletes an item some time after this, at no cost. */
  ttl: 'expiresAt',
  indexes: {
    byLearner: { partitionKey: 'gsi1pk', sortKey: 'gsi1sk' },
    byMonth: { partitionKey: 'gsi2pk', sortKey: 'gsi2sk' },
  },
} as const;

export type IndexName = keyof typeof TABLE.indexes;

/** Marks a row of the outbox: the relay's filter lets no other row of the stream pass. */
export const OUTBOX_KIND = 'outbox';
