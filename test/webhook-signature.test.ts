import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it, vi } from 'vitest';
import { parseWebhookSecret, signWebhook, verifyWebhook, WEBHOOK_TOLERANCE_SECONDS, webhookSecretText } from '#shared/webhook-signature.ts';

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');

const vectors = JSON.parse(fixture('webhook-signature-vectors.json'));
const text = fixture('webhook-assessment-completed.json').replace(/\n$/, '');
const body = Buffer.from(text);
const secret = parseWebhookSecret(vectors.secret);
const oldSecret = parseWebhookSecret(vectors.oldSecret);
const sent = {
  id: vectors.headers['webhook-id'],
  timestamp: vectors.headers['webhook-timestamp'],
  signature: vectors.headers['webhook-signature'],
  body,
};
const at = { secrets: [secret], nowSeconds: vectors.now } as const;

describe('a signed webhook', () => {
  it('is accepted as it was sent', () => {
    expect(verifyWebhook(sent, at)).toEqual({ genuine: true, id: sent.id });
  });

  it('is signed as the vector says', () => {
    expect(signWebhook({ id: sent.id, timestampSeconds: Number(sent.timestamp), body }, [secret])).toBe(sent.signature);
  });

  it('is signed with both secrets while they are rotated, and accepted by who knows either', () => {
    const signature = signWebhook({ id: sent.id, timestampSeconds: Number(sent.timestamp), body }, [oldSecret, secret]);
    expect(signature).toBe(vectors.duringSecretRotation['webhook-signature']);
    for (const secrets of [[secret], [oldSecret], [oldSecret, secret]] as const) {
      expect(verifyWebhook({ ...sent, signature }, { ...at, secrets: [...secrets] as [typeof secret] }).genuine).toBe(true);
    }
  });

  it('is accepted by whoever holds the new secret besides the old one', () => {
    expect(verifyWebhook(sent, { ...at, secrets: [oldSecret, secret] }).genuine).toBe(true);
    expect(verifyWebhook(sent, { ...at, secrets: [oldSecret] })).toEqual({ genuine: false, code: 'no-signature-matches' });
  });

  it('may be five minutes old, or five minutes ahead of our clock, and not a second more', () => {
    const sentAt = Number(sent.timestamp);
    const verdictAt = (nowSeconds: number) => verifyWebhook(sent, { ...at, nowSeconds });
    expect(verdictAt(sentAt + WEBHOOK_TOLERANCE_SECONDS).genuine).toBe(true);
    expect(verdictAt(sentAt - WEBHOOK_TOLERANCE_SECONDS).genuine).toBe(true);
    expect(verdictAt(sentAt + WEBHOOK_TOLERANCE_SECONDS + 1)).toEqual({ genuine: false, code: 'too-old' });
    expect(verdictAt(sentAt - WEBHOOK_TOLERANCE_SECONDS - 1)).toEqual({ genuine: false, code: 'too-new' });
    expect(verdictAt(Number.NaN)).toEqual({ genuine: false, code: 'too-old' });
  });
});

interface Rejection {
  readonly why: string;
  readonly now?: number;
  readonly bodyReplace?: readonly [string, string];
  readonly webhookId?: string;
  readonly signature?: string;
}

describe('a webhook is refused', () => {
  it.each(vectors.rejects as Rejection[])('when it is $why', ({ now, bodyReplace, webhookId, signature }) => {
    const changed = bodyReplace === undefined ? body : Buffer.from(text.replace(...(bodyReplace as [string, string])));
    const received = { ...sent, body: changed, id: webhookId ?? sent.id, signature: signature ?? sent.signature };
    expect(verifyWebhook(received, { ...at, nowSeconds: now ?? vectors.now }).genuine).toBe(false);
  });

  it.each(['id', 'timestamp', 'signature'] as const)('without the header for its %s', (header) => {
    expect(verifyWebhook({ ...sent, [header]: undefined }, at)).toEqual({ genuine: false, code: 'header-missing' });
  });

  it.each([
    '',
    '123abc',
    '1795437000.5',
    '-1795437000',
    '+1795437000',
    ' 1795437000',
    '1e9',
    '0x6b0',
    '１７９',
    '1795437000\n',
    '9'.repeat(16),
  ])('with %j for a time', (timestamp) => {
    expect(verifyWebhook({ ...sent, timestamp }, at)).toEqual({ genuine: false, code: 'timestamp-malformed' });
  });

  it('with a full stop in its id, which would let text move between id, time and body', () => {
    const moved = { ...sent, id: `${sent.id}.1`, body };
    expect(verifyWebhook(moved, at)).toEqual({ genuine: false, code: 'id-malformed' });
    expect(verifyWebhook({ ...sent, id: '' }, at)).toEqual({ genuine: false, code: 'id-malformed' });
    expect(verifyWebhook({ ...sent, id: 'x'.repeat(201) }, at)).toEqual({ genuine: false, code: 'id-malformed' });
    expect(() => signWebhook({ id: 'a.b', timestampSeconds: 1, body }, [secret])).toThrow(RangeError);
    expect(() => signWebhook({ id: 'a', timestampSeconds: 1.5, body }, [secret])).toThrow(RangeError);
  });

  const genuine: string = sent.signature.slice('v1,'.length);
  it.each([
    ['without padding', genuine.replace(/=+$/, '')],
    ['in the URL alphabet', genuine.replaceAll('+', '-').replaceAll('/', '_')],
    ['with a line end', `${genuine}\n`],
    ['with unused bits that are not zero', genuine.replace(/Q=$/, 'R=')],
    ['cut short', Buffer.from(genuine, 'base64').subarray(0, 31).toString('base64')],
    ['empty', ''],
  ])('with its signature %s', (_, signature) => {
    expect(verifyWebhook({ ...sent, signature: `v1,${signature}` }, at)).toEqual({ genuine: false, code: 'no-signature-matches' });
  });

  it.each(['V1,', 'v1a,', 'v2,', 'v1:', ''])('under the scheme %j', (scheme) => {
    expect(verifyWebhook({ ...sent, signature: scheme + genuine }, at).genuine).toBe(false);
  });

  it('when its genuine signature hides behind more than sixteen others', () => {
    const crowd = Array(16).fill(`v1,${Buffer.alloc(32).toString('base64')}`);
    expect(verifyWebhook({ ...sent, signature: [...crowd, sent.signature].join(' ') }, at).genuine).toBe(false);
    expect(verifyWebhook({ ...sent, signature: [...crowd.slice(1), sent.signature].join(' ') }, at).genuine).toBe(true);
  });
});

describe('a webhook secret', () => {
  it.each([24, 32, 64])('may have %i bytes', (bytes) => {
    expect(parseWebhookSecret(webhookSecretText(Buffer.alloc(bytes, 1))).key).toHaveLength(bytes);
  });

  it.each([0, 1, 23, 65])('may not have %i bytes', (bytes) => {
    expect(() => webhookSecretText(Buffer.alloc(bytes, 1))).toThrow('between 24 and 64 bytes');
  });

  it.each(['', 'whsec_', 'whsec_!!!!', vectors.secret.slice('whsec_'.length), vectors.secret.replace(/=$/, ''), `${vectors.secret} `])(
    'is refused as %j',
    (malformed) => {
      expect(() => parseWebhookSecret(malformed)).toThrow(RangeError);
    },
  );

  it('never stands in the message of its refusal', () => {
    const short = `whsec_${Buffer.from('too short a secret').toString('base64')}`;
    expect(() => parseWebhookSecret(short)).toThrow(expect.objectContaining({ message: expect.not.stringContaining(short.slice(6)) }));
  });
});

describe('the reference library', () => {
  const message = {
    key: fc.uint8Array({ minLength: 24, maxLength: 64 }).map(webhookSecretText),
    id: fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/),
    payload: fc.string({ unit: 'grapheme' }),
    timestampSeconds: fc.integer({ min: 0, max: 4_000_000_000 }),
  };

  it('signs every message as we do', () => {
    fc.assert(
      fc.property(fc.record(message), ({ key, id, payload, timestampSeconds }) => {
        const ours = signWebhook({ id, timestampSeconds, body: Buffer.from(payload) }, [parseWebhookSecret(key)]);
        expect(ours).toBe(new Webhook(key).sign(id, new Date(timestampSeconds * 1000), payload));
      }),
    );
  });

  it('accepts what we sign', () => {
    vi.useFakeTimers({ now: vectors.now * 1000, toFake: ['Date'] });
    try {
      const headers = { 'webhook-id': sent.id, 'webhook-timestamp': sent.timestamp, 'webhook-signature': sent.signature };
      expect(new Webhook(vectors.secret).verify(text, headers)).toEqual(JSON.parse(text));
    } finally {
      vi.useRealTimers();
    }
  });

  it('and we refuse whatever was changed after it signed', () => {
    fc.assert(
      fc.property(fc.record({ ...message, other: message.payload }), ({ key, id, payload, other, timestampSeconds }) => {
        fc.pre(payload !== other);
        const signature = new Webhook(key).sign(id, new Date(timestampSeconds * 1000), payload);
        const received = { id, timestamp: String(timestampSeconds), signature, body: Buffer.from(other) };
        expect(verifyWebhook(received, { secrets: [parseWebhookSecret(key)], nowSeconds: timestampSeconds }).genuine).toBe(false);
      }),
    );
  });
});
