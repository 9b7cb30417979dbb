/**
 * JSON-LD to canonical N-Quads (RDFC-1.0): what a Data Integrity proof hashes, at issuing and at verifying. Contexts
 * are handed in and nothing is ever fetched: a context fetched at verification time could change what was signed.
 */

/** `unknown-context`: not among the pinned ones. `unsafe`: something would be lost or misread, and so stay unsigned. */
export type CanonicalizationCode = 'unknown-context' | 'unsafe' | 'too-complex';

/** The document has no canonical form here; no verdict about its signature follows from that. */
export class CanonicalizationError extends Error {
  readonly code: CanonicalizationCode;

  constructor(code: CanonicalizationCode, options?: ErrorOptions) {
    super(code, options);
    this.name = 'CanonicalizationError';
    this.code = code;
  }
}

/** Canonical N-Quads of a JSON-LD document, in safe mode, without a base IRI. @throws CanonicalizationError */
export type Canonize = (document: object) => Promise<string>;

/**
 * Upper bound on RDFC-1.0's search among blank nodes that look alike: once per such node. More is exponential work
 * that only a hostile document asks for ("poison graphs").
 * @see https://www.w3.org/TR/rdf-canon/#dataset-poisoning
 */
const BLANK_NODE_WORK_FACTOR_MAX = 1;

// The published ES module, not the package's main: main loads an HTTP client at import (undici; three times the bytes).
const packages = async () => {
  const [jsonld, rdfCanonize] = await Promise.all([import('jsonld/dist/jsonld.esm.min.js'), import('rdf-canonize')]);
  return { toRdf: jsonld.default.toRDF, canonize: rdfCanonize.default.canonize };
};

/** @see https://www.w3.org/TR/rdf-canon/ and https://www.w3.org/TR/json-ld11-api/#deserialize-json-ld-to-rdf-algorithm */
export const createCanonicalizer = ({ contexts }: { readonly contexts: ReadonlyMap<string, object> }): Canonize => {
  const load = async (documentUrl: string) => {
    const document = contexts.get(documentUrl);
    if (document === undefined) throw new CanonicalizationError('unknown-context');
    return { contextUrl: null, documentUrl, document };
  };
  return async (document) => {
    const { toRdf, canonize } = await packages();
    const dataset = await toRdf(document, { documentLoader: load, safe: true, base: null }).catch(refuse('unsafe'));
    const options = { algorithm: 'RDFC-1.0', format: 'application/n-quads', maxWorkFactor: BLANK_NODE_WORK_FACTOR_MAX } as const;
    const nquads = await canonize(dataset, options).catch(refuse('too-complex'));
    // Every lone surrogate becomes the same UTF-8 replacement character, so two different texts would share a hash.
    if (!nquads.isWellFormed()) throw new CanonicalizationError('unsafe');
    return nquads;
  };
};

const refuse =
  (code: CanonicalizationCode) =>
  (cause: unknown): never => {
    throw new CanonicalizationError(isUnknownContext(cause) ? 'unknown-context' : code, { cause });
  };

// jsonld wraps what a loader throws, in `details.cause`.
const isUnknownContext = (error: unknown): boolean => {
  if (error instanceof CanonicalizationError) return error.code === 'unknown-context';
  if (!(error instanceof Error && 'details' in error)) return false;
  const { details } = error;
  return typeof details === 'object' && details !== null && 'cause' in details && isUnknownContext(details.cause);
};
