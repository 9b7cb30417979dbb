/** The two packages behind this folder ship no types of their own; only the calls used here are declared. */
declare module 'jsonld/dist/jsonld.esm.min.js' {
  export interface RemoteDocument {
    readonly contextUrl: null;
    readonly documentUrl: string;
    readonly document: unknown;
  }
  export interface JsonLdOptions {
    readonly documentLoader: (url: string) => Promise<RemoteDocument>;
    readonly safe: true;
    readonly base: null;
  }
  export interface Term {
    readonly termType: 'NamedNode' | 'BlankNode' | 'Literal' | 'DefaultGraph';
    readonly value: string;
  }
  export interface Quad {
    readonly subject: Term;
    readonly predicate: Term;
    readonly object: Term;
    readonly graph: Term;
  }
  const jsonld: {
    toRDF(document: object, options: JsonLdOptions): Promise<readonly Quad[]>;
    expand(document: object, options: JsonLdOptions): Promise<readonly unknown[]>;
    compact(document: unknown, context: unknown, options: JsonLdOptions): Promise<Record<string, unknown>>;
  };
  export default jsonld;
}

declare module 'rdf-canonize' {
  import type { Quad } from 'jsonld/dist/jsonld.esm.min.js';

  export interface CanonizeOptions {
    readonly algorithm: 'RDFC-1.0';
    readonly format: 'application/n-quads';
    readonly maxWorkFactor: number;
    readonly messageDigestAlgorithm: 'sha256' | 'sha384';
    readonly canonicalIdMap: Map<string, string>;
  }
  const rdfCanonize: {
    canonize(dataset: readonly Quad[], options: CanonizeOptions): Promise<string>;
    NQuads: { serialize(dataset: readonly Quad[]): string };
  };
  export default rdfCanonize;
}
