import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDuration, compareDurations, Duration, durationSeconds, parseDuration, subtractDuration } from '#domain/duration.ts';
import { Instant } from '#domain/ids.ts';

const duration = (text: string): Duration => Duration.parse(text);
const instant = (text: string): Instant => Instant.parse(text);
const NONE = { years: 0, months: 0, weeks: 0, days: 0, hours: 0, minutes: 0, seconds: 0 };

const anInstant = fc
  .date({ min: new Date('1990-01-01T00:00:00Z'), max: new Date('2200-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => instant(date.toISOString()));

describe('an ISO 8601 duration', () => {
  it.each([
    ['PT45H', { hours: 45 }],
    ['P60D', { days: 60 }],
    ['P3Y', { years: 3 }],
    ['PT5H30M', { hours: 5, minutes: 30 }],
    ['P1Y2M3W4DT5H6M7S', { years: 1, months: 2, weeks: 3, days: 4, hours: 5, minutes: 6, seconds: 7 }],
    ['P0D', {}],
    ['PT90M', { minutes: 90 }],
  ])('%s is read as it is written', (text, parts) => {
    expect(parseDuration(duration(text))).toEqual({ ...NONE, ...parts });
  });

  it.each(['', 'P', 'PT', 'P1', '1D', 'P1DT', 'P-1D', 'P1.5D', 'p1d', 'P1H', 'PT1D', 'P1D1Y', 'P1234Y', ' P1D', 'P1D\n'])(
    '%j is no duration',
    (text) => {
      expect(Duration.safeParse(text).success).toBe(false);
    },
  );

  it.each([
    ['2026-11-23T12:00:00.000Z', 'P3Y', '2029-11-23T12:00:00.000Z'],
    ['2024-02-29T00:00:00.000Z', 'P1Y', '2025-02-28T00:00:00.000Z'],
    ['2024-02-29T00:00:00.000Z', 'P4Y', '2028-02-29T00:00:00.000Z'],
    ['2026-01-31T08:30:00.000Z', 'P1M', '2026-02-28T08:30:00.000Z'],
    ['2026-12-31T23:59:59.999Z', 'P2M', '2027-02-28T23:59:59.999Z'],
    ['2026-01-31T00:00:00.000Z', 'P1M1D', '2026-03-01T00:00:00.000Z'],
    ['2026-03-29T00:30:00.000Z', 'P1D', '2026-03-30T00:30:00.000Z'],
    ['2026-11-23T00:00:00Z', 'P1W', '2026-11-30T00:00:00.000Z'],
    ['2026-11-23T12:00:00.000Z', 'PT36H', '2026-11-25T00:00:00.000Z'],
    ['2026-11-23T12:00:00.000Z', 'P18M', '2028-05-23T12:00:00.000Z'],
  ])('%s and %s make %s', (start, length, end) => {
    expect(addDuration(instant(start), duration(length))).toBe(end);
  });

  it.each([
    ['2029-11-23T12:00:00.000Z', 'P90D', '2029-08-25T12:00:00.000Z'],
    ['2026-03-31T00:00:00.000Z', 'P1M', '2026-02-28T00:00:00.000Z'],
    ['2026-01-15T00:00:00.000Z', 'P1Y1M', '2024-12-15T00:00:00.000Z'],
  ])('%s less %s is %s', (end, length, start) => {
    expect(subtractDuration(instant(end), duration(length))).toBe(start);
  });

  it('has a length in seconds only where no year or month makes it depend on the calendar', () => {
    expect(durationSeconds(duration('P1W2DT3H4M5S'))).toBe(9 * 86_400 + 3 * 3600 + 4 * 60 + 5);
    expect(durationSeconds(duration('P1M'))).toBeUndefined();
    expect(durationSeconds(duration('P1YT1S'))).toBeUndefined();
  });

  it('compares as longer, shorter or as long', () => {
    expect(compareDurations(duration('P90D'), duration('P3Y'))).toBeLessThan(0);
    expect(compareDurations(duration('P1Y'), duration('P364D'))).toBeGreaterThan(0);
    expect(compareDurations(duration('P12M'), duration('P1Y'))).toBe(0);
    expect(compareDurations(duration('PT24H'), duration('P1D'))).toBe(0);
  });

  it('of fixed length moves every instant by just that many seconds, and back', () => {
    fc.assert(
      fc.property(anInstant, fc.nat(9999), fc.nat(999_999), (start, days, hours) => {
        const length = duration(`P${days}DT${hours}H`);
        const end = addDuration(start, length);
        expect(Date.parse(end) - Date.parse(start)).toBe((durationSeconds(length) ?? Number.NaN) * 1000);
        expect(subtractDuration(end, length)).toBe(start);
      }),
    );
  });

  it('of months keeps the time of day, and the day of the month unless the month is too short for it', () => {
    fc.assert(
      fc.property(anInstant, fc.nat(9999), (start, months) => {
        const [from, to] = [new Date(start), new Date(addDuration(start, duration(`P${months}M`)))];
        expect(to.toISOString().slice(11)).toBe(from.toISOString().slice(11));
        expect((to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth()).toBe(months);
        const monthEnd = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
        expect(to.getUTCDate()).toBe(Math.min(from.getUTCDate(), monthEnd));
      }),
    );
  });
});
