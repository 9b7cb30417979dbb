/** The event catalogue: one vocabulary for the bus and for outgoing webhooks. Names are past tense; payloads carry ids, never personal data. */
import * as z from 'zod';
import {
  ConnectionId,
  CredentialId,
  EnrolmentId,
  EventId,
  EvidenceId,
  Instant,
  MicroCredentialId,
  ReceiptId,
  Sha256,
  SubmissionId,
  TenantId,
  Version,
} from './ids.ts';

const enrolment = { enrolmentId: EnrolmentId, microCredentialId: MicroCredentialId, version: Version };
const submission = { enrolmentId: EnrolmentId, submissionId: SubmissionId, component: z.string() };
const evidence = { ...submission, evidenceId: EvidenceId };
const receipt = { receiptId: ReceiptId, connectionId: ConnectionId, submissionId: z.string() };
const credential = { credentialId: CredentialId, enrolmentId: EnrolmentId };

/** Payload of every event; adding an optional field is compatible, anything else needs a new name. */
export const EVENTS = {
  'issuer.registered': z.object({ issuerId: TenantId }),
  'issuer.keys_changed': z.object({ issuerId: TenantId }),
  /** Told again with a cursor until every credential has been looked at. */
  'issuer.key_compromised': z.object({
    issuerId: TenantId,
    keyId: z.string(),
    from: z.object({ month: z.string(), shard: z.number().int(), after: z.string().optional() }).optional(),
  }),
  'microcredential.published': z.object({ microCredentialId: MicroCredentialId, version: Version }),
  'enrolment.created': z.object(enrolment),
  'evidence.uploaded': z.object({ ...evidence, bytes: z.number().int(), sha256: Sha256, mediaType: z.string() }),
  'evidence.scanned': z.object({ ...evidence, result: z.string() }),
  'evidence.accepted': z.object(evidence),
  'evidence.rejected': z.object({ ...evidence, reason: z.string() }),
  'evidence.quarantined': z.object(evidence),
  'submission.submitted': z.object({ ...submission, attempt: z.number().int() }),
  'webhook.received': z.object(receipt),
  'assessment.recorded': z.object({ ...submission, markId: z.string() }),
  'assessment.refused': z.object({ ...receipt, code: z.string() }),
  'assessment.parked': z.object(receipt),
  'parking.elapsed': z.object(receipt),
  'decision.made': z.object({ ...submission, outcome: z.enum(['pass', 'below']) }),
  'credential.earned': z.object(credential),
  'credential.reissue_requested': z.object(credential),
  'credential.issued': z.object(credential),
  'credential.failed': z.object({ ...credential, reason: z.string() }),
  'credential.published': z.object({ ...credential, verificationUrl: z.url() }),
  'credential.status_changed': z.object({
    credentialId: CredentialId,
    statusList: z.number().int(),
    status: z.enum(['active', 'suspended', 'revoked']),
  }),
  'credential.visibility_changed': z.object({ credentialId: CredentialId, published: z.boolean() }),
  'status_list.dirtied': z.object({ statusList: z.number().int() }),
} as const;

export type EventName = keyof typeof EVENTS;
export type EventData<Name extends EventName> = z.infer<(typeof EVENTS)[Name]>;

/** The bus's `source` of an event: the part of the house that speaks. */
export const sourceOf = (name: EventName): string => `assay.${name.split('.')[0]?.replace('_', '-')}`;

/** Who caused a state change. A `system` actor is a step acting on an event, named by its file. */
export const Actor = z.object({ type: z.enum(['operator', 'programme', 'assessor', 'learner', 'tool', 'system']), id: z.string() });
export type Actor = z.infer<typeof Actor>;

export const EventMeta = z.object({
  eventId: EventId,
  tenant: TenantId,
  aggregateType: z.string(),
  aggregateId: z.string(),
  aggregateVersion: z.number().int(),
  actor: Actor,
  occurredAt: Instant,
  correlationId: z.string(),
  causationId: z.string().nullable(),
  schemaVersion: z.literal(1),
});
export type EventMeta = z.infer<typeof EventMeta>;

/** An event as it stands in the outbox and in `detail` on the bus; `detail-type` repeats the name. */
export type AssayEvent = {
  [Name in EventName]: { readonly type: Name; readonly meta: EventMeta; readonly data: EventData<Name> };
}[EventName];

/** An event that a rule wants told; the step that saves adds the meta. */
export type EventDraft = { [Name in EventName]: { readonly type: Name; readonly data: EventData<Name> } }[EventName];

/** @throws ZodError if the detail is not an event of the catalogue. */
export const parseEvent = (detail: unknown): AssayEvent => {
  const { type } = z.object({ type: z.enum(Object.keys(EVENTS) as [EventName, ...EventName[]]) }).parse(detail);
  return z.object({ type: z.literal(type), meta: EventMeta, data: EVENTS[type] }).parse(detail) as AssayEvent;
};
