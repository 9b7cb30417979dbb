import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Table } from '#adapters/dynamodb/table.ts';
import { AssessorId, ConnectionId, MicroCredentialId, TenantId, Version } from '#domain/ids.ts';
import { withNewSecret } from '#domain/webhook.ts';
import type { Assessors, Change, Connections, Definitions, DefinitionVersion, Issuers, Write } from '#shared/ports.ts';
import { aConnection, aDefinition, anAssessor, anIssuer, NOW, TENANT } from '../factories.ts';
import { CAUSE, movableClock } from './ledger-needs.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let table: Table;
let issuers: Issuers;
let definitions: Definitions;
let assessors: Assessors;
let connections: Connections;

const OTHER = TenantId.parse('someone-else');

beforeAll(async () => {
  stage = await openStage();
  const { needs } = movableClock();
  await stage.as('programme-api', async () => {
    issuers = (await import('#adapters/dynamodb/issuers.ts')).dynamodbIssuers(needs);
    definitions = (await import('#adapters/dynamodb/definitions.ts')).dynamodbDefinitions(needs);
    assessors = (await import('#adapters/dynamodb/assessors.ts')).dynamodbAssessors();
    connections = (await import('#adapters/dynamodb/connections.ts')).dynamodbConnections(needs);
    table = (await import('#adapters/dynamodb/table.ts')).table();
  });
});
afterAll(() => stage.close());

const change = <T>(after: T, over: Partial<Change<T>> = {}): Change<T> => ({ before: undefined, after, events: [], cause: CAUSE, ...over });

const beside = (sort: string): Write => ({ partition: 'beside', sort, expect: 'absent', label: 'beside', item: { kind: 'x' } });

describe('an issuer', () => {
  it('is kept under its tenant and told of', async () => {
    const issuer = anIssuer();
    expect(await issuers.load(TENANT)).toBeUndefined();
    await issuers.save(change(issuer, { events: [{ type: 'issuer.registered', data: { issuerId: TENANT } }], also: [beside('issuer')] }));
    expect(await issuers.load(TENANT)).toMatchObject({ value: issuer, revision: 1 });
    expect(await issuers.load(OTHER)).toBeUndefined();
    expect(stage.toldOf(TENANT)).toMatchObject([{ type: 'issuer.registered', meta: { tenant: TENANT, aggregateType: 'Issuer' } }]);
    expect(await table.get('beside', 'issuer')).toBeDefined();
  });

  it('is changed only by who saw its latest state', async () => {
    const before = await issuers.load(TENANT);
    if (before === undefined) throw new Error('not registered');
    const after = { ...before.value, keys: [] };
    await issuers.save(change(after, { before }));
    await expect(issuers.save(change(after, { before }))).rejects.toMatchObject({ name: 'WriteConflict' });
    await expect(issuers.save(change(after))).rejects.toMatchObject({ name: 'WriteConflict' });
    expect(await issuers.load(TENANT)).toMatchObject({ value: after, revision: 2 });
  });
});

describe('versions of a micro-credential', () => {
  const id = MicroCredentialId.parse('coaching-and-mentoring');
  const version = (text: string, state: DefinitionVersion['state'] = 'draft'): DefinitionVersion => ({
    tenant: TENANT,
    definition: aDefinition({ '/version': text }),
    state,
    ...(state === 'published' ? { publishedAt: NOW } : {}),
  });
  const load = async (text: string) => {
    const loaded = await definitions.load(TENANT, id, Version.parse(text));
    if (loaded === undefined) throw new Error(`${text} is not there`);
    return loaded;
  };

  it('are kept side by side, each with a revision and an audit trail of its own', async () => {
    for (const text of ['1.0.0', '1.0.1', '10.0.0']) await definitions.save(change(version(text)));
    await definitions.save(change(version('1.0.0', 'published'), { before: await load('1.0.0'), also: [beside('definition')] }));
    const published = { type: 'microcredential.published', data: { microCredentialId: id, version: Version.parse('1.0.1') } } as const;
    await definitions.save(change(version('1.0.1', 'published'), { before: await load('1.0.1'), events: [published] }));
    expect(stage.toldOf(`${id}@1.0.1`)).toMatchObject([
      { ...published, meta: { aggregateType: 'MicroCredentialVersion', aggregateVersion: 2 } },
    ]);
    expect(await load('1.0.0')).toMatchObject({ value: version('1.0.0', 'published'), revision: 2 });
    expect(await load('10.0.0')).toMatchObject({ value: version('10.0.0'), revision: 1 });
    const audit = (await table.query(`${TENANT}#MC#${id}`, { prefix: '~AUDIT#' })).map(({ sk }) => sk);
    expect(audit).toEqual([
      '~AUDIT#00000001#1.0.0',
      '~AUDIT#00000001#1.0.1',
      '~AUDIT#00000001#10.0.0',
      '~AUDIT#00000002#1.0.0',
      '~AUDIT#00000002#1.0.1',
    ]);
    expect(await table.get('beside', 'definition')).toBeDefined();
  });

  it('are listed with their state, and nothing else of the partition is', async () => {
    const listed = await definitions.versions(TENANT, id);
    expect(listed.toSorted((left, right) => (left.version < right.version ? -1 : 1))).toEqual([
      { version: '1.0.0', state: 'published' },
      { version: '1.0.1', state: 'published' },
      { version: '10.0.0', state: 'draft' },
    ]);
    expect(await definitions.versions(OTHER, id)).toEqual([]);
  });

  it('that were never saved are not there', async () => {
    expect(await definitions.load(TENANT, id, Version.parse('9.9.9'))).toBeUndefined();
  });

  it('are changed only by who saw their latest state', async () => {
    const before = await load('10.0.0');
    await definitions.save(change(version('10.0.0', 'published'), { before }));
    await expect(definitions.save(change(version('10.0.0'), { before }))).rejects.toMatchObject({
      labels: expect.arrayContaining(['revision']),
    });
    expect((await load('10.0.0')).value.state).toBe('published');
  });
});

describe('an assessor', () => {
  it('is kept within a tenant, and the latest word counts', async () => {
    const assessor = anAssessor();
    expect(await assessors.load(TENANT, assessor.id)).toBeUndefined();
    await assessors.save(TENANT, assessor, CAUSE);
    await assessors.save(TENANT, { ...assessor, active: false }, CAUSE);
    expect(await assessors.load(TENANT, assessor.id)).toEqual({ ...assessor, active: false });
    expect(await assessors.load(OTHER, assessor.id)).toBeUndefined();
    expect(await assessors.load(TENANT, AssessorId.parse('another'))).toBeUndefined();
  });

  it('stands there with who registered them', async () => {
    const { id } = anAssessor();
    expect(await table.get(`${TENANT}#ASSESSOR#${id}`, 'ASSESSOR')).toMatchObject({ by: CAUSE.actor });
  });
});

describe('a connection', () => {
  it('is found by its id alone, which names the tenant', async () => {
    const connection = aConnection();
    expect(await connections.load(connection.id)).toBeUndefined();
    await connections.save(change(connection, { also: [beside('connection')] }));
    expect(await connections.load(connection.id)).toMatchObject({ value: connection, revision: 1 });
    expect(await connections.load(ConnectionId.parse('someone-else.assess'))).toBeUndefined();
    expect(await table.get('beside', 'connection')).toBeDefined();
  });

  it('of which two rotate the secret at once keeps both secrets of one of them', async () => {
    const before = await connections.load(aConnection().id);
    if (before === undefined) throw new Error('not connected');
    const rotate = (sealed: string) => connections.save(change(withNewSecret(before.value, sealed, NOW), { before }));
    const outcomes = await Promise.allSettled([rotate('a'), rotate('b')]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect((await connections.load(aConnection().id))?.value.secrets).toHaveLength(2);
  });
});
