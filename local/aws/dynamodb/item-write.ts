/** One write in three steps: find where it goes, decide what it leaves, apply it. */
import { AwsError } from '../service.ts';
import type { Item } from './attribute-value.ts';
import { type Units, writeCost } from './capacity.ts';
import { holds } from './conditions.ts';
import { validationError } from './dynalite.ts';
import type { Engine } from './engine.ts';
import type { ParsedUpdate } from './expression.ts';
import { keyNames, type Position, positionOfItem, positionOfKey, requireStorable, type Table } from './table.ts';
import { applyUpdate } from './update.ts';
import type { Write } from './write-requests.ts';

/** IAM action of each kind of write, also inside a transaction. */
export const WRITE_ACTIONS: Readonly<Record<Write['kind'], string>> = {
  put: 'dynamodb:PutItem',
  update: 'dynamodb:UpdateItem',
  delete: 'dynamodb:DeleteItem',
  check: 'dynamodb:ConditionCheckItem',
};

export interface Located {
  readonly write: Write;
  readonly table: Table;
  readonly position: Position;
}

/** Text that two targets share if and only if they are the same item. */
export const identity = ({ table, position }: Pick<Located, 'table' | 'position'>): string =>
  `${table.id}/${position.partition.toString('hex')}/${position.sort.toString('hex')}`;

export interface Decided extends Located {
  readonly old?: Item | undefined;
  readonly next?: Item | undefined;
}

const requireKeysUntouched = (table: Table, update: ParsedUpdate | undefined): void => {
  const touched = new Set(update?.paths.map(([head]) => head));
  for (const name of keyNames(table.key)) {
    if (!touched.has(name)) continue;
    throw validationError(`One or more parameter values were invalid: Cannot update attribute ${name}. This attribute is part of the key`);
  }
};

/** Everything that can be refused without looking at the stored item. @throws AwsError ValidationException, ResourceNotFoundException */
export const locate = (engine: Engine, write: Write): Located => {
  const { table } = engine.catalogue.get(write.tableName);
  if (write.kind === 'put') {
    const position = positionOfItem(table, write.item);
    requireStorable(table, write.item, 'Item size has exceeded the maximum allowed size');
    return { write, table, position };
  }
  if (write.kind === 'update') requireKeysUntouched(table, write.update);
  return { write, table, position: positionOfKey(table, write.key) };
};

const updated = (write: Extract<Write, { kind: 'update' }>, old: Item | undefined): Item | undefined => {
  const sections = write.update?.sections ?? [];
  // An update that only takes away makes no item where there is none.
  const onlyTakes = sections.length > 0 && sections.every(({ type }) => type === 'remove' || type === 'delete');
  if (!old && onlyTakes) return undefined;
  return applyUpdate(sections, old ?? write.key);
};

const outcome = ({ write, table }: Located, old: Item | undefined): Item | undefined => {
  switch (write.kind) {
    case 'put':
      return write.item;
    case 'delete':
      return undefined;
    case 'check':
      return old;
    case 'update': {
      const next = updated(write, old);
      if (next) requireStorable(table, next, 'Item size to update has exceeded the maximum allowed size');
      return next;
    }
  }
};

/** @throws AwsError ConditionalCheckFailedException, ValidationException */
export const decide = (engine: Engine, located: Located): Decided => {
  const { write, table, position } = located;
  const old = engine.items.get(table, position)?.item;
  if (write.condition && !holds(write.condition, old ?? {})) {
    const extra = write.tellOldOnFailure && old ? { Item: old } : {};
    throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed', { extra });
  }
  return { ...located, old, next: outcome(located, old) };
};

/** Inside `engine.write` only. */
export const apply = (engine: Engine, { table, position, old, next }: Decided): void =>
  engine.items.apply({ table, position, old, next, cause: 'caller' });

export const costOf = (decided: Decided, transactional = false): { tableName: string; units: Units } => ({
  tableName: decided.table.name,
  units: writeCost(decided, transactional),
});
