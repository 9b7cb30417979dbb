/** ISO 8601 durations: how long a badge is valid, a window is open, a file is kept. Calendar arithmetic is in UTC, so no time zone shifts a deadline. */
import * as z from 'zod';
import { Instant } from './ids.ts';

// The digits are limited so that even the longest duration, counted from now, ends before the year 9999.
const DURATION =
  /^P(?!$)(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?$/;

/** Whole numbers only; weeks may stand beside other units, as ISO 8601-2 allows. */
export const Duration = z
  .string()
  .regex(DURATION, { error: 'must be an ISO 8601 duration, such as "PT45H" (45 hours), "P60D" (60 days) or "P3Y" (3 years)' })
  .brand<'Duration'>();
export type Duration = z.infer<typeof Duration>;

export interface DurationParts {
  readonly years: number;
  readonly months: number;
  readonly weeks: number;
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

/** The numbers in a duration, as they are written: `PT90M` is 90 minutes, not an hour and a half. */
export const parseDuration = (duration: Duration): DurationParts => {
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = (DURATION.exec(duration) ?? [])
    .slice(1)
    .map((digits: string | undefined) => Number(digits ?? 0));
  return { years, months, weeks, days, hours, minutes, seconds };
};

const fixedSeconds = ({ weeks, days, hours, minutes, seconds }: DurationParts): number =>
  (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds;

/** Length in seconds, a day being 24 hours; undefined where years or months make it depend on the calendar. */
export const durationSeconds = (duration: Duration): number | undefined => {
  const parts = parseDuration(duration);
  return parts.years === 0 && parts.months === 0 ? fixedSeconds(parts) : undefined;
};

const MONTHS_IN_YEAR = 12;

const daysInMonth = (year: number, month: number): number => new Date(Date.UTC(year, month + 1, 0)).getUTCDate();

const moved = (instant: Instant, duration: Duration, sign: 1 | -1): Instant => {
  const parts = parseDuration(duration);
  const date = new Date(instant);
  const day = date.getUTCDate();
  // To the first of the month before moving, else 31 January plus a month would become 3 March.
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + sign * (parts.years * MONTHS_IN_YEAR + parts.months));
  date.setUTCDate(Math.min(day, daysInMonth(date.getUTCFullYear(), date.getUTCMonth())));
  return Instant.parse(new Date(date.getTime() + sign * fixedSeconds(parts) * 1000).toISOString());
};

/**
 * The instant that lies the duration later: first years and months, the day held back to the month's last, then the rest.
 * @see XML Schema Part 2, appendix E "Adding durations to dateTimes"
 */
export const addDuration = (instant: Instant, duration: Duration): Instant => moved(instant, duration, 1);

/** The instant that lies the duration earlier, by the same rules; it does not undo {@link addDuration} at a month's end. */
export const subtractDuration = (instant: Instant, duration: Duration): Instant => moved(instant, duration, -1);

/** Negative if `left` is shorter, zero if as long. Which of `P1M` and `P30D` is longer depends on the calendar; here both count from 1 February 2001. */
export const compareDurations = (left: Duration, right: Duration): number => {
  const start = Instant.parse('2001-02-01T00:00:00.000Z');
  return Date.parse(addDuration(start, left)) - Date.parse(addDuration(start, right));
};
