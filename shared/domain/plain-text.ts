/** Text that people and tools send outside definitions: it must survive being stored, shown and sent on, so it holds no broken or control characters. */
import * as z from 'zod';

const ERROR = 'holds characters that cannot be stored or shown: control characters or broken Unicode';

/** Of at most `max` UTF-16 units, in one line. */
export const oneLine = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((text) => text.isWellFormed() && !/[\p{Cc}\u2028\u2029]/u.test(text), { error: ERROR });

/** Of at most `max` UTF-16 units; lines and tabs are fine. */
export const manyLines = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => text.isWellFormed() && !/[^\P{Cc}\t\n\r]/u.test(text), { error: ERROR });
