import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../local/aws/dynamodb/database.ts';
import { type PageSpan, pageQuery } from '../../../local/aws/dynamodb/page.ts';
import type { Index, Table } from '../../../local/aws/dynamodb/table.ts';
import { text } from '../../../local/aws/sqlite-row.ts';

const hash = { name: 'pk', type: 'S' } as const;
const index: Index = { ordinal: 0, name: 'by-queue', key: { hash }, projection: 'ALL' };
const table: Table = { id: 1, name: 'assay', key: { hash }, indexes: [index] };

const bytes = Buffer.from('k');
const bound = { key: bytes, inclusive: true };
const position = { partition: bytes, sort: bytes };
const after = { position, item: position };
const only = { partitions: { only: bytes } };

const spans: { reading: string; span: Omit<PageSpan, 'table' | 'forward' | 'index'> }[] = [
  { reading: 'a partition', span: only },
  { reading: 'a range', span: { ...only, low: bound, high: bound } },
  { reading: 'a range from a page on', span: { ...only, low: bound, high: bound, after } },
  { reading: 'everything', span: { partitions: {} } },
  { reading: 'everything from a page on', span: { partitions: {}, after } },
  { reading: 'a segment', span: { partitions: { first: bytes, end: bytes } } },
];

describe('reading a page', () => {
  const database = openDatabase(':memory:');
  const cases = spans.flatMap(({ reading, span }) =>
    [undefined, index].flatMap((from) =>
      [true, false].map((forward) => ({
        reading,
        from: from?.name ?? 'the table',
        forward,
        span: { ...span, table, index: from, forward },
      })),
    ),
  );

  it.each(cases)('of $reading of $from seeks in key order and sorts nothing (forward: $forward)', ({ span }) => {
    const { sql, values } = pageQuery(span);
    const plan = database.all(`EXPLAIN QUERY PLAN ${sql}`, ...values).map((row) => text(row, 'detail'));
    expect(plan).toHaveLength(span.index ? 2 : 1);
    for (const step of plan) expect(step).toMatch(/^SEARCH \w+ USING (INDEX|PRIMARY KEY) .*\(table_id=\?/);
    const reached = plan[0];
    if ('only' in span.partitions && (span.low || span.after)) expect(reached).toMatch(/part=\?.*(sort|\(sort,item_part,item_sort\))[<>]/);
  });
});
