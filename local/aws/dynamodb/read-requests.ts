/** Requests that read, parsed. */
import type { Item, Scalar } from './attribute-value.ts';
import type { CapacityMode } from './capacity.ts';
import type { Path } from './document-path.ts';
import { check, checkMember, type Fields, type Shape, shapeOf, validationError } from './dynalite.ts';
import type { ParsedCondition, ParsedProjection } from './expression.ts';
import { TRANSACTION_ACTIONS_MAX } from './write-requests.ts';

export interface Get {
  readonly tableName: string;
  readonly key: Item;
  readonly paths?: readonly Path[] | undefined;
}

interface WireGet {
  readonly TableName: string;
  readonly Key: Item;
  readonly ConsistentRead?: boolean;
  readonly ReturnConsumedCapacity?: CapacityMode;
  readonly _projection?: ParsedProjection;
}

const GET = shapeOf('getItem');

const get = (wire: WireGet): Get => ({ tableName: wire.TableName, key: wire.Key, paths: wire._projection?.paths });

export const parseGet = (input: unknown) => {
  const wire = check<WireGet>(GET, input);
  return { get: get(wire), consistent: wire.ConsistentRead === true, capacity: wire.ReturnConsumedCapacity ?? 'NONE' };
};

/** What a batch asks of one table; `asked` is the request's own words, for UnprocessedKeys. */
export interface BatchGet {
  readonly tableName: string;
  readonly gets: readonly Get[];
  readonly consistent: boolean;
  readonly asked: Fields;
}

interface WireBatchGet {
  readonly ReturnConsumedCapacity?: CapacityMode;
  readonly RequestItems: Readonly<
    Record<string, { readonly Keys: readonly Item[]; readonly ConsistentRead?: boolean; readonly _projection?: ParsedProjection }>
  >;
}

export const parseBatchGet = (input: unknown) => {
  const wire = check<WireBatchGet>(shapeOf('batchGetItem'), input);
  const tables = Object.entries(wire.RequestItems).map(([tableName, request]): BatchGet => {
    const { Keys, ConsistentRead, _projection, ...asked } = checkMember<typeof request>({ types: {} }, request);
    const gets = Keys.map((key) => ({ tableName, key, paths: _projection?.paths }));
    return { tableName, gets, consistent: ConsistentRead === true, asked: { ...asked, ConsistentRead } };
  });
  return { tables, capacity: wire.ReturnConsumedCapacity ?? 'NONE' };
};

const TRANSACT_GET: Shape = {
  types: {
    TransactItems: {
      type: 'List',
      notNull: true,
      lengthGreaterThanOrEqual: 1,
      lengthLessThanOrEqual: TRANSACTION_ACTIONS_MAX,
      children: {
        type: 'ValueStruct<TransactGetItem>',
        children: {
          Get: {
            type: 'FieldStruct<Get>',
            notNull: true,
            children: {
              TableName: GET.types.TableName,
              Key: GET.types.Key,
              ProjectionExpression: GET.types.ProjectionExpression,
              ExpressionAttributeNames: GET.types.ExpressionAttributeNames,
            },
          },
        },
      },
    },
    ReturnConsumedCapacity: GET.types.ReturnConsumedCapacity,
  },
};

interface WireTransactGet {
  readonly TransactItems: readonly { readonly Get: WireGet }[];
  readonly ReturnConsumedCapacity?: CapacityMode;
}

export const parseTransactGet = (input: unknown) => {
  const wire = check<WireTransactGet>(TRANSACT_GET, input);
  const gets = wire.TransactItems.map((item) => get(checkMember<WireGet>(GET, item.Get)));
  return { gets, capacity: wire.ReturnConsumedCapacity ?? 'NONE' };
};

/** A condition on a key attribute, in dynalite's words. */
export interface KeyCondition {
  readonly ComparisonOperator: 'EQ' | 'LT' | 'LE' | 'GT' | 'GE' | 'BETWEEN' | 'BEGINS_WITH';
  readonly AttributeValueList: readonly Scalar[];
}

/** What Query and Scan have in common. */
export interface PageRequest {
  readonly tableName: string;
  readonly indexName?: string | undefined;
  readonly consistent: boolean;
  readonly limit?: number | undefined;
  readonly startKey?: Item | undefined;
  readonly filter?: ParsedCondition | undefined;
  readonly paths?: readonly Path[] | undefined;
  readonly select?: Select | undefined;
  readonly capacity: CapacityMode;
}

export interface QueryRequest extends PageRequest {
  readonly keyConditions: Readonly<Record<string, KeyCondition>>;
  readonly forward: boolean;
}

export interface ScanRequest extends PageRequest {
  readonly segment: number;
  readonly segments: number;
}

type Select = 'ALL_ATTRIBUTES' | 'ALL_PROJECTED_ATTRIBUTES' | 'SPECIFIC_ATTRIBUTES' | 'COUNT';

interface WirePage {
  readonly TableName: string;
  readonly IndexName?: string;
  readonly ConsistentRead?: boolean;
  readonly Limit?: number;
  readonly ExclusiveStartKey?: Item;
  readonly Select?: Select;
  readonly ReturnConsumedCapacity?: CapacityMode;
  readonly _filter?: ParsedCondition;
  readonly _projection?: ParsedProjection;
}

const page = (wire: WirePage): PageRequest => {
  const paths = wire._projection?.paths;
  if (paths && wire.Select && wire.Select !== 'SPECIFIC_ATTRIBUTES') {
    throw validationError(`Cannot specify the ProjectionExpression when choosing to get ${wire.Select}`);
  }
  if (!paths && wire.Select === 'SPECIFIC_ATTRIBUTES') {
    throw validationError('Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES');
  }
  if (wire.Select === 'ALL_PROJECTED_ATTRIBUTES' && !wire.IndexName) {
    throw validationError('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  }
  return {
    tableName: wire.TableName,
    indexName: wire.IndexName,
    consistent: wire.ConsistentRead === true,
    limit: wire.Limit,
    startKey: wire.ExclusiveStartKey,
    filter: wire._filter,
    paths,
    select: wire.Select,
    capacity: wire.ReturnConsumedCapacity ?? 'NONE',
  };
};

export const parseQuery = (input: unknown): QueryRequest => {
  const wire = check<WirePage & { KeyConditions: Readonly<Record<string, KeyCondition>>; ScanIndexForward?: boolean }>(
    shapeOf('query'),
    input,
  );
  return { ...page(wire), keyConditions: wire.KeyConditions, forward: wire.ScanIndexForward !== false };
};

const scanShape = shapeOf('scan');
// dynalite's Scan does not know ConsistentRead.
const SCAN: Shape = { types: { ...scanShape.types, ConsistentRead: 'Boolean' }, custom: scanShape.custom };

export const parseScan = (input: unknown): ScanRequest => {
  const wire = check<WirePage & { Segment?: number; TotalSegments?: number }>(SCAN, input);
  return { ...page(wire), segment: wire.Segment ?? 0, segments: wire.TotalSegments ?? 1 };
};
