/** TransactWriteItems and TransactGetItems: all or nothing, and the reasons for nothing. */
import { AwsError, type Caller } from '../service.ts';
import { integer, text } from '../sqlite-row.ts';
import type { Item } from './attribute-value.ts';
import { consumedByTable, readUnits } from './capacity.ts';
import type { Database } from './database.ts';
import { project } from './document-path.ts';
import { validationError } from './dynalite.ts';
import type { Engine } from './engine.ts';
import { itemSize } from './item-size.ts';
import { apply, costOf, type Decided, decide, identity, type Located, locate, WRITE_ACTIONS } from './item-write.ts';
import { parseTransactGet } from './read-requests.ts';
import { positionOfKey, tableArn } from './table.ts';
import { parseTransactWrite, type TransactWrite, type Write } from './write-requests.ts';

/** Idempotency window of a ClientRequestToken. */
export const TOKEN_MS = 10 * 60 * 1000;
/** "Aggregate size of the items in the transaction"; AWS measures what the request carries. */
const TRANSACTION_BYTES_MAX = 4 * 1024 * 1024;

interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Item;
}

const NO_REASON: Reason = { Code: 'None' };

const REASON_CODES: Readonly<Record<string, string>> = {
  ConditionalCheckFailedException: 'ConditionalCheckFailed',
  ValidationException: 'ValidationError',
};

const cancelled = (reasons: readonly Reason[]): AwsError => {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { extra: { CancellationReasons: reasons } },
  );
};

/** The result, or the reason why an action cancels the transaction; every other error is the request's own. */
const attempt = <T>(work: () => T): { readonly done: T } | { readonly reason: Reason } => {
  try {
    return { done: work() };
  } catch (error) {
    const code = error instanceof AwsError ? REASON_CODES[error.code] : undefined;
    if (!code || !(error instanceof AwsError)) throw error;
    return { reason: { Code: code, Message: error.message, ...error.extra } };
  }
};

// The first action that is invalid in itself cancels at once: no condition has been looked at, no later action either.
const locateAll = <T>(actions: readonly T[], place: (action: T) => Located): readonly Located[] =>
  actions.map((action, at) => {
    const attempted = attempt(() => place(action));
    if ('done' in attempted) return attempted.done;
    throw cancelled(actions.map((_, index) => (index === at ? attempted.reason : NO_REASON)));
  });

const requireDistinct = (located: readonly Pick<Located, 'table' | 'position'>[]): void => {
  if (new Set(located.map(identity)).size === located.length) return;
  throw validationError('Transaction request cannot include multiple operations on one item');
};

const requirePayload = (writes: readonly Write[]): void => {
  const bytes = writes.reduce((total, write) => total + itemSize(write.kind === 'put' ? write.item : write.key), 0);
  if (bytes > TRANSACTION_BYTES_MAX) throw validationError('Transaction payload size cannot exceed 4 MB');
};

const decideAll = (engine: Engine, located: readonly Located[]): readonly Decided[] => {
  const attempts = located.map((place) => attempt(() => decide(engine, place)));
  const decided = attempts.flatMap((attempted) => ('done' in attempted ? [attempted.done] : []));
  if (decided.length < attempts.length) {
    throw cancelled(attempts.map((attempted) => ('reason' in attempted ? attempted.reason : NO_REASON)));
  }
  return decided;
};

/** Whether this very request has been done within the window. @throws AwsError IdempotentParameterMismatchException */
const isReplay = ({ database, now }: Engine, { token, digest }: TransactWrite): boolean => {
  const row = token === undefined ? undefined : database.get('SELECT digest, at FROM tokens WHERE token = ?', token);
  if (!row || integer(row, 'at') <= now() - TOKEN_MS) return false;
  if (text(row, 'digest') === digest) return true;
  throw new AwsError(
    'IdempotentParameterMismatchException',
    'The request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different requests, unless the requests are identical',
  );
};

const remember = ({ database, now }: Engine, { token, digest }: TransactWrite): void => {
  if (token !== undefined) database.run('INSERT OR REPLACE INTO tokens (token, digest, at) VALUES (?, ?, ?)', token, digest, now());
};

export const forgetTokens = (database: Database, now: number): void => {
  database.run('DELETE FROM tokens WHERE at <= ?', now - TOKEN_MS);
};

const transactWrite = (engine: Engine) => (input: unknown, caller: Caller) => {
  const request = parseTransactWrite(input);
  for (const { kind, tableName } of request.writes) caller.authorize(WRITE_ACTIONS[kind], tableArn(tableName));
  return engine.write(() => {
    const located = locateAll(request.writes, (write) => locate(engine, write));
    requireDistinct(located);
    requirePayload(request.writes);
    if (isReplay(engine, request)) {
      // A replay is billed as the reading of what the first call wrote.
      const spent = located.map(({ table, position }) => ({
        tableName: table.name,
        units: { table: readUnits(engine.items.get(table, position)?.size ?? 0, 'transaction'), indexes: {} },
      }));
      return { ConsumedCapacity: consumedByTable(request.capacity, spent, 'ReadCapacityUnits') };
    }
    const decided = decideAll(engine, located);
    for (const change of decided) apply(engine, change);
    remember(engine, request);
    const spent = decided.map((change) => costOf(change, true));
    return { ConsumedCapacity: consumedByTable(request.capacity, spent, 'WriteCapacityUnits') };
  });
};

const transactGet = (engine: Engine) => (input: unknown, caller: Caller) => {
  const { gets, capacity } = parseTransactGet(input);
  for (const { tableName } of gets) caller.authorize('dynamodb:GetItem', tableArn(tableName));
  const located = locateAll(
    gets.map(({ tableName, key }): Write => ({ kind: 'check', tableName, key, tellOldOnFailure: false })),
    (write) => locate(engine, write),
  );
  requireDistinct(located);
  const found = gets.map(({ tableName, key, paths }) => {
    const { table } = engine.catalogue.get(tableName);
    const stored = engine.items.get(table, positionOfKey(table, key));
    const units = { table: readUnits(stored?.size ?? 0, 'transaction'), indexes: {} };
    return { tableName, units, size: stored?.size ?? 0, answer: stored ? { Item: project(stored.item, paths) } : {} };
  });
  if (found.reduce((total, { size }) => total + size, 0) > TRANSACTION_BYTES_MAX) {
    throw validationError('Transaction payload size cannot exceed 4 MB');
  }
  return { Responses: found.map(({ answer }) => answer), ConsumedCapacity: consumedByTable(capacity, found, 'ReadCapacityUnits') };
};

export const transactionActions = (engine: Engine) => ({
  TransactWriteItems: transactWrite(engine),
  TransactGetItems: transactGet(engine),
});
