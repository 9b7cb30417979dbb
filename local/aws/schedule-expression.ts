/** When a one-off schedule is due: `at(yyyy-mm-ddThh:mm:ss)` on the clocks of a time zone. */
import { validationError } from './schedule-input.ts';

const AT = /^at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)$/;

/**
 * Milliseconds since the epoch. A time that the clocks of the zone skip is taken by the offset before they jump, one that
 * they show twice is taken the first time.
 * @throws AwsError ValidationException
 */
export const dueAt = (expression: string, timeZone: string): number => {
  const local = AT.exec(expression)?.[1];
  const asUtc = local === undefined ? Number.NaN : Date.parse(`${local}Z`);
  // A day that no month has would otherwise roll over into the next one. Recurring expressions are refused here too.
  if (Number.isNaN(asUtc) || new Date(asUtc).toISOString() !== `${local}.000Z`)
    throw validationError(`Invalid Schedule Expression ${expression}.`);
  const before = offsetAt(asUtc - DAY_MS, timeZone);
  const candidates = [before, offsetAt(asUtc + DAY_MS, timeZone)].map((offset) => ({ offset, instant: asUtc - offset }));
  const real = candidates.filter(({ offset, instant }) => offsetAt(instant, timeZone) === offset);
  return Math.min(...(real.length > 0 ? real : candidates.slice(0, 1)).map(({ instant }) => instant));
};

// Farther than any zone is from UTC, nearer than any two changes of a zone's clocks.
const DAY_MS = 24 * 60 * 60 * 1000;

/** How far the clocks of the zone are ahead of UTC at this instant. */
const offsetAt = (instant: number, timeZone: string): number => {
  const parts = new Map(
    clockOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return shown - instant;
};

const clockOf = (timeZone: string): Intl.DateTimeFormat => {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', calendar: 'gregory', numberingSystem: 'latn', ...FIELDS });
  } catch {
    throw validationError(`Invalid ScheduleExpressionTimezone ${timeZone}.`);
  }
};

const FIELDS = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
