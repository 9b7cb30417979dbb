/** Things of the domain, valid by default; a test overrides the one thing that it is about. */
import type { Credential, CredentialState } from '#domain/credential.ts';
import type { Enrolment, EnrolmentRecord } from '#domain/enrolment.ts';
import type { AssayEvent, EventData, EventMeta, EventName } from '#domain/events.ts';
import type { AnnouncedFile, EvidenceItem, InspectedObject } from '#domain/evidence.ts';
import {
  AssessorId,
  ConnectionId,
  CredentialId,
  EnrolmentId,
  EventId,
  EvidenceId,
  Instant,
  MicroCredentialId,
  ReceiptId,
  Sha256,
  Subject,
  secondsAfter,
  submissionIdOf,
  TenantId,
  Version,
} from '#domain/ids.ts';
import type { Issuer, IssuerKey } from '#domain/issuer.ts';
import { AssessmentCompleted, type Decision, type Mark } from '#domain/mark.ts';
import type { MicroCredentialDefinition } from '#domain/micro-credential.ts';
import type { Assessor, Learner } from '#domain/person.ts';
import type { Sealed, Submission, SubmissionState } from '#domain/submission.ts';
import { type Connection, InboundMessage, type Receipt } from '#domain/webhook.ts';
import { changed, type Document, type Json, put, type SampleName } from './domain/definitions.ts';

/** Changes by JSON pointer; an undefined value takes the field out. */
export type Changes = Readonly<Record<string, Json | undefined>>;

export const NOW = Instant.parse('2026-11-23T12:00:00.000Z');
export const later = (seconds: number): Instant => secondsAfter(NOW, seconds);

/** 26 characters, as every random part has; the same number gives the same part. */
export const randomPart = (number: number): string => String(number).padStart(26, '0');
export const digest = (character: string): Sha256 => Sha256.parse(character.repeat(64));

export const TENANT = TenantId.parse('harbour-learning-alliance');
export const enrolmentId = (number = 1): EnrolmentId => EnrolmentId.parse(`enr_${randomPart(number)}`);
export const evidenceId = (number = 1): EvidenceId => EvidenceId.parse(`evi_${randomPart(number)}`);
export const eventId = (number = 1): EventId => EventId.parse(`evt_${randomPart(number)}`);
export const credentialId = (number = 1): CredentialId => CredentialId.parse(randomPart(number));
export const connectionId = ConnectionId.parse(`${TENANT}.assess`);
export const receiptId = (number = 1): ReceiptId => ReceiptId.parse(`rcp_${TENANT}_${randomPart(number)}`);

/** The sample `coaching-and-mentoring` unless another is named: components skill-demonstration, portfolio and reflection. */
export const aDefinition = (changes: Changes = {}, name: SampleName = 'coaching-and-mentoring'): MicroCredentialDefinition =>
  changed(name, changes);

export const aLearner = (over: Partial<Learner> = {}): Learner => ({
  subject: Subject.parse('maya'),
  name: 'Maya Okafor',
  email: 'maya@members.example',
  ...over,
});

export const anAssessor = (over: Partial<Assessor> = {}): Assessor => ({
  id: AssessorId.parse('assessor-17'),
  name: 'Inês Carvalho',
  active: true,
  emails: ['ines@harbour-learning.example'],
  subjects: [Subject.parse('ines')],
  registeredAt: NOW,
  ...over,
});

export const aFile = (over: Partial<AnnouncedFile> = {}): AnnouncedFile => ({
  bytes: 1000,
  mediaType: 'text/markdown',
  sha256: digest('a'),
  fileName: 'reflection.md',
  ...over,
});

/** What reading the bytes of {@link aFile} finds. */
export const anObject = (over: Partial<InspectedObject> = {}): InspectedObject => ({
  versionId: 'v1',
  bytes: 1000,
  sha256: digest('a'),
  mediaType: 'text/markdown',
  ...over,
});

type SlotParts = Partial<Pick<EvidenceItem, 'id' | 'key' | 'companion' | 'announced' | 'reservedAt' | 'expiresAt'>>;

export const anItem = (state: EvidenceItem['state'] = 'clean', over: SlotParts = {}): EvidenceItem => {
  const slot = { id: evidenceId(), key: 'k', announced: aFile(), reservedAt: NOW, expiresAt: later(900), ...over };
  if (state === 'slot-reserved') return { ...slot, state };
  return state === 'rejected' ? { ...slot, state, object: anObject(), reason: 'type-mismatch' } : { ...slot, state, object: anObject() };
};

const DECLARED = { authenticity: true, consent: true };

type SubmissionParts = Partial<Pick<Submission, 'id' | 'component' | 'attempt' | 'evidence'>>;

/** The reflection, by default in review with one sealed item. */
export const aSubmission = (state: SubmissionState = 'in-review', over: SubmissionParts & Partial<Sealed> = {}): Submission => {
  const { submittedAt = NOW, declarations = DECLARED, seal, ...parts } = over;
  const attempt = parts.attempt ?? 1;
  const evidence = state === 'draft' ? [] : [anItem('sealed')];
  const base = { id: submissionIdOf(enrolmentId(), 2, attempt), component: 'reflection', attempt, evidence, ...parts };
  const sealed = { submittedAt, declarations, seal: seal ?? [{ id: evidenceId(), sha256: digest('a'), versionId: 'v1' }] };
  if (state === 'draft') return { ...base, state };
  return state === 'in-review' ? { ...base, ...sealed, state } : { ...base, ...sealed, state, decidedAt: NOW };
};

export const anEnrolment = (over: Partial<Enrolment> = {}): Enrolment => ({
  id: enrolmentId(),
  tenant: TENANT,
  microCredentialId: MicroCredentialId.parse('coaching-and-mentoring'),
  version: Version.parse('1.0.0'),
  learner: aLearner(),
  choices: { publication: 'automatic', showName: false },
  cycle: 1,
  mayEnrolAnew: true,
  state: 'in-progress',
  enrolledAt: NOW,
  ...over,
});

export const aRecord = ({ enrolment, ...parts }: Partial<EnrolmentRecord> = {}): EnrolmentRecord => ({
  enrolment: enrolment ?? anEnrolment(),
  submissions: [aSubmission()],
  marks: [],
  decisions: [],
  ...parts,
});

export const aMark = (over: Partial<Mark> = {}): Mark => ({
  id: 'mrk_1',
  submissionId: submissionIdOf(enrolmentId(), 2, 1),
  attempt: 1,
  assessorId: AssessorId.parse('assessor-17'),
  role: 'first-marker',
  rubric: { id: 'r-reflection', version: '1.0.0' },
  evidence: [{ id: evidenceId(), sha256: digest('a') }],
  criteria: [
    { id: 'refl-depth', level: 'proficient' },
    { id: 'refl-next', level: 'proficient' },
  ],
  outcome: 'pass',
  recordedAt: NOW,
  ...over,
});

export const aDecision = (over: Partial<Decision> = {}): Decision => ({
  id: 'dec_1',
  submissionId: submissionIdOf(enrolmentId(), 2, 1),
  component: 'reflection',
  attempt: 1,
  outcome: 'pass',
  markIds: ['mrk_1'],
  decidedAt: NOW,
  ...over,
});

const ASSESSMENT: Document = {
  microCredential: { id: 'coaching-and-mentoring', version: '1.0.0' },
  submission: { id: submissionIdOf(enrolmentId(), 2, 1), component: 'reflection', attempt: 1 },
  evidence: [{ id: evidenceId(), sha256: digest('a') }],
  assessor: { externalId: 'assessor-17', role: 'first-marker', declarations: { conflictOfInterest: false } },
  rubric: { id: 'r-reflection', version: '1.0.0' },
  result: {
    outcome: 'pass',
    criteria: [
      { id: 'refl-depth', level: 'proficient' },
      { id: 'refl-next', level: 'exemplary' },
    ],
    overallFeedback: 'You name what you would do differently, and why.',
  },
};

/** A passing mark on {@link aSubmission} by {@link anAssessor}, as a tool sends it. */
export const anAssessment = (changes: Changes = {}): AssessmentCompleted =>
  AssessmentCompleted.parse(put(structuredClone(ASSESSMENT), changes));

const MESSAGE: Document = { specVersion: '1.0', id: 'evt_tool_1', type: 'assessment.completed', occurredAt: NOW, data: ASSESSMENT };

/** The JSON of a webhook's body. */
export const aMessageJson = (changes: Changes = {}): Document => put(structuredClone(MESSAGE), changes);

export const aMessage = (changes: Changes = {}): InboundMessage => InboundMessage.parse(aMessageJson(changes));

export const aConnection = (over: Partial<Connection> = {}): Connection => ({
  id: connectionId,
  tenant: TENANT,
  microCredentials: ['coaching-and-mentoring'],
  secrets: [{ sealed: 'sealed-1' }],
  createdAt: NOW,
  ...over,
});

export const aReceipt = (over: Partial<Receipt> = {}): Receipt => ({
  id: receiptId(),
  tenant: TENANT,
  connectionId,
  message: aMessage(),
  status: 'accepted',
  receivedAt: NOW,
  ...over,
});

export const aReason = (over: Partial<Extract<Credential, { reason: unknown }>['reason']> = {}) => ({
  publicReason: 'issuer-policy' as const,
  internalReason: 'Asked for by the programme.',
  at: NOW,
  ...over,
});

/** The keys of {@link anIssuer}. */
export const SIGNED_WITH = { proof: 'z6Mk', jwt: 'thumbprint' } as const;

type CredentialParts = Partial<Pick<Credential, 'wantsPublic' | 'validUntil' | 'holderName'>>;

export const aCredential = (state: CredentialState = 'issued', over: CredentialParts = {}): Credential => {
  const base = {
    id: credentialId(),
    tenant: TENANT,
    enrolmentId: enrolmentId(),
    learnerSubject: 'maya',
    microCredentialId: MicroCredentialId.parse('coaching-and-mentoring'),
    version: Version.parse('1.0.0'),
    status: { list: 1, index: 4711 },
    earnedAt: NOW,
    wantsPublic: true,
    ...over,
  };
  if (state === 'preparing') return { ...base, state };
  if (state === 'failed') return { ...base, state, failure: 'DisabledException' };
  const issued = { issuedAt: NOW, signedWith: SIGNED_WITH, edition: 1 };
  return state === 'issued' || state === 'published' ? { ...base, ...issued, state } : { ...base, ...issued, state, reason: aReason() };
};

export const anIssuerKey = (over: Partial<IssuerKey> = {}): IssuerKey => ({
  id: SIGNED_WITH.proof,
  arn: 'arn:aws:kms:eu-west-1:111122223333:key/1',
  algorithm: 'EdDSA',
  publicKey: '',
  state: 'active',
  signsFrom: NOW,
  ...over,
});

export const anIssuer = (over: Partial<Issuer> = {}): Issuer => ({
  id: TENANT,
  profile: aDefinition().issuer,
  keys: [anIssuerKey(), anIssuerKey({ id: SIGNED_WITH.jwt, arn: 'arn:aws:kms:eu-west-1:111122223333:key/2', algorithm: 'RS256' })],
  registeredAt: NOW,
  ...over,
});

const META: EventMeta = {
  eventId: eventId(),
  tenant: TENANT,
  aggregateType: 'Enrolment',
  aggregateId: enrolmentId(),
  aggregateVersion: 3,
  actor: { type: 'system', id: 'on-decision-made' },
  occurredAt: NOW,
  correlationId: 'request-1',
  causationId: null,
  schemaVersion: 1,
};

/** An event of the catalogue, as it stands in `detail` on the bus. */
export const anEvent = <Name extends EventName>(type: Name, data: EventData<Name>, meta: Partial<EventMeta> = {}): AssayEvent =>
  ({ type, data, meta: { ...META, ...meta } }) as AssayEvent;
