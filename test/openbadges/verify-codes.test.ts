import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FAILURE_CODES, OBSTACLE_CODES, verdictOf } from '#openbadges/check.ts';

const tests = readdirSync(import.meta.dirname)
  .filter((file) => file.startsWith('verify') && file !== 'verify-codes.test.ts')
  .map((file) => readFileSync(`${import.meta.dirname}/${file}`, 'utf8'))
  .join('\n');

describe('a code', () => {
  it.each([...FAILURE_CODES, ...OBSTACLE_CODES])('%s is the answer of some test', (code) => expect(tests).toContain(code));

  it('is either a failure or an obstacle', () => {
    expect(new Set([...FAILURE_CODES, ...OBSTACLE_CODES]).size).toBe(FAILURE_CODES.length + OBSTACLE_CODES.length);
  });
});

describe('a refresh', () => {
  it('that could not be made does not weigh, and every other obstacle does', () => {
    expect(verdictOf([{ name: 'refresh', state: 'not-checked', code: 'refresh/unreachable' }])).toBe('valid');
    expect(verdictOf([{ name: 'status', state: 'not-checked', code: 'status/unreachable' }])).toBe('could-not-check');
  });
});
