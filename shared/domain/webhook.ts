/** Webhooks from assessment tools: who may call for what, and what became of each message. */
import * as z from 'zod';
import { type ConnectionId, type Instant, isBefore, type ReceiptId, secondsAfter, type TenantId } from './ids.ts';
import { AssessmentCompleted } from './mark.ts';
import { oneLine } from './plain-text.ts';

/** One external system of one tenant. Secrets are kept sealed; while rotating there are two. */
export interface Connection {
  readonly id: ConnectionId;
  readonly tenant: TenantId;
  /** Micro-credentials it may speak for. */
  readonly microCredentials: readonly string[];
  /** Components it may speak for; absent means all of them. */
  readonly components?: readonly string[];
  readonly secrets: readonly { readonly sealed: string; readonly validUntil?: Instant }[];
  readonly createdAt: Instant;
}

/** How long the old secret still works after a rotation. */
export const SECRET_OVERLAP_SECONDS = 24 * 60 * 60;

/** A mark that comes before its submission waits this long. */
export const PARKED_SECONDS_MAX = 72 * 60 * 60;

/** So many marks may wait for one submission; more than its assessors and their retries is no one's work. */
export const PARKED_MARKS_MAX = 20;

/** What an inbound webhook says. Further types join this union as they are built. */
export const InboundMessage = z.discriminatedUnion('type', [
  z.strictObject({
    specVersion: z.literal('1.0'),
    id: oneLine(200),
    type: z.literal('assessment.completed'),
    occurredAt: z.iso.datetime(),
    source: oneLine(500).optional(),
    tenant: oneLine(100).optional(),
    data: AssessmentCompleted,
  }),
]);
export type InboundMessage = z.infer<typeof InboundMessage>;

/** What the sender can ask after. `accepted` and `parked` are on the way; `applied` and `refused` are final. */
export interface Receipt {
  readonly id: ReceiptId;
  readonly tenant: TenantId;
  readonly connectionId: ConnectionId;
  readonly message: InboundMessage;
  readonly status: 'accepted' | 'parked' | 'applied' | 'refused';
  readonly code?: string;
  readonly receivedAt: Instant;
  readonly settledAt?: Instant;
}

/** Whether a connection may speak for what a message is about. */
export const maySpeakFor = (connection: Connection, message: InboundMessage): boolean => {
  const { microCredential, submission } = message.data;
  if (message.tenant !== undefined && message.tenant !== connection.tenant) return false;
  if (!connection.microCredentials.includes(microCredential.id)) return false;
  return connection.components === undefined || connection.components.includes(submission.component);
};

/** More secrets than any tool changes over between; the oldest gives way. */
const SECRETS_MAX = 4;

/** The connection with a new secret. The one before works on for {@link SECRET_OVERLAP_SECONDS}; older ones for as long as they were promised. */
export const withNewSecret = (connection: Connection, sealed: string, now: Instant): Connection => {
  const kept = connection.secrets.map((old) => ({
    sealed: old.sealed,
    validUntil: old.validUntil ?? secondsAfter(now, SECRET_OVERLAP_SECONDS),
  }));
  return { ...connection, secrets: [{ sealed }, ...kept.filter(({ validUntil }) => isBefore(now, validUntil))].slice(0, SECRETS_MAX) };
};

/** The secrets that a signature may be made with at this time. */
export const validSecrets = (connection: Connection, now: Instant): readonly string[] =>
  connection.secrets.filter(({ validUntil }) => validUntil === undefined || isBefore(now, validUntil)).map(({ sealed }) => sealed);
