import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAnswering } from '../../local/aws/edge/edge-functions.ts';

const answering = openAnswering();

describe('a public file', () => {
  it('is answered with 200 unless it says otherwise', () => {
    expect(answering(undefined)).toBe(200);
  });

  it.each(['404', '410'])('is answered with the status that it says: %s', (status) => {
    expect(answering(status)).toBe(Number(status));
  });

  it.each(['', '200', '301', '500', '410 ', 'gone', '0x19a'])('cannot say %j', (status) => {
    expect(answering(status)).toBe(200);
  });

  it('is served by a function that fits at the edge', () => {
    // CloudFront takes 10 KB. AWS, "Quotas on CloudFront Functions".
    expect(readFileSync(join(import.meta.dirname, '../../infra/constructs/answer.js')).byteLength).toBeLessThan(10_240);
  });
});
