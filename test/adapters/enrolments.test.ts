import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Item, Table } from '#adapters/dynamodb/table.ts';
import type { EnrolmentRecord, EnrolmentState } from '#domain/enrolment.ts';
import { MicroCredentialId, Subject, submissionIdOf, TenantId } from '#domain/ids.ts';
import type { Change, Enrolments, Loaded, Write } from '#shared/ports.ts';
import { aDecision, aLearner, aMark, anEnrolment, aRecord, aSubmission, enrolmentId, later, TENANT } from '../factories.ts';
import { CAUSE, movableClock } from './ledger-needs.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let enrolments: Enrolments;
let table: Table;
const clock = movableClock();

beforeAll(async () => {
  stage = await openStage();
  const load = () => Promise.all([import('#adapters/dynamodb/enrolments.ts'), import('#adapters/dynamodb/table.ts')]);
  const [adapter, tableModule] = await stage.as('on-decision-made', load);
  enrolments = adapter.dynamodbEnrolments(clock.needs);
  table = tableModule.table();
});
afterAll(() => stage.close());

let number = 0;
/** Of a learner that no other test knows. */
const aFreshRecord = (over: Partial<EnrolmentRecord['enrolment']> = {}): EnrolmentRecord => {
  number += 1;
  const id = enrolmentId(number);
  const enrolment = anEnrolment({ id, learner: aLearner({ subject: Subject.parse(`learner-${number}`) }), ...over });
  return {
    enrolment,
    submissions: [0, 1, 2].map((place) => aSubmission('draft', { id: submissionIdOf(id, place, 1) })),
    marks: [],
    decisions: [],
  };
};

const change = (record: EnrolmentRecord, over: Partial<Change<EnrolmentRecord>> = {}): Change<EnrolmentRecord> => ({
  before: undefined,
  after: record,
  events: [],
  cause: CAUSE,
  ...over,
});

const reload = async ({ enrolment: { tenant, id } }: EnrolmentRecord): Promise<Loaded<EnrolmentRecord>> => {
  const loaded = await enrolments.load(tenant, id);
  if (loaded === undefined) throw new Error(`${id} is not there`);
  return loaded;
};

const saved = async (record: EnrolmentRecord): Promise<Loaded<EnrolmentRecord>> => {
  await enrolments.save(change(record));
  return reload(record);
};

const partsOf = (record: EnrolmentRecord): Promise<readonly Item[]> => table.query(`${TENANT}#ENROLMENT#${record.enrolment.id}`);

describe('an enrolment', () => {
  it('comes back with all its parts as they were saved', async () => {
    const base = aFreshRecord();
    const record = {
      ...base,
      submissions: [aSubmission('passed', { id: submissionIdOf(base.enrolment.id, 2, 1) }), ...base.submissions.slice(0, 2)],
      marks: [aMark({ id: 'mrk_1', overallFeedback: 'Gut gemacht! 😀' }), aMark({ id: 'mrk_2' })],
      decisions: [aDecision()],
    };
    const { value, revision, chain } = await saved(record);
    const byId = (left: { id: string }, right: { id: string }): number => (left.id < right.id ? -1 : 1);
    expect({ ...value, submissions: value.submissions.toSorted(byId) }).toEqual({
      ...record,
      submissions: record.submissions.toSorted(byId),
    });
    expect([revision, chain]).toEqual([1, expect.stringMatching(/^[0-9a-f]{64}$/)]);
  });

  it('of another tenant, or none, is not there', async () => {
    const { value } = await saved(aFreshRecord());
    expect(await enrolments.load(TenantId.parse('someone-else'), value.enrolment.id)).toBeUndefined();
    expect(await enrolments.load(TENANT, enrolmentId(999))).toBeUndefined();
  });

  it('is saved with its audit entry and the events that it tells, in one write', async () => {
    const record = aFreshRecord();
    const data = {
      enrolmentId: record.enrolment.id,
      microCredentialId: record.enrolment.microCredentialId,
      version: record.enrolment.version,
    };
    stage.calls.length = 0;
    await enrolments.save(change(record, { events: [{ type: 'enrolment.created', data }] }));
    expect(stage.calls).toEqual(['dynamodb TransactWriteItems']);
    const entries = (await partsOf(record))
      .filter(({ kind }) => kind === 'audit')
      .map(({ body }) => JSON.parse((body as { entry: string }).entry));
    expect(entries).toMatchObject([{ revision: 1, actor: CAUSE.actor, events: [{ data }] }]);
    expect(stage.toldOf(record.enrolment.id)).toMatchObject([{ type: 'enrolment.created', data }]);
  });

  it('is read root first, so that what is read after it is never older', async () => {
    const { value } = await saved({ ...aFreshRecord(), marks: [aMark()], decisions: [aDecision()] });
    const kinds = (await partsOf(value)).map(({ kind }) => kind);
    expect(kinds).toEqual(
      ['enrolment', 'decision', 'mark', 'submission', 'submission', 'submission', 'open-enrolment', 'audit'].filter(
        (kind) => kind !== 'open-enrolment',
      ),
    );
  });
});

describe('a save', () => {
  it('writes only the parts that changed', async () => {
    const before = await saved(aFreshRecord());
    const [first, ...others] = before.value.submissions;
    if (first === undefined) throw new Error('no submission');
    const afterwards = { ...before.value, submissions: [{ ...first, component: 'changed' }, ...others], marks: [aMark()] };
    const written = await stage.writtenBy(() => enrolments.save(change(afterwards, { before })));
    expect(written).toEqual(['#ENROLMENT', `MARK#${aMark().id}`, `SUBMISSION#${first.id}`, '~AUDIT#00000002']);
    expect((await reload(before.value)).value).toEqual(afterwards);
  });

  it('over a state that someone else changed in between is lost whole', async () => {
    const before = await saved(aFreshRecord());
    await enrolments.save(change({ ...before.value, marks: [aMark({ id: 'mrk_first' })] }, { before }));
    const late = change({ ...before.value, marks: [aMark({ id: 'mrk_late' })] }, { before });
    await expect(enrolments.save(late)).rejects.toMatchObject({ name: 'WriteConflict', labels: expect.arrayContaining(['revision']) });
    const { value, revision } = await reload(before.value);
    expect([value.marks.map(({ id }) => id), revision]).toEqual([['mrk_first'], 2]);
  });

  it('that races others is won by one, and each winner counts one on', async () => {
    let loaded = await saved(aFreshRecord());
    for (let round = 0; round < 3; round += 1) {
      const before = loaded;
      const outcomes = await Promise.allSettled(
        ['a', 'b', 'c', 'd'].map((by) =>
          enrolments.save(change({ ...before.value, marks: [...before.value.marks, aMark({ id: `${round}${by}` })] }, { before })),
        ),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      loaded = await reload(before.value);
    }
    expect([loaded.revision, loaded.value.marks.length]).toEqual([4, 3]);
  });

  it('of the same enrolment for the first time twice is lost the second time', async () => {
    const { value } = await saved(aFreshRecord());
    await expect(saved(value)).rejects.toMatchObject({
      name: 'WriteConflict',
      labels: expect.arrayContaining(['revision', 'open-enrolment']),
    });
  });

  it('takes along what must stand or fall with it', async () => {
    const write = (expectation: Write['expect'], sort: string): Write => ({
      partition: 'beside',
      sort,
      expect: expectation,
      label: 'beside',
      item: { kind: 'x' },
    });
    const record = aFreshRecord();
    await expect(enrolments.save(change(record, { also: [write('present', 'a')] }))).rejects.toMatchObject({ labels: ['beside'] });
    expect(await enrolments.load(TENANT, record.enrolment.id)).toBeUndefined();
    await enrolments.save(change(record, { also: [write('absent', 'a')] }));
    expect(await table.get('beside', 'a')).toBeDefined();
  });
});

describe('a learner', () => {
  const states: readonly EnrolmentState[] = ['enrolled', 'in-progress', 'eligible', 'awarded'];

  it.each(states)('whose enrolment is %s cannot enrol again for the same micro-credential', async (state) => {
    const { value } = await saved(aFreshRecord({ state }));
    const { learner, microCredentialId, id } = value.enrolment;
    await expect(saved(aFreshRecord({ learner }))).rejects.toMatchObject({ name: 'WriteConflict', labels: ['open-enrolment'] });
    expect(await enrolments.openOf(TENANT, learner.subject, microCredentialId)).toBe(id);
  });

  it('may enrol for another, and so may someone else for the same', async () => {
    const { value } = await saved(aFreshRecord());
    const { learner } = value.enrolment;
    await expect(saved(aFreshRecord({ learner, microCredentialId: MicroCredentialId.parse('data-communicator') }))).resolves.toBeDefined();
    await expect(saved(aFreshRecord())).resolves.toBeDefined();
  });

  it('may try again once an enrolment ended without success, and the new one is the open one', async () => {
    const before = await saved(aFreshRecord());
    const { learner, microCredentialId } = before.value.enrolment;
    await enrolments.save(change({ ...before.value, enrolment: { ...before.value.enrolment, state: 'unsuccessful' } }, { before }));
    expect(await enrolments.openOf(TENANT, learner.subject, microCredentialId)).toBeUndefined();
    const again = await saved(aFreshRecord({ learner }));
    expect(await enrolments.openOf(TENANT, learner.subject, microCredentialId)).toBe(again.value.enrolment.id);
  });

  it('who never enrolled has none open', async () => {
    expect(await enrolments.openOf(TENANT, Subject.parse('nobody'), anEnrolment().microCredentialId)).toBeUndefined();
  });

  it('finds all enrolments of theirs, newest first, and nobody else’s', async () => {
    const learner = aLearner({ subject: Subject.parse('auth0|with#signs and spaces') });
    const ids: string[] = [];
    for (const [place, name] of ['a-first', 'b-second', 'c-third'].entries()) {
      const record = aFreshRecord({ learner, microCredentialId: MicroCredentialId.parse(name), enrolledAt: later(place) });
      await saved(record);
      ids.unshift(record.enrolment.id);
    }
    await saved(aFreshRecord({ learner: aLearner({ subject: Subject.parse('auth0|with') }) }));
    expect((await enrolments.ofLearner(TENANT, learner.subject)).map(({ id }) => id)).toEqual(ids);
    expect(await enrolments.ofLearner(TenantId.parse('someone-else'), learner.subject)).toEqual([]);
  });
});

describe('a long history', () => {
  let before: Loaded<EnrolmentRecord>;
  beforeEach(async () => {
    before = await saved(aRecord({ enrolment: aFreshRecord().enrolment }));
    for (let turn = 0; turn < 12; turn += 1) {
      await enrolments.save(change(before.value, { before, cause: { ...CAUSE, correlationId: 'x'.repeat(100_000) } }));
      before = await reload(before.value);
    }
  });

  it('is not read to know the present: audit entries stay where they are', async () => {
    stage.calls.length = 0;
    const { revision } = await reload(before.value);
    expect([revision, stage.calls]).toEqual([13, ['dynamodb Query']]);
    expect((await partsOf(before.value)).filter(({ kind }) => kind === 'audit')).toHaveLength(13);
  });
});
