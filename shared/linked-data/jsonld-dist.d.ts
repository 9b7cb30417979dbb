/** The two packages behind canonicalize.ts ship no types of their own; only the calls used here are declared. */
declare module 'jsonld/dist/jsonld.esm.min.js' {
  export interface RemoteDocument {
    readonly contextUrl: null;
    readonly documentUrl: string;
    readonly document: unknown;
  }
  export interface ToRdfOptions {
    readonly documentLoader: (url: string) => Promise<RemoteDocument>;
    readonly safe: true;
    readonly base: null;
  }
  const jsonld: { toRDF(document: object, options: ToRdfOptions): Promise<readonly object[]> };
  export default jsonld;
}

declare module 'rdf-canonize' {
  export interface CanonizeOptions {
    readonly algorithm: 'RDFC-1.0';
    readonly format: 'application/n-quads';
    readonly maxWorkFactor: number;
  }
  const rdfCanonize: { canonize(dataset: readonly object[], options: CanonizeOptions): Promise<string> };
  export default rdfCanonize;
}
