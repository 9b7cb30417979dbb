/** Housekeeping that AWS does in the background: expired items, stream records past their day, spent tokens. */
import { RETENTION_MS } from './change-log.ts';
import type { Engine } from './engine.ts';
import { positionOfItem, type Table } from './table.ts';
import { forgetTokens } from './transactions.ts';

/** An expiry more than five years ago deletes nothing: more likely it is no time. "Using time to live", Developer Guide. */
const EXPIRY_AGE_SECONDS_MAX = 5 * 365 * 24 * 60 * 60;
/** Items in one transaction; callers get their turn between two. */
const EXPIRED_AT_ONCE = 250;

const expireSome = (engine: Engine, table: Table): number => {
  const until = Math.floor(engine.now() / 1000);
  return engine.write(() => {
    const items = engine.items.expired(table, { after: until - EXPIRY_AGE_SECONDS_MAX, until, limit: EXPIRED_AT_ONCE });
    for (const old of items) engine.items.apply({ table, position: positionOfItem(table, old), old, cause: 'expiry' });
    return items.length;
  });
};

/** @returns whether anything is left to expire */
export const expire = (engine: Engine): boolean =>
  engine.catalogue
    .all()
    .filter(({ table }) => table.expiryAttribute !== undefined)
    .some(({ table }) => expireSome(engine, table) === EXPIRED_AT_ONCE);

/** How often a stream is trimmed; the first time this long after opening, so that its reader catches up after a long pause. */
export const TRIM_EVERY_MS = RETENTION_MS / 24;

export const trim = (engine: Engine): void => {
  engine.write(() => {
    engine.log.trim();
    forgetTokens(engine.database, engine.now());
  });
};
