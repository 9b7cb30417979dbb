/** PutItem, UpdateItem, DeleteItem, BatchWriteItem. */
import type { Caller } from '../service.ts';
import type { Item } from './attribute-value.ts';
import { consumed, consumedByTable } from './capacity.ts';
import { project } from './document-path.ts';
import { validationError } from './dynalite.ts';
import type { Engine } from './engine.ts';
import { apply, costOf, type Decided, decide, identity, locate, WRITE_ACTIONS } from './item-write.ts';
import { tableArn } from './table.ts';
import { parseBatchWrite, parseDelete, parsePut, parseUpdate, type ReturnValues, type SingleWrite } from './write-requests.ts';

const returned = ({ write, old, next }: Decided, values: ReturnValues): Item | undefined => {
  const paths = write.kind === 'update' ? write.update?.paths : undefined;
  switch (values) {
    case 'NONE':
      return undefined;
    case 'ALL_OLD':
      return old;
    case 'ALL_NEW':
      return next;
    case 'UPDATED_OLD':
      return old && project(old, paths ?? []);
    case 'UPDATED_NEW':
      return next && project(next, paths ?? []);
  }
};

const single = (engine: Engine, parse: (input: unknown) => SingleWrite) => (input: unknown, caller: Caller) => {
  const { write, returnValues, capacity } = parse(input);
  caller.authorize(WRITE_ACTIONS[write.kind], tableArn(write.tableName));
  const decided = engine.write(() => {
    const change = decide(engine, locate(engine, write));
    apply(engine, change);
    return change;
  });
  const attributes = returned(decided, returnValues);
  return {
    ...(attributes && Object.keys(attributes).length > 0 && { Attributes: attributes }),
    ConsumedCapacity: consumed(capacity, costOf(decided)),
  };
};

const batchWrite = (engine: Engine) => (input: unknown, caller: Caller) => {
  const { writes, capacity } = parseBatchWrite(input);
  // A permission of its own: unlike a transaction, a batch is not authorised by the actions inside it.
  for (const { tableName } of writes) caller.authorize('dynamodb:BatchWriteItem', tableArn(tableName));
  const spent = engine.write(() => {
    const located = writes.map((write) => locate(engine, write));
    if (new Set(located.map(identity)).size < located.length) throw validationError('Provided list of item keys contains duplicates');
    return located.map((place) => {
      const change = decide(engine, place);
      apply(engine, change);
      return costOf(change);
    });
  });
  return { UnprocessedItems: {}, ConsumedCapacity: consumedByTable(capacity, spent) };
};

export const writeActions = (engine: Engine) => ({
  PutItem: single(engine, parsePut),
  UpdateItem: single(engine, parseUpdate),
  DeleteItem: single(engine, parseDelete),
  BatchWriteItem: batchWrite(engine),
});
