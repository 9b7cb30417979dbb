/** Versions of micro-credentials in the table: `{tenant}#MC#{id}` / `VERSION#{version}`. */
import { Version } from '#domain/ids.ts';
import type { Definitions, DefinitionVersion } from '#shared/ports.ts';
import { AUDIT_PREFIX, enter, type LedgerNeeds, loaded, rootWrite } from './ledger.ts';
import { bodyOf, table } from './table.ts';

const KIND = 'definition';
const PREFIX = 'VERSION#';

export const dynamodbDefinitions = (needs: LedgerNeeds): Definitions => ({
  load: async (tenant, id, version) => {
    const item = await table().get(`${tenant}#MC#${id}`, `${PREFIX}${version}`);
    return item === undefined ? undefined : loaded(bodyOf<DefinitionVersion>(item, KIND), item);
  },
  versions: async (tenant, id) => {
    const items = await table().query(`${tenant}#MC#${id}`, { prefix: PREFIX });
    return items
      .map((item) => bodyOf<DefinitionVersion>(item, KIND))
      .map(({ definition, state }) => ({ version: Version.parse(definition.version), state }));
  },
  save: async (change) => {
    const { tenant, definition } = change.after;
    const partition = `${tenant}#MC#${definition.id}`;
    const subject = { tenant, type: 'MicroCredentialVersion', id: `${definition.id}@${definition.version}`, partition };
    const entered = enter(change, subject, needs);
    // Versions share a partition, so an audit entry's place names its version too.
    const audit = entered.writes.map((write) =>
      write.sort.startsWith(AUDIT_PREFIX) ? { ...write, sort: `${write.sort}#${definition.version}` } : write,
    );
    await table().commit([
      rootWrite(subject, entered, { sort: `${PREFIX}${definition.version}`, kind: KIND, body: change.after }),
      ...audit,
      ...(change.also ?? []),
    ]);
  },
});
