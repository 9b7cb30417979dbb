/**
 * Answers whether a badge of any issuer is valid, for anyone who asks: the badge itself, an image that carries it, or
 * the address where it stands. Reads no table, bucket or key, and writes nothing: asking twice is asking twice.
 */
import * as z from 'zod';
import { environment } from '#adapters/environment.ts';
import { systemClock } from '#adapters/system.ts';
import { guardedWeb } from '#adapters/web/guarded-web.ts';
import { DomainError } from '#domain/errors.ts';
import { faultsOf } from '#domain/faults.ts';
import { type OpenRequest, openHttp } from '#lambda/http.ts';
import { CanonicalizationError, type Canonize, createCanonicalizer } from '#linked-data/canonicalize.ts';
import { CONTEXTS } from '#openbadges/contexts.ts';
import { isObject } from '#openbadges/json-object.ts';
import type { VerificationNeeds } from '#openbadges/verify-run.ts';
import type { Clock, OpenWeb, Web } from '#shared/ports.ts';
import { toldWithDocument } from '#shared/verification/answer.ts';
import { bytesFrom, documentsOf } from '#shared/verification/loading.ts';
import {
  BADGE_MEDIA_TYPES,
  formLike,
  formOf,
  type NoBadge,
  type Submitted,
  submittedIn,
  submittedValue,
} from '#shared/verification/submitted-badge.ts';
import { verifySubmitted, withdrawn } from '#shared/verification/verify-submitted.ts';

interface Needs {
  readonly openWeb: OpenWeb;
  readonly canonize: Canonize;
  readonly clock: Clock;
}

const NoParams = z.object({});

/** A body that is an image with a badge in it; in base64 it still fits into the six megabytes that a function is handed. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;

const ADDRESS_CHARS_MAX = 2_048;
const EMAIL_CHARS_MAX = 320;

const WAYS = ['credential', 'image', 'url'] as const;

/** The request form, for what a badge alone cannot say. */
const Asked = z
  .strictObject({
    /** A badge as a JSON object, or as a text with a JWS. */
    credential: z.unknown().optional(),
    /** A PNG or SVG in base64, with or without `data:image/…;base64,` before it. */
    image: z.string().optional(),
    url: z.string().max(ADDRESS_CHARS_MAX).optional(),
    /** Asks as well whether the badge was awarded to this address. */
    recipientEmail: z.string().min(1).max(EMAIL_CHARS_MAX).optional(),
  })
  .refine((asked) => WAYS.filter((way) => asked[way] !== undefined).length === 1, {
    error: 'must have exactly one of "credential", "image" and "url"',
    params: { code: 'exactly-one' },
  });
type Asked = z.infer<typeof Asked>;

/** What was submitted, or taken from where it says; and whom it should be about. */
interface Question {
  readonly submitted: Submitted;
  readonly recipientEmail?: string | undefined;
}

const requireBadge = (found: Submitted | NoBadge): Submitted => {
  if ('fault' in found) throw new DomainError('verification/no-badge', { fault: found.fault });
  return found;
};

/** An address that answers "Gone" is that of a hosted badge that was taken back. Open Badges 2.0. */
const GONE = 410;

const submittedAt = async (url: string, web: Web): Promise<Submitted> => {
  const answer = await web.get(url, { bytesMax: BODY_BYTES_MAX, redirects: 'anywhere' });
  if (answer === 'refused') throw new DomainError('verification/address-refused');
  if (answer === 'unreachable') throw new DomainError('verification/address-unreachable');
  if (answer.status === GONE) return { form: 'json', badge: withdrawn(url) };
  if (answer.status < 200 || answer.status > 299) throw new DomainError('verification/address-unreachable', { status: answer.status });
  return requireBadge(await submittedIn(answer.bytes, formLike(answer.bytes)));
};

const asked = async ({ credential, image, url, recipientEmail }: Asked, web: Web): Promise<Question> => {
  if (url !== undefined) return { submitted: await submittedAt(url, web), recipientEmail };
  if (image === undefined) return { submitted: requireBadge(submittedValue(credential)), recipientEmail };
  const bytes = new Uint8Array(Buffer.from(image.replace(/^data:[^,]*,/, ''), 'base64'));
  return { submitted: requireBadge(await submittedIn(bytes, formLike(bytes) === 'png' ? 'png' : 'svg')), recipientEmail };
};

/** Every badge has a `@context`, and no request form has one. */
const isBadge = (body: unknown): boolean => typeof body === 'string' || (isObject(body) && Object.hasOwn(body, '@context'));

const questionIn = async ({ rawBody, headers }: OpenRequest<unknown>, web: Web): Promise<Question> => {
  const contentType = headers['content-type'] ?? '';
  const form = formOf(contentType);
  if (form === undefined) throw new DomainError('request/unsupported-media-type', { contentType, taken: BADGE_MEDIA_TYPES });
  const bytes = new Uint8Array(rawBody);
  if (!/^\s*application\/json\s*(;|$)/i.test(contentType)) return { submitted: requireBadge(await submittedIn(bytes, form)) };
  const body = jsonOf(rawBody);
  if (isBadge(body)) return { submitted: requireBadge(submittedValue(body)) };
  const parsed = Asked.safeParse(body, { reportInput: true });
  if (!parsed.success) throw new DomainError('request/malformed', {}, faultsOf(parsed.error));
  return asked(parsed.data, web);
};

const jsonOf = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new DomainError('request/malformed', {}, [{ pointer: '', code: 'not-json', detail: 'The body is not JSON.' }]);
  }
};

/** Computing on would answer nobody once the time is up. */
const untilOver =
  (canonize: Canonize, web: Web): Canonize =>
  async (document, hash) => {
    if (web.isOver()) throw new CanonicalizationError('too-complex');
    return canonize(document, hash);
  };

export const verifyBadge =
  ({ openWeb, canonize, clock }: Needs) =>
  async (request: OpenRequest<unknown>) => {
    const web = openWeb();
    const { submitted, recipientEmail } = await questionIn(request, web);
    const checkedAt = clock();
    const needs: VerificationNeeds = {
      canonize: untilOver(canonize, web),
      load: documentsOf(web),
      loadBytes: bytesFrom(web),
      nowMs: Date.parse(checkedAt),
      recipientEmail,
    };
    const { verified, older } = await verifySubmitted(submitted, needs);
    const { verdict, ...rest } = toldWithDocument(verified);
    const body = { verdict, form: submitted.form, checkedAt, ...rest, ...(older && { older: toldWithDocument(older) }) };
    return { status: 200, body };
  };

export const handler = openHttp(
  NoParams,
  () =>
    verifyBadge({
      openWeb: guardedWeb({ loopback: environment('LOOPBACK_DOCUMENTS') }),
      canonize: createCanonicalizer({ contexts: CONTEXTS }),
      clock: systemClock,
    }),
  { bytesMax: BODY_BYTES_MAX },
);
