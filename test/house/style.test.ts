/** House style, as far as a machine can tell. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const LINES_MAX = 300;

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' })
  .split('\n')
  // A file that was just deleted is still in the index.
  .filter((file) => file !== '' && existsSync(resolve(ROOT, file)));
const read = (file: string): string => readFileSync(resolve(ROOT, file), 'utf8');
const code = tracked.filter((file) => /^(functions|shared|web|infra|local)\/.*\.ts$/.test(file) && !file.endsWith('.d.ts'));

describe('the house', () => {
  it('keeps every file under 300 lines', () => {
    expect(code.filter((file) => read(file).split('\n').length > LINES_MAX)).toEqual([]);
  });

  it('has no rooms for leftovers', () => {
    const leftovers = /(^|\/)(utils?|helpers?|services?|managers?|types|constants|common|misc)(\/|\.ts$)/;
    expect(code.filter((file) => leftovers.test(file) && file !== 'local/aws/service.ts')).toEqual([]);
    expect(code.filter((file) => basename(file) === 'index.ts')).toEqual([]);
  });

  it('opens every file with what it is', () => {
    expect(code.filter((file) => !/^(\/\/ biome-ignore.*\n)?(\/\*\*|\/\/)/.test(read(file)))).toEqual([]);
  });

  it('says nothing that can be anything', () => {
    expect(code.filter((file) => /:\s*any\b|\bas any\b|<any>|@ts-ignore|@ts-expect-error/.test(read(file)))).toEqual([]);
  });

  it('leaves no work for later in a comment', () => {
    expect(code.filter((file) => /\b(TODO|FIXME|XXX)\b/.test(read(file)))).toEqual([]);
  });

  it('reads the environment in one place', () => {
    const readers = code.filter((file) => file.startsWith('shared/') && /process\.env/.test(read(file)));
    expect(readers).toEqual(['shared/adapters/environment.ts']);
  });

  it('documents what shared/ exports', () => {
    const bare = code
      .filter((file) => file.startsWith('shared/adapters') === false && file.startsWith('shared/'))
      .filter((file) => !read(file).includes('/**'));
    expect(bare).toEqual([]);
  });

  it('names no package registry in its lockfile', () => {
    expect(read('package-lock.json')).not.toContain('"resolved"');
  });
});
