/**
 * Events that were written in the transaction of their object and wait for a listener to take them. An event leaves
 * the table only after the listener has accepted it, so a killed process sends it again: at least once, as S3 does.
 */
import type { DatabaseSync } from 'node:sqlite';
import { integer, text } from '../sqlite-row.ts';

export type EventListener = (event: object) => Promise<void>;

export interface Outbox {
  /** To be called inside the transaction that writes the object. */
  add(event: object): void;
  /** To be called after that transaction. */
  wake(): void;
  listen(listener: EventListener): void;
  close(): void;
}

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 10_000;

export const openOutbox = (database: DatabaseSync): Outbox => {
  const add = database.prepare('INSERT INTO outbox (event) VALUES (?)');
  const next = database.prepare('SELECT sequence, event FROM outbox WHERE sequence > ? ORDER BY sequence LIMIT 1');
  const remove = database.prepare('DELETE FROM outbox WHERE sequence = ?');
  const listeners: EventListener[] = [];
  let state: 'idle' | 'sending' | 'closed' = 'idle';
  let wokenWhileSending = false;
  let retryMs = FIRST_RETRY_MS;
  let retry: NodeJS.Timeout | undefined;
  const isClosed = () => state === 'closed';

  /** One pass over the table; a refused event stays, without holding back those after it. Returns whether one was refused. */
  const pass = async (): Promise<boolean> => {
    let refused = false;
    for (let row = next.get(0); row !== undefined; ) {
      const sequence = integer(row, 'sequence');
      const taken = await offer(listeners, text(row, 'event'));
      if (isClosed()) return false;
      if (taken) remove.run(sequence);
      refused ||= !taken;
      row = next.get(sequence);
    }
    return refused;
  };

  const send = async (): Promise<void> => {
    state = 'sending';
    let refused = false;
    do {
      wokenWhileSending = false;
      refused = await pass();
      if (isClosed()) return;
    } while (wokenWhileSending);
    state = 'idle';
    retryMs = refused ? Math.min(retryMs * 2, LAST_RETRY_MS) : FIRST_RETRY_MS;
    if (refused) retry = setTimeout(wake, retryMs).unref();
  };

  const wake = (): void => {
    clearTimeout(retry);
    if (state === 'sending') wokenWhileSending = true;
    if (state === 'idle' && listeners.length > 0) void send();
  };

  return {
    add: (event) => void add.run(JSON.stringify(event)),
    wake,
    listen: (listener) => {
      listeners.push(listener);
      wake();
    },
    close: () => {
      state = 'closed';
      clearTimeout(retry);
    },
  };
};

const offer = async (listeners: readonly EventListener[], event: string): Promise<boolean> => {
  const accepted = await Promise.allSettled(listeners.map(async (listener) => listener(parse(event))));
  return accepted.every(({ status }) => status === 'fulfilled');
};

const parse = (event: string): object => {
  const parsed: unknown = JSON.parse(event);
  if (typeof parsed !== 'object' || parsed === null) throw new TypeError('an event is an object');
  return parsed;
};
