/** A row as SQLite gives it, and the columns in it by the type that their table declares. */
import type { SQLOutputValue } from 'node:sqlite';

export type Row = Readonly<Record<string, SQLOutputValue>>;

export const text = (row: Row, column: string): string => {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`column ${column} holds no text`);
  return value;
};

export const integer = (row: Row, column: string): number => {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`column ${column} holds no integer`);
  return value;
};

export const textOrNone = (row: Row, column: string): string | undefined => (row[column] === null ? undefined : text(row, column));
export const integerOrNone = (row: Row, column: string): number | undefined => (row[column] === null ? undefined : integer(row, column));
