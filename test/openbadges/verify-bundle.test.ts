import { resolve } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const ENTRIES = ['verify-badge', 'verify-presentation', 'verify-jose'].map((name) => `${ROOT}/shared/openbadges/${name}.ts`);

describe('the verifying core', () => {
  it('can be bundled for a web page once one file is put in place of the one that uses Node', async () => {
    const { metafile } = await build({
      entryPoints: ENTRIES,
      bundle: true,
      write: false,
      metafile: true,
      outdir: 'nowhere',
      format: 'esm',
      platform: 'browser',
      logLevel: 'silent',
      external: ['node:*'],
    });
    const importers = Object.entries(metafile.inputs)
      .filter(([, { imports }]) => imports.some(({ path }) => path.startsWith('node:')))
      .map(([file]) => file);
    expect(importers).toEqual(['shared/openbadges/primitives.ts']);
  });
});
