/**
 * Verifies an Open Badges 3.0 credential with an embedded proof, in the order of the standard: schema, proof, refresh,
 * status and dates, recipient, endorsements. All reading goes through the given loader.
 * @see https://www.imsglobal.org/spec/ob/v3p0/#verification-and-validation
 */
import type { Canonize } from '#linked-data/canonicalize.ts';
import { type Check, failed, notChecked, type Outcome, PASSED, type Verdict, verdictOf } from './check.ts';
import { idOf, instantOf, isObject, type JsonObject, listOf, textOf } from './json-object.ts';
import { isAbout } from './recipient.ts';
import { type Controller, checkProofs, type LoadDocument, loadController } from './verify-proofs.ts';
import { checkSchema } from './verify-schema.ts';
import { checkStatus } from './verify-status.ts';

export interface VerificationNeeds {
  readonly canonize: Canonize;
  readonly load: LoadDocument;
  /** Instant of the verification, milliseconds since 1970. */
  readonly nowMs: number;
  /** Asks whether the badge is about whoever has this address; absent, nobody asked. */
  readonly recipientEmail?: string | undefined;
}

export interface Verification {
  readonly verdict: Verdict;
  /** In the order in which they were made; what there was nothing to check about is left out. */
  readonly checks: readonly Check[];
}

/** Never throws on what it is given; a document that is no badge is answered as such. */
export const verifyCredential = async (credential: unknown, needs: VerificationNeeds): Promise<Verification> => {
  const checks = isObject(credential) ? await checksOf(credential, needs) : [named('schema', failed('schema/malformed'))];
  return { verdict: verdictOf(checks), checks };
};

const named = (name: Check['name'], outcome: Outcome): Check => ({ name, ...outcome });

const checksOf = async (credential: JsonObject, needs: VerificationNeeds): Promise<readonly Check[]> => {
  const schema = named('schema', checkSchema(credential));
  // The later checks lean on the shape, so without it they would answer nonsense.
  if (schema.state !== 'passed') return [schema];
  const controller = await loadController(idOf(credential.issuer), needs.load);
  const proof = 'obstacle' in controller ? controller.obstacle : await checkProofs(credential, controller.document, needs);
  return [
    schema,
    named('issuer', 'obstacle' in controller ? controller.obstacle : PASSED),
    named('proof', proof),
    ...unsupported(credential, 'refreshService', named('refresh', notChecked('refresh/unsupported'))),
    ...(await statusChecks(credential, controller, { ...needs, proof })),
    named('validity', checkValidity(credential, needs.nowMs)),
    ...(needs.recipientEmail === undefined ? [] : [named('recipient', checkRecipient(credential, needs.recipientEmail))]),
    ...unsupported(credential, 'endorsement', named('endorsements', notChecked('endorsements/unsupported'))),
    ...unsupported(credential, 'relatedResource', named('related-resources', notChecked('related-resources/unsupported'))),
  ];
};

// An entry that nobody signed could send this verifier to any address, so it is followed only once the proof has passed.
const statusChecks = async (
  credential: JsonObject,
  controller: Controller,
  { proof, ...needs }: VerificationNeeds & { readonly proof: Outcome },
): Promise<readonly Check[]> => {
  if (credential.credentialStatus === undefined) return [];
  if (proof.state !== 'passed' || 'obstacle' in controller) return [named('status', notChecked('status/proof-needed'))];
  return [named('status', await checkStatus(credential, controller.document, needs))];
};

const unsupported = (credential: JsonObject, property: string, check: Check): readonly Check[] =>
  listOf(credential[property]).length === 0 ? [] : [check];

const checkValidity = ({ validFrom, validUntil }: JsonObject, nowMs: number): Outcome => {
  if ((instantOf(validFrom) ?? Number.POSITIVE_INFINITY) > nowMs) return failed('validity/not-yet');
  return (instantOf(validUntil) ?? Number.POSITIVE_INFINITY) < nowMs ? failed('validity/expired') : PASSED;
};

const checkRecipient = ({ credentialSubject }: JsonObject, email: string): Outcome => {
  const identifiers = isObject(credentialSubject) ? listOf(credentialSubject.identifier) : [];
  const matches = identifiers.some((identifier) => {
    if (!isObject(identifier) || identifier.hashed !== true) return false;
    return isAbout({ identityHash: textOf(identifier.identityHash) ?? '', salt: textOf(identifier.salt) }, email);
  });
  return matches ? PASSED : failed('recipient/different');
};
