import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assemble } from '../../functions/assembly.ts';
import { type Built, build, bundleOf, ensureBuilt, REPOSITORY } from '../../local/build.ts';
import { eventFunction, httpFunction, httpStep, planOf, temporaryFolder } from './fixtures/bundles.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const routes = httpFunction([
  httpStep('GET /v1/things/{id}', 'echo.ts'),
  httpStep('PUT /v1/things/{id}', 'answer-http.ts'),
  httpStep('POST /v1/things', 'answer-http.ts'),
]);
const plan = planOf(join(folder.path, 'dist'), [eventFunction('lazy'), routes]);

const load = async (name: string): Promise<{ handler: (event: unknown, context: unknown) => Promise<unknown> }> =>
  import(/* @vite-ignore */ `${pathToFileURL(bundleOf(name, plan.out)).href}?${Math.random()}`);

describe('the build', () => {
  let built: Built;
  beforeAll(async () => {
    built = await build(plan);
  });

  it('makes one bundle for each function of the path, and no other', () => {
    expect(Object.keys(built.bytes)).toEqual(['lazy', 'learner-api']);
    expect(readdirSync(join(plan.out, 'functions'))).toEqual(['lazy', 'learner-api']);
    expect(REPOSITORY.functions.map(({ name }) => name)).toEqual(assemble().map(({ name }) => name));
  });

  it('exports the handler alone, so that what a step exports for its tests is not deployed', async () => {
    expect(Object.keys(await load('lazy'))).toEqual(['handler']);
    expect(readFileSync(bundleOf('lazy', plan.out), 'utf8')).not.toContain('SHAKEN-OFF');
  });

  it('keeps what is loaded on demand out of the file that a cold start reads', async () => {
    expect(readFileSync(bundleOf('lazy', plan.out), 'utf8')).not.toContain('LOADED-LATE');
    expect(await (await load('lazy')).handler({}, {})).toBe('LOADED-LATE');
  });

  it('takes in fonts and WebAssembly as their bytes, in files of their own', async () => {
    const other = planOf(join(folder.path, 'bytes'), [eventFunction('bytes')]);
    await build(other);
    const { handler } = await import(/* @vite-ignore */ pathToFileURL(bundleOf('bytes', other.out)).href);
    expect(await handler()).toBe('BYTES');
    expect(readFileSync(bundleOf('bytes', other.out), 'utf8')).not.toContain(Buffer.from('BYTES').toString('base64'));
  });

  it('gives the routes of an audience to the router, and bundles a step that serves two routes once', async () => {
    const { handler } = await load('learner-api');
    expect(await handler({ routeKey: 'PUT /v1/things/{id}', body: '{"put":1}' }, {})).toEqual({ put: 1 });
    expect(await handler({ routeKey: 'POST /v1/things', body: '{"post":1}' }, {})).toEqual({ post: 1 });
    expect(await handler({ routeKey: 'GET /v1/other', body: '{}' }, {})).toBeUndefined();
    expect(readFileSync(bundleOf('learner-api', plan.out), 'utf8').match(/JSON\.parse/g)).toHaveLength(1);
  });

  it('tells the router who may call each route', async () => {
    const open = httpFunction([
      httpStep('GET /v1/things', 'echo.ts', 'open'),
      httpStep('PUT /v1/things', 'echo.ts', ['programme', 'learner']),
    ]);
    const other = planOf(join(folder.path, 'roles'), [open]);
    await build(other);
    const text = readFileSync(bundleOf('learner-api', other.out), 'utf8');
    expect(text).toMatch(/method:"GET",path:"\/v1\/things",roles:"open"/);
    expect(text).toMatch(/method:"PUT",path:"\/v1\/things",roles:\["programme","learner"\]/);
  });

  it('leaves a source map beside each bundle and says which file weighs what', () => {
    expect(readFileSync(bundleOf('lazy', plan.out), 'utf8')).toMatch(/sourceMappingURL=index\.mjs\.map\s*$/);
    const map: { sources: string[] } = JSON.parse(readFileSync(`${bundleOf('lazy', plan.out)}.map`, 'utf8'));
    expect(map.sources.some((source) => source.endsWith('functions/lazy.ts'))).toBe(true);
    const meta: { inputs: object } = JSON.parse(readFileSync(join(plan.out, 'meta.json'), 'utf8'));
    expect(Object.keys(meta.inputs)).toContain('functions/lazy.ts');
  });

  it('does nothing when nothing has changed', async () => {
    expect(await ensureBuilt(plan)).toBe('up to date');
  });

  it('builds again when a bundle is gone, when the build was cut off, and when a function is added', async () => {
    rmSync(bundleOf('lazy', plan.out));
    expect(await ensureBuilt(plan)).not.toBe('up to date');
    writeFileSync(join(plan.out, 'stamp.json'), '{"inputs":"of another build"}');
    expect(await ensureBuilt(plan)).not.toBe('up to date');
    expect(await ensureBuilt({ ...plan, functions: [...plan.functions, eventFunction('echo')] })).not.toBe('up to date');
  });

  it('writes nothing if one function does not build', async () => {
    const before = readFileSync(bundleOf('lazy', plan.out), 'utf8');
    await expect(build({ ...plan, functions: [eventFunction('lazy'), eventFunction('no-such-file')] })).rejects.toThrow();
    expect(readFileSync(bundleOf('lazy', plan.out), 'utf8')).toBe(before);
  });
});
