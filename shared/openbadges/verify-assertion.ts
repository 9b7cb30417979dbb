/**
 * Verifies Open Badges 2.0. A hosted Assertion is genuine if its own address answers the same; a signed one if a key
 * of its issuer signed it. Both are believed as far as their issuer's origin vouches for them.
 * @see https://www.imsglobal.org/sites/default/files/Badges/OBv2p0Final/index.html#Assertion
 */
import { measure } from './bounds.ts';
import { type Check, failed, named, notChecked, type Outcome, PASSED, verdictOf } from './check.ts';
import { jcs } from './jcs.ts';
import { idOf, isObject, type JsonObject, objectOf, textOf } from './json-object.ts';
import { type Jws, jwsOf } from './jws.ts';
import { documentUrlOf } from './keys/resolve-key.ts';
import { findIssuer, type IssuerFinding } from './verify-assertion-issuer.ts';
import { type Assertion, assertionOf, dateOf } from './verify-assertion-shape.ts';
import { checkRevokedAssertions, checkSignedAssertion } from './verify-assertion-signature.ts';
import { isIdentity } from './verify-recipient.ts';
import type { Verification, VerificationNeeds } from './verify-run.ts';

/** Never throws on what it is given: an Assertion as JSON, or a compact JWS with one inside. */
export const verifyAssertion = async (submitted: unknown, needs: VerificationNeeds): Promise<Verification> => {
  const jws = typeof submitted === 'string' ? jwsOf(submitted.trim()) : undefined;
  const document = jws?.payload ?? objectOf(submitted);
  if (document?.revoked === true) return answer([named('schema', PASSED), named('status', failed('status/revoked'))]);
  const assertion = document && measure(document) === 'within' ? assertionOf(document) : undefined;
  // A signed Assertion is the JWS; without it, its JSON is nobody's word.
  const isWhole = assertion !== undefined && (assertion.kind === 'signed') === (jws !== undefined);
  if (assertion === undefined || !isWhole) return answer([named('schema', failed('schema/malformed'))]);
  const found = await findIssuer(assertion, needs.load);
  const proven = jws === undefined ? await proveHosted(assertion, needs) : await proveSigned(assertion, jws, { found, needs });
  return answer([
    named('schema', PASSED),
    named('issuer', found.outcome),
    ...proven,
    named('validity', checkValidity(assertion, needs.nowMs)),
    ...(needs.recipientEmail === undefined ? [] : [named('recipient', await checkRecipient(assertion.document, needs.recipientEmail))]),
  ]);
};

const answer = (checks: readonly Check[]): Verification => ({ verdict: verdictOf(checks), checks });

const proveHosted = async (assertion: Assertion, { load }: VerificationNeeds): Promise<readonly Check[]> => {
  const hosted = await hostedAt(assertion.id, load);
  if (hosted === 'gone') return [named('proof', notChecked('proof/hosted-unreachable')), named('status', failed('status/revoked'))];
  if (hosted === undefined)
    return [named('proof', notChecked('proof/hosted-unreachable')), named('status', notChecked('status/unreachable'))];
  const isSame = jcs(comparable(hosted)) === jcs(comparable(assertion.document));
  return [named('proof', isSame ? PASSED : failed('proof/not-as-hosted')), named('status', PASSED)];
};

/** What the Assertion's own address answers now; a withdrawn one answers 410, with or without saying so in JSON. */
const hostedAt = async (id: string, load: VerificationNeeds['load']): Promise<JsonObject | 'gone' | undefined> => {
  if (documentUrlOf(id) !== id) return undefined;
  const answered = await load(id).catch((error: unknown) => (isObject(error) && error.status === 410 ? { revoked: true } : undefined));
  if (!isObject(answered) || measure(answered) !== 'within') return undefined;
  return answered.revoked === true ? 'gone' : answered;
};

// An issuer may bake the whole of the BadgeClass into a copy of which the hosted one names the address only.
const comparable = (document: JsonObject): JsonObject => {
  const { badge, verify, verification = verify, '@context': _, ...rest } = document;
  return Object.fromEntries(Object.entries({ ...rest, verification, badge: idOf(badge) }).filter(([, value]) => value !== undefined));
};

const proveSigned = async (
  assertion: Assertion,
  jws: Jws,
  { found, needs }: { readonly found: IssuerFinding; readonly needs: VerificationNeeds },
): Promise<readonly Check[]> => {
  const { issuer } = found;
  if (issuer === undefined) return [named('proof', notChecked('proof/key-unreachable'))];
  const proof = await checkSignedAssertion({ assertion, issuer, jws }, needs.load);
  const status = await checkRevokedAssertions(assertion, issuer, needs.load);
  return [named('proof', proof), ...(status === undefined ? [] : [named('status', status)])];
};

const checkValidity = ({ document }: Assertion, nowMs: number): Outcome => {
  if ((dateOf(document.issuedOn) ?? Number.POSITIVE_INFINITY) > nowMs) return failed('validity/not-yet');
  return (dateOf(document.expires) ?? Number.POSITIVE_INFINITY) < nowMs ? failed('validity/expired') : PASSED;
};

const checkRecipient = async ({ recipient }: JsonObject, email: string): Promise<Outcome> => {
  const { type, identity, hashed, salt } = objectOf(recipient) ?? {};
  const stated = { stated: textOf(identity) ?? '', isHashed: hashed === true, salt: textOf(salt) ?? '' };
  return (type === undefined || type === 'email') && (await isIdentity(stated, email)) ? PASSED : failed('recipient/different');
};
