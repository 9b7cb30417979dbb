/** An assessment tool, down to the bytes and headers that it sends. */
import * as z from 'zod';
import type { Answer, ApiClient } from '../../local/api-client.ts';
import { type Connection, until } from '../../local/main-job.ts';
import { parseWebhookSecret, signWebhook, type WebhookSecrets } from '../../shared/webhook-signature.ts';

export interface Delivery {
  readonly id: string;
  /** JSON, unless it is bytes already. */
  readonly body: unknown;
  readonly timestampSeconds?: number;
  /** Secrets to sign with instead of the connection's own. */
  readonly secrets?: readonly [string, ...string[]];
  /** Replaces headers; undefined takes one away. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

export const nowSeconds = (): number => Math.floor(Date.now() / 1000);

const secretsOf = ([first, ...others]: readonly [string, ...string[]]): WebhookSecrets => [
  parseWebhookSecret(first),
  ...others.map(parseWebhookSecret),
];

/** Sends one delivery, genuine unless it says otherwise. */
export const deliver = async (connection: Connection, delivery: Delivery): Promise<Answer> => {
  const { id, body, timestampSeconds = nowSeconds(), secrets = [connection.secret], headers = {} } = delivery;
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const sent = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signWebhook({ id, timestampSeconds, body: bytes }, secretsOf(secrets)),
    ...headers,
  };
  const kept = Object.entries(sent).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as [string, string]]));
  const response = await fetch(connection.hookUrl, { method: 'POST', headers: kept, body: bytes });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
};

const Receipt = z.object({ receiptId: z.string() });
const Told = z.object({ status: z.enum(['accepted', 'parked', 'applied', 'refused']), code: z.string().optional() });
export type Told = z.infer<typeof Told>;

export const receiptIdOf = ({ body }: Answer): string => Receipt.parse(body).receiptId;

/** Receipts are read without a token: to know one is the right to read it. */
export const receipt = async (baseUrl: string, receiptId: string): Promise<Told> => {
  const response = await fetch(`${baseUrl}/v1/receipts/${receiptId}`);
  return Told.parse(await response.json());
};

/** What came of a message, once something did. */
export const outcomeOf = (client: Pick<ApiClient, 'baseUrl'>, receiptId: string, awaited: readonly Told['status'][]): Promise<Told> =>
  until(`receipt ${receiptId} to be ${awaited.join(' or ')}`, async () => {
    const told = await receipt(client.baseUrl, receiptId);
    return awaited.includes(told.status) ? told : undefined;
  });

export const SETTLED = ['applied', 'refused', 'parked'] as const;
