/**
 * JSON-LD in safe mode over contexts that are handed in: nothing is ever fetched, since a context fetched at
 * verification time could change what was signed.
 */
import type { Quad } from 'jsonld/dist/jsonld.esm.min.js';

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

/** Hash by which blank nodes are told apart; a suite of a longer key takes the longer one. */
export type CanonizeHash = 'sha256' | 'sha384';

export interface CanonizeChoices {
  readonly hash?: CanonizeHash;
  /** Is filled with the canonical label of every blank node. */
  readonly labels?: Map<string, string>;
}

export interface JsonLd {
  readonly toRdf: (document: object) => Promise<readonly Quad[]>;
  readonly expand: (document: object) => Promise<readonly unknown[]>;
  readonly compact: (expanded: unknown, context: unknown) => Promise<Record<string, unknown>>;
  readonly canonize: (dataset: readonly Quad[], choices?: CanonizeChoices) => Promise<string>;
  readonly serialize: (dataset: readonly Quad[]) => Promise<string>;
}

/**
 * Upper bound on RDFC-1.0's search among blank nodes that look alike: once per such node. More is exponential work
 * that only a hostile document asks for ("poison graphs").
 * @see https://www.w3.org/TR/rdf-canon/#dataset-poisoning
 */
const BLANK_NODE_WORK_FACTOR_MAX = 1;

// The published ES module, not the package's main: main loads an HTTP client at import (undici; three times the bytes).
const packages = async () => {
  const [jsonld, rdfCanonize] = await Promise.all([import('jsonld/dist/jsonld.esm.min.js'), import('rdf-canonize')]);
  return { jsonld: jsonld.default, rdf: rdfCanonize.default };
};

/** Every call throws CanonicalizationError for a document that it cannot read whole. */
export const createJsonLd = ({ contexts }: { readonly contexts: ReadonlyMap<string, object> }): JsonLd => {
  const documentLoader = async (documentUrl: string) => {
    const document = contexts.get(documentUrl);
    if (document === undefined) throw new CanonicalizationError('unknown-context');
    return { contextUrl: null, documentUrl, document };
  };
  const options = { documentLoader, safe: true, base: null } as const;
  return {
    toRdf: async (document) => (await packages()).jsonld.toRDF(document, options).catch(refuse('unsafe')),
    expand: async (document) => (await packages()).jsonld.expand(document, options).catch(refuse('unsafe')),
    compact: async (expanded, context) => (await packages()).jsonld.compact(expanded, context, options).catch(refuse('unsafe')),
    serialize: async (dataset) => (await packages()).rdf.NQuads.serialize(dataset),
    canonize: async (dataset, { hash = 'sha256', labels = new Map() } = {}) => {
      const { rdf } = await packages();
      const form = { algorithm: 'RDFC-1.0', format: 'application/n-quads', maxWorkFactor: BLANK_NODE_WORK_FACTOR_MAX } as const;
      const choices = { messageDigestAlgorithm: hash, canonicalIdMap: labels };
      const nquads = await rdf.canonize(dataset, { ...form, ...choices }).catch(refuse('too-complex'));
      // Every lone surrogate becomes the same UTF-8 replacement character, so two different texts would share a hash.
      if (!nquads.isWellFormed()) throw new CanonicalizationError('unsafe');
      return nquads;
    },
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
