import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import {
  AssessorId,
  ConnectionId,
  ConnectionName,
  CredentialId,
  connectionIdOf,
  EnrolmentId,
  EventId,
  EvidenceId,
  enrolmentIdOf,
  Instant,
  isBefore,
  MicroCredentialId,
  ReceiptId,
  Sha256,
  Subject,
  SubmissionId,
  secondsAfter,
  submissionIdOf,
  TenantId,
  tenantOfConnection,
  tenantOfReceipt,
  Version,
} from '#domain/ids.ts';
import { enrolmentId, NOW, randomPart } from '../factories.ts';

const R = randomPart(1);
const LONG = 'a'.repeat(60);

type Case = readonly [name: string, schema: z.ZodType, taken: readonly unknown[], refused: readonly unknown[]];

const CASES: readonly Case[] = [
  [
    'TenantId',
    TenantId,
    ['ab', 'harbour-learning-alliance', '3m', LONG],
    ['a', `${LONG}a`, 'A-b', '-ab', 'ab-', 'a--b', 'a_b', 'a.b', '', 7, 'ab\n'],
  ],
  ['ConnectionName', ConnectionName, ['ab', 'tool-1'], ['a', `${LONG}a`, 'a.b', 'Tool']],
  ['MicroCredentialId', MicroCredentialId, ['a', 'data-storytelling', 'a'.repeat(100)], ['', 'a'.repeat(101), 'a b', 'Ä']],
  ['Version', Version, ['0.0.0', '1.20.300', '999999.0.0'], ['1.0', '01.0.0', '1.0.0-beta', 'v1.0.0', '1000000.0.0', '1.0.0\n']],
  ['EnrolmentId', EnrolmentId, [`enr_${R}`], [R, `enr_${R}0`, `enr_${R.slice(1)}`, `enr_${'i'.repeat(26)}`, `enr_${'A'.repeat(26)}`]],
  ['EvidenceId', EvidenceId, [`evi_${R}`], [`enr_${R}`, `evi_../${R}`]],
  ['EventId', EventId, [`evt_${R}`], [`evt_${R} `]],
  ['CredentialId', CredentialId, [R], [`${R}0`, R.slice(1), 'u'.repeat(26)]],
  [
    'SubmissionId',
    SubmissionId,
    [`sub_${R}_0_1`, `sub_${R}_29_99`],
    [`sub_${R}_0_0`, `sub_${R}_00_1`, `sub_${R}_0_01`, `sub_${R}_100_1`, `sub_${R}_0_1000`, `sub_${R}_0`, 'sub_01JDCKZ8M2'],
  ],
  [
    'ConnectionId',
    ConnectionId,
    ['ab.cd', `${LONG}.${LONG}`],
    ['a.cd', 'ab.c', `${LONG}a.cd`, `ab.${LONG}a`, 'ab', 'ab.cd.ef', 'ab/cd', 'AB.cd'],
  ],
  [
    'ReceiptId',
    ReceiptId,
    [`rcp_ab_${R}`, `rcp_${LONG}_${R}`],
    [`rcp_a_${R}`, `rcp_${LONG}a_${R}`, `rcp_${R}`, `rcp__${R}`, `rcp_ab_${R.slice(1)}`, `rcp_a_b_${R}`],
  ],
  ['AssessorId', AssessorId, ['assessor-17', 'A.b_c', 'x'.repeat(100)], ['', '-a', 'a b', 'a@b', 'x'.repeat(101)]],
  ['Subject', Subject, ['auth0|1', 'x'.repeat(255)], ['', 'x'.repeat(256)]],
  ['Sha256', Sha256, ['0f'.repeat(32)], ['0F'.repeat(32), '0'.repeat(63), 'g'.repeat(64)]],
  [
    'Instant',
    Instant,
    ['2026-11-23T12:00:00Z', NOW],
    ['2026-11-23T12:00:00+01:00', '2026-11-23', '2026-02-30T00:00:00Z', '2026-11-23T12:00:00'],
  ],
];

describe('an identifier', () => {
  it.each(CASES)('%s is taken only in the one form that it has', (...[, schema, taken, refused]) => {
    expect(taken.filter((text) => !schema.safeParse(text).success)).toEqual([]);
    expect(refused.filter((text) => schema.safeParse(text).success)).toEqual([]);
  });

  it('of a submission leads to its enrolment, whatever the component and attempt', () => {
    fc.assert(
      fc.property(fc.nat(99), fc.integer({ min: 1, max: 999 }), fc.nat(1_000_000), (place, attempt, number) => {
        const id = submissionIdOf(enrolmentId(number), place, attempt);
        expect(enrolmentIdOf(id)).toBe(enrolmentId(number));
      }),
    );
  });

  it.each([
    [100, 1],
    [0, 0],
    [0, 1000],
    [-1, 1],
    [0.5, 1],
  ])('of a submission is not made for component %d, attempt %d', (place, attempt) => {
    expect(() => submissionIdOf(enrolmentId(), place, attempt)).toThrow();
  });

  it('of a connection or a receipt always names a tenant, so that no address can make a step crash', () => {
    const someText = fc.string({ unit: fc.constantFrom('a', '1', '-', '.', '_'), maxLength: 70 });
    fc.assert(
      fc.property(someText, someText, (left, right) => {
        const connection = ConnectionId.safeParse(`${left}.${right}`);
        if (connection.success) expect(TenantId.safeParse(tenantOfConnection(connection.data)).success).toBe(true);
        const receipt = ReceiptId.safeParse(`rcp_${left}_${R}`);
        if (receipt.success) expect(tenantOfReceipt(receipt.data)).toBe(left);
      }),
    );
    expect(tenantOfReceipt(ReceiptId.parse(`rcp_harbour_${R}`))).toBe('harbour');
  });

  it('of a connection is made of its tenant and its name', () => {
    const id = connectionIdOf(TenantId.parse('harbour'), ConnectionName.parse('assess-tool'));
    expect(id).toBe('harbour.assess-tool');
    expect(tenantOfConnection(id)).toBe('harbour');
  });
});

describe('an instant', () => {
  it.each([
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.500Z', true],
    ['2026-01-01T00:00:00.500Z', '2026-01-01T00:00:00Z', false],
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z', false],
    ['2025-12-31T23:59:59.999Z', '2026-01-01T00:00:00Z', true],
  ])('%s before %s: %s', (left, right, before) => {
    expect(isBefore(Instant.parse(left), Instant.parse(right))).toBe(before);
  });

  it('so many seconds later crosses a leap day', () => {
    expect(secondsAfter(Instant.parse('2028-02-28T23:59:59Z'), 2)).toBe('2028-02-29T00:00:01.000Z');
  });
});
