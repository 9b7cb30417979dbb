import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { followLines, openLogFile } from '../../../local/aws/lambda/log-file.ts';
import { temporaryFolder } from '../fixtures/bundles.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const MEGABYTE = 1024 * 1024;

const read = (name: string): string => readFileSync(join(folder.path, name), 'utf8');

describe('the log of a function', () => {
  it('is appended to, also after a restart', () => {
    openLogFile(folder.path, 'appended')('first\n');
    openLogFile(folder.path, 'appended')(Buffer.from('second\n'));
    expect(read('appended.log')).toBe('first\nsecond\n');
  });

  it('keeps lines of several instances whole, and letters that came in pieces', async () => {
    const write = openLogFile(folder.path, 'whole');
    const [first, second] = [new PassThrough(), new PassThrough()];
    followLines(first, write);
    followLines(second, write);
    first.write('first says ');
    second.write('second says this\n');
    first.write(Buffer.from('that: ü').subarray(0, -1));
    first.write(Buffer.from('ü').subarray(-1));
    first.end('\nand no more');
    await expect.poll(() => read('whole.log')).toContain('and no more\n');
    expect(read('whole.log').split('\n').sort()).toEqual(['', 'and no more', 'first says that: ü', 'second says this']);
  });

  it('starts anew when it has grown too big, and keeps the part before', () => {
    const write = openLogFile(folder.path, 'big');
    for (let written = 0; written < 12; written += 1) write(`${written} ${'.'.repeat(MEGABYTE)}\n`);
    const before = read('big.log.1');
    const after = read('big.log');
    expect(before.startsWith('0 .')).toBe(true);
    expect(before.length).toBeGreaterThan(after.length);
    expect(after.includes('\n11 .')).toBe(true);
  });
});
