/** Requests that write, parsed: a single write, a batch, a transaction all become the same `Write`. */
import { hash } from 'node:crypto';
import type { Item } from './attribute-value.ts';
import type { CapacityMode } from './capacity.ts';
import { check, checkMember, type Fields, type Shape, shapeOf, validationError } from './dynalite.ts';
import type { Condition, ParsedCondition, ParsedUpdate } from './expression.ts';

interface Target {
  readonly tableName: string;
  readonly condition?: Condition | undefined;
  /** `ReturnValuesOnConditionCheckFailure: ALL_OLD` */
  readonly tellOldOnFailure: boolean;
}

export type Write =
  | (Target & { readonly kind: 'put'; readonly item: Item })
  | (Target & { readonly kind: 'update'; readonly key: Item; readonly update?: ParsedUpdate | undefined })
  | (Target & { readonly kind: 'delete' | 'check'; readonly key: Item });

export type ReturnValues = 'NONE' | 'ALL_OLD' | 'ALL_NEW' | 'UPDATED_OLD' | 'UPDATED_NEW';

export interface SingleWrite {
  readonly write: Write;
  readonly returnValues: ReturnValues;
  readonly capacity: CapacityMode;
}

interface WireTarget {
  readonly TableName: string;
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE';
  readonly _condition?: ParsedCondition;
}
interface WirePut extends WireTarget {
  readonly Item: Item;
}
interface WireKey extends WireTarget {
  readonly Key: Item;
}
interface WireUpdate extends WireKey {
  readonly _updates?: ParsedUpdate;
}
interface WireAnswer {
  readonly ReturnValues?: ReturnValues;
  readonly ReturnConsumedCapacity?: CapacityMode;
}

const target = (wire: WireTarget): Target => ({
  tableName: wire.TableName,
  condition: wire._condition?.expression,
  tellOldOnFailure: wire.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
});

const put = (wire: WirePut): Write => ({ ...target(wire), kind: 'put', item: wire.Item });
const update = (wire: WireUpdate): Write => ({ ...target(wire), kind: 'update', key: wire.Key, update: wire._updates });
const remove = (wire: WireKey): Write => ({ ...target(wire), kind: 'delete', key: wire.Key });
const conditionCheck = (wire: WireKey): Write => ({ ...target(wire), kind: 'check', key: wire.Key });

const single = (write: Write, wire: WireAnswer): SingleWrite => ({
  write,
  returnValues: wire.ReturnValues ?? 'NONE',
  capacity: wire.ReturnConsumedCapacity ?? 'NONE',
});

// Newer than dynalite, which would drop it silently.
const TELL_OLD: Fields = { ReturnValuesOnConditionCheckFailure: { type: 'String', enum: ['ALL_OLD', 'NONE'] } };

const withTellOld = (shape: Shape): Shape => ({ types: { ...shape.types, ...TELL_OLD }, custom: shape.custom });

const PUT = withTellOld(shapeOf('putItem'));
const UPDATE = withTellOld(shapeOf('updateItem'));
const DELETE = withTellOld(shapeOf('deleteItem'));

export const parsePut = (input: unknown): SingleWrite => {
  const wire = check<WirePut & WireAnswer>(PUT, input);
  return single(put(wire), wire);
};

export const parseUpdate = (input: unknown): SingleWrite => {
  const wire = check<WireUpdate & WireAnswer>(UPDATE, input);
  return single(update(wire), wire);
};

export const parseDelete = (input: unknown): SingleWrite => {
  const wire = check<WireKey & WireAnswer>(DELETE, input);
  return single(remove(wire), wire);
};

export interface BatchWrite {
  readonly writes: readonly Write[];
  readonly capacity: CapacityMode;
}

interface WireBatch extends WireAnswer {
  readonly RequestItems: Readonly<Record<string, readonly { PutRequest?: { Item: Item }; DeleteRequest?: { Key: Item } }[]>>;
}

const BATCH_WRITES_MAX = 25;

export const parseBatchWrite = (input: unknown): BatchWrite => {
  const wire = check<WireBatch>(shapeOf('batchWriteItem'), input);
  const writes = Object.entries(wire.RequestItems).flatMap(([TableName, requests]) =>
    requests.map(({ PutRequest, DeleteRequest }): Write => {
      if (PutRequest && !DeleteRequest) return put({ TableName, ...PutRequest });
      if (DeleteRequest && !PutRequest) return remove({ TableName, ...DeleteRequest });
      throw validationError('Supplied WriteRequest must contain exactly one of PutRequest or DeleteRequest');
    }),
  );
  if (writes.length > BATCH_WRITES_MAX) throw validationError('Too many items requested for the BatchWriteItem call');
  return { writes, capacity: wire.ReturnConsumedCapacity ?? 'NONE' };
};

export interface TransactWrite {
  readonly writes: readonly Write[];
  readonly token?: string | undefined;
  /** Of the actions alone: the same token with the same digest is the same request. */
  readonly digest: string;
  readonly capacity: CapacityMode;
}

interface WireAction {
  readonly Put?: WirePut;
  readonly Update?: WireUpdate;
  readonly Delete?: WireKey;
  readonly ConditionCheck?: WireKey;
}
interface WireTransaction extends WireAnswer {
  readonly TransactItems: readonly WireAction[];
  readonly ClientRequestToken?: string;
}

export const TRANSACTION_ACTIONS_MAX = 100;

const ACTION_FIELDS = ['TableName', 'Key', 'Item', 'ConditionExpression', 'ExpressionAttributeNames', 'ExpressionAttributeValues'];

const required = (field: unknown): Fields => ({ ...(typeof field === 'object' ? field : {}), notNull: true });

const action = (name: string, shape: Shape, extra: Fields = {}): Fields => ({
  type: `FieldStruct<${name}>`,
  children: {
    ...Object.fromEntries(Object.entries(shape.types).filter(([field]) => ACTION_FIELDS.includes(field))),
    ...TELL_OLD,
    ...extra,
  },
});

const TRANSACTION: Shape = {
  types: {
    TransactItems: {
      type: 'List',
      notNull: true,
      lengthGreaterThanOrEqual: 1,
      lengthLessThanOrEqual: TRANSACTION_ACTIONS_MAX,
      children: {
        type: 'ValueStruct<TransactWriteItem>',
        children: {
          Put: action('Put', PUT),
          Update: action('Update', UPDATE, { UpdateExpression: required(UPDATE.types.UpdateExpression) }),
          Delete: action('Delete', DELETE),
          ConditionCheck: action('ConditionCheck', DELETE, { ConditionExpression: required(DELETE.types.ConditionExpression) }),
        },
      },
    },
    ClientRequestToken: { type: 'String', lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 36 },
    ReturnConsumedCapacity: PUT.types.ReturnConsumedCapacity,
  },
};

const parseAction = (wire: WireAction): Write => {
  if (Object.keys(wire).length !== 1) throw validationError('TransactItems can only contain one of Check, Put, Update or Delete');
  if (wire.Put) return put(checkMember<WirePut>(PUT, wire.Put));
  if (wire.Update) return update(checkMember<WireUpdate>(UPDATE, wire.Update));
  if (wire.Delete) return remove(checkMember<WireKey>(DELETE, wire.Delete));
  if (wire.ConditionCheck) return conditionCheck(checkMember<WireKey>(DELETE, wire.ConditionCheck));
  throw validationError('TransactItems can only contain one of Check, Put, Update or Delete');
};

const sorted = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort()) : value;

export const parseTransactWrite = (input: unknown): TransactWrite => {
  const wire = check<WireTransaction>(TRANSACTION, input);
  const digest = hash('sha256', JSON.stringify(wire.TransactItems, sorted));
  return {
    writes: wire.TransactItems.map(parseAction),
    token: wire.ClientRequestToken,
    digest,
    capacity: wire.ReturnConsumedCapacity ?? 'NONE',
  };
};
