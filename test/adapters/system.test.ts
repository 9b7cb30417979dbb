import { describe, expect, it } from 'vitest';
import { randomId, systemClock } from '#adapters/system.ts';
import { CredentialId, EnrolmentId, EventId, EvidenceId, Instant, ReceiptId } from '#domain/ids.ts';

describe('a fresh identifier', () => {
  it.each([
    ['enr', EnrolmentId],
    ['evi', EvidenceId],
    ['evt', EventId],
    ['rcp_harbour', ReceiptId],
    ['', CredentialId],
  ])('with the prefix "%s" is one of its kind', (prefix, schema) => {
    const made = Array.from({ length: 200 }, () => randomId(prefix));
    expect(made.filter((id) => !schema.safeParse(id).success)).toEqual([]);
    expect(new Set(made).size).toBe(made.length);
  });

  it('is drawn from all 32 characters', () => {
    const characters = new Set(Array.from({ length: 400 }, () => randomId('')).join(''));
    expect([...characters].sort().join('')).toBe('0123456789abcdefghjkmnpqrstvwxyz');
  });
});

describe('the clock', () => {
  it('tells instants in UTC with milliseconds', () => {
    const now = systemClock();
    expect(Instant.safeParse(now).success).toBe(true);
    expect(now).toMatch(/\.\d{3}Z$/);
  });
});
