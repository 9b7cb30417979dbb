import { describe, expect, it } from 'vitest';
import { Instant } from '#domain/ids.ts';
import { addServiceTime, parseServiceTime, ServiceTime } from '#domain/micro-credential/service-time.ts';

describe('a service time', () => {
  it.each([
    ['5 business days', { amount: 5, unit: 'day', business: true }],
    ['1 business day', { amount: 1, unit: 'day', business: true }],
    ['48 hours', { amount: 48, unit: 'hour', business: false }],
    ['3 days', { amount: 3, unit: 'day', business: false }],
  ])('%s is read as number and unit', (text, parts) => {
    expect(parseServiceTime(ServiceTime.parse(text))).toEqual(parts);
  });

  it.each(['', 'soon', '0 days', '1.5 days', '-1 day', '5 Business Days', '1000 days', '5  days', '5 weeks'])(
    '%j promises nothing',
    (text) => {
      expect(ServiceTime.safeParse(text).success).toBe(false);
    },
  );

  // 23 November 2026 is a Monday.
  it.each([
    ['2026-11-23T12:00:00.000Z', '1 business day', '2026-11-24T12:00:00.000Z'],
    ['2026-11-27T15:00:00.000Z', '1 business day', '2026-11-30T15:00:00.000Z'],
    ['2026-11-23T12:00:00.000Z', '5 business days', '2026-11-30T12:00:00.000Z'],
    ['2026-11-23T12:00:00.000Z', '10 business days', '2026-12-07T12:00:00.000Z'],
    ['2026-11-28T09:00:00.000Z', '1 business day', '2026-12-01T00:00:00.000Z'],
    ['2026-11-27T20:00:00.000Z', '8 business hours', '2026-11-30T04:00:00.000Z'],
    ['2026-11-27T15:00:00.000Z', '48 hours', '2026-11-29T15:00:00.000Z'],
    ['2026-11-27T15:00:00.000Z', '3 days', '2026-11-30T15:00:00.000Z'],
  ])('promised at %s, %s falls due at %s', (start, text, due) => {
    expect(addServiceTime(Instant.parse(start), ServiceTime.parse(text))).toBe(due);
  });
});
