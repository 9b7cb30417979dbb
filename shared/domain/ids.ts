/** Identifiers, branded so that one kind can never stand for another, and the parsers that alone may make them. */
import * as z from 'zod';

const RANDOM = '[0-9a-hjkmnp-tv-z]{26}';

const SLUG = '[a-z0-9]+(?:-[a-z0-9]+)*';

/** A slug of 2 to 60 characters. The bounds stand in the pattern, so that an id made of such names can always be taken apart again. */
const NAME = `(?=[a-z0-9-]{2,60}(?![a-z0-9-]))${SLUG}`;

/** Slug of an issuer; it is the tenant, and stands in `/i/{issuer}` and in the issuer's did:web. */
export const TenantId = z
  .string()
  .regex(new RegExp(`^${NAME}$`))
  .brand<'TenantId'>();
export type TenantId = z.infer<typeof TenantId>;

export const MicroCredentialId = z
  .string()
  .regex(new RegExp(`^${SLUG}$`))
  .max(100)
  .brand<'MicroCredentialId'>();
export type MicroCredentialId = z.infer<typeof MicroCredentialId>;

/** Semantic version of a definition: `1.0.0`. */
export const Version = z
  .string()
  .regex(/^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/)
  .brand<'Version'>();
export type Version = z.infer<typeof Version>;

export const EnrolmentId = z
  .string()
  .regex(new RegExp(`^enr_${RANDOM}$`))
  .brand<'EnrolmentId'>();
export type EnrolmentId = z.infer<typeof EnrolmentId>;

/**
 * One component, one attempt: `sub_{random part of the enrolment}_{place of the component}_{attempt}`. Who has it can find its enrolment
 * without asking. Numbers have no leading zero, so that one submission has one name.
 */
export const SubmissionId = z
  .string()
  .regex(new RegExp(`^sub_${RANDOM}_(?:0|[1-9]\\d?)_[1-9]\\d{0,2}$`))
  .brand<'SubmissionId'>();
export type SubmissionId = z.infer<typeof SubmissionId>;

export const EvidenceId = z
  .string()
  .regex(new RegExp(`^evi_${RANDOM}$`))
  .brand<'EvidenceId'>();
export type EvidenceId = z.infer<typeof EvidenceId>;

/** 130 random bits: the last part of a public address, so it must not be guessable. */
export const CredentialId = z
  .string()
  .regex(new RegExp(`^${RANDOM}$`))
  .brand<'CredentialId'>();
export type CredentialId = z.infer<typeof CredentialId>;

/** An external system that may speak for a tenant by webhook: `{tenant}.{name}`. It stands in the address that the system calls, so it names the tenant. */
export const ConnectionId = z
  .string()
  .regex(new RegExp(`^${NAME}\\.${NAME}$`))
  .brand<'ConnectionId'>();
export type ConnectionId = z.infer<typeof ConnectionId>;

/** What a programme calls an external system; the second part of a {@link ConnectionId}. */
export const ConnectionName = z
  .string()
  .regex(new RegExp(`^${NAME}$`))
  .brand<'ConnectionName'>();
export type ConnectionName = z.infer<typeof ConnectionName>;

/** What a sender of a webhook asks after: `rcp_{tenant}_{130 random bits}`. Whoever knows it may read it, so it must not be guessable. */
export const ReceiptId = z
  .string()
  .regex(new RegExp(`^rcp_${NAME}_${RANDOM}$`))
  .brand<'ReceiptId'>();
export type ReceiptId = z.infer<typeof ReceiptId>;

export const EventId = z
  .string()
  .regex(new RegExp(`^evt_${RANDOM}$`))
  .brand<'EventId'>();
export type EventId = z.infer<typeof EventId>;

export const AssessorId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/)
  .brand<'AssessorId'>();
export type AssessorId = z.infer<typeof AssessorId>;

/** The `sub` of a signed-in person, as the identity provider gives it. */
export const Subject = z.string().min(1).max(255).brand<'Subject'>();
export type Subject = z.infer<typeof Subject>;

/** Lower-case hexadecimal SHA-256, 64 characters. */
export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'Sha256'>();
export type Sha256 = z.infer<typeof Sha256>;

/** ISO 8601 instant in UTC. Our own clock writes milliseconds, a definition may leave them out: compare with {@link isBefore}, never as text. */
export const Instant = z.iso.datetime().brand<'Instant'>();
export type Instant = z.infer<typeof Instant>;

/** Whether the left instant is earlier; as text, `…:00Z` would stand behind `…:00.500Z`. */
export const isBefore = (left: Instant, right: Instant): boolean => Date.parse(left) < Date.parse(right);

/** The instant so many seconds later. */
export const secondsAfter = (instant: Instant, seconds: number): Instant =>
  Instant.parse(new Date(Date.parse(instant) + seconds * 1000).toISOString());

/** The submission for the component at `place` in its definition, on its `attempt`, which counts from 1. */
export const submissionIdOf = (enrolment: EnrolmentId, place: number, attempt: number): SubmissionId =>
  SubmissionId.parse(`sub_${enrolment.slice('enr_'.length)}_${place}_${attempt}`);

export const enrolmentIdOf = (submission: SubmissionId): EnrolmentId => EnrolmentId.parse(`enr_${submission.split('_')[1]}`);

export const connectionIdOf = (tenant: TenantId, name: ConnectionName): ConnectionId => ConnectionId.parse(`${tenant}.${name}`);

export const tenantOfConnection = (connection: ConnectionId): TenantId => TenantId.parse(connection.split('.')[0]);

export const tenantOfReceipt = (receipt: ReceiptId): TenantId => TenantId.parse(receipt.split('_')[1]);
