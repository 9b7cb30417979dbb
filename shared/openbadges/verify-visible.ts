/**
 * What a proof over statements leaves open: the same statements can be written in other JSON. Someone could rename
 * `validUntil` to its full address, or move `credentialStatus` into another mention of the badge; the signature stays
 * genuine, and whoever reads the JSON no longer sees an end or a status. So every statement that decides about
 * validity must stand where a reader of JSON looks for it.
 * @see https://www.w3.org/TR/vc-data-model-2.0/#getting-started (documents in compacted form)
 */
import { linesOf, statementOf } from '#linked-data/nquads.ts';
import { isObject, type JsonObject, listOf, textOf } from './json-object.ts';

const VOCABULARY = 'https://www.w3.org/2018/credentials#';

const DECISIVE = [
  'credentialSchema',
  'credentialStatus',
  'credentialSubject',
  'expirationDate',
  'holder',
  'issuanceDate',
  'issuer',
  'refreshService',
  'relatedResource',
  'validFrom',
  'validUntil',
  'verifiableCredential',
] as const;

/** Whether nothing decisive was said about the document that its JSON does not show. `canonical`: its canonical N-Quads. */
export const showsWhatItSays = (document: JsonObject, canonical: string): boolean => {
  const id = textOf(document.id);
  const shown = id === undefined ? namelessObjectsIn(document) : [document];
  const said = statementsAbout(id, canonical);
  return DECISIVE.every((term) => {
    const visible = shown.reduce((sum, node) => sum + listOf(node[term]).length, 0);
    return said.filter((predicate) => predicate === `<${VOCABULARY}${term}>`).length <= visible;
  });
};

// Graphs of their own belong to credentials inside this one, which are verified by themselves.
const statementsAbout = (id: string | undefined, canonical: string): readonly string[] =>
  linesOf(canonical)
    .map(statementOf)
    .filter(({ subject, graph }) => graph === undefined && (id === undefined ? subject.startsWith('_:') : subject === `<${id}>`))
    .map(({ predicate }) => predicate);

const namelessObjectsIn = (value: unknown): readonly JsonObject[] => {
  if (Array.isArray(value)) return value.flatMap(namelessObjectsIn);
  if (!isObject(value)) return [];
  const inside = Object.entries(value).flatMap(([name, member]) => (name === '@context' ? [] : namelessObjectsIn(member)));
  return textOf(value.id) === undefined ? [value, ...inside] : inside;
};
