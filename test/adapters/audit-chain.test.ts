import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AUDIT_PREFIX, chained } from '#adapters/dynamodb/ledger.ts';
import type { Item, Table } from '#adapters/dynamodb/table.ts';
import { randomId } from '#adapters/system.ts';
import { EnrolmentId, Subject } from '#domain/ids.ts';
import type { Enrolments } from '#shared/ports.ts';
import { aLearner, aMark, anEnrolment, aRecord, TENANT } from '../factories.ts';
import { CAUSE, movableClock } from './ledger-needs.ts';
import { openStage, type Stage } from './stage.ts';

interface Entry {
  readonly previous: string;
  readonly hash: string;
  readonly entry: string;
}

const CHANGES = 6;

let stage: Stage;
let enrolments: Enrolments;
let table: Table;
let operator: DynamoDBClient;
let partition: string;

beforeAll(async () => {
  stage = await openStage();
  const load = () => Promise.all([import('#adapters/dynamodb/enrolments.ts'), import('#adapters/dynamodb/table.ts')]);
  const [adapter, tableModule] = await stage.as('on-assessment-recorded', load);
  enrolments = adapter.dynamodbEnrolments(movableClock().needs);
  table = tableModule.table();
  operator = new DynamoDBClient(stage.operator);
});
afterAll(async () => {
  operator.destroy();
  await stage.close();
});

/** An enrolment with a history of six changes. */
beforeEach(async () => {
  const id = EnrolmentId.parse(randomId('enr'));
  partition = `${TENANT}#ENROLMENT#${id}`;
  const enrolment = anEnrolment({ id, learner: aLearner({ subject: Subject.parse(id) }) });
  let record = aRecord({ enrolment });
  await enrolments.save({ before: undefined, after: record, events: [], cause: CAUSE });
  for (let change = 2; change <= CHANGES; change += 1) {
    record = { ...record, marks: [...record.marks, aMark({ id: `mrk_${change}` })] };
    await enrolments.save({ before: await enrolments.load(TENANT, id), after: record, events: [], cause: CAUSE });
  }
});

const audit = (): Promise<readonly Item[]> => table.query(partition, { prefix: AUDIT_PREFIX });

/** What an auditor does: from the first entry to the root item, every hash must follow from the one before. */
const isWhole = async (): Promise<boolean> => {
  const entries = (await audit()).map(({ body }) => body as Entry);
  const root = await table.get(partition, '#ENROLMENT');
  const follows = entries.every(
    ({ previous, hash, entry }, place) => previous === (entries[place - 1]?.hash ?? '0'.repeat(64)) && hash === chained(previous, entry),
  );
  return follows && entries.length === root?.revision && entries.at(-1)?.hash === root.chain;
};

const entryAt = async (place: number): Promise<{ item: Item; body: Entry }> => {
  const item = (await audit())[place];
  if (item === undefined) throw new Error(`no entry ${place}`);
  return { item, body: item.body as Entry };
};

const overwrite = (item: Item) => operator.send(new PutItemCommand({ TableName: 'assay', Item: marshall(item) }));

describe('the audit trail in the table', () => {
  it('holds from its first entry to the aggregate as it is', async () => {
    expect(await isWhole()).toBe(true);
    const entries = (await audit()).map(({ body }) => JSON.parse((body as Entry).entry));
    expect(entries.map(({ revision }) => revision)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(entries.every(({ actor }) => actor.id === CAUSE.actor.id)).toBe(true);
  });

  it.each([0, 2, CHANGES - 1])('breaks when entry %i is altered by someone who may write to the table', async (place) => {
    const { item, body } = await entryAt(place);
    await overwrite({ ...item, body: { ...body, entry: body.entry.replace('maya', 'mara') } });
    expect(await isWhole()).toBe(false);
  });

  it('breaks even when whoever altered an entry made its hash fit', async () => {
    const { item, body } = await entryAt(2);
    const altered = body.entry.replace('maya', 'mara');
    await overwrite({ ...item, body: { ...body, entry: altered, hash: chained(body.previous, altered) } });
    expect(await isWhole()).toBe(false);
  });

  it.each([0, 2, CHANGES - 1])('breaks when entry %i is taken out', async (place) => {
    await table.commit([{ partition, sort: String((await entryAt(place)).item.sk), expect: 'present', label: 'x' }]);
    expect(await isWhole()).toBe(false);
  });

  it('has no room for a second entry of the same revision', async () => {
    const sort = String((await entryAt(1)).item.sk);
    await expect(table.commit([{ partition, sort, expect: 'absent', label: 'revision', item: {} }])).rejects.toMatchObject({
      labels: ['revision'],
    });
  });
});
