/** Takes a message of an assessment tool. Its signature is confirmed over the raw bytes before a byte is parsed; what it leads to is told by receipt. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { dynamodbConnections } from '#adapters/dynamodb/connections.ts';
import { dynamodbReceipts } from '#adapters/dynamodb/receipts.ts';
import { kmsSecretBox } from '#adapters/kms/secret-box.ts';
import { randomId, systemClock } from '#adapters/system.ts';
import { DomainError } from '#domain/errors.ts';
import { faultsOf } from '#domain/faults.ts';
import { ConnectionId, ReceiptId } from '#domain/ids.ts';
import { type Connection, InboundMessage, maySpeakFor, type Receipt, validSecrets } from '#domain/webhook.ts';
import { type OpenRequest, openHttp } from '#lambda/http.ts';
import { untilSaved } from '#shared/optimistic.ts';
import type { Clock, Connections, NewId, Receipts, SecretBox } from '#shared/ports.ts';
import { parseWebhookSecret, verifyWebhook } from '#shared/webhook-signature.ts';

interface Needs {
  readonly connections: Connections;
  readonly receipts: Receipts;
  readonly secrets: SecretBox;
  readonly clock: Clock;
  readonly newId: NewId;
}

const Params = z.object({ connectionId: z.string() });
type Request = OpenRequest<z.infer<typeof Params>>;

const connectionOf = async ({ connections }: Needs, id: string): Promise<Connection> => {
  const parsed = ConnectionId.safeParse(id);
  const found = parsed.success ? await connections.load(parsed.data) : undefined;
  if (found === undefined) throw new DomainError('webhook/unknown-connection');
  return found.value;
};

/** One answer for a missing, a wrong and a stale signature: it tells a forger nothing. */
const requireSigned = async ({ secrets, clock }: Needs, connection: Connection, { headers, rawBody }: Request): Promise<void> => {
  const opened = await Promise.all(validSecrets(connection, clock()).map((sealed) => secrets.open(sealed, { connection: connection.id })));
  const [newest, ...others] = opened.map(parseWebhookSecret);
  const received = {
    id: headers['webhook-id'],
    timestamp: headers['webhook-timestamp'],
    signature: headers['webhook-signature'],
    body: rawBody,
  };
  const nowSeconds = Math.floor(Date.parse(clock()) / 1000);
  const genuine = newest !== undefined && verifyWebhook(received, { secrets: [newest, ...others], nowSeconds }).genuine;
  if (!genuine) throw new DomainError('webhook/unauthenticated');
};

const messageOf = ({ headers, rawBody }: Request): InboundMessage => {
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? ''))
    throw new DomainError('request/unsupported-media-type', { contentType: headers['content-type'] ?? null });
  const parsed = InboundMessage.safeParse(jsonOf(rawBody), { reportInput: true });
  if (!parsed.success) throw new DomainError('webhook/malformed', {}, faultsOf(parsed.error));
  return parsed.data;
};

const jsonOf = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new DomainError('webhook/malformed', {}, [{ pointer: '', code: 'not-json', detail: 'The body is not JSON.' }]);
  }
};

const receiptBody = ({ id, status }: Pick<Receipt, 'id' | 'status'>) => ({ receiptId: id, status, receiptUrl: `/v1/receipts/${id}` });

/** What an id that was seen before is answered with: its first receipt, or a conflict if the bytes differ. */
const repeated = async ({ receipts }: Needs, first: { receiptId: ReceiptId; bodySha256: string } | undefined, bodySha256: string) => {
  if (first === undefined) return undefined;
  if (first.bodySha256 !== bodySha256) throw new DomainError('webhook/idempotency-conflict');
  const receipt = await receipts.load(first.receiptId);
  return { status: 200, body: receiptBody(receipt ?? { id: first.receiptId, status: 'accepted' }) };
};

/** The same id twice, even at once, is one message: whoever loses the write answers with the winner's receipt. */
export const receiveWebhook = (needs: Needs) => async (request: Request) => {
  const connection = await connectionOf(needs, request.params.connectionId);
  await requireSigned(needs, connection, request);
  const message = messageOf(request);
  if (!maySpeakFor(connection, message)) throw new DomainError('webhook/not-permitted');
  const webhookId = request.headers['webhook-id'] ?? '';
  const bodySha256 = createHash('sha256').update(request.rawBody).digest('hex');
  return untilSaved(async () => {
    const known = await repeated(needs, await needs.receipts.earlier(connection.id, webhookId), bodySha256);
    if (known !== undefined) return known;
    const id = ReceiptId.parse(needs.newId(`rcp_${connection.tenant}`));
    const receipt: Receipt = {
      id,
      tenant: connection.tenant,
      connectionId: connection.id,
      message,
      status: 'accepted',
      receivedAt: needs.clock(),
    };
    const cause = { actor: { type: 'tool', id: connection.id }, correlationId: request.requestId, causationId: webhookId } as const;
    const data = { receiptId: id, connectionId: connection.id, submissionId: message.data.submission.id };
    await needs.receipts.receive(receipt, { webhookId, bodySha256 }, { cause, events: [{ type: 'webhook.received', data }] });
    return { status: 202, body: receiptBody(receipt) };
  });
};

export const handler = openHttp(Params, () => {
  const needs = { clock: systemClock, newId: randomId };
  return receiveWebhook({ connections: dynamodbConnections(needs), receipts: dynamodbReceipts(needs), secrets: kmsSecretBox(), ...needs });
});
