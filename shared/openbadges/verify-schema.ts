/**
 * Whether a document has the shape of an Open Badges 3.0 AchievementCredential, as far as the later checks lean on it.
 * Also refuses forms that the VC data model forbids but common libraries let pass.
 * @see https://www.w3.org/TR/vc-data-model-2.0/#verifiable-credentials
 */
import { failed, type Outcome, PASSED } from './check.ts';
import { CREDENTIALS_V2 } from './contexts.ts';
import { idOf, instantOf, isObject, type JsonObject, listOf, textOf } from './json-object.ts';

const OPEN_BADGES_CONTEXT = /^https:\/\/purl\.imsglobal\.org\/spec\/ob\/v3p0\/context(-3\.\d\.\d)?\.json$/;

/** RFC 3986 scheme, then anything but white space. */
const ABSOLUTE_IRI = /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/;

export const checkSchema = (credential: JsonObject): Outcome =>
  [isTyped, isIdentified, isDated, hasSubject, hasWellFormedReferences].every((holds) => holds(credential))
    ? PASSED
    : failed('schema/malformed');

const isIri = (value: unknown): boolean => ABSOLUTE_IRI.test(textOf(value) ?? '');

const isTyped = ({ '@context': context, type }: JsonObject): boolean => {
  const [first, second, ...more] = listOf(context);
  const kinds = listOf(type);
  const isBadge = kinds.includes('OpenBadgeCredential') || kinds.includes('AchievementCredential');
  // A context inside the document could redefine what its terms mean; only addresses of pinned ones are read.
  const isByAddress = more.every((address) => typeof address === 'string');
  return (
    first === CREDENTIALS_V2 &&
    OPEN_BADGES_CONTEXT.test(textOf(second) ?? '') &&
    isByAddress &&
    kinds.includes('VerifiableCredential') &&
    isBadge
  );
};

const isIdentified = ({ id, issuer }: JsonObject): boolean => isIri(id) && isIri(idOf(issuer));

const isDated = ({ validFrom, validUntil }: JsonObject): boolean =>
  instantOf(validFrom) !== undefined && (validUntil === undefined || instantOf(validUntil) !== undefined);

const hasSubject = ({ credentialSubject: subject }: JsonObject): boolean => {
  if (!isObject(subject) || !listOf(subject.type).includes('AchievementSubject')) return false;
  const isSomeone = isIri(subject.id) || listOf(subject.identifier).length > 0;
  const { achievement } = subject;
  return (
    isSomeone && isObject(achievement) && isIri(achievement.id) && isObject(achievement.criteria) && textOf(achievement.name) !== undefined
  );
};

const hasWellFormedReferences = ({ credentialStatus, credentialSchema, refreshService, relatedResource }: JsonObject): boolean => {
  const typed = [...listOf(credentialSchema), ...listOf(refreshService)].every(
    (value) => isObject(value) && isIri(value.id) && isTypeName(value.type),
  );
  const status = credentialStatus === undefined || (isObject(credentialStatus) && isTypeName(credentialStatus.type));
  return typed && status && areRelatedResources(listOf(relatedResource));
};

const isTypeName = (type: unknown): boolean => listOf(type).length > 0 && listOf(type).every((name) => textOf(name) !== undefined);

const areRelatedResources = (resources: readonly unknown[]): boolean => {
  const isPinned = (resource: unknown) =>
    isObject(resource) && isIri(resource.id) && (textOf(resource.digestSRI) ?? textOf(resource.digestMultibase)) !== undefined;
  return resources.every(isPinned) && new Set(resources.map(idOf)).size === resources.length;
};
