/**
 * Verifies a credential of Open Badges 3.0, with embedded proofs or as a VC-JWT, in the order of the standard: schema,
 * proof, refresh, status and dates, recipient, endorsements. All reading goes through the given loader.
 * @see https://www.imsglobal.org/spec/ob/v3p0/#verification-and-validation
 */
import { type Check, failed, named, notChecked, type Outcome, PASSED, verdictOf, worstOf } from './check.ts';
import { instantOf, isObject, type JsonObject, listOf } from './json-object.ts';
import { checkEndorsements, endorsementsIn } from './verify-endorsements.ts';
import { type Findings, isSealed, openCredential, proveCredential, trustOf } from './verify-opening.ts';
import { checkRecipient } from './verify-recipient.ts';
import { refresh } from './verify-refresh.ts';
import { checkRelatedResources } from './verify-related-resources.ts';
import { type Run, startRun, type Verification, type VerificationNeeds } from './verify-run.ts';
import { checkSchema } from './verify-schema.ts';
import { checkStatus } from './verify-status.ts';

/** Never throws on what it is given; a document that is no credential is answered as such. */
export const verifyCredential = (submitted: unknown, needs: VerificationNeeds): Promise<Verification> =>
  verifyWithin(submitted, startRun(needs, verifyWithin));

/** As {@link verifyCredential}, inside a run that has begun already: its bounds hold on. */
export const verifyWithin = async (submitted: unknown, run: Run): Promise<Verification> => {
  if (isSealed(submitted)) return { verdict: 'could-not-check', checks: [named('proof', notChecked('proof/unsupported'))] };
  const opened = openCredential(submitted);
  const schema = opened === undefined ? failed('schema/malformed') : checkSchema(opened.credential, run.accept ?? 'open-badges');
  // The later checks lean on the shape, so without it they would answer nonsense.
  if (opened === undefined || schema.state !== 'passed') return { verdict: verdictOf([schema]), checks: [named('schema', schema)] };
  const findings = await proveCredential(opened, run);
  const trust = trustOf(findings, run);
  const refreshing = await refreshChecks(opened.credential, trust, run);
  const current = refreshing.refreshed ?? opened.credential;
  // Before the endorsements, which may use up what this run is allowed to fetch.
  const status = await statusChecks(current, trust, run);
  const endorsing = await endorsementChecks(current, trust, run);
  const members = await memberChecks(current, run);
  const checks: readonly Check[] = [
    named('schema', PASSED),
    ...proofChecks(findings, run),
    ...refreshing.checks,
    ...status,
    named('validity', checkValidity(current, run.nowMs)),
    ...(run.recipientEmail === undefined ? [] : [named('recipient', await checkRecipient(current, run.recipientEmail))]),
    ...endorsing.checks,
    ...(await resourceChecks(current, trust, run)),
    ...members.checks,
  ];
  const { refreshed } = refreshing;
  return { verdict: verdictOf(checks), checks, ...(refreshed && { refreshed }), ...endorsing.found, ...members.found };
};

const proofChecks = ({ issuer, proof }: Findings, { issuerBinding }: Run): readonly Check[] => [
  ...(issuerBinding === 'not-required' ? [] : [named('issuer', issuer)]),
  named('proof', proof),
];

// What nobody signed could send this verifier to any address, so that nothing is followed before the proof has passed.
const refreshChecks = async (credential: JsonObject, trust: Outcome, run: Run) => {
  if (listOf(credential.refreshService).length === 0 || trust.state !== 'passed') return { checks: [] };
  const { outcome, refreshed } = await refresh(credential, run);
  return { checks: [named('refresh', outcome)], ...(refreshed && { refreshed }) };
};

const statusChecks = async (credential: JsonObject, trust: Outcome, run: Run): Promise<readonly Check[]> => {
  if (listOf(credential.credentialStatus).length === 0) return [];
  return [named('status', trust.state === 'passed' ? await checkStatus(credential, run) : notChecked('status/proof-needed'))];
};

const resourceChecks = async (credential: JsonObject, trust: Outcome, run: Run): Promise<readonly Check[]> => {
  if (listOf(credential.relatedResource).length === 0) return [];
  return [
    named(
      'related-resources',
      trust.state === 'passed' ? await checkRelatedResources(credential, run) : notChecked('related-resources/unreachable'),
    ),
  ];
};

const endorsementChecks = async (credential: JsonObject, trust: Outcome, run: Run) => {
  const attached = endorsementsIn(credential);
  if (attached.length === 0) return { checks: [], found: {} };
  if (trust.state !== 'passed') return { checks: [named('endorsements', notChecked('endorsements/not-checked'))], found: {} };
  const { outcome, endorsements } = await checkEndorsements(attached, run);
  return { checks: [named('endorsements', outcome)], found: { endorsements } };
};

/** A learner record holds credentials, each with its own proof. @see https://www.imsglobal.org/spec/clr/v2p0/#clrsubject */
const memberChecks = async (credential: JsonObject, run: Run) => {
  const members = listOf(credential.credentialSubject).flatMap((subject) =>
    isObject(subject) && listOf(credential.type).includes('ClrCredential') ? listOf(subject.verifiableCredential) : [],
  );
  if (members.length === 0) return { checks: [], found: {} };
  const { outcome, credentials } = await verifyMembers(members, run);
  return { checks: [named('credentials', outcome)], found: { credentials } };
};

/** Each credential of a record or presentation by itself: one that is not valid makes the whole so. */
export const verifyMembers = async (members: readonly unknown[], run: Run) => {
  const credentials: Verification[] = [];
  for (const member of members) {
    const verification = await run.verifyInner(member, run.accept ?? 'open-badges');
    credentials.push(verification ?? TOO_MANY);
  }
  return { outcome: worstOf(credentials.map(({ verdict }) => memberOutcome(verdict))), credentials };
};

const TOO_MANY: Verification = { verdict: 'could-not-check', checks: [] };

const memberOutcome = (verdict: Verification['verdict']): Outcome => {
  switch (verdict) {
    case 'valid':
      return PASSED;
    case 'not-valid':
      return failed('credentials/not-valid');
    case 'could-not-check':
      return notChecked('credentials/not-checked');
  }
};

const checkValidity = ({ validFrom, validUntil, issuanceDate, expirationDate }: JsonObject, nowMs: number): Outcome => {
  if ((instantOf(validFrom ?? issuanceDate) ?? Number.NEGATIVE_INFINITY) > nowMs) return failed('validity/not-yet');
  return (instantOf(validUntil ?? expirationDate) ?? Number.POSITIVE_INFINITY) < nowMs ? failed('validity/expired') : PASSED;
};
