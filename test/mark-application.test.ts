/** A mark that was received: applied, parked or refused, with ports in place of the table. */
import { describe, expect, it } from 'vitest';
import type { EnrolmentRecord } from '#domain/enrolment.ts';
import { Version } from '#domain/ids.ts';
import { PARKED_MARKS_MAX, type Receipt } from '#domain/webhook.ts';
import { definitionFaults } from '#shared/definition-faults.ts';
import { enrolmentFile, requirementOf } from '#shared/enrolment-file.ts';
import { applyMark, type MarkNeeds, parkedUntil, timerOf } from '#shared/mark-application.ts';
import type { Change, Loaded } from '#shared/ports.ts';
import { aDefinition, anAssessor, anIssuer, aReceipt, aRecord, NOW, TENANT } from './factories.ts';

const CAUSE = { actor: { type: 'system', id: 'test' }, correlationId: 'c', causationId: null } as const;
const loadedAs = <T>(value: T): Loaded<T> => ({ value, revision: 1, chain: '' });

/** Ports over one enrolment and one receipt; `settled` collects what became of the receipt. */
const stage = ({
  receipt = aReceipt(),
  record,
  now = NOW,
  waiting = 0,
}: {
  receipt?: Receipt;
  record?: EnrolmentRecord;
  now?: typeof NOW;
  waiting?: number;
} = {}) => {
  const settled: object[] = [];
  const saved: Change<EnrolmentRecord>[] = [];
  const definition = aDefinition();
  const needs = {
    clock: () => now,
    assessors: { load: async () => anAssessor(), save: async () => undefined },
    definitions: {
      load: async () => loadedAs({ tenant: TENANT, definition, state: 'published' }),
      versions: async () => [],
      save: async () => undefined,
    },
    enrolments: {
      load: async () => (record === undefined ? undefined : loadedAs(record)),
      save: async (change: Change<EnrolmentRecord>) => void saved.push(change),
    },
    receipts: {
      load: async () => receipt,
      parked: async () => Array.from({ length: waiting }, () => aReceipt()),
      settled: (_: Receipt, becomes: object) => {
        settled.push(becomes);
        return [];
      },
      settle: async (_: Receipt, becomes: object) => void settled.push(becomes),
    },
  };
  return { needs: needs as unknown as MarkNeeds, settled, saved, receipt };
};

const applied = async (options: Parameters<typeof stage>[0] = {}) => {
  const staged = stage(options);
  const { status } = await applyMark(staged.needs, staged.receipt.id, CAUSE);
  return { ...staged, status };
};

describe('a mark that was received', () => {
  it('waits while nobody knows its submission', async () => {
    expect(await applied()).toMatchObject({ status: 'parked', settled: [{ status: 'parked' }] });
  });

  it('stays parked without another word when it is looked at again', async () => {
    expect(await applied({ receipt: { ...aReceipt(), status: 'parked' } })).toMatchObject({ status: 'parked', settled: [] });
  });

  it('is refused when too many wait already', async () => {
    expect(await applied({ waiting: PARKED_MARKS_MAX })).toMatchObject({ settled: [{ status: 'refused', code: 'too_many_parked' }] });
  });

  it('is refused for good when its time is over', async () => {
    const late = parkedUntil(aReceipt());
    expect(await applied({ now: late })).toMatchObject({ settled: [{ status: 'refused', code: 'unknown_submission' }] });
  });

  it.each(['applied', 'refused'] as const)('stays as it is once it is %s', async (status) => {
    expect(await applied({ receipt: { ...aReceipt(), status } })).toMatchObject({ status, settled: [], saved: [] });
  });

  it('leads to one of three ends where its enrolment is known, and says so once', async () => {
    const { status, settled } = await applied({ record: aRecord() });
    expect(['applied', 'refused', 'parked']).toContain(status);
    expect(settled).toHaveLength(1);
  });

  it('has a timer of its own', () => {
    expect(timerOf(aReceipt().id)).toMatch(/^parked-[0-9a-z]{26}$/);
  });

  it('is an error if its receipt is gone', async () => {
    const { needs } = stage();
    const without = { ...needs, receipts: { ...needs.receipts, load: async () => undefined } };
    await expect(applyMark(without, aReceipt().id, CAUSE)).rejects.toThrow('is gone');
  });
});

describe('an enrolment is seen', () => {
  const record = aRecord();
  const { id, learner } = record.enrolment;
  const { needs } = stage({ record });

  it.each<[string, readonly string[], string, string]>([
    ['by the learner as the learner', ['learner'], learner.subject, 'learner'],
    ['by the learner who also assesses, as the learner', ['assessor', 'learner'], learner.subject, 'learner'],
    ['by an assessor who also learns, as the assessor', ['learner', 'assessor'], 'someone', 'assessor'],
    ['by the programme as the programme', ['programme'], 'someone', 'programme'],
  ])('%s', async (...[, roles, subject, as]) => {
    expect(await enrolmentFile(needs, { tenant: TENANT, roles, subject }, id)).toMatchObject({ as });
  });

  it('by no other learner, in the words for what does not exist', async () => {
    const refusal = { code: 'access/not-found' };
    await expect(enrolmentFile(needs, { tenant: TENANT, roles: ['learner'], subject: 'other' }, id)).rejects.toMatchObject(refusal);
    await expect(enrolmentFile(stage().needs, { tenant: TENANT, roles: ['programme'], subject: 'dana' }, id)).rejects.toMatchObject(
      refusal,
    );
  });

  it('with what the definition asks for a component, and not for one that it lacks', () => {
    expect(requirementOf(aDefinition(), 'reflection').id).toBe('reflection');
    expect(() => requirementOf(aDefinition(), 'poem')).toThrow('upload/unknown-component');
  });
});

describe('what stands against publication', () => {
  const issuers = (known: boolean) => ({ load: async () => (known ? loadedAs(anIssuer()) : undefined), save: async () => undefined });
  const definitions = { load: async () => undefined, versions: async () => [], save: async () => undefined };

  it('is above all that the issuer is not registered', async () => {
    const { errors } = await definitionFaults(aDefinition(), { tenant: TENANT, definitions, issuers: issuers(false) });
    expect(errors[0]).toMatchObject({ code: 'lint/issuer-unregistered', pointer: '/issuer/id' });
  });

  it('is that a higher version is published, not that somebody publishes the same one at this moment', async () => {
    const published = (version: Version) => ({ ...definitions, versions: async () => [{ version, state: 'published' as const }] });
    const faultsBeside = async (version: string) =>
      (await definitionFaults(aDefinition(), { tenant: TENANT, definitions: published(Version.parse(version)), issuers: issuers(true) }))
        .errors;
    expect(await faultsBeside(aDefinition().version)).toEqual([]);
    expect(await faultsBeside('99.0.0')).toMatchObject([{ code: 'lint/version-not-newer' }]);
  });

  it('is not that a scheme is unavailable, but it is said', async () => {
    const double = await definitionFaults(aDefinition(), { tenant: TENANT, definitions, issuers: issuers(true) });
    expect(double.warnings.map(({ code }) => code)).toContain('lint/scheme-not-available');
    const single = aDefinition({ '/assessmentPolicy/marking': { scheme: 'single', blindToLearner: true } });
    const plain = await definitionFaults(single, { tenant: TENANT, definitions, issuers: issuers(true) });
    expect(plain.warnings.map(({ code }) => code)).not.toContain('lint/scheme-not-available');
  });
});
