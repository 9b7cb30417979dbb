/**
 * Whether a document has the shape of what is expected: a badge, an endorsement, a learner record, or any credential
 * of the W3C data model; as far as the later checks lean on it.
 * @see https://www.imsglobal.org/spec/ob/v3p0/#data-model
 */
import { measure } from './bounds.ts';
import { failed, type Outcome, PASSED } from './check.ts';
import { isObject, type JsonObject, listOf, textOf } from './json-object.ts';
import { dataModelOf, isCredential, isIri } from './verify-data-model.ts';
import type { Accepted } from './verify-run.ts';

const OPEN_BADGES_CONTEXT = /^https:\/\/purl\.imsglobal\.org\/spec\/ob\/v3p0\/context(-3\.\d\.\d)?\.json$/;
const LEARNER_RECORD_CONTEXT = /^https:\/\/purl\.imsglobal\.org\/spec\/clr\/v2p0\/context(-2\.\d\.\d)?\.json$/;

/** The shape and the size of a credential. */
export const checkSchema = (credential: JsonObject, accept: Accepted): Outcome => {
  const size = measure(credential);
  if (size === 'too-large') return failed('schema/too-large');
  return size === 'within' && isCredential(credential) && isExpected(credential, accept) ? PASSED : failed('schema/malformed');
};

const isExpected = (credential: JsonObject, accept: Accepted): boolean => {
  switch (accept) {
    case 'any-credential':
      return true;
    case 'endorsement':
      return isEndorsement(credential);
    case 'open-badges':
      return isBadge(credential) || isEndorsement(credential) || isLearnerRecord(credential);
  }
};

/** Contexts by address only: one inside the document could redefine what its terms mean. */
const isOfOpenBadges = (credential: JsonObject): boolean => {
  const { '@context': contexts, id } = credential;
  const isNamed = listOf(contexts).some((context) => OPEN_BADGES_CONTEXT.test(textOf(context) ?? ''));
  const isDated = credential.validFrom !== undefined || dataModelOf(credential) === '1.1';
  return isNamed && isDated && isIri(id) && listOf(contexts).every((context) => typeof context === 'string');
};

const isOfType = ({ type }: JsonObject, ...names: readonly string[]): boolean => listOf(type).some((name) => names.includes(String(name)));

const isBadge = (credential: JsonObject): boolean => {
  const { credentialSubject: subject } = credential;
  if (!isOfType(credential, 'OpenBadgeCredential', 'AchievementCredential') || !isOfOpenBadges(credential)) return false;
  if (!isObject(subject) || !isOfType(subject, 'AchievementSubject') || !isSomeone(subject)) return false;
  const { achievement } = subject;
  return isObject(achievement) && isIri(achievement.id) && isObject(achievement.criteria) && textOf(achievement.name) !== undefined;
};

// Somebody, if not by id then by an identifier. Open Badges 3.0 §8.1 step 1.
const isSomeone = ({ id, identifier }: JsonObject): boolean => isIri(id) || listOf(identifier).length > 0;

const isEndorsement = (credential: JsonObject): boolean => {
  const { credentialSubject: subject } = credential;
  const isTyped = isOfType(credential, 'EndorsementCredential') && isOfOpenBadges(credential);
  return isTyped && isObject(subject) && isOfType(subject, 'EndorsementSubject') && isIri(subject.id);
};

const isLearnerRecord = (credential: JsonObject): boolean => {
  const { '@context': contexts, credentialSubject: subject, id } = credential;
  const isNamed = listOf(contexts).some((context) => LEARNER_RECORD_CONTEXT.test(textOf(context) ?? ''));
  return isOfType(credential, 'ClrCredential') && isNamed && isIri(id) && isObject(subject) && isSomeone(subject);
};
