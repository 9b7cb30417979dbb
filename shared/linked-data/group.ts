/**
 * The statements of a document in groups, each chosen by JSON Pointers: what selective disclosure signs, hides and
 * shows. Blank nodes get labels of the caller's choice, so that a label tells nothing about what was left out.
 * @see https://www.w3.org/TR/vc-di-ecdsa/#canonicalizeandgroup
 */
import type { Quad, Term } from 'jsonld/dist/jsonld.esm.min.js';
import { createJsonLd, type JsonLd } from './json-ld.ts';
import { linesOf, relabelled, sorted } from './nquads.ts';
import { select } from './selection.ts';

export interface Group {
  /** Places in the sorted statements that belong to the group, and that do not. */
  readonly matching: ReadonlyMap<number, string>;
  readonly nonMatching: ReadonlyMap<number, string>;
  /** Canonical label of every blank node of the group, as if it stood alone, by its label in the whole. */
  readonly canonicalLabels: ReadonlyMap<string, string>;
}

export interface Groups<Name extends string> {
  readonly groups: Readonly<Record<Name, Group>>;
  /** All statements, relabelled and sorted. */
  readonly nquads: readonly string[];
}

export interface GroupNeeds<Name extends string> {
  readonly pointers: Readonly<Record<Name, readonly string[]>>;
  /** New label of a blank node, from its canonical one (`c14n0`). */
  readonly label: (canonical: string) => Promise<string>;
}

/** @throws CanonicalizationError as canonicalising does, PointerError for a pointer to nothing */
export type CanonicalizeAndGroup = <Name extends string>(document: object, needs: GroupNeeds<Name>) => Promise<Groups<Name>>;

/** Over pinned contexts, as `createCanonicalizer`. */
export const createGrouper = (contexts: { readonly contexts: ReadonlyMap<string, object> }): CanonicalizeAndGroup => {
  const jsonLd = createJsonLd(contexts);
  return async (document, { pointers, label }) => {
    const named = await skolemized(document, jsonLd);
    const canonicalLabels = new Map<string, string>();
    const canonical = await jsonLd.canonize(await unnamed(named, jsonLd), { labels: canonicalLabels });
    const labels = await labelled(canonicalLabels, label);
    const byCanonical = new Map([...bare(canonicalLabels)].map(([input, c14n]) => [c14n, labels.get(input) ?? '']));
    const nquads = sorted(linesOf(canonical).map((line) => relabelled(line, byCanonical)));
    const groups = await mapValues(pointers, (chosen) => groupOf(select(named, chosen), { nquads, labels, jsonLd }));
    return { groups, nquads };
  };
};

const mapValues = async <Name extends string, From, To>(record: Readonly<Record<Name, From>>, map: (value: From) => Promise<To>) => {
  const entries = await Promise.all(Object.entries<From>(record).map(async ([name, value]) => [name, await map(value)]));
  // The names are the ones that came in.
  return Object.fromEntries(entries) as Record<Name, To>;
};

interface Whole {
  readonly nquads: readonly string[];
  readonly labels: ReadonlyMap<string, string>;
  readonly jsonLd: JsonLd;
}

const groupOf = async (selection: object | undefined, { nquads, labels, jsonLd }: Whole): Promise<Group> => {
  const dataset = selection === undefined ? [] : await unnamed(selection, jsonLd);
  const chosen = new Set(linesOf(await jsonLd.serialize(dataset)).map((line) => relabelled(line, labels)));
  const canonicalLabels = new Map<string, string>();
  if (dataset.length > 0) await jsonLd.canonize(dataset, { labels: canonicalLabels });
  const places = [...nquads.entries()];
  return {
    matching: new Map(places.filter(([, line]) => chosen.has(line))),
    nonMatching: new Map(places.filter(([, line]) => !chosen.has(line))),
    canonicalLabels: new Map([...bare(canonicalLabels)].map(([input, canonical]) => [labels.get(input) ?? '', canonical])),
  };
};

const bare = (labels: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  new Map([...labels].map(([from, to]) => [from.replace(/^_:/, ''), to.replace(/^_:/, '')]));

const labelled = async (canonicalLabels: ReadonlyMap<string, string>, label: GroupNeeds<string>['label']) =>
  new Map(await Promise.all([...bare(canonicalLabels)].map(async ([input, canonical]) => [input, await label(canonical)] as const)));

/** Scheme under which blank nodes have names for a while. @see https://www.w3.org/TR/vc-di-ecdsa/#skolemize */
const SCHEME = 'urn:bnid:';

/** The document with a name on every blank node, so that a node is the same one in every part of it. */
const skolemized = async (document: object, { expand, compact }: JsonLd): Promise<object> => {
  let count = 0;
  const expanded = await expand(document);
  const prefix = freshPrefix(JSON.stringify(expanded));
  const next = () => {
    count += 1;
    return `${SCHEME}${prefix}${count}`;
  };
  return compact(named(expanded, next), Reflect.get(document, '@context'));
};

// No label of the document's own may begin like ours.
const freshPrefix = (text: string): string => {
  let prefix = 'n';
  while (text.includes(`_:${prefix}`) || text.includes(`${SCHEME}${prefix}`)) prefix += 'n';
  return prefix;
};

const named = (value: unknown, next: () => string): unknown => {
  if (Array.isArray(value)) return value.map((element) => named(element, next));
  if (typeof value !== 'object' || value === null || '@value' in value) return value;
  const node = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, named(member, next)]));
  if ('@list' in node || '@set' in node) return node;
  const { '@id': id } = node;
  return { ...node, '@id': typeof id === 'string' ? id.replace(/^_:/, SCHEME) : next() };
};

/** Statements of a document whose blank nodes are named, with blank nodes again. */
const unnamed = async (document: object, { toRdf }: JsonLd): Promise<readonly Quad[]> => {
  const quads = await toRdf(document);
  const cells = cellLabels(quads);
  const blank = (term: Term): Term => {
    if (term.termType === 'BlankNode') return { termType: 'BlankNode', value: cells.get(term.value) ?? term.value };
    const isName = term.termType === 'NamedNode' && term.value.startsWith(SCHEME);
    return isName ? { termType: 'BlankNode', value: term.value.slice(SCHEME.length) } : term;
  };
  return quads.map(({ subject, predicate, object, graph }) => ({
    subject: blank(subject),
    predicate,
    object: blank(object),
    graph: blank(graph),
  }));
};

/**
 * Labels for the cells of ordered lists, which are the only nodes that cannot be named: from the node and the property
 * that hold the list, so that a list has the same cells in the whole and in a part of it.
 */
const cellLabels = (quads: readonly Quad[]): ReadonlyMap<string, string> => {
  const labels = new Map<string, string>();
  for (const { subject, predicate, object } of quads) {
    if (object.termType === 'BlankNode') labels.set(object.value, [subject.value, predicate.value].join(' '));
  }
  return new Map([...labels.keys()].map((cell) => [cell, `list${hexOf(pathTo(cell, labels))}`]));
};

const pathTo = (cell: string, holders: ReadonlyMap<string, string>): string => {
  const path: string[] = [];
  let holder = holders.get(cell);
  while (holder !== undefined && !path.includes(holder)) {
    path.push(holder);
    holder = holders.get(holder.split(' ')[0] ?? '');
  }
  // Labels of the cells on the way have no meaning of their own: only the properties count, and who holds the list.
  return [path.at(-1) ?? '', ...path.map((step) => step.split(' ')[1] ?? '')].join(' ');
};

const hexOf = (text: string): string => Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, '0')).join('');
