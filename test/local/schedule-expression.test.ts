import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dueAt } from '../../local/aws/schedule-expression.ts';
import { AwsError } from '../../local/aws/service.ts';
import { hours } from './timer-machine.ts';

describe('the clocks of a time zone', () => {
  test.each([
    ['at(2026-01-15T12:00:00)', 'UTC', '2026-01-15T12:00:00Z'],
    ['at(2026-01-15T12:00:00)', 'Europe/Berlin', '2026-01-15T11:00:00Z'],
    ['at(2026-07-15T12:00:00)', 'Europe/Berlin', '2026-07-15T10:00:00Z'],
    ['at(2026-07-15T00:30:00)', 'America/New_York', '2026-07-15T04:30:00Z'],
    ['at(2026-01-15T12:00:00)', 'Pacific/Kiritimati', '2026-01-14T22:00:00Z'],
    // Shown twice: the first time. Skipped: by the offset before.
    ['at(2026-10-25T02:30:00)', 'Europe/Berlin', '2026-10-25T00:30:00Z'],
    ['at(2026-03-29T02:30:00)', 'Europe/Berlin', '2026-03-29T01:30:00Z'],
  ])('%s in %s is %s', (expression, zone, instant) => {
    expect(new Date(dueAt(expression, zone)).toISOString()).toBe(instant.replace('Z', '.000Z'));
  });

  test('show the time again that they were asked for', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia');
    fc.assert(
      fc.property(zones, fc.date({ min: new Date('2026-01-01'), max: new Date('2036-01-01'), noInvalidDate: true }), (timeZone, date) => {
        const local = date.toISOString().slice(0, 19);
        const shown = new Date(dueAt(`at(${local})`, timeZone)).toLocaleString('sv-SE', { timeZone }).replace(' ', 'T');
        // An hour at most is skipped, twice a year.
        expect(Math.abs(Date.parse(`${shown}Z`) - Date.parse(`${local}Z`))).toBeOneOf([0, hours(0.5), hours(1)]);
      }),
    );
  });

  test('are asked for by one-off expressions only', () => {
    for (const expression of ['cron(0 12 * * ? *)', 'at(2026-01-15)', 'at(2026-01-15T12:00:00Z)', '']) {
      expect(() => dueAt(expression, 'UTC')).toThrow(AwsError);
    }
  });
});
