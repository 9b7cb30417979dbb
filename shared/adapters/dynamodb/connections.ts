/** Webhook connections in the table: `{tenant}#CONNECTION#{id}`. Their secrets stand there sealed. */
import { tenantOfConnection } from '#domain/ids.ts';
import type { Connection } from '#domain/webhook.ts';
import type { Connections } from '#shared/ports.ts';
import { enter, type LedgerNeeds, loaded, rootWrite } from './ledger.ts';
import { bodyOf, table } from './table.ts';

export const dynamodbConnections = (needs: LedgerNeeds): Connections => ({
  load: async (id) => {
    const item = await table().get(`${tenantOfConnection(id)}#CONNECTION#${id}`, 'CONNECTION');
    return item === undefined ? undefined : loaded(bodyOf<Connection>(item, 'connection'), item);
  },
  save: async (change) => {
    const { id, tenant } = change.after;
    const subject = { tenant, type: 'Connection', id, partition: `${tenant}#CONNECTION#${id}` };
    const entered = enter(change, subject, needs);
    await table().commit([
      rootWrite(subject, entered, { sort: 'CONNECTION', kind: 'connection', body: change.after }),
      ...entered.writes,
      ...(change.also ?? []),
    ]);
  },
});
