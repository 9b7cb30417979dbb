/**
 * Standard Webhooks 1.0, symmetric scheme `v1`: signs what goes out and guards what comes in, over the raw bytes and
 * before anyone parses them.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * A webhook older or newer than this is refused, in seconds. The specification asks for a tolerance and leaves its
 * size to us; five minutes is what its reference library takes.
 */
export const WEBHOOK_TOLERANCE_SECONDS = 5 * 60;

/** Bounds of a decoded secret, in bytes: "at least 24 bytes (192 bits, 512 maximum)". */
export const WEBHOOK_SECRET_BYTES_MIN = 24;
export const WEBHOOK_SECRET_BYTES_MAX = 64;

/** Length of a secret that we make, in bytes; as long as the digest that it keys. */
export const WEBHOOK_SECRET_BYTES = 32;

const SECRET_PREFIX = 'whsec_';
const SIGNATURE_BYTES = 32;

/** Longest `webhook-id`, in UTF-16 units; it becomes an idempotency key. */
const ID_CHARS_MAX = 200;

/** More signatures than any rotation needs; the rest of a longer list is not looked at. */
const SIGNATURES_MAX = 16;

/** A secret that was checked for form and length; only {@link parseWebhookSecret} makes one. */
export type WebhookSecret = { readonly kind: 'webhook-secret'; readonly key: Uint8Array };

/** One secret, or two while rotating: there is no way to ask for none. */
export type WebhookSecrets = readonly [WebhookSecret, ...WebhookSecret[]];

/** @throws RangeError unless it is `whsec_` and base64 of 24 to 64 bytes; the message never holds the secret */
export const parseWebhookSecret = (text: string): WebhookSecret => {
  const key = text.startsWith(SECRET_PREFIX) ? base64Decode(text.slice(SECRET_PREFIX.length)) : undefined;
  if (key === undefined) throw new RangeError('a webhook secret is whsec_ and base64');
  if (key.length < WEBHOOK_SECRET_BYTES_MIN || key.length > WEBHOOK_SECRET_BYTES_MAX) {
    throw new RangeError('a webhook secret has between 24 and 64 bytes');
  }
  return { kind: 'webhook-secret', key };
};

/** The text of a secret made of fresh random bytes, to be shown to its owner once. @throws RangeError unless 24 to 64 bytes */
export const webhookSecretText = (random: Uint8Array): string => {
  const text = SECRET_PREFIX + Buffer.from(random).toString('base64');
  parseWebhookSecret(text);
  return text;
};

export interface WebhookMessage {
  /** Same for every delivery of one message; has no full stop, which separates the signed parts. */
  readonly id: string;
  /** Unix time of this delivery. */
  readonly timestampSeconds: number;
  readonly body: Uint8Array;
}

/**
 * The value of `webhook-signature`: one signature per secret, so that a receiver may change over while both are valid.
 * @throws RangeError for an id or a time that no receiver would accept
 */
export const signWebhook = ({ id, timestampSeconds, body }: WebhookMessage, secrets: WebhookSecrets): string => {
  const timestamp = String(timestampSeconds);
  if (!isId(id) || !isTimestamp(timestamp)) throw new RangeError('a webhook needs an id without full stops and a time in whole seconds');
  return secrets.map((secret) => `v1,${signature({ id, timestamp, body }, secret).toString('base64')}`).join(' ');
};

/** Headers and bytes as they came in; a header that is absent is undefined. */
export interface ReceivedWebhook {
  readonly id: string | undefined;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
  readonly body: Uint8Array;
}

/** For the log only: a caller is told nothing of which check failed, or it could be tried out. */
export type WebhookRefusal = 'header-missing' | 'id-malformed' | 'timestamp-malformed' | 'too-old' | 'too-new' | 'no-signature-matches';

export type WebhookVerdict = { readonly genuine: true; readonly id: string } | { readonly genuine: false; readonly code: WebhookRefusal };

/** Whether a webhook was signed, by one of these secrets, within five minutes of now. */
export const verifyWebhook = (
  received: ReceivedWebhook,
  { secrets, nowSeconds }: { readonly secrets: WebhookSecrets; readonly nowSeconds: number },
): WebhookVerdict => {
  const { id, timestamp, signature: signatures, body } = received;
  if (id === undefined || timestamp === undefined || signatures === undefined) return { genuine: false, code: 'header-missing' };
  const code = metadataRefusal(id, timestamp, nowSeconds);
  if (code !== undefined) return { genuine: false, code };
  const expected = secrets.map((secret) => signature({ id, timestamp, body }, secret));
  return matchesAny(signatures, expected) ? { genuine: true, id } : { genuine: false, code: 'no-signature-matches' };
};

const metadataRefusal = (id: string, timestamp: string, nowSeconds: number): WebhookRefusal | undefined => {
  if (!isId(id)) return 'id-malformed';
  if (!isTimestamp(timestamp)) return 'timestamp-malformed';
  const ageSeconds = nowSeconds - Number(timestamp);
  // Written so that an age which is no number is refused too.
  if (!(ageSeconds <= WEBHOOK_TOLERANCE_SECONDS)) return 'too-old';
  return ageSeconds >= -WEBHOOK_TOLERANCE_SECONDS ? undefined : 'too-new';
};

// With a full stop in it, characters could move between id, timestamp and body without changing what was signed.
const isId = (id: string): boolean => id !== '' && id.length <= ID_CHARS_MAX && !id.includes('.');

// Not parseInt, which reads `123abc` as a time; fifteen digits still fit a double exactly.
const isTimestamp = (timestamp: string): boolean => /^\d{1,15}$/.test(timestamp);

const signature = ({ id, timestamp, body }: { id: string; timestamp: string; body: Uint8Array }, { key }: WebhookSecret): Buffer =>
  createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();

// Every pair is compared, each in constant time, so that the answer takes as long whichever of them matches.
const matchesAny = (header: string, expected: readonly Buffer[]): boolean => {
  const given = header.split(' ').slice(0, SIGNATURES_MAX).flatMap(givenSignature);
  const pairs = given.flatMap((candidate) => expected.map((genuine) => timingSafeEqual(candidate, genuine)));
  return pairs.includes(true);
};

const givenSignature = (entry: string): readonly Uint8Array[] => {
  const bytes = entry.startsWith('v1,') ? base64Decode(entry.slice('v1,'.length)) : undefined;
  return bytes?.length === SIGNATURE_BYTES ? [bytes] : [];
};

/** Strict: padding as it must be, no stray character, unused bits zero; one text per value. */
const base64Decode = (text: string): Uint8Array | undefined => {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
};
