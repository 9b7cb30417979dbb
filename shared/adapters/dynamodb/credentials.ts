/** Credentials in the table. The signed document is kept as it was signed: nothing that was signed is ever made again. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Credential, editionOf } from '#domain/credential.ts';
import type { CredentialId, TenantId } from '#domain/ids.ts';
import type { Change, CredentialCursor, CredentialRecord, Credentials, Write } from '#shared/ports.ts';
import { AUDIT_PREFIX, type Entered, enter, type LedgerNeeds, loaded, rootWrite } from './ledger.ts';
import { bodyOf, itemOf, table } from './table.ts';

const ROOT = 'CREDENTIAL';
const FROZEN = 'FROZEN';

/** A month of a large tenant is more than one partition of an index may take in a second. */
export const CREDENTIAL_SHARDS = 8;

const partitionOf = (tenant: TenantId, id: CredentialId): string => `${tenant}#CREDENTIAL#${id}`;

const packed = (text: string): Uint8Array => gzipSync(text);
const unpacked = (body: unknown): string => gunzipSync(body as Uint8Array).toString('utf8');

const textWrite = ({ credential }: CredentialRecord, text: { sort: string; kind: string; content: string }): Write => ({
  partition: partitionOf(credential.tenant, credential.id),
  sort: text.sort,
  expect: 'absent',
  label: 'revision',
  item: itemOf(text.kind, packed(text.content)),
});

/** Every edition stays: what was once signed under this credential's name can always be shown. */
const formsSort = (edition: number): string => `FORMS#${String(edition).padStart(4, '0')}`;

const formsWrites = ({ before, after }: Change<CredentialRecord>): readonly Write[] => {
  const edition = editionOf(after.credential);
  if (after.forms === undefined || edition === editionOf(before?.value.credential)) return [];
  return [textWrite(after, { sort: formsSort(edition), kind: 'forms', content: JSON.stringify(after.forms) })];
};

const subjectOf = ({ credential }: CredentialRecord) => ({
  tenant: credential.tenant,
  type: 'Credential',
  id: credential.id,
  partition: partitionOf(credential.tenant, credential.id),
});

const monthPartition = (tenant: TenantId, { month, shard }: CredentialCursor): string => `${tenant}#CREDENTIALS#${month}#${shard}`;

/** Ids are random, so any part of one spreads them evenly. */
const shardOf = (id: CredentialId): number => (id.codePointAt(id.length - 1) ?? 0) % CREDENTIAL_SHARDS;

const rootOf = (record: CredentialRecord, entered: Entered): Write => {
  const { credential } = record;
  const { id, tenant, earnedAt } = credential;
  const place = { month: earnedAt.slice(0, 'YYYY-MM'.length), shard: shardOf(id) };
  const extra = { gsi2pk: monthPartition(tenant, place), gsi2sk: `${earnedAt}#${id}` };
  return rootWrite(subjectOf(record), entered, { sort: ROOT, kind: 'credential', body: credential, extra });
};

const page: Credentials['page'] = async (tenant, from, limit) => {
  const items = await table().indexPage('byMonth', monthPartition(tenant, from), { after: from.after, limit });
  const last = items.at(-1)?.gsi2sk;
  const credentials = items.map((item) => bodyOf<Credential>(item, 'credential'));
  // A short page is not the last one: DynamoDB ends a page by its size too.
  return last === undefined ? { credentials } : { credentials, next: { ...from, after: String(last) } };
};

export const dynamodbCredentials = (needs: LedgerNeeds): Credentials => ({
  page,
  load: async (tenant, id) => {
    const items = await table().query(partitionOf(tenant, id), { before: AUDIT_PREFIX });
    const part = (sort: string) => items.find((item) => item.sk === sort);
    const [root, frozen] = [part(ROOT), part(FROZEN)];
    if (root === undefined || frozen === undefined) return undefined;
    const credential = bodyOf<Credential>(root, 'credential');
    const forms = part(formsSort(editionOf(credential)));
    const record = { credential, frozen: unpacked(bodyOf(frozen, 'frozen')) };
    return loaded(forms === undefined ? record : { ...record, forms: JSON.parse(unpacked(bodyOf(forms, 'forms'))) }, root);
  },
  save: async (change: Change<CredentialRecord>) => {
    const entered = enter(change, subjectOf(change.after), needs);
    await table().commit([rootOf(change.after, entered), ...formsWrites(change), ...entered.writes, ...(change.also ?? [])]);
  },
  claim: (record, { cycle, cause }) => {
    const { tenant, microCredentialId, version, learnerSubject, id } = record.credential;
    const entered = enter({ before: undefined, after: record, events: [], cause }, subjectOf(record), needs);
    const lock = { partition: `${tenant}#AWARD#${microCredentialId}#${version}#${learnerSubject}`, sort: `CYCLE#${cycle}` };
    return [
      rootOf(record, entered),
      textWrite(record, { sort: FROZEN, kind: 'frozen', content: record.frozen }),
      { ...lock, expect: 'absent', label: 'award', item: itemOf('award', { credentialId: id }) },
      ...entered.writes,
    ];
  },
});
