/** What the steps need of the world, without saying who gives it. An adapter implements one port; the rules see none of them. */

import type { Credential } from '#domain/credential.ts';
import type { Enrolment, EnrolmentRecord } from '#domain/enrolment.ts';
import type { Actor, EventDraft } from '#domain/events.ts';
import type { AnnouncedFile, InspectedObject } from '#domain/evidence.ts';
import type {
  AssessorId,
  ConnectionId,
  CredentialId,
  EnrolmentId,
  Instant,
  MicroCredentialId,
  ReceiptId,
  Subject,
  SubmissionId,
  TenantId,
  Version,
} from '#domain/ids.ts';
import type { Issuer, JwtAlgorithm, KeyAlgorithm } from '#domain/issuer.ts';
import type { ByteFacts } from '#domain/media-type.ts';
import type { MicroCredentialDefinition } from '#domain/micro-credential.ts';
import type { Assessor } from '#domain/person.ts';
import type { Connection, Receipt } from '#domain/webhook.ts';

export type Clock = () => Instant;

/** A fresh identifier with 130 random bits after the prefix; `''` for none. */
export type NewId = (prefix: string) => string;

/** What is expected of an item for a write to stand; the label names the loser's reason. */
export type Expectation = 'anything' | 'absent' | 'present' | { readonly revision: number };

/** One write of a transaction. `body: undefined` deletes; `check` writes nothing and only expects. */
export interface Write {
  readonly partition: string;
  readonly sort: string;
  readonly expect: Expectation;
  /** Told by {@link WriteConflict} when the expectation fails. */
  readonly label: string;
  readonly item?: Readonly<Record<string, unknown>>;
  readonly check?: boolean;
}

/** A transaction lost: someone else was first. Nothing was written; `labels` say which expectations failed (none when two transactions met). */
export class WriteConflict extends Error {
  readonly labels: readonly string[];
  constructor(labels: readonly string[]) {
    super(`write conflict: ${labels.join(', ') || 'concurrent transaction'}`);
    this.name = 'WriteConflict';
    this.labels = labels;
  }
}

/** Who and what caused a change; goes into the audit entry and the event's meta. */
export interface Cause {
  readonly actor: Actor;
  readonly correlationId: string;
  readonly causationId: string | null;
}

/** A value with the revision that a save must still find, and the hash of its last audit entry. */
export interface Loaded<T> {
  readonly value: T;
  readonly revision: number;
  readonly chain: string;
}

/** State, audit entry and outbox rows go in one transaction, with what else must stand or fall with them. */
export interface Change<T> {
  readonly before: Loaded<T> | undefined;
  readonly after: T;
  readonly events: readonly EventDraft[];
  readonly cause: Cause;
  readonly also?: readonly Write[];
}

export interface Issuers {
  load(tenant: TenantId): Promise<Loaded<Issuer> | undefined>;
  save(change: Change<Issuer>): Promise<void>;
}

/** A version of a definition as it is kept: editable as a draft, for ever the same once published. */
export interface DefinitionVersion {
  readonly tenant: TenantId;
  readonly definition: MicroCredentialDefinition;
  readonly state: 'draft' | 'published';
  readonly publishedAt?: Instant;
}

export interface Definitions {
  load(tenant: TenantId, id: MicroCredentialId, version: Version): Promise<Loaded<DefinitionVersion> | undefined>;
  /** Versions of one micro-credential with their state, in no particular order. */
  versions(tenant: TenantId, id: MicroCredentialId): Promise<readonly { version: Version; state: DefinitionVersion['state'] }[]>;
  save(change: Change<DefinitionVersion>): Promise<void>;
}

export interface Assessors {
  load(tenant: TenantId, id: AssessorId): Promise<Assessor | undefined>;
  save(tenant: TenantId, assessor: Assessor, cause: Cause): Promise<void>;
}

export interface Connections {
  load(id: ConnectionId): Promise<Loaded<Connection> | undefined>;
  save(change: Change<Connection>): Promise<void>;
}

export interface Receipts {
  load(id: ReceiptId): Promise<Receipt | undefined>;
  /** What came before under the same connection and webhook id. */
  earlier(connection: ConnectionId, webhookId: string): Promise<{ receiptId: ReceiptId; bodySha256: string } | undefined>;
  /** @throws WriteConflict with label `message` if that id was received in the meantime. */
  receive(
    receipt: Receipt,
    message: { webhookId: string; bodySha256: string },
    change: { cause: Cause; events: readonly EventDraft[] },
  ): Promise<void>;
  /** The write that settles a receipt, to go with the change it tells of. */
  settled(receipt: Receipt, becomes: Pick<Receipt, 'status' | 'code' | 'settledAt'>): readonly Write[];
  /** Settles a receipt whose message changed nothing else. */
  settle(
    receipt: Receipt,
    becomes: Pick<Receipt, 'status' | 'code' | 'settledAt'>,
    change: { cause: Cause; events: readonly EventDraft[] },
  ): Promise<void>;
  /** Marks that wait for a submission, oldest first. */
  parked(tenant: TenantId, submissionId: string): Promise<readonly Receipt[]>;
}

export interface Enrolments {
  load(tenant: TenantId, id: EnrolmentId): Promise<Loaded<EnrolmentRecord> | undefined>;
  /** @throws WriteConflict with label `open-enrolment` if the learner already has one open for the micro-credential. */
  save(change: Change<EnrolmentRecord>): Promise<void>;
  ofLearner(tenant: TenantId, learner: Subject): Promise<readonly Enrolment[]>;
  /** The enrolment that a learner has open for a micro-credential. */
  openOf(tenant: TenantId, learner: Subject, id: MicroCredentialId): Promise<EnrolmentId | undefined>;
}

/** The signed forms of a badge; every other form is made from them and from what was frozen. */
export interface SignedForms {
  /** JSON with its embedded proof. */
  readonly json: string;
  /** Compact JWS. */
  readonly jwt: string;
}

/** A credential with the bytes behind it: what was frozen at the claim, and what was signed last. */
export interface CredentialRecord {
  readonly credential: Credential;
  readonly frozen: string;
  readonly forms?: SignedForms;
}

/** Where a walk over a tenant's credentials has come to: a month of earning, a part of it, and the last that was seen. */
export interface CredentialCursor {
  /** `2026-11`. */
  readonly month: string;
  readonly shard: number;
  readonly after?: string | undefined;
}

export interface Credentials {
  load(tenant: TenantId, id: CredentialId): Promise<Loaded<CredentialRecord> | undefined>;
  save(change: Change<CredentialRecord>): Promise<void>;
  /** The writes of a claim: the credential and the lock that lets an award have only one; conflict label `award`. */
  claim(record: CredentialRecord, award: { cycle: number; cause: Cause }): readonly Write[];
  /** A page of a tenant's credentials by the month in which they were earned, and where the next begins; eventually consistent. */
  page(
    tenant: TenantId,
    from: CredentialCursor,
    limit: number,
  ): Promise<{ readonly credentials: readonly Credential[]; readonly next?: CredentialCursor }>;
}

export interface StatusLists {
  /** Reserves a place that no other credential ever gets. A crash wastes it, which is harmless. `opened`: the list is new and must be published. */
  reserve(tenant: TenantId): Promise<{ list: number; index: number; opened: boolean }>;
  /** Indices whose credentials are not to be relied on, read consistently. */
  raised(tenant: TenantId, list: number): Promise<readonly number[]>;
  /** Number of the list that places are taken from now; those before it are full. */
  current(tenant: TenantId): Promise<number>;
  /** The write that raises or lowers a credential's bit. */
  mark(tenant: TenantId, place: { list: number; index: number }, raised: boolean): Write;
}

export interface EvidenceStore {
  /** An address for one PUT of exactly the announced bytes. */
  presignPut(
    key: string,
    file: AnnouncedFile,
    expiresInSeconds: number,
  ): Promise<{ url: string; headers: Readonly<Record<string, string>> }>;
  /** Reads the whole object once, in bounded memory; undefined if it is not there. */
  inspect(key: string, versionId: string): Promise<(Omit<InspectedObject, 'mediaType'> & { facts: ByteFacts }) | undefined>;
}

export interface HostedFile {
  readonly key: string;
  readonly body: string | Uint8Array;
  readonly contentType: string;
  readonly cacheControl: string;
  /** Status of the answer; 200 unless it says otherwise. */
  readonly status?: 404 | 410;
}

export interface HostedFiles {
  /** Writes once: a file already there stays, and the call succeeds only if its bytes are the same. */
  create(file: HostedFile): Promise<void>;
  replace(file: HostedFile): Promise<void>;
  /** Replaces only what was read: false if someone else wrote in between. `etag` undefined means "not there yet". */
  swap(file: HostedFile, etag: string | undefined): Promise<boolean>;
  etag(key: string): Promise<string | undefined>;
  read(key: string): Promise<Uint8Array | undefined>;
  remove(key: string): Promise<void>;
}

/** Signs at most 4,096 bytes with Ed25519 and returns 64. */
export type Sign = (keyArn: string, bytes: Uint8Array) => Promise<Uint8Array>;

/** Signs a SHA-256 digest: PKCS #1 v1.5 with RSA; with P-256 the answer is DER. */
export type SignDigest = (key: { readonly arn: string; readonly algorithm: JwtAlgorithm }, sha256: Uint8Array) => Promise<Uint8Array>;

export interface IssuerKeys {
  create(tenant: TenantId, algorithm: KeyAlgorithm): Promise<{ arn: string }>;
  /** SubjectPublicKeyInfo, DER. */
  publicKey(arn: string): Promise<Uint8Array>;
  /** From now on it signs nothing; its private half is deleted when the time to change one's mind is over. Twice is harmless. */
  retire(arn: string): Promise<void>;
}

export interface SecretBox {
  /** Bound to its context: a sealed text moved to another connection does not open. */
  seal(secret: string, context: Readonly<Record<string, string>>): Promise<string>;
  open(sealed: string, context: Readonly<Record<string, string>>): Promise<string>;
}

export interface Timers {
  /** Tells the bus an event at a time. Setting the same name again changes nothing. */
  set(name: string, at: Instant, event: EventDraft & { tenant: TenantId }): Promise<void>;
  clear(name: string): Promise<void>;
}

export interface WebTerms {
  /** Largest answer that is read, once decoded. */
  readonly bytesMax: number;
  /** Whether an address may send on to another origin. */
  readonly redirects: 'same-origin' | 'anywhere';
}

/** `refused`: no address that may be asked. `unreachable`: nothing that could be read, in time and within the terms. The body is empty unless the status is 2xx. */
export type WebAnswer = { readonly status: number; readonly bytes: Uint8Array } | 'refused' | 'unreachable';

/** What strangers publish, asked on the word of other strangers. */
export interface Web {
  /** Never rejects. */
  get(url: string, terms: WebTerms): Promise<WebAnswer>;
  /** Whether the time of this request is up: nothing is fetched any more, and nothing long should be begun. */
  isOver(): boolean;
}

/** Opens the web for one request, with bounds of its own. */
export type OpenWeb = () => Web;

export type { SubmissionId };
