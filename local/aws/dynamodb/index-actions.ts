/**
 * UpdateTable, as far as it makes or drops an index of a table that has items already. AWS fills a new index in the background;
 * here it is full when the call returns, and its waiters find it ACTIVE at the first look.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.OnlineOps.html
 */
import * as z from 'zod';
import { AwsError, type Caller } from '../service.ts';
import { Definition, IndexDefinition } from './catalogue.ts';
import { check, validationError } from './dynalite.ts';
import type { Engine } from './engine.ts';
import { tableArn } from './table.ts';
import { CREATE, describe } from './table-actions.ts';

// Strict: to ignore what else an UpdateTable may ask would be to claim that it was done.
const Update = z.strictObject({
  TableName: z.string(),
  AttributeDefinitions: Definition.shape.AttributeDefinitions.default([]),
  GlobalSecondaryIndexUpdates: z
    .array(z.union([z.strictObject({ Create: IndexDefinition }), z.strictObject({ Delete: z.object({ IndexName: z.string() }) })]))
    .min(1),
});
type Update = z.infer<typeof Update>;
type IndexUpdate = Update['GlobalSecondaryIndexUpdates'][number];

const parsed = (input: unknown): Update & { readonly change: IndexUpdate } => {
  const { success, data, error } = Update.safeParse(input);
  if (!success) throw validationError(`UpdateTable makes and drops indexes here, and nothing else: ${z.prettifyError(error)}`);
  const [change, ...more] = data.GlobalSecondaryIndexUpdates;
  if (change === undefined || more.length > 0)
    throw new AwsError(
      'LimitExceededException',
      'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
    );
  return { ...data, change };
};

const indexesAfter = ({ GlobalSecondaryIndexes: before = [] }: Definition, change: IndexUpdate): readonly IndexDefinition[] => {
  const { IndexName } = 'Create' in change ? change.Create : change.Delete;
  const exists = before.some((index) => index.IndexName === IndexName);
  if ('Create' in change) {
    if (exists) throw validationError('Attempting to create an index which already exists');
    return [...before, change.Create];
  }
  if (!exists) throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
  return before.filter((index) => index.IndexName !== IndexName);
};

/** AWS keeps the definitions of those attributes only that are still a key of something. */
const definitionAfter = (before: Definition, { AttributeDefinitions: asked, change }: ReturnType<typeof parsed>): Definition => {
  const indexes = indexesAfter(before, change);
  const keys = new Set([before, ...indexes].flatMap(({ KeySchema }) => KeySchema.map(({ AttributeName }) => AttributeName)));
  const known = new Map([...asked, ...before.AttributeDefinitions].map((attribute) => [attribute.AttributeName, attribute]));
  return {
    ...before,
    AttributeDefinitions: [...known.values()].filter(({ AttributeName }) => keys.has(AttributeName)),
    GlobalSecondaryIndexes: indexes.length === 0 ? undefined : [...indexes],
  };
};

const updateTable = (engine: Engine) => (input: unknown, caller: Caller) => {
  const update = parsed(input);
  caller.authorize('dynamodb:UpdateTable', tableArn(update.TableName));
  const after = definitionAfter(engine.catalogue.get(update.TableName).definition, update);
  // What may not be created may not come about by an update either. A copy: the check takes away what CreateTable has no word for.
  check(CREATE, structuredClone(after));
  engine.write(() => {
    engine.catalogue.replace(after);
    engine.items.refillIndexes(engine.catalogue.get(update.TableName).table);
  });
  return { TableDescription: describe(engine, engine.catalogue.get(update.TableName)) };
};

export const indexActions = (engine: Engine) => ({ UpdateTable: updateTable(engine) });
