import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openLogFile } from '../../../local/aws/lambda/log-file.ts';
import { temporaryFolder } from '../fixtures/bundles.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const MEGABYTE = 1024 * 1024;

describe('the log of a function', () => {
  it('is appended to, also after a restart', () => {
    openLogFile(folder.path, 'appended')('first\n');
    openLogFile(folder.path, 'appended')(Buffer.from('second\n'));
    expect(readFileSync(join(folder.path, 'appended.log'), 'utf8')).toBe('first\nsecond\n');
  });

  it('starts anew when it has grown too big, and keeps the part before', () => {
    const write = openLogFile(folder.path, 'big');
    for (let written = 0; written < 12; written += 1) write(`${written} ${'.'.repeat(MEGABYTE)}\n`);
    const before = readFileSync(join(folder.path, 'big.log.1'), 'utf8');
    const after = readFileSync(join(folder.path, 'big.log'), 'utf8');
    expect(before.startsWith('0 .')).toBe(true);
    expect(before.length).toBeGreaterThan(after.length);
    expect(after.includes('\n11 .')).toBe(true);
  });
});
