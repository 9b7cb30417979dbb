/** The clock and the source of identifiers. */
import { randomBytes } from 'node:crypto';
import { Instant } from '#domain/ids.ts';
import type { Clock, NewId } from '#shared/ports.ts';

export const systemClock: Clock = () => Instant.parse(new Date().toISOString());

/** Crockford's base 32 without the letters that read like digits. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const CHARACTERS = 26;

export const randomId: NewId = (prefix) =>
  `${prefix === '' ? '' : `${prefix}_`}${[...randomBytes(CHARACTERS)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')}`;
