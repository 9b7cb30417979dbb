/** Service times as programmes promise them: `5 business days`. A business day is Monday to Friday in UTC; public holidays differ by place and are not known here. */
import * as z from 'zod';
import { Instant } from '../ids.ts';

const SERVICE_TIME = /^([1-9]\d{0,2}) (business )?(day|hour)s?$/;

export const ServiceTime = z
  .string()
  .regex(SERVICE_TIME, { error: 'must be a service time, such as "5 business days", "48 hours" or "1 day"' })
  .brand<'ServiceTime'>();
export type ServiceTime = z.infer<typeof ServiceTime>;

export interface ServiceTimeParts {
  readonly amount: number;
  readonly unit: 'day' | 'hour';
  /** Saturdays and Sundays do not count. */
  readonly business: boolean;
}

/** The number and the unit of a service time. */
export const parseServiceTime = (text: ServiceTime): ServiceTimeParts => {
  const [, amount, business, unit] = SERVICE_TIME.exec(text) ?? [];
  return { amount: Number(amount), unit: unit === 'hour' ? 'hour' : 'day', business: business !== undefined };
};

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

const isWeekend = (ms: number): boolean => [0, 6].includes(new Date(ms).getUTCDay());

/**
 * When a promise made at `start` falls due. Business time goes on hour by hour and stands still on Saturday and Sunday: a day
 * promised on Friday at three ends on Monday at three; one promised at the weekend counts from Monday, 00:00 UTC.
 */
export const addServiceTime = (start: Instant, text: ServiceTime): Instant => {
  const { amount, unit, business } = parseServiceTime(text);
  const length = amount * (unit === 'day' ? DAY_MS : HOUR_MS);
  const due = business ? overWeekends(Date.parse(start), length) : Date.parse(start) + length;
  return Instant.parse(new Date(due).toISOString());
};

const nextMidnight = (ms: number): number => (Math.floor(ms / DAY_MS) + 1) * DAY_MS;

const overWeekends = (start: number, length: number): number => {
  let [at, left] = [start, length];
  while (isWeekend(at)) at = nextMidnight(at);
  while (left > 0) {
    const step = Math.min(left, nextMidnight(at) - at);
    at += step;
    left -= step;
    while (left > 0 && isWeekend(at)) at = nextMidnight(at);
  }
  return at;
};
