/**
 * Whether a document has the shape that the W3C data model gives to credentials and presentations, 2.0 and 1.1, as
 * far as its JSON Schema says it, and where common libraries are silent: what is malformed here they let pass.
 * @see https://www.w3.org/TR/vc-data-model-2.0/#verifiable-credentials and https://www.w3.org/TR/vc-data-model/
 */
import { CREDENTIALS_V1, CREDENTIALS_V2 } from './contexts.ts';
import { idOf, instantOf, isObject, type JsonObject, listOf, textOf } from './json-object.ts';

/** RFC 3986 scheme, then anything but white space and what no address may hold. */
const ABSOLUTE_IRI = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/;

export const isIri = (value: unknown): boolean => ABSOLUTE_IRI.test(textOf(value) ?? '');

export const isTypeName = (type: unknown): boolean => listOf(type).length > 0 && listOf(type).every((name) => textOf(name) !== undefined);

/** Which data model a document says it follows; its first context decides. */
export const dataModelOf = ({ '@context': context }: JsonObject): '2.0' | '1.1' | undefined => {
  const [first] = listOf(context);
  if (first === CREDENTIALS_V2) return '2.0';
  return first === CREDENTIALS_V1 ? '1.1' : undefined;
};

const isPresentOr =
  (holds: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === undefined || holds(value);

export const isCredential = (credential: JsonObject): boolean =>
  [hasContexts, isCalledCredential, isIdentified, hasTexts, isDated, hasSubjects, hasParts, hasRelatedResources].every((holds) =>
    holds(credential),
  );

// An empty array, or one within another, is no set of contexts; an object among them may not define what the data model defines.
const hasContexts = (document: JsonObject): boolean => {
  const contexts = document['@context'];
  const isListed = Array.isArray(contexts) || dataModelOf(document) === '1.1';
  return isListed && dataModelOf(document) !== undefined && listOf(contexts).every(isContext);
};

const isContext = (context: unknown): boolean =>
  isIri(context) || (isObject(context) && Object.keys(context).length > 0 && !JSON.stringify(context).includes('2018/credentials'));

const isCalledCredential = ({ type }: JsonObject): boolean => isTypeName(type) && listOf(type).includes('VerifiableCredential');

const isIdentified = ({ id, issuer }: JsonObject): boolean => isPresentOr(isIri)(id) && !Array.isArray(issuer) && isIri(idOf(issuer));

const hasTexts = ({ name, description }: JsonObject): boolean => [name, description].every(isPresentOr(isText));

const LANGUAGE_KEYS = new Set(['@value', '@language', '@direction']);

// A text, or the text in one or more languages. VC Data Model 2.0 §11.1.
const isText = (value: unknown): boolean =>
  typeof value === 'string' || (Array.isArray(value) ? value.length > 0 && value.every(isLanguageValue) : isLanguageValue(value));

const isLanguageValue = (value: unknown): boolean =>
  isObject(value) && typeof value['@value'] === 'string' && Object.keys(value).every((key) => LANGUAGE_KEYS.has(key));

const isDated = (credential: JsonObject): boolean => {
  const { validFrom, validUntil, issuanceDate, expirationDate } = credential;
  const isOlder = dataModelOf(credential) === '1.1';
  const [from, until] = isOlder ? [issuanceDate, expirationDate] : [validFrom, validUntil];
  const areDates = [from, until].every((date) => date === undefined || instantOf(date) !== undefined);
  const isOrdered = (instantOf(from) ?? Number.NEGATIVE_INFINITY) <= (instantOf(until) ?? Number.POSITIVE_INFINITY);
  return areDates && isOrdered && !(isOlder && from === undefined);
};

const hasSubjects = ({ credentialSubject }: JsonObject): boolean => {
  const subjects = listOf(credentialSubject);
  return (
    subjects.length > 0 &&
    subjects.every((subject) => isObject(subject) && Object.keys(subject).length > 0 && isPresentOr(isIri)(subject.id))
  );
};

/** Parts that must say of which type they are; some must have an address, too. */
const PARTS = [
  { name: 'credentialStatus', needsId: false },
  { name: 'credentialSchema', needsId: true },
  { name: 'refreshService', needsId: true },
  { name: 'termsOfUse', needsId: false },
  { name: 'evidence', needsId: false },
] as const;

const hasParts = (credential: JsonObject): boolean =>
  PARTS.every(({ name, needsId }) =>
    listOf(credential[name]).every(
      (part) => isObject(part) && isTypeName(part.type) && isPresentOr(isIri)(part.id) && !(needsId && part.id === undefined),
    ),
  );

const hasRelatedResources = ({ relatedResource }: JsonObject): boolean => {
  const resources = listOf(relatedResource);
  return resources.every(isRelatedResource) && new Set(resources.map(idOf)).size === resources.length;
};

const isRelatedResource = (resource: unknown): boolean =>
  isObject(resource) &&
  isIri(resource.id) &&
  (resource.digestSRI !== undefined || resource.digestMultibase !== undefined) &&
  [resource.digestSRI, resource.digestMultibase].every((digest) => digest === undefined || textOf(digest) !== undefined);

/** Shape of a presentation; what it presents is checked by itself. */
export const isPresentation = (presentation: JsonObject): boolean => {
  const { id, type, holder, verifiableCredential } = presentation;
  return (
    hasContexts(presentation) &&
    isTypeName(type) &&
    listOf(type).includes('VerifiablePresentation') &&
    isPresentOr(isIri)(id) &&
    (holder === undefined || isIri(idOf(holder))) &&
    listOf(verifiableCredential).every((credential) => isObject(credential) || typeof credential === 'string')
  );
};
