/**
 * The kinds of text that a definition is made of. A message here ends the sentence that begins with the field's name
 * (faults.ts), so that a programme director can read a fault without knowing the schema.
 */
import * as z from 'zod';

/** Text that a stricter schema accepts, with a message of ours where its own would quote a pattern. */
export const worded = <Schema extends z.ZodType<string, string>>(schema: Schema, error: string) =>
  z
    .string()
    .refine((text) => schema.safeParse(text).success, { error })
    .pipe(schema);

/** One line, for what stands in a heading, a list or a table; `max` in UTF-16 units. */
export const line = (max: number) =>
  z
    .string()
    .max(max)
    // Two linear tests: one pattern for both would backtrack quadratically on a long text.
    .refine((text) => /\S/.test(text) && !/[\r\n\u2028\u2029]/.test(text), { error: 'must be one line of text and not blank' });

/** Text of one or more paragraphs; `max` and `min` in UTF-16 units. */
export const prose = (max: number, min = 1) =>
  z
    .string()
    .min(min)
    .max(max)
    .refine((text) => /\S/.test(text), { error: 'must not be blank' });

/** Names a part of a definition (competency, component, rubric, criterion, level …) or a term of a policy. Unique only within its definition. */
export const Slug = z
  .string()
  .max(80)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, {
    error: 'must be written in small letters a to z and digits, words joined by single hyphens, such as "first-steps"',
  });

/** As {@link Slug}, but outcomes are commonly numbered with dots: `lo1.2`. */
export const OutcomeId = z
  .string()
  .max(80)
  .regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/, {
    error: 'must be written in small letters a to z, digits, single dots and single hyphens, such as "lo1.2"',
  });

const URL_CHARACTERS_MAX = 2000;

// RFC 3986: everything else, also letters beyond ASCII, has to be percent-encoded. Square brackets (IPv6 hosts) are left out on purpose.
const HTTP_URL = /^https?:\/\/([A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})+(#([A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*)?$/;

const isWebAddress = (text: string): boolean => {
  if (!HTTP_URL.test(text) || !URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === '' && password === '';
};

/** Absolute http or https address without a user name; verifiers and readers follow it. */
export const WebAddress = z.string().max(URL_CHARACTERS_MAX).refine(isWebAddress, {
  error: 'must be a full web address, beginning with https:// or http://, without spaces; letters beyond a to z are percent-encoded',
});

/** Absolute URI of any scheme (`https:`, `urn:`, `did:`): a name that need not resolve. */
export const Identifier = z
  .string()
  .max(300)
  .regex(/^[A-Za-z][A-Za-z0-9+.-]*:([A-Za-z0-9\-._~!$&'()*+,;=:@/?#]|%[0-9A-Fa-f]{2})+$/, {
    error: 'must be an identifier with a scheme, such as "https://…", "did:web:…" or "urn:…", without spaces',
  });

export const EmailAddress = worded(z.email().max(254), 'must be an e-mail address');

/** Lower-case `type/subtype` without parameters or wildcards; RFC 6838, section 4.2. */
export const MediaType = z.string().regex(/^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/, {
  error: 'must be a media type in small letters, such as "video/mp4"',
});

/** BCP 47 language tag, beginning with a language code of two or three small letters. */
export const LanguageTag = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$/, { error: 'must be a language tag, such as "en" or "pt-BR"' });

/** ISO 3166-1 alpha-2. */
export const CountryCode = z.string().regex(/^[A-Z]{2}$/, { error: 'must be a country code of two capital letters, such as "IE"' });

/** A share of a whole, 0 to 1. */
export const Fraction = z.number().min(0).max(1);
