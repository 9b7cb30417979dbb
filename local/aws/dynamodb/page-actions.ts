/** Query and Scan. */
import type { Caller } from '../service.ts';
import { consumed } from './capacity.ts';
import { project } from './document-path.ts';
import { validationError } from './dynalite.ts';
import type { Engine } from './engine.ts';
import { segmentStart } from './key-order.ts';
import { keyRange, placeOf, requireWithin, startKeyOf } from './key-range.ts';
import { type PageSpan, readPage } from './page.ts';
import { type PageRequest, parseQuery, parseScan } from './read-requests.ts';
import { heldBy, type Index, indexArn, type Key, keyNames, type Table, tableArn } from './table.ts';

const authorize = (caller: Caller, action: string, { tableName, indexName }: PageRequest): void =>
  caller.authorize(action, indexName === undefined ? tableArn(tableName) : indexArn(tableName, indexName));

const indexOf = (table: Table, { indexName, consistent }: PageRequest): Index | undefined => {
  if (indexName === undefined) return undefined;
  const index = table.indexes.find(({ name }) => name === indexName);
  if (!index) throw validationError(`The table does not have the specified index: ${indexName}`);
  if (consistent) throw validationError('Consistent reads are not supported on global secondary indexes');
  return index;
};

const requireHeld = (table: Table, index: Index | undefined, { select, paths }: PageRequest): void => {
  const held = index && heldBy(table, index);
  if (!index || !held) return;
  if (select === 'ALL_ATTRIBUTES') {
    throw validationError(
      `One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`,
    );
  }
  const absent = [...new Set(paths?.map(([head]) => String(head)))].filter((name) => !held.includes(name));
  if (absent.length === 0) return;
  throw validationError(
    `One or more parameter values were invalid: Global secondary index ${index.name} does not project [${absent.join(', ')}]`,
  );
};

const requireNoKeyInFilter = (key: Key, { filter }: PageRequest): void => {
  const name = keyNames(key).find((keyName) => filter && Object.hasOwn(filter.pathHeads, keyName));
  if (!name) return;
  throw validationError(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${name}`);
};

const answer = (engine: Engine, span: PageSpan, request: PageRequest) => {
  const page = readPage(engine.database, span, request);
  return {
    ...(request.select !== 'COUNT' && { Items: page.items.map((item) => project(item, request.paths)) }),
    Count: page.items.length,
    ScannedCount: page.scanned,
    ...(page.last && { LastEvaluatedKey: startKeyOf(span.table, span.index, page.last) }),
    ConsumedCapacity: consumed(request.capacity, { tableName: request.tableName, units: page.units }),
  };
};

const query = (engine: Engine) => (input: unknown, caller: Caller) => {
  const request = parseQuery(input);
  authorize(caller, 'dynamodb:Query', request);
  const { table } = engine.catalogue.get(request.tableName);
  const index = indexOf(table, request);
  const key = index?.key ?? table.key;
  const range = keyRange(key, request.keyConditions);
  requireHeld(table, index, request);
  requireNoKeyInFilter(key, request);
  const after = request.startKey && placeOf(table, index, request.startKey);
  if (after && request.startKey) requireWithin(range, key, { place: after, startKey: request.startKey });
  const { low, high, partition } = range;
  return answer(engine, { table, index, partitions: { only: partition }, low, high, after, forward: request.forward }, request);
};

const scan = (engine: Engine) => (input: unknown, caller: Caller) => {
  const request = parseScan(input);
  authorize(caller, 'dynamodb:Scan', request);
  const { table } = engine.catalogue.get(request.tableName);
  const index = indexOf(table, request);
  requireHeld(table, index, request);
  const { segment, segments } = request;
  const partitions = { first: segmentStart(segment, segments), end: segmentStart(segment + 1, segments) };
  const after = request.startKey && placeOf(table, index, request.startKey);
  return answer(engine, { table, index, partitions, after, forward: true }, request);
};

export const pageActions = (engine: Engine) => ({ Query: query(engine), Scan: scan(engine) });
