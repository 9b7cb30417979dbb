/** Enrolments in the table: one partition holds the root, its submissions, marks and decisions, so one consistent query loads all. */
import { type Enrolment, type EnrolmentRecord, holdsPlace } from '#domain/enrolment.ts';
import type { EnrolmentId, Subject, TenantId } from '#domain/ids.ts';
import type { Decision, Mark } from '#domain/mark.ts';
import type { Submission } from '#domain/submission.ts';
import type { Change, Enrolments, Loaded, Write } from '#shared/ports.ts';
import { AUDIT_PREFIX, enter, type LedgerNeeds, loaded, rootWrite } from './ledger.ts';
import { bodyOf, type Item, itemOf, table } from './table.ts';

/**
 * A query is consistent item by item, not as a whole: a change may come while it runs. The root sorts and is read before every
 * part, so what a save finds unchanged by the root's revision was read in one state.
 */
const ROOT = '#ENROLMENT';
const PARTS = { submission: 'SUBMISSION#', mark: 'MARK#', decision: 'DECISION#' } as const;

const partitionOf = (tenant: TenantId, id: EnrolmentId): string => `${tenant}#ENROLMENT#${id}`;
const learnerPartition = (tenant: TenantId, learner: string): string => `${tenant}#LEARNER#${learner}`;

const partsOf = <T>(items: readonly Item[], kind: keyof typeof PARTS): readonly T[] =>
  items.filter((item) => item.kind === kind).map((item) => bodyOf<T>(item, kind));

const load = async (tenant: TenantId, id: EnrolmentId): Promise<Loaded<EnrolmentRecord> | undefined> => {
  const items = await table().query(partitionOf(tenant, id), { before: AUDIT_PREFIX });
  const root = items.find((item) => item.sk === ROOT);
  if (root === undefined) return undefined;
  return loaded(
    {
      enrolment: bodyOf<Enrolment>(root, 'enrolment'),
      submissions: partsOf<Submission>(items, 'submission'),
      marks: partsOf<Mark>(items, 'mark'),
      decisions: partsOf<Decision>(items, 'decision'),
    },
    root,
  );
};

/** Parts that the rules left alone keep their identity, so only what changed is written. */
const changedParts = <T extends { id: string }>(
  kind: keyof typeof PARTS,
  change: { before: readonly T[]; after: readonly T[]; partition: string },
): readonly Write[] =>
  change.after
    .filter((part) => !change.before.includes(part))
    .map((part) => ({
      partition: change.partition,
      sort: `${PARTS[kind]}${part.id}`,
      expect: 'anything',
      label: kind,
      item: itemOf(kind, part),
    }));

const isOpen = (record: EnrolmentRecord | undefined): boolean => record !== undefined && holdsPlace(record.enrolment);

const openLock = ({ before, after }: Change<EnrolmentRecord>): readonly Write[] => {
  const [was, is] = [isOpen(before?.value), isOpen(after)];
  if (was === is) return [];
  const { tenant, learner, microCredentialId, id } = after.enrolment;
  const lock = { partition: learnerPartition(tenant, learner.subject), sort: `OPEN#${microCredentialId}`, label: 'open-enrolment' };
  return [is ? { ...lock, expect: 'absent', item: itemOf('open-enrolment', { enrolmentId: id }) } : { ...lock, expect: 'anything' }];
};

const writesOf = (change: Change<EnrolmentRecord>, needs: LedgerNeeds): readonly Write[] => {
  const { before, after } = change;
  const { enrolment } = after;
  const partition = partitionOf(enrolment.tenant, enrolment.id);
  const subject = { tenant: enrolment.tenant, type: 'Enrolment', id: enrolment.id, partition };
  const entered = enter(change, subject, needs);
  const index = { gsi1pk: learnerPartition(enrolment.tenant, enrolment.learner.subject), gsi1sk: enrolment.enrolledAt };
  return [
    rootWrite(subject, entered, { sort: ROOT, kind: 'enrolment', body: enrolment, extra: index }),
    ...changedParts('submission', { before: before?.value.submissions ?? [], after: after.submissions, partition }),
    ...changedParts('mark', { before: before?.value.marks ?? [], after: after.marks, partition }),
    ...changedParts('decision', { before: before?.value.decisions ?? [], after: after.decisions, partition }),
    ...openLock(change),
    ...entered.writes,
    ...(change.also ?? []),
  ];
};

export const dynamodbEnrolments = (needs: LedgerNeeds): Enrolments => ({
  load,
  save: (change) => table().commit(writesOf(change, needs)),
  ofLearner: async (tenant: TenantId, learner: Subject) => {
    const items = await table().queryIndex('byLearner', learnerPartition(tenant, learner));
    return items.filter((item) => item.kind === 'enrolment').map((item) => bodyOf<Enrolment>(item, 'enrolment'));
  },
  openOf: async (tenant, learner, id) => {
    const item = await table().get(learnerPartition(tenant, learner), `OPEN#${id}`);
    return item === undefined ? undefined : bodyOf<{ enrolmentId: EnrolmentId }>(item, 'open-enrolment').enrolmentId;
  },
});
