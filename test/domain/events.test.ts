import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { EVENTS, EventMeta, type EventName, parseEvent, sourceOf } from '#domain/events.ts';
import { submissionIdOf } from '#domain/ids.ts';
import { anEvent, connectionId, credentialId, digest, enrolmentId, evidenceId, receiptId, TENANT } from '../factories.ts';

const submission = { enrolmentId: enrolmentId(), submissionId: submissionIdOf(enrolmentId(), 2, 1), component: 'reflection' };
const evidence = { ...submission, evidenceId: evidenceId() };
const receipt = { receiptId: receiptId(), connectionId, submissionId: submission.submissionId };
const credential = { credentialId: credentialId(), enrolmentId: enrolmentId() };
const microCredential = { microCredentialId: 'coaching-and-mentoring', version: '1.0.0' };

/** One payload of each event as it was when it was first published: a change that refuses one of these breaks a reader. */
const PAYLOADS: Readonly<Record<EventName, object>> = {
  'issuer.registered': { issuerId: TENANT },
  'issuer.keys_changed': { issuerId: TENANT },
  'issuer.key_compromised': { issuerId: TENANT, keyId: 'z6Mk' },
  'microcredential.published': microCredential,
  'enrolment.created': { enrolmentId: enrolmentId(), ...microCredential },
  'evidence.uploaded': { ...evidence, bytes: 1000, sha256: digest('a'), mediaType: 'text/markdown' },
  'evidence.scanned': { ...evidence, result: 'NO_THREATS_FOUND' },
  'evidence.accepted': evidence,
  'evidence.rejected': { ...evidence, reason: 'type-mismatch' },
  'evidence.quarantined': evidence,
  'submission.submitted': { ...submission, attempt: 1 },
  'webhook.received': receipt,
  'assessment.recorded': { ...submission, markId: 'mrk_1' },
  'assessment.refused': { ...receipt, code: 'duplicate_mark' },
  'assessment.parked': receipt,
  'parking.elapsed': receipt,
  'decision.made': { ...submission, outcome: 'pass' },
  'credential.earned': credential,
  'credential.reissue_requested': credential,
  'credential.issued': credential,
  'credential.failed': { ...credential, reason: 'DisabledException' },
  'credential.published': { ...credential, verificationUrl: 'https://badges.example.org/c/1' },
  'credential.status_changed': { credentialId: credentialId(), statusList: 1, status: 'revoked' },
  'credential.visibility_changed': { credentialId: credentialId(), published: false },
  'status_list.dirtied': { statusList: 1 },
};

const NAMES = Object.keys(EVENTS) as EventName[];

/** An event with whatever in it, as it might come from outside. */
const told = (type: string, data: unknown, meta: object = {}) => ({
  ...anEvent('status_list.dirtied', { statusList: 1 }, meta),
  type,
  data,
});

describe('an event', () => {
  it.each(NAMES)('%s is read as it was first told', (name) => {
    const event = told(name, PAYLOADS[name]);
    expect(parseEvent(event)).toEqual(event);
  });

  it.each(NAMES)('%s is refused without its payload', (name) => {
    expect(() => parseEvent(told(name, {}))).toThrow(z.ZodError);
  });

  it('may carry more than a reader knows: what is new is left out', () => {
    const event = told('status_list.dirtied', { statusList: 1, reason: 'new' });
    expect(parseEvent({ ...event, extra: true }).data).toEqual({ statusList: 1 });
  });

  it.each([
    ['nothing', undefined],
    ['text', 'credential.issued'],
    ['a name that is none of the catalogue', told('credential.lost', credential)],
    ['a name that every object has', told('constructor', credential)],
    ['no meta', { type: 'credential.issued', data: credential }],
    ['another schema version', told('credential.issued', credential, { schemaVersion: 2 })],
    ['an id of another kind', told('credential.issued', { ...credential, enrolmentId: evidenceId() })],
    ['a tenant that is none', told('credential.issued', credential, { tenant: 'A' })],
  ])('is refused with %s', (_why, event) => {
    expect(() => parseEvent(event)).toThrow(z.ZodError);
  });

  it.each<[EventName, string]>([
    ['credential.status_changed', 'assay.credential'],
    ['status_list.dirtied', 'assay.status-list'],
    ['microcredential.published', 'assay.microcredential'],
  ])('%s comes from %s', (name, source) => {
    expect(sourceOf(name)).toBe(source);
  });

  it('never has room for a name, an address or a mark’s words', () => {
    const fields = NAMES.flatMap((name) => Object.keys(EVENTS[name].shape));
    expect(fields.filter((field) => /email|^name$|learner|feedback|url$/i.test(field))).toEqual(['verificationUrl']);
    expect(Object.keys(EventMeta.shape)).toEqual(expect.arrayContaining(['eventId', 'aggregateVersion', 'correlationId', 'causationId']));
  });

  it('is named in the past tense, what it is about first', () => {
    expect(NAMES.filter((name) => !/^[a-z_]+\.([a-z_]+ed|made)$/.test(name))).toEqual([]);
  });
});
