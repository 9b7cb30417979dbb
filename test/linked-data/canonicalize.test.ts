import { build } from 'esbuild';
import jsonld from 'jsonld';
import { describe, expect, it, vi } from 'vitest';
import { CanonicalizationError, createCanonicalizer } from '#linked-data/canonicalize.ts';
import { achievementCredential } from '#openbadges/achievement-credential.ts';
import { CONTEXTS, CREDENTIALS_V2 } from '#openbadges/contexts.ts';
import { aDefinition, aFrozenCredential, SAMPLES } from '../openbadges/a-badge.ts';

const canonize = createCanonicalizer({ contexts: CONTEXTS });

const codeOf = (document: object): Promise<unknown> =>
  canonize(document).then(
    () => 'none',
    (error) => (error instanceof CanonicalizationError ? error.code : error),
  );

describe('canonical N-Quads', () => {
  it('are the same whatever order the keys and the sets stand in', async () => {
    const one = { '@context': [CREDENTIALS_V2], id: 'urn:x:1', type: ['VerifiableCredential'], name: 'A', description: 'B' };
    const other = { description: 'B', name: 'A', type: ['VerifiableCredential'], '@context': [CREDENTIALS_V2], id: 'urn:x:1' };
    expect(await canonize(one)).toBe(await canonize(other));
    expect(await canonize(one)).toContain('<urn:x:1> <https://schema.org/name> "A" .\n');
  });

  it.each(SAMPLES)('of a badge of %s are those of the package in its other form', async (sample) => {
    const badge = achievementCredential(aFrozenCredential({}, aDefinition(sample)));
    const documentLoader = async (url: string) => ({ documentUrl: url, document: structuredClone(CONTEXTS.get(url)) });
    const options = { algorithm: 'RDFC-1.0', format: 'application/n-quads', documentLoader, safe: true } as object;
    expect(await canonize(badge)).toBe(await jsonld.canonize(structuredClone(badge) as object, options));
  });

  it('leave the document as it was', async () => {
    const badge = achievementCredential(aFrozenCredential());
    const before = JSON.stringify(badge);
    await canonize(badge);
    expect(JSON.stringify(badge)).toBe(before);
  });
});

describe('a document is refused', () => {
  it('for a context that is not pinned, without asking the network', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch');
    expect(await codeOf({ '@context': [CREDENTIALS_V2, 'https://example.org/context'], name: 'A' })).toBe('unknown-context');
    expect(fetched).not.toHaveBeenCalled();
    fetched.mockRestore();
  });

  it('for a context that a pinned one asks for and that is not pinned itself', async () => {
    const contexts = new Map([['https://example.org/outer', { '@context': 'https://example.org/inner' }]]);
    await expect(createCanonicalizer({ contexts })({ '@context': 'https://example.org/outer', name: 'A' })).rejects.toMatchObject({
      name: 'CanonicalizationError',
      code: 'unknown-context',
    });
  });

  it.each([
    ['a term that no context defines', { id: 'urn:x:1', undefinedTerm: 'A' }],
    ['a type that no context defines', { id: 'urn:x:1', type: 'Undefined' }],
    ['a relative id', { id: 'relative', name: 'A' }],
    ['a term that redefines a protected one', { '@context': [CREDENTIALS_V2, { name: 'https://example.org/other' }], name: 'A' }],
    ['a lone surrogate, which hashes like any other', { id: 'urn:x:1', name: 'half \ud83d' }],
  ])('for %s', async (_, document) => {
    expect(await codeOf({ '@context': [CREDENTIALS_V2], ...document })).toBe('unsafe');
  });

  it('when its blank nodes look so much alike that telling them apart is exponential work', async () => {
    const contexts = new Map([['https://example.org/graph', { '@context': { p: { '@id': 'https://example.org/p', '@type': '@id' } } }]]);
    const names = [...'abcdefghij'].map((letter) => `_:${letter}`);
    const clique = names.map((id) => ({ '@id': id, p: names.filter((other) => other !== id) }));
    const poison = { '@context': 'https://example.org/graph', '@graph': clique };
    await expect(createCanonicalizer({ contexts })(poison)).rejects.toMatchObject({ code: 'too-complex' });
  });
});

describe('a bundle for the cloud', () => {
  it('carries no HTTP client', async () => {
    const { metafile } = await build({
      stdin: { contents: "export * from './shared/linked-data/canonicalize.ts'", resolveDir: process.cwd() },
      bundle: true,
      platform: 'node',
      format: 'esm',
      mainFields: ['module', 'main'],
      metafile: true,
      write: false,
    });
    const packages = Object.keys(metafile.inputs).flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
    expect([...new Set(packages)].sort()).toEqual(['jsonld', 'rdf-canonize']);
  });
});
