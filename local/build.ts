/**
 * Builds the functions of the path into `dist/functions/<name>/index.mjs`: the very files that `infra/` deploys and
 * `local/` runs. A stamp over all inputs lets a start that changed nothing skip the work.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import type { BuildOptions, Metafile, OutputFile } from 'esbuild';
import { type AssemblyFunction, assemble } from '../functions/assembly.ts';
import type { HttpStep } from '../functions/path.ts';

export interface BuildPlan {
  /** Folder that holds `functions/`, `shared/` and `web/`. */
  readonly root: string;
  /** Receives `functions/<name>/`, `meta.json` and `stamp.json`; `functions/` below it is replaced whole. */
  readonly out: string;
  readonly functions: readonly AssemblyFunction[];
}

const ROOT = dirname(import.meta.dirname);

export const REPOSITORY: BuildPlan = { root: ROOT, out: join(ROOT, 'dist'), functions: assemble() };

/** What a bundle is made of. The tool's own versions stand in the lock file. */
const INPUTS = ['functions', 'shared', 'web', 'package.json', 'package-lock.json', 'tsconfig.json', 'local/build.ts'] as const;

/** Files that a bundle holds as their bytes, and reads behind import() only: a Lambda has no `node_modules` to find them in. */
const BYTES: NonNullable<BuildOptions['loader']> = { '.wasm': 'binary', '.ttf': 'binary' };

/** CommonJS packages inside an ESM bundle call `require` for Node's own modules. */
const REQUIRE_BANNER = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

export const bundleOf = (name: string, out: string = REPOSITORY.out): string => join(out, 'functions', name, 'index.mjs');

const handlerImport = (root: string, file: string, alias: string): string =>
  `import { handler as ${alias} } from ${JSON.stringify(join(root, 'functions', file))};`;

/** Steps on HTTP share a Lambda; a file that serves several routes is imported once. */
const routerEntry = (root: string, steps: readonly HttpStep[]): string => {
  const files = [...new Set(steps.map(({ file }) => file))];
  const routes = steps.map(({ http, file, roles }) => {
    const [method, path] = http.split(' ');
    return `  { method: ${JSON.stringify(method)}, path: ${JSON.stringify(path)}, roles: ${JSON.stringify(roles)}, handler: h${files.indexOf(file)} },`;
  });
  return [
    `import { router } from ${JSON.stringify(join(root, 'shared/lambda/router.ts'))};`,
    ...files.map((file, index) => handlerImport(root, file, `h${index}`)),
    'export const handler = router([',
    ...routes,
    ']);',
  ].join('\n');
};

/** Only `handler` is exported, so that what a step exports for its tests is shaken off. */
const entryOf = (root: string, { trigger }: AssemblyFunction): string =>
  trigger.kind === 'http' ? routerEntry(root, trigger.steps) : `${handlerImport(root, trigger.step.file, 'handler')}\nexport { handler };`;

const optionsFor = (plan: BuildPlan, fn: AssemblyFunction) =>
  ({
    stdin: { contents: entryOf(plan.root, fn), resolveDir: plan.root, sourcefile: `${fn.name}.entry.ts`, loader: 'ts' },
    absWorkingDir: plan.root,
    outdir: join(plan.out, 'functions', fn.name),
    entryNames: 'index',
    chunkNames: 'chunk-[hash]',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    // What lies behind import() becomes a file of its own: a cold start does not read it.
    splitting: true,
    loader: BYTES,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minifySyntax: true,
    minifyWhitespace: true,
    // Names of classes and functions stay legible in logs.
    minifyIdentifiers: false,
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'linked',
    banner: { js: REQUIRE_BANNER },
    metafile: true,
    write: false,
    logLevel: 'warning',
  }) as const satisfies BuildOptions;

const filesBelow = (path: string): readonly string[] => {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
};

const fingerprint = ({ root, functions }: BuildPlan): string => {
  const hash = createHash('sha256').update(JSON.stringify(functions));
  for (const file of INPUTS.flatMap((input) => filesBelow(join(root, input)))) {
    const bytes = readFileSync(file);
    hash.update(`\n${file.slice(root.length)} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
};

const stampOf = (plan: BuildPlan): string => join(plan.out, 'stamp.json');

/** An output that is not there, or a stamp over other inputs, asks for a build. */
const isFresh = (plan: BuildPlan, inputs: string): boolean =>
  existsSync(stampOf(plan)) &&
  readFileSync(stampOf(plan), 'utf8') === JSON.stringify({ inputs }) &&
  plan.functions.every(({ name }) => existsSync(bundleOf(name, plan.out)));

const merged = (metafiles: readonly Metafile[]): Metafile => ({
  inputs: Object.assign({}, ...metafiles.map(({ inputs }) => inputs)),
  outputs: Object.assign({}, ...metafiles.map(({ outputs }) => outputs)),
});

const writeAll = (files: readonly OutputFile[]) =>
  Promise.all(
    files.map(async ({ path, contents }) => {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, contents);
    }),
  );

export interface Built {
  /** Size of each function's entry file, without what it loads later. */
  readonly bytes: Readonly<Record<string, number>>;
  readonly durationMs: number;
}

/** Replaces `dist/functions`. Nothing is written unless every function builds. */
export const build = async (plan: BuildPlan = REPOSITORY): Promise<Built> => {
  const startedMs = performance.now();
  const inputs = fingerprint(plan);
  const { build: bundle } = await import('esbuild');
  const results = await Promise.all(plan.functions.map((fn) => bundle(optionsFor(plan, fn))));
  await rm(stampOf(plan), { force: true });
  await rm(join(plan.out, 'functions'), { recursive: true, force: true });
  await writeAll(results.flatMap(({ outputFiles }) => outputFiles));
  await writeFile(join(plan.out, 'meta.json'), JSON.stringify(merged(results.map(({ metafile }) => metafile))));
  // Written last, so that a build that was cut off is done again.
  await writeFile(stampOf(plan), JSON.stringify({ inputs }));
  const sizes = plan.functions.map(({ name }) => [name, statSync(bundleOf(name, plan.out)).size] as const);
  return { bytes: Object.fromEntries(sizes), durationMs: Math.round(performance.now() - startedMs) };
};

const LOCK_RETRY_MS = 50;
/** @see https://www.sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

/** Two starts at once would delete each other's bundles. SQLite holds the lock with the process, so that a killed one leaves none behind. */
const alone = async <T>({ out }: BuildPlan, work: () => Promise<T>): Promise<T> => {
  await mkdir(out, { recursive: true });
  const lock = new DatabaseSync(join(out, 'build-lock.sqlite'));
  const isTaken = (): boolean => {
    try {
      lock.exec('BEGIN EXCLUSIVE');
      return false;
    } catch (error) {
      if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return true;
      throw error;
    }
  };
  try {
    while (isTaken()) await delay(LOCK_RETRY_MS);
    return await work();
  } finally {
    lock.close();
  }
};

/** Builds unless nothing has changed since the last build. */
export const ensureBuilt = async (plan: BuildPlan = REPOSITORY): Promise<Built | 'up to date'> =>
  isFresh(plan, fingerprint(plan))
    ? 'up to date'
    : alone(plan, async () => (isFresh(plan, fingerprint(plan)) ? 'up to date' : build(plan)));

if (import.meta.main) {
  const { bytes, durationMs } = await build();
  const total = Object.values(bytes).reduce((sum, size) => sum + size, 0);
  console.log(`${Object.keys(bytes).length} functions, ${Math.round(total / 1024)} KB, ${durationMs} ms → dist/functions`);
}
