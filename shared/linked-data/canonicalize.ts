/** JSON-LD to canonical N-Quads (RDFC-1.0): what a Data Integrity proof hashes, at issuing and at verifying. */
import { CanonicalizationError, type CanonizeHash, createJsonLd } from './json-ld.ts';

export { CanonicalizationError };

/**
 * Canonical N-Quads of a JSON-LD document, in safe mode, without a base IRI. The hash is SHA-256 unless a suite asks
 * for another; it decides how blank nodes are numbered.
 * @throws CanonicalizationError
 */
export type Canonize = (document: object, hash?: CanonizeHash) => Promise<string>;

/** @see https://www.w3.org/TR/rdf-canon/ and https://www.w3.org/TR/json-ld11-api/#deserialize-json-ld-to-rdf-algorithm */
export const createCanonicalizer = (needs: { readonly contexts: ReadonlyMap<string, object> }): Canonize => {
  const { toRdf, canonize } = createJsonLd(needs);
  return async (document, hash = 'sha256') => canonize(await toRdf(document), { hash });
};
