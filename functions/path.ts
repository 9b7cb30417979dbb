// biome-ignore-all format: a row is a line, so that the whole path stands on one screen
/**
 * THE PATH: every step of Assay in the order in which data takes them. A row says what starts a step, the file
 * that takes it, what it may touch (`needs`, see grants.ts) and what it emits. `infra/` turns the rows into cloud
 * resources and `local/` into one machine, so the two cannot drift apart.
 */
import type { EventName } from '../shared/domain/events.ts';
import type { Need } from './grants.ts';

/** Who may call a route. `operator` runs the deployment; the other roles are held within one tenant. */
export type Role = 'operator' | 'programme' | 'assessor' | 'learner';

/** The Lambda that serves a route: one per audience, since a rarely called Lambda is always cold. */
export type Audience = 'programme-api' | 'learner-api' | 'webhook-api' | 'verification-api';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export type Route = `${Method} /v1/${string}`;

/** A step on HTTP. `open` routes carry their own proof (a signature over the body, or an unguessable id) instead of a token; or they tell nothing that is not public. */
export interface HttpStep {
  readonly http: Route;
  readonly audience: Audience;
  readonly roles: readonly [Role, ...Role[]] | 'open';
  readonly file: string;
  readonly needs: readonly Need[];
  readonly emits: readonly EventName[];
  /** A limit of its own, for a route that costs more than others; absent, the API's holds. */
  readonly throttle?: { readonly ratePerSecond: number; readonly burst: number };
}

/** A step on an event: bus rule → queue with its own dead-letter queue → Lambda. */
export interface EventStep {
  readonly on: readonly [EventName, ...EventName[]];
  readonly file: string;
  readonly needs: readonly Need[];
  readonly emits: readonly EventName[];
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
}

/** A step on what AWS itself reports: an evidence object was created, its malware scan ended. Default bus → queue → Lambda. */
export interface AwsStep extends Omit<EventStep, 'on'> {
  readonly onAws: 'evidence-object-created' | 'evidence-object-scanned';
}

/** The relay: outbox rows of the table's stream → the bus. */
export interface StreamStep extends Omit<EventStep, 'on'> {
  readonly onStream: 'outbox';
}

export type Step = HttpStep | EventStep | AwsStep | StreamStep;

export const PATH: readonly Step[] = [
  // ── design: an issuer, its people and tools, and what it takes to earn a micro-credential
  { http: 'PUT /v1/issuers/{issuerId}', audience: 'programme-api', roles: ['operator'], file: 'design/register-issuer.ts', needs: ['table:read', 'table:write', 'issuer-key:create', 'issuer-key:read', 'public-url'], emits: ['issuer.registered'] },
  { http: 'GET /v1/issuers/{issuerId}', audience: 'programme-api', roles: ['operator', 'programme'], file: 'design/read-issuer.ts', needs: ['table:read', 'public-url'], emits: [] },
  { http: 'POST /v1/issuers/{issuerId}/keys', audience: 'programme-api', roles: ['operator'], file: 'design/rotate-key.ts', needs: ['table:read', 'table:write', 'issuer-key:create', 'issuer-key:read', 'identity-cache'], emits: ['issuer.keys_changed'] },
  { http: 'POST /v1/issuers/{issuerId}/keys/{keyId}/retirement', audience: 'programme-api', roles: ['operator'], file: 'design/retire-key.ts', needs: ['table:read', 'table:write', 'issuer-key:retire'], emits: ['issuer.keys_changed'] },
  { http: 'POST /v1/issuers/{issuerId}/keys/{keyId}/compromise', audience: 'programme-api', roles: ['operator'], file: 'design/compromise-key.ts', needs: ['table:read', 'table:write', 'issuer-key:create', 'issuer-key:read', 'issuer-key:retire'], emits: ['issuer.keys_changed', 'issuer.key_compromised'] },
  { http: 'PUT /v1/assessors/{assessorId}', audience: 'programme-api', roles: ['programme'], file: 'design/register-assessor.ts', needs: ['table:read', 'table:write'], emits: [] },
  { http: 'PUT /v1/webhook-connections/{connectionName}', audience: 'programme-api', roles: ['programme'], file: 'design/connect-tool.ts', needs: ['table:read', 'table:write', 'secret:encrypt', 'public-url'], emits: [] },
  { http: 'POST /v1/webhook-connections/{connectionName}/secret-rotation', audience: 'programme-api', roles: ['programme'], file: 'design/rotate-tool-secret.ts', needs: ['table:read', 'table:write', 'secret:encrypt'], emits: [] },
  { http: 'PUT /v1/micro-credentials/{microCredentialId}/versions/{version}', audience: 'programme-api', roles: ['programme'], file: 'design/define-micro-credential.ts', needs: ['table:read', 'table:write', 'public-url'], emits: [] },
  { http: 'GET /v1/micro-credentials/{microCredentialId}/versions/{version}', audience: 'programme-api', roles: ['programme', 'assessor', 'learner'], file: 'design/read-micro-credential.ts', needs: ['table:read', 'public-url'], emits: [] },
  { http: 'POST /v1/micro-credentials/{microCredentialId}/versions/{version}/publication', audience: 'programme-api', roles: ['programme'], file: 'design/publish-version.ts', needs: ['table:read', 'table:write', 'public-url'], emits: ['microcredential.published'] },
  { on: ['issuer.registered', 'issuer.keys_changed'], file: 'publication/on-issuer-changed.ts', needs: ['table:read', 'hosted:write', 'public-url', 'identity-cache'], emits: [], memoryMb: 512, timeoutSeconds: 30 },
  { on: ['microcredential.published'], file: 'publication/on-micro-credential-published.ts', needs: ['table:read', 'hosted:write', 'public-url'], emits: [], memoryMb: 512, timeoutSeconds: 30 },

  // ── evidence: enrol, hand in, inspect by bytes, seal
  { http: 'POST /v1/micro-credentials/{microCredentialId}/enrolments', audience: 'learner-api', roles: ['learner'], file: 'evidence/enrol.ts', needs: ['table:read', 'table:write'], emits: ['enrolment.created'] },
  { http: 'GET /v1/enrolments', audience: 'learner-api', roles: ['learner'], file: 'evidence/list-enrolments.ts', needs: ['table:read'], emits: [] },
  { http: 'GET /v1/enrolments/{enrolmentId}', audience: 'learner-api', roles: ['learner', 'programme'], file: 'evidence/read-enrolment.ts', needs: ['table:read', 'public-url'], emits: [] },
  { http: 'GET /v1/submissions/{submissionId}', audience: 'learner-api', roles: ['learner', 'assessor', 'programme'], file: 'evidence/read-submission.ts', needs: ['table:read'], emits: [] },
  { http: 'POST /v1/submissions/{submissionId}/uploads', audience: 'learner-api', roles: ['learner'], file: 'evidence/request-upload.ts', needs: ['table:read', 'table:write', 'evidence:put'], emits: [] },
  { onAws: 'evidence-object-created', file: 'evidence/on-evidence-uploaded.ts', needs: ['table:read', 'table:write', 'evidence:read', 'malware-scan'], emits: ['evidence.uploaded', 'evidence.accepted', 'evidence.rejected'], memoryMb: 512, timeoutSeconds: 300 },
  { onAws: 'evidence-object-scanned', file: 'evidence/on-evidence-scanned.ts', needs: ['table:read', 'table:write'], emits: ['evidence.scanned', 'evidence.accepted', 'evidence.quarantined'], memoryMb: 256, timeoutSeconds: 30 },
  { http: 'DELETE /v1/submissions/{submissionId}/evidence/{evidenceId}', audience: 'learner-api', roles: ['learner'], file: 'evidence/remove-evidence.ts', needs: ['table:read', 'table:write'], emits: [] },
  { http: 'POST /v1/submissions/{submissionId}/submission', audience: 'learner-api', roles: ['learner'], file: 'evidence/submit.ts', needs: ['table:read', 'table:write'], emits: ['submission.submitted'] },
  { http: 'POST /v1/submissions/{submissionId}/revision', audience: 'learner-api', roles: ['learner'], file: 'evidence/revise.ts', needs: ['table:read', 'table:write'], emits: [] },

  // ── assessment: a signed webhook is a mark, never an award
  { http: 'POST /v1/hooks/{connectionId}', audience: 'webhook-api', roles: 'open', file: 'assessment/receive-webhook.ts', needs: ['table:read', 'table:write', 'secret:decrypt'], emits: ['webhook.received'] },
  { http: 'GET /v1/receipts/{receiptId}', audience: 'webhook-api', roles: 'open', file: 'assessment/read-receipt.ts', needs: ['table:read'], emits: [] },
  { on: ['webhook.received'], file: 'assessment/on-webhook-received.ts', needs: ['table:read', 'table:write', 'timer:set'], emits: ['assessment.recorded', 'assessment.refused', 'assessment.parked'], memoryMb: 256, timeoutSeconds: 30 },
  { on: ['submission.submitted', 'assessment.parked', 'parking.elapsed'], file: 'assessment/on-parked-mark-due.ts', needs: ['table:read', 'table:write', 'timer:clear'], emits: ['assessment.recorded', 'assessment.refused'], memoryMb: 256, timeoutSeconds: 30 },
  { on: ['assessment.recorded'], file: 'assessment/on-assessment-recorded.ts', needs: ['table:read', 'table:write'], emits: ['decision.made'], memoryMb: 256, timeoutSeconds: 30 },
  { on: ['decision.made'], file: 'assessment/on-decision-made.ts', needs: ['table:read', 'table:write', 'public-url'], emits: ['credential.earned', 'status_list.dirtied'], memoryMb: 256, timeoutSeconds: 30 },

  // ── issuance: sign exactly what was frozen when the award rule came true
  { on: ['credential.earned', 'credential.reissue_requested'], file: 'issuance/on-credential-earned.ts', needs: ['table:read', 'table:write', 'issuer-key:sign', 'issuer-key:sign-jwt', 'public-url'], emits: ['credential.issued', 'credential.failed'], memoryMb: 1024, timeoutSeconds: 60 },
  { on: ['issuer.key_compromised'], file: 'issuance/on-key-compromised.ts', needs: ['table:read', 'table:write'], emits: ['credential.reissue_requested', 'issuer.key_compromised'], memoryMb: 256, timeoutSeconds: 60 },
  { http: 'POST /v1/credentials/{credentialId}/reissue', audience: 'programme-api', roles: ['programme'], file: 'issuance/reissue.ts', needs: ['table:read', 'table:write'], emits: ['credential.reissue_requested'] },
  { http: 'GET /v1/credentials/{credentialId}', audience: 'programme-api', roles: ['programme', 'learner'], file: 'issuance/read-credential.ts', needs: ['table:read', 'public-url'], emits: [] },
  { http: 'POST /v1/credentials/{credentialId}/suspension', audience: 'programme-api', roles: ['programme'], file: 'issuance/change-status.ts', needs: ['table:read', 'table:write'], emits: ['credential.status_changed'] },
  { http: 'POST /v1/credentials/{credentialId}/reinstatement', audience: 'programme-api', roles: ['programme'], file: 'issuance/change-status.ts', needs: ['table:read', 'table:write'], emits: ['credential.status_changed'] },
  { http: 'POST /v1/credentials/{credentialId}/revocation', audience: 'programme-api', roles: ['programme'], file: 'issuance/change-status.ts', needs: ['table:read', 'table:write'], emits: ['credential.status_changed'] },

  // ── publication: static files behind the edge, so that verifying touches no Lambda
  { on: ['credential.issued', 'credential.status_changed', 'credential.visibility_changed'], file: 'publication/on-credential-changed.ts', needs: ['table:read', 'table:write', 'hosted:write', 'public-url'], emits: ['credential.published'], memoryMb: 512, timeoutSeconds: 60 },
  { on: ['issuer.registered', 'issuer.keys_changed', 'status_list.dirtied', 'credential.status_changed'], file: 'publication/on-status-list-changed.ts', needs: ['table:read', 'issuer-key:sign', 'hosted:write', 'public-url'], emits: [], memoryMb: 1024, timeoutSeconds: 60 },
  { http: 'POST /v1/credentials/{credentialId}/publication', audience: 'learner-api', roles: ['learner'], file: 'publication/change-visibility.ts', needs: ['table:read', 'table:write'], emits: ['credential.visibility_changed'] },
  { http: 'DELETE /v1/credentials/{credentialId}/publication', audience: 'learner-api', roles: ['learner'], file: 'publication/change-visibility.ts', needs: ['table:read', 'table:write'], emits: ['credential.visibility_changed'] },

  // ── verification: badges of anyone, for anyone. Whoever asks sends the function out into the web, so it has no rights here at all
  { http: 'POST /v1/verifications', audience: 'verification-api', roles: 'open', file: 'verification/verify-badge.ts', needs: ['web:read'], emits: [], throttle: { ratePerSecond: 10, burst: 20 } },

  // ── relay: the only publisher of events
  { onStream: 'outbox', file: 'relay/relay-events.ts', needs: ['outbox:read', 'bus:publish'], emits: [], memoryMb: 256, timeoutSeconds: 60 },
];

/** Size of the Lambda behind each audience's routes. API Gateway gives up after 30 s, so no route may take longer. */
export const AUDIENCES: Readonly<Record<Audience, { readonly memoryMb: number; readonly timeoutSeconds: number }>> = {
  'programme-api': { memoryMb: 512, timeoutSeconds: 29 },
  'learner-api': { memoryMb: 512, timeoutSeconds: 29 },
  'webhook-api': { memoryMb: 512, timeoutSeconds: 29 },
  // A whole processor: canonicalising the largest document that is read takes seconds of one.
  'verification-api': { memoryMb: 1769, timeoutSeconds: 29 },
};
