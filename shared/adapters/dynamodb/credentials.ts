/** Credentials in the table. The signed document is kept as it was signed: nothing that was signed is ever made again. */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Credential } from '#domain/credential.ts';
import type { CredentialId, TenantId } from '#domain/ids.ts';
import type { Change, CredentialRecord, Credentials, Write } from '#shared/ports.ts';
import { AUDIT_PREFIX, enter, type LedgerNeeds, loaded, rootWrite } from './ledger.ts';
import { bodyOf, itemOf, table } from './table.ts';

const ROOT = 'CREDENTIAL';
const FROZEN = 'FROZEN';
const DOCUMENT = 'DOCUMENT';

const partitionOf = (tenant: TenantId, id: CredentialId): string => `${tenant}#CREDENTIAL#${id}`;

const packed = (text: string): Uint8Array => gzipSync(text);
const unpacked = (body: unknown): string => gunzipSync(body as Uint8Array).toString('utf8');

const textWrite = (record: CredentialRecord, text: { sort: string; content: string }): Write => ({
  partition: partitionOf(record.credential.tenant, record.credential.id),
  sort: text.sort,
  expect: 'absent',
  label: 'revision',
  item: itemOf(text.sort.toLowerCase(), packed(text.content)),
});

const subjectOf = ({ credential }: CredentialRecord) => ({
  tenant: credential.tenant,
  type: 'Credential',
  id: credential.id,
  partition: partitionOf(credential.tenant, credential.id),
});

export const dynamodbCredentials = (needs: LedgerNeeds): Credentials => ({
  load: async (tenant, id) => {
    const items = await table().query(partitionOf(tenant, id), { before: AUDIT_PREFIX });
    const part = (sort: string) => items.find((item) => item.sk === sort);
    const [root, frozen, document] = [part(ROOT), part(FROZEN), part(DOCUMENT)];
    if (root === undefined || frozen === undefined) return undefined;
    const credential = bodyOf<Credential>(root, 'credential');
    const record = { credential, frozen: unpacked(bodyOf(frozen, 'frozen')) };
    return loaded(document === undefined ? record : { ...record, document: unpacked(bodyOf(document, 'document')) }, root);
  },
  save: async (change: Change<CredentialRecord>) => {
    const { before, after } = change;
    const subject = subjectOf(after);
    const entered = enter(change, subject, needs);
    const document = before?.value.document === undefined ? after.document : undefined;
    await table().commit([
      rootWrite(subject, entered, { sort: ROOT, kind: 'credential', body: after.credential }),
      ...(document === undefined ? [] : [textWrite(after, { sort: DOCUMENT, content: document })]),
      ...entered.writes,
      ...(change.also ?? []),
    ]);
  },
  claim: (record, { cycle, cause }) => {
    const { tenant, microCredentialId, version, learnerSubject, id } = record.credential;
    const subject = subjectOf(record);
    const entered = enter({ before: undefined, after: record, events: [], cause }, subject, needs);
    const lock = { partition: `${tenant}#AWARD#${microCredentialId}#${version}#${learnerSubject}`, sort: `CYCLE#${cycle}` };
    return [
      rootWrite(subject, entered, { sort: ROOT, kind: 'credential', body: record.credential }),
      textWrite(record, { sort: FROZEN, content: record.frozen }),
      { ...lock, expect: 'absent', label: 'award', item: itemOf('award', { credentialId: id }) },
      ...entered.writes,
    ];
  },
});
