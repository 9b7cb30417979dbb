import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Table } from '#adapters/dynamodb/table.ts';
import { signed, suspended } from '#domain/credential.ts';
import { Subject, TenantId, Version } from '#domain/ids.ts';
import type { CredentialRecord, Credentials, Loaded, SignedForms } from '#shared/ports.ts';
import { aCredential, aReason, credentialId, enrolmentId, NOW, SIGNED_WITH, TENANT } from '../factories.ts';
import { CAUSE, movableClock } from './ledger-needs.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let credentials: Credentials;
let table: Table;

beforeAll(async () => {
  stage = await openStage();
  const load = () => Promise.all([import('#adapters/dynamodb/credentials.ts'), import('#adapters/dynamodb/table.ts')]);
  const [adapter, tableModule] = await stage.as('on-credential-earned', load);
  credentials = adapter.dynamodbCredentials(movableClock().needs);
  table = tableModule.table();
});
afterAll(() => stage.close());

let number = 0;
const aFreshRecord = (over: Partial<CredentialRecord['credential']> = {}): CredentialRecord => {
  number += 1;
  const credential = { ...aCredential('preparing'), id: credentialId(number), learnerSubject: Subject.parse(`learner-${number}`), ...over };
  return { credential: credential as CredentialRecord['credential'], frozen: JSON.stringify({ name: 'Grüße 😀', number }) };
};

const claim = (record: CredentialRecord, cycle = 1): Promise<void> => table.commit(credentials.claim(record, { cycle, cause: CAUSE }));

const load = async ({ credential: { tenant, id } }: CredentialRecord): Promise<Loaded<CredentialRecord>> => {
  const loaded = await credentials.load(tenant, id);
  if (loaded === undefined) throw new Error(`${id} is not there`);
  return loaded;
};

const claimed = async (record = aFreshRecord()): Promise<Loaded<CredentialRecord>> => {
  await claim(record);
  return load(record);
};

describe('a claim', () => {
  it('keeps the credential and, byte for byte, what was frozen', async () => {
    const record = aFreshRecord();
    expect(await claimed(record)).toEqual({ value: record, revision: 1, chain: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('of an award that has a credential already is lost, and leaves nothing behind', async () => {
    const first = await claimed();
    const second = aFreshRecord({ learnerSubject: first.value.credential.learnerSubject });
    await expect(claim(second)).rejects.toMatchObject({ name: 'WriteConflict', labels: ['award'] });
    expect(await credentials.load(TENANT, second.credential.id)).toBeUndefined();
  });

  it('of which many race is won by one', async () => {
    const learnerSubject = Subject.parse('raced');
    const records = Array.from({ length: 8 }, () => aFreshRecord({ learnerSubject }));
    const outcomes = await Promise.allSettled(records.map((record) => claim(record)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const there = await Promise.all(records.map(({ credential }) => credentials.load(TENANT, credential.id)));
    expect(there.filter((loaded) => loaded !== undefined)).toHaveLength(1);
  });

  it('stands beside that of another version, another learner and another cycle', async () => {
    const { learnerSubject } = (await claimed()).value.credential;
    await expect(claim(aFreshRecord({ learnerSubject, version: Version.parse('2.0.0') }))).resolves.toBeUndefined();
    await expect(claim(aFreshRecord({ learnerSubject }), 2)).resolves.toBeUndefined();
    await expect(claim(aFreshRecord({ learnerSubject: Subject.parse(`${learnerSubject}#CYCLE`) }))).resolves.toBeUndefined();
  });

  it('can go with more than its own writes, and is lost with them', async () => {
    const record = aFreshRecord();
    const guard = { partition: 'enrolment', sort: 'x', expect: 'present', label: 'enrolment', check: true } as const;
    await expect(table.commit([...credentials.claim(record, { cycle: 1, cause: CAUSE }), guard])).rejects.toMatchObject({
      labels: ['enrolment'],
    });
    expect(await credentials.load(TENANT, record.credential.id)).toBeUndefined();
  });
});

describe('a credential', () => {
  it('of another tenant, or none, is not there', async () => {
    const { id } = (await claimed()).value.credential;
    expect(await credentials.load(TenantId.parse('someone-else'), id)).toBeUndefined();
    expect(await credentials.load(TENANT, credentialId(999))).toBeUndefined();
  });

  it('without what it froze is not there: a claim writes both', async () => {
    await table.commit([
      {
        partition: `${TENANT}#CREDENTIAL#${credentialId(500)}`,
        sort: 'CREDENTIAL',
        expect: 'absent',
        label: 'x',
        item: { kind: 'credential', schema: 1 },
      },
    ]);
    expect(await credentials.load(TENANT, credentialId(500))).toBeUndefined();
  });

  const formsOf = (json: string): SignedForms => ({ json, jwt: 'e30.e30.sig' });

  const issued = async (document: string): Promise<Loaded<CredentialRecord>> => {
    const before = await claimed();
    const { credential, frozen } = before.value;
    const after = { credential: signed(credential, SIGNED_WITH, NOW), frozen, forms: formsOf(document) };
    await credentials.save({
      before,
      after,
      events: [{ type: 'credential.issued', data: { credentialId: credential.id, enrolmentId: enrolmentId() } }],
      cause: CAUSE,
    });
    return load(after);
  };

  it('keeps the signed document, byte for byte', async () => {
    const document = JSON.stringify({ proof: randomBytes(64).toString('base64'), text: 'ü\u2028😀', long: 'x'.repeat(300_000) });
    const { value, revision } = await issued(document);
    expect([value.forms?.json === document, value.credential.state, revision]).toEqual([true, 'issued', 2]);
    expect(stage.toldOf(value.credential.id)).toMatchObject([{ type: 'credential.issued', meta: { aggregateVersion: 2 } }]);
  });

  it('takes little room in the table, however long its document', async () => {
    const { value } = await issued(JSON.stringify({ long: 'the same again and again, '.repeat(20_000) }));
    const items = await table.query(`${TENANT}#CREDENTIAL#${value.credential.id}`);
    const bytes = items.map(({ body }) => (body instanceof Uint8Array ? body.byteLength : 0));
    expect(Math.max(...bytes)).toBeLessThan(20_000);
  });

  it('is signed once: a second document never takes the place of the first', async () => {
    const before = await claimed();
    const credential = signed(before.value.credential, SIGNED_WITH, NOW);
    const signedAs = (document: string) => ({ ...before.value, credential, forms: formsOf(document) });
    await credentials.save({ before, after: signedAs('first'), events: [], cause: CAUSE });
    await expect(credentials.save({ before, after: signedAs('second'), events: [], cause: CAUSE })).rejects.toMatchObject({
      name: 'WriteConflict',
    });
    // Not even by someone who saw the new revision and not the document.
    const { revision, chain } = await load(before.value);
    const blind = { before: { ...before, revision, chain }, after: signedAs('second'), events: [], cause: CAUSE };
    await expect(credentials.save(blind)).rejects.toMatchObject({ labels: ['revision'] });
    expect((await load(before.value)).value.forms?.json).toBe('first');
  });

  it('changes its standing without its document being written again', async () => {
    const before = await issued('signed');
    const after = { ...before.value, credential: suspended(before.value.credential, aReason()) };
    const written = await stage.writtenBy(() => credentials.save({ before, after, events: [], cause: CAUSE }));
    expect(written).toEqual(['CREDENTIAL', '~AUDIT#00000003']);
    expect((await load(after)).value).toEqual(after);
  });

  it('saved over a state that someone else changed is lost, with what went along', async () => {
    const before = await issued('signed');
    const after = { ...before.value, credential: suspended(before.value.credential, aReason()) };
    await credentials.save({ before, after, events: [], cause: CAUSE });
    const bit = { partition: 'status', sort: 'BIT', expect: 'anything', label: 'status-bit', item: { kind: 'bit' } } as const;
    await expect(credentials.save({ before, after, events: [], cause: CAUSE, also: [bit] })).rejects.toMatchObject({
      name: 'WriteConflict',
    });
    expect(await table.get('status', 'BIT')).toBeUndefined();
  });
});
