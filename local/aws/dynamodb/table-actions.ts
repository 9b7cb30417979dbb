/** CreateTable, DescribeTable, ListTables, DeleteTable, UpdateTimeToLive, DescribeTimeToLive. */
import { randomUUID } from 'node:crypto';
import { AwsError, type Caller } from '../service.ts';
import type { Defined, Definition } from './catalogue.ts';
import { check, type Shape, shapeOf, validationError } from './dynalite.ts';
import type { Engine } from './engine.ts';
import { indexArn, streamArn, tableArn } from './table.ts';

const createShape = shapeOf('createTable');
/** A request for a new table. */
export const CREATE: Shape = {
  types: {
    ...createShape.types,
    StreamSpecification: {
      type: 'FieldStruct<StreamSpecification>',
      children: {
        StreamEnabled: { type: 'Boolean', notNull: true },
        StreamViewType: { type: 'String', enum: ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'] },
      },
    },
    DeletionProtectionEnabled: 'Boolean',
  },
  custom: createShape.custom,
};

type View = NonNullable<Definition['stream']>['view'];

interface WireCreate
  extends Pick<Definition, 'TableName' | 'AttributeDefinitions' | 'KeySchema' | 'GlobalSecondaryIndexes' | 'ProvisionedThroughput'> {
  readonly BillingMode?: Definition['BillingMode'];
  readonly DeletionProtectionEnabled?: boolean;
  readonly StreamSpecification?: { readonly StreamEnabled: boolean; readonly StreamViewType?: View };
  readonly LocalSecondaryIndexes?: unknown;
}

const streamOf = ({ StreamSpecification: asked }: WireCreate, now: number): Definition['stream'] => {
  if (!asked?.StreamEnabled) return undefined;
  if (!asked.StreamViewType) {
    throw validationError('One or more parameter values were invalid: StreamSpecification must have StreamViewType');
  }
  return { label: new Date(now).toISOString().replace('Z', ''), view: asked.StreamViewType };
};

const NO_THROUGHPUT = { ReadCapacityUnits: 0, WriteCapacityUnits: 0 };

const describeIndexes = ({ GlobalSecondaryIndexes, TableName }: Definition) =>
  GlobalSecondaryIndexes?.map((index) => ({
    ...index,
    IndexArn: indexArn(TableName, index.IndexName),
    IndexStatus: 'ACTIVE',
    ProvisionedThroughput: { ...(index.ProvisionedThroughput ?? NO_THROUGHPUT), NumberOfDecreasesToday: 0 },
  }));

const describeStream = ({ stream, TableName }: Definition) =>
  stream && {
    StreamSpecification: { StreamEnabled: true, StreamViewType: stream.view },
    LatestStreamLabel: stream.label,
    LatestStreamArn: streamArn(TableName, stream.label),
  };

// Here a table is there at once; AWS says CREATING for a while, and its waiters ask again either way.
export const describe = (engine: Engine, { table, definition }: Defined, status = 'ACTIVE') => {
  const { items, bytes } = engine.items.measure(table);
  return {
    TableName: definition.TableName,
    TableArn: tableArn(definition.TableName),
    TableId: definition.TableId,
    TableStatus: status,
    CreationDateTime: definition.CreationDateTime,
    AttributeDefinitions: definition.AttributeDefinitions,
    KeySchema: definition.KeySchema,
    GlobalSecondaryIndexes: describeIndexes(definition),
    BillingModeSummary: { BillingMode: definition.BillingMode },
    ProvisionedThroughput: { ...(definition.ProvisionedThroughput ?? NO_THROUGHPUT), NumberOfDecreasesToday: 0 },
    DeletionProtectionEnabled: definition.DeletionProtectionEnabled,
    ...describeStream(definition),
    ItemCount: items,
    TableSizeBytes: bytes,
  };
};

const createTable = (engine: Engine) => (input: unknown, caller: Caller) => {
  const wire = check<WireCreate>(CREATE, input);
  caller.authorize('dynamodb:CreateTable', tableArn(wire.TableName));
  if (wire.LocalSecondaryIndexes) throw validationError('Local secondary indexes are not offered here');
  if (engine.catalogue.find(wire.TableName)) {
    throw new AwsError('ResourceInUseException', `Table already exists: ${wire.TableName}`);
  }
  const definition: Definition = {
    TableName: wire.TableName,
    TableId: randomUUID(),
    CreationDateTime: engine.now() / 1000,
    AttributeDefinitions: wire.AttributeDefinitions,
    KeySchema: wire.KeySchema,
    GlobalSecondaryIndexes: wire.GlobalSecondaryIndexes,
    BillingMode: wire.BillingMode ?? 'PROVISIONED',
    ProvisionedThroughput: wire.ProvisionedThroughput,
    DeletionProtectionEnabled: wire.DeletionProtectionEnabled === true,
    stream: streamOf(wire, engine.now()),
  };
  return { TableDescription: describe(engine, engine.catalogue.add(definition)) };
};

interface WireName {
  readonly TableName: string;
}

const describeTable = (engine: Engine) => (input: unknown, caller: Caller) => {
  const { TableName } = check<WireName>(shapeOf('describeTable'), input);
  caller.authorize('dynamodb:DescribeTable', tableArn(TableName));
  return { Table: describe(engine, engine.catalogue.get(TableName)) };
};

const deleteTable = (engine: Engine) => (input: unknown, caller: Caller) => {
  const { TableName } = check<WireName>(shapeOf('deleteTable'), input);
  caller.authorize('dynamodb:DeleteTable', tableArn(TableName));
  const found = engine.catalogue.get(TableName);
  if (found.definition.DeletionProtectionEnabled) {
    throw validationError('Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.');
  }
  const TableDescription = describe(engine, found, 'DELETING');
  engine.catalogue.drop(TableName);
  return { TableDescription };
};

const TABLE_NAMES_MAX = 100;

const listTables = (engine: Engine) => (input: unknown, caller: Caller) => {
  const wire = check<{ readonly Limit?: number; readonly ExclusiveStartTableName?: string }>(shapeOf('listTables'), input);
  // ListTables has no resource of its own in IAM.
  caller.authorize('dynamodb:ListTables', '*');
  const limit = wire.Limit ?? TABLE_NAMES_MAX;
  const found = engine.catalogue.names(wire.ExclusiveStartTableName ?? '', limit + 1);
  const TableNames = found.slice(0, limit);
  return { TableNames, ...(found.length > limit && { LastEvaluatedTableName: TableNames.at(-1) }) };
};

const TIME_TO_LIVE: Shape = {
  types: {
    ...shapeOf('describeTable').types,
    TimeToLiveSpecification: {
      type: 'FieldStruct<TimeToLiveSpecification>',
      notNull: true,
      children: {
        AttributeName: { type: 'String', notNull: true, lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 255 },
        Enabled: { type: 'Boolean', notNull: true },
      },
    },
  },
};

interface WireTimeToLive extends WireName {
  readonly TimeToLiveSpecification: { readonly AttributeName: string; readonly Enabled: boolean };
}

const updateTimeToLive = (engine: Engine) => (input: unknown, caller: Caller) => {
  const { TableName, TimeToLiveSpecification: asked } = check<WireTimeToLive>(TIME_TO_LIVE, input);
  caller.authorize('dynamodb:UpdateTimeToLive', tableArn(TableName));
  const { definition } = engine.catalogue.get(TableName);
  const current = definition.expiryAttribute;
  if (asked.Enabled === (current !== undefined)) {
    throw validationError(`TimeToLive is already ${asked.Enabled ? 'enabled' : 'disabled'}`);
  }
  if (!asked.Enabled && asked.AttributeName !== current) {
    throw validationError(`TimeToLive is active on a different AttributeName: current AttributeName is ${current}`);
  }
  engine.write(() => {
    engine.catalogue.replace({ ...definition, expiryAttribute: asked.Enabled ? asked.AttributeName : undefined });
    engine.items.reindexExpiry(engine.catalogue.get(TableName).table);
  });
  return { TimeToLiveSpecification: asked };
};

const describeTimeToLive = (engine: Engine) => (input: unknown, caller: Caller) => {
  const { TableName } = check<WireName>(shapeOf('describeTable'), input);
  caller.authorize('dynamodb:DescribeTimeToLive', tableArn(TableName));
  const { expiryAttribute } = engine.catalogue.get(TableName).definition;
  return {
    TimeToLiveDescription: expiryAttribute
      ? { TimeToLiveStatus: 'ENABLED', AttributeName: expiryAttribute }
      : { TimeToLiveStatus: 'DISABLED' },
  };
};

export const tableActions = (engine: Engine) => ({
  CreateTable: createTable(engine),
  DescribeTable: describeTable(engine),
  DeleteTable: deleteTable(engine),
  ListTables: listTables(engine),
  UpdateTimeToLive: updateTimeToLive(engine),
  DescribeTimeToLive: describeTimeToLive(engine),
});
