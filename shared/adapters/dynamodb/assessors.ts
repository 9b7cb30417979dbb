/** The assessor directory in the table: `{tenant}#ASSESSOR#{id}`. */
import type { Assessor } from '#domain/person.ts';
import type { Assessors } from '#shared/ports.ts';
import { bodyOf, itemOf, table } from './table.ts';

export const dynamodbAssessors = (): Assessors => ({
  load: async (tenant, id) => {
    const item = await table().get(`${tenant}#ASSESSOR#${id}`, 'ASSESSOR');
    return item === undefined ? undefined : bodyOf<Assessor>(item, 'assessor');
  },
  save: async (tenant, assessor, cause) => {
    const item = { ...itemOf('assessor', assessor), by: cause.actor };
    await table().commit([
      { partition: `${tenant}#ASSESSOR#${assessor.id}`, sort: 'ASSESSOR', expect: 'anything', label: 'assessor', item },
    ]);
  },
});
