/** Issuers in the table: `{tenant}#ISSUER`. */
import type { Issuer } from '#domain/issuer.ts';
import type { Issuers } from '#shared/ports.ts';
import { enter, type LedgerNeeds, loaded, rootWrite } from './ledger.ts';
import { bodyOf, table } from './table.ts';

const SORT = 'ISSUER';

export const dynamodbIssuers = (needs: LedgerNeeds): Issuers => ({
  load: async (tenant) => {
    const item = await table().get(`${tenant}#ISSUER`, SORT);
    return item === undefined ? undefined : loaded(bodyOf<Issuer>(item, 'issuer'), item);
  },
  save: async (change) => {
    const { id } = change.after;
    const subject = { tenant: id, type: 'Issuer', id, partition: `${id}#ISSUER` };
    const entered = enter(change, subject, needs);
    await table().commit([
      rootWrite(subject, entered, { sort: SORT, kind: 'issuer', body: change.after }),
      ...entered.writes,
      ...(change.also ?? []),
    ]);
  },
});
